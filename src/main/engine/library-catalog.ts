/**
 * The catalog of the library: every paper of the ledger, and every paper that is only in the library file
 * (fetched with the switch off), each once. Of a large library all papers are read into memory at the first question
 * that needs them; until then the ledger answers. It changes nothing.
 */
import type { Line } from '../../contract/lines'
import { artifactById, type StoredArtifact } from '../ledger/artifacts'
import { jobById } from '../ledger/jobs'
import type { Ledger } from '../ledger/ledger'
import { workIdsOfList } from '../ledger/lists'
import { referenceOfWork } from '../ledger/work-references'
import type { Library } from '../library/library'
import { lineOf, type ManifestLine } from '../library/manifest-papers'
import { Listeners } from '../platform/listeners'
import type { Log } from '../platform/log'
import { inSlices } from '../platform/slices'
import type { CatalogPaper } from './catalog-paper'
import { LedgerPapers, STEP_PAPERS, type PageAsk } from './ledger-papers'
import type { Changed } from './list-change'
import { ListedLines } from './listed-lines'
import { PapersInMemory } from './papers-in-memory'
import { mayListOthers } from './recorded-manifest'

export interface LibraryCatalog {
  /** Grows with every change. */
  revision(): number
  /** Called with the artifacts that may have changed. */
  onChange(listener: (changed: Changed) => void): () => void
  /** All papers; the same array until something changes. */
  papers(): Promise<readonly CatalogPaper[]>
  /**
   * A page of a large library that is not read yet, in the order of arrival in the ledger, which is nearly that
   * of the dates; reading begins soon afterwards. null: all papers are there at once.
   */
  early(page: PageAsk): { readonly papers: readonly CatalogPaper[]; readonly all: number } | null
  /** All papers, some at a time; of a large library that is not read yet without keeping them. */
  inSlices(): AsyncIterable<readonly CatalogPaper[]>
  /** Other papers with the same bytes. */
  sameBytes(paper: Pick<CatalogPaper, 'artifactId' | 'sha256'>): Promise<readonly CatalogPaper[]>
  /** The number of papers; recomputes only what changed. */
  count(): Promise<number>
  paper(artifactId: string): Promise<CatalogPaper | null>
  /** The user's own reference of a work, packed; undefined when no input file contained one. */
  reference(workId: string): string | undefined
  /** The works of a named list; none when there is no such list. */
  worksOfList(name: string): ReadonlySet<string>
  /** With all its provenance; null for a paper that is only in the library file. */
  artifact(artifactId: string): StoredArtifact | null
  /** Start times of runs by id, for the run facet. */
  runs(): ReadonlyMap<string, number>
}

/** A library with fewer papers is read as fast as the page is drawn. */
const LARGE = 2_000

interface CatalogParts {
  readonly ledger: Pick<Ledger, 'read'>
  readonly library: Library
  readonly log: Log
  /** absent: every question waits until all papers are read */
  readonly background?: {
    /** Calls `read` soon, once. */
    begin(read: () => void): void
    done(): void
  }
}

export class LiveCatalog implements LibraryCatalog {
  /** The library, wrapped so that the catalog sees every listed and dropped line. */
  readonly library: Library
  readonly #parts: CatalogParts
  readonly #recorded: LedgerPapers
  readonly #lines: ListedLines
  readonly #papers: PapersInMemory
  readonly #listeners = new Listeners<[changed: Changed]>()
  #revision = 1
  #isReadSoon = false

  constructor(parts: CatalogParts) {
    const { ledger, library, log } = parts
    this.#parts = parts
    this.#recorded = new LedgerPapers(ledger)
    this.#lines = new ListedLines({ ledger, manifest: library.manifest, log })
    this.#papers = new PapersInMemory(this.#recorded, this.#lines)
    this.library = heardBy(library, {
      listed: (artifactId, line) => {
        this.#lines.note(artifactId, line)
      },
      changed: (artifactIds) => {
        this.#touch(artifactIds)
      }
    })
  }

  revision(): number {
    return this.#revision
  }

  onChange(listener: (changed: Changed) => void): () => void {
    return this.#listeners.add(listener)
  }

  async papers(): Promise<readonly CatalogPaper[]> {
    await this.#papers.refresh()
    return this.#papers.list()
  }

  early(page: PageAsk): ReturnType<LibraryCatalog['early']> {
    if (!this.#isLargeAndUnread()) return null
    this.#readSoon()
    return this.#recorded.page(page)
  }

  async *inSlices(): AsyncGenerator<readonly CatalogPaper[]> {
    const { ledger, library } = this.#parts
    // What a page has begun to read is not read twice.
    const isUnread = !this.#isReadSoon && this.#isLargeAndUnread()
    if (isUnread && !(await mayListOthers(ledger, library.manifest))) {
      yield* this.#recorded.inSlices()
      return
    }
    await this.#papers.refresh()
    yield* inSlices([...this.#papers.values()], STEP_PAPERS)
  }

  async count(): Promise<number> {
    if (this.#isLargeAndUnread()) return this.#recorded.count()
    await this.#papers.refresh()
    return this.#papers.size
  }

  async paper(artifactId: string): Promise<CatalogPaper | null> {
    const recorded = this.#isLargeAndUnread() ? this.#recorded.some([artifactId]).get(artifactId) : undefined
    if (recorded !== undefined) return recorded
    await this.#papers.refresh()
    return this.#papers.get(artifactId)
  }

  async sameBytes({
    artifactId,
    sha256
  }: Pick<CatalogPaper, 'artifactId' | 'sha256'>): Promise<readonly CatalogPaper[]> {
    // Those that only the library file has are few.
    if (!this.#isLargeAndUnread()) await this.#papers.refresh()
    const others = this.#lines.withHash(sha256).flatMap((id) => this.#papers.get(id) ?? [])
    return [...this.#recorded.withHash(sha256), ...others.filter(({ recorded }) => !recorded)].filter(
      (one) => one.artifactId !== artifactId
    )
  }

  reference(workId: string): string | undefined {
    return this.#parts.ledger.read((r) => referenceOfWork(r, workId))
  }

  worksOfList(name: string): ReadonlySet<string> {
    return this.#parts.ledger.read((r) => workIdsOfList(r, name))
  }

  artifact(artifactId: string): StoredArtifact | null {
    return this.#parts.ledger.read((r) => artifactById(r, artifactId))
  }

  runs(): ReadonlyMap<string, number> {
    return this.#recorded.runs()
  }

  /** Handles a line of the engine, which may mean that a paper arrived or was repaired. */
  hear(line: Line): void {
    if (line.type === 'done') {
      const job = this.#parts.ledger.read((r) => jobById(r, line.job_id))
      if (job !== null) this.#touch([job.artifactId])
    } else if (line.type === 'reconcile') {
      if (line.relinked + line.requeued + line.quarantined + line.adopted > 0) this.#touch('all')
    }
  }

  #touch(changed: Changed): void {
    this.#papers.touch(changed)
    this.#revision += 1
    this.#listeners.call(changed)
  }

  #isLargeAndUnread(): boolean {
    if (this.#parts.background === undefined || this.#papers.isRead) return false
    return this.#recorded.most() > LARGE
  }

  #readSoon(): void {
    if (this.#isReadSoon) return
    this.#isReadSoon = true
    const { background, log } = this.#parts
    background?.begin(() => {
      this.#papers.read().then(
        () => {
          background.done()
        },
        (error: unknown) => {
          this.#isReadSoon = false
          log.debug('The papers could not be read', { because: String(error) })
        }
      )
    })
  }
}

/** The library, wrapped so that every listed and dropped line is reported. */
function heardBy(
  library: Library,
  on: {
    readonly listed: (artifactId: string, line: ManifestLine | null) => void
    readonly changed: (artifactIds: readonly string[]) => void
  }
): Library {
  const { manifest } = library
  return {
    ...library,
    manifest: {
      ...manifest,
      async append(entry) {
        await manifest.append(entry)
        const { artifactId } = entry.artifact
        on.listed(artifactId, lineOf(entry))
        on.changed([artifactId])
      },
      async rename(names) {
        await manifest.rename(names)
        on.changed([...names.keys()])
      },
      async drop(artifactIds) {
        await manifest.drop(artifactIds)
        for (const id of artifactIds) on.listed(id, null)
        if (artifactIds.length > 0) on.changed(artifactIds)
      }
    }
  }
}
