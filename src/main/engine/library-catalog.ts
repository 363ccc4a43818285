/**
 * The catalog of the library: every paper of the ledger, and every paper that is only in the library file
 * (fetched with the switch off), each once. Kept in memory and updated paper by paper, so that a list of
 * 20,000 is not rebuilt while papers arrive. Of a large library it is read with pauses, at the first question
 * that needs all papers. It changes nothing.
 */
import type { Line } from '../../contract/lines'
import { artifactById, artifactsByHash, type StoredArtifact } from '../ledger/artifacts'
import { jobById } from '../ledger/jobs'
import type { Ledger, Reader } from '../ledger/ledger'
import { workIdsOfList } from '../ledger/lists'
import { referenceOfWork } from '../ledger/work-references'
import {
  lastPaperRow,
  numberOfPapers,
  paperById,
  papersAfter,
  papersInOrder,
  runSpans,
  type PaperRow,
  type RunSpan
} from '../ledger/library-queries'
import type { Library } from '../library/library'
import { lineOf, type ManifestLine } from '../library/manifest-papers'
import type { Log } from '../platform/log'
import { inPages, inSlices } from '../platform/slices'
import type { CatalogPaper } from './catalog-paper'
import { noteChangeOf, type PendingChange } from './list-change'
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

export interface PageAsk {
  readonly direction: 'up' | 'down'
  readonly offset: number
  readonly limit: number
}

/** Artifact ids, or everything. */
export type Changed = readonly string[] | 'all'

export interface CatalogUpdater extends LibraryCatalog {
  /** The library, wrapped so that the catalog sees every listed and dropped line. */
  readonly library: Library
  /** Handles a line of the engine, which may mean that a paper arrived or was repaired. */
  hear(line: Line): void
}

/** Read between two pauses: about ten milliseconds. */
const STEP_PAPERS = 250
/** A library with fewer papers is read as fast as the page is drawn. */
const LARGE = 2_000

/** Size: its inner functions share the papers in memory; each is short by itself. */
export function makeLibraryCatalog(parts: {
  readonly ledger: Pick<Ledger, 'read'>
  readonly library: Library
  readonly log: Log
  /** absent: every question waits until all papers are read */
  readonly background?: {
    /** Calls `read` soon, once. */
    begin(read: () => void): void
    done(): void
  }
}): CatalogUpdater {
  const { ledger, library } = parts
  const listeners = new Set<(changed: Changed) => void>()
  let revision = 1
  let listed: Map<string, ManifestLine> | null = null
  let loading: Promise<void> | null = null
  /** lines listed (or dropped: null) before the file was read: newer than the file */
  const heard = new Map<string, ManifestLine | null>()
  let catalog = new Map<string, CatalogPaper>()
  let list: readonly CatalogPaper[] | null = null
  let runs: readonly RunSpan[] = []
  let dirty: Set<string> | 'all' = 'all'
  let reloading: Promise<void> | null = null
  /** what changed since a list was given */
  let pending: PendingChange | null = null
  let isRead = false
  let isReadSoon = false

  function touch(artifactIds: Changed): void {
    if (artifactIds === 'all') dirty = 'all'
    else if (dirty !== 'all') for (const id of artifactIds) dirty.add(id)
    revision += 1
    for (const listener of listeners) listener(artifactIds)
  }

  function note(artifactId: string, line: ManifestLine | null): void {
    if (listed === null) heard.set(artifactId, line)
    else if (line === null) listed.delete(artifactId)
    else listed.set(artifactId, line)
  }

  /** Loads the lines that `isKnown` does not know. */
  async function load(isKnown: (artifactId: string) => boolean): Promise<void> {
    if (listed !== null) return
    loading ??= mayListOthers(ledger, library.manifest)
      .then((others) => (others ? library.manifest.read(isKnown) : new Map<string, ManifestLine>()))
      .catch((error: unknown) => {
        parts.log.warn('The library file cannot be read', { because: String(error) })
        return new Map<string, ManifestLine>()
      })
      .then((lines) => {
        listed = lines
        for (const [id, line] of heard) note(id, line)
        heard.clear()
        loading = null
      })
    await loading
  }

  const papersFrom = (from: number) => ledger.read((r) => papersAfter(r, from, STEP_PAPERS))

  /** Reads everything again, yielding between steps; papers that change meanwhile are read afterwards. */
  async function reload(): Promise<void> {
    dirty = new Set()
    runs = ledger.read(runSpans)
    const fresh = new Map<string, CatalogPaper>()
    for await (const { papers } of inPages(papersFrom))
      for (const row of papers) fresh.set(row.artifactId, paperOf(row, true))
    await load((id) => fresh.has(id))
    for (const [id, line] of listed ?? []) if (!fresh.has(id)) fresh.set(id, paperOf(rowOf(line), false))
    catalog = fresh
    list = null
    pending = null
    isRead = true
  }

  const isLarge = (): boolean =>
    parts.background !== undefined && !isRead && ledger.read(lastPaperRow) > LARGE

  function readSoon(): void {
    if (isReadSoon) return
    isReadSoon = true
    parts.background?.begin(() => {
      whatChanged().then(
        () => parts.background?.done(),
        (error: unknown) => {
          isReadSoon = false
          parts.log.debug('The papers could not be read', { because: String(error) })
        }
      )
    })
  }

  /** Reloads when needed; concurrent callers wait for the same load. */
  async function whatChanged(): Promise<ReadonlySet<string>> {
    for (;;) {
      if (reloading === null && dirty !== 'all') return dirty
      reloading ??= reload()
        .catch((error: unknown) => {
          dirty = 'all'
          throw error
        })
        .finally(() => {
          reloading = null
        })
      await reloading
    }
  }

  /** Updates the catalog; the cost depends on what changed, not on the number of papers. */
  async function refresh(): Promise<void> {
    const changed = await whatChanged()
    if (changed.size === 0) return
    dirty = new Set()
    if (list !== null) pending = { before: list, gone: new Set(), come: new Set() }
    list = null
    ledger.read((r) => {
      runs = runSpans(r)
      for (const id of changed) {
        const before = catalog.get(id)
        refreshOne(r, id)
        noteChange(before, catalog.get(id))
      }
    })
  }

  function noteChange(before: CatalogPaper | undefined, now: CatalogPaper | undefined): void {
    if (pending === null) return
    if (before !== undefined && !pending.come.delete(before)) pending.gone.add(before)
    if (now !== undefined) pending.come.add(now)
  }

  function listNow(): readonly CatalogPaper[] {
    if (list !== null) return list
    list = [...catalog.values()]
    if (pending !== null) {
      noteChangeOf(list, pending)
      pending = null
    }
    return list
  }

  function refreshOne(r: Reader, artifactId: string): void {
    const row = paperById(r, artifactId)
    const line = listed?.get(artifactId)
    if (row !== null) catalog.set(artifactId, paperOf(row, true))
    else if (line !== undefined) catalog.set(artifactId, paperOf(rowOf(line), false))
    else catalog.delete(artifactId)
  }

  const paperOf = (row: PaperRow, recorded: boolean): CatalogPaper => ({
    ...row,
    runId: runAt(runs, row.addedAt),
    recorded
  })

  return {
    revision: () => revision,
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async papers() {
      await refresh()
      return listNow()
    },
    early(page) {
      if (!isLarge()) return null
      readSoon()
      runs = ledger.read(runSpans)
      return ledger.read((r) => ({
        papers: papersInOrder(r, page).map((row) => paperOf(row, true)),
        all: numberOfPapers(r)
      }))
    },
    async *inSlices() {
      if (isLarge() && !(await mayListOthers(ledger, library.manifest))) {
        runs = ledger.read(runSpans)
        for await (const { papers } of inPages(papersFrom)) yield papers.map((row) => paperOf(row, true))
        return
      }
      await refresh()
      yield* inSlices([...catalog.values()], STEP_PAPERS)
    },
    async count() {
      if (isLarge()) return ledger.read(numberOfPapers)
      await refresh()
      return catalog.size
    },
    async paper(artifactId) {
      const row = isLarge() ? ledger.read((r) => paperById(r, artifactId)) : null
      if (row !== null) {
        runs = ledger.read(runSpans)
        return paperOf(row, true)
      }
      await refresh()
      return catalog.get(artifactId) ?? null
    },
    async sameBytes({ artifactId, sha256 }) {
      const recorded = ledger.read((r) =>
        artifactsByHash(r, sha256).flatMap((one) => paperById(r, one.artifactId) ?? [])
      )
      // Those that only the library file knows are few.
      if (!isLarge()) await refresh()
      const others = [...(listed ?? [])].flatMap(([id, line]) =>
        line.sha256 === sha256 && catalog.get(id)?.recorded === false ? rowOf(line) : []
      )
      return [
        ...recorded.map((row) => paperOf(row, true)),
        ...others.map((row) => paperOf(row, false))
      ].filter((one) => one.artifactId !== artifactId)
    },
    reference: (workId) => ledger.read((r) => referenceOfWork(r, workId)),
    worksOfList: (name) => ledger.read((r) => workIdsOfList(r, name)),
    artifact: (artifactId) => ledger.read((r) => artifactById(r, artifactId)),
    runs: () => new Map(runs.map((run) => [run.runId, run.startedAt])),
    hear(line) {
      if (line.type === 'done') {
        const job = ledger.read((r) => jobById(r, line.job_id))
        if (job !== null) touch([job.artifactId])
      } else if (line.type === 'reconcile') {
        if (line.relinked + line.requeued + line.quarantined + line.adopted > 0) touch('all')
      }
    },
    library: {
      ...library,
      manifest: {
        ...library.manifest,
        async append(entry) {
          await library.manifest.append(entry)
          note(entry.artifact.artifactId, lineOf(entry))
          touch([entry.artifact.artifactId])
        },
        async rename(names) {
          await library.manifest.rename(names)
          touch([...names.keys()])
        },
        async drop(artifactIds) {
          await library.manifest.drop(artifactIds)
          for (const id of artifactIds) note(id, null)
          if (artifactIds.length > 0) touch(artifactIds)
        }
      }
    }
  }
}

/** The run active at that instant; a run without an end lasted until the next began. */
export function runAt(runs: readonly RunSpan[], at: number): string | null {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.startedAt ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  const run = runs[low - 1]
  if (run === undefined) return null
  return run.finishedAt === null || at <= run.finishedAt ? run.runId : null
}

function rowOf(line: ManifestLine): PaperRow {
  const ids = { doi: line.doi, arxiv: line.arxiv, pmid: line.pmid, pmcid: line.pmcid }
  const openalex = /^W\d+$/.exec(line.work_id)?.[0]
  return {
    artifactId: line.artifact_id,
    workId: line.work_id,
    jobId: null,
    title: line.title,
    authors: line.authors,
    year: line.year,
    venue: line.venue,
    type: null,
    ids: {
      ...Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== null)),
      ...(openalex === undefined ? {} : { openalex })
    },
    source: line.source,
    license: line.license,
    version: line.version,
    url: line.url,
    verdict: line.verdict,
    format: line.format,
    sha256: line.sha256,
    bytes: line.bytes,
    pages: line.pages,
    addedAt: line.finalized_at,
    path: line.path,
    paperPath: line.paper
  }
}
