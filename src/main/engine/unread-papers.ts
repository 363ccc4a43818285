/**
 * The papers that are still to be read for the search: found by comparing the library with the index, and read one at a
 * time, the newest first. Its calls must not overlap.
 */
import type { Clock } from '../platform/host'
import type { Search } from '../search/search'
import type { CatalogPaper } from './catalog-paper'
import type { LibraryCatalog } from './library-catalog'
import { documentOf, keepOnly, unreadOf } from './search-document'

/**
 * With more unread papers than this, it uses half of a core instead of a whole one, to keep a laptop cool.
 */
const MANY = 50
const MOST_REST_MS = 250
/** With more than this it takes hours anyway: a twentieth of a core. */
const THOUSANDS = 1_000
const LONG_REST = 20
const LONGEST_REST_MS = 5_000

interface Unread {
  readonly artifactId: string
  readonly addedAt: number
}

interface UnreadPapersParts {
  readonly search: Pick<Search, 'add' | 'remove' | 'stale' | 'ids' | 'isFull'>
  readonly catalog: () => LibraryCatalog
  readonly pagesOf: (paper: CatalogPaper) => Promise<readonly string[] | null>
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>
  readonly signal: AbortSignal
}

export class UnreadPapers {
  readonly #parts: UnreadPapersParts
  /** the next one last */
  #queue: Unread[] = []
  #isFull = false
  #isCompared = false

  constructor(parts: UnreadPapersParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#queue.length
  }

  ids(): string[] {
    return this.#queue.map((paper) => paper.artifactId)
  }

  /** The index takes no more texts. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** The papers of the index were compared with those of the library, in this process or in one before. */
  get isCompared(): boolean {
    return this.#isCompared
  }

  noteCompared(isCompared: boolean): void {
    this.#isCompared = isCompared
  }

  /**
   * Queues papers that are missing from the index or indexed under another stamp; deletes those that are gone. Of some
   * papers the cost depends on their number, unless all must be compared first.
   */
  async compare(changed: ReadonlySet<string> | 'all'): Promise<void> {
    if (changed === 'all' || !this.#isCompared) await this.#compareAll()
    else await this.#compareSome(changed)
  }

  async readNext(): Promise<void> {
    const next = this.#queue.at(-1)
    if (next === undefined) return
    const { search, catalog, pagesOf } = this.#parts
    const paper = await catalog().paper(next.artifactId)
    if (paper === null) await search.remove([next.artifactId])
    else {
      await search.add(documentOf(paper, this.#isFull ? null : await pagesOf(paper)))
      this.#isFull = await search.isFull()
    }
    this.#queue.pop()
  }

  /** How long to rest after a paper that took so long, so that the rest of the machine notices little. */
  restAfter(tookMs: number): number {
    if (this.size > THOUSANDS) return Math.min(LONGEST_REST_MS, tookMs * LONG_REST)
    return this.size > MANY ? Math.min(MOST_REST_MS, tookMs) : 0
  }

  async #compareSome(artifactIds: ReadonlySet<string>): Promise<void> {
    const there: CatalogPaper[] = []
    const gone: string[] = []
    for (const id of artifactIds) {
      const paper = await this.#parts.catalog().paper(id)
      if (paper === null) gone.push(id)
      else there.push(paper)
    }
    await this.#parts.search.remove(gone)
    const stale = await this.#staleOf(there)
    this.#queue = byAge([...this.#queue.filter((paper) => !artifactIds.has(paper.artifactId)), ...stale])
  }

  async #compareAll(): Promise<void> {
    const { search, catalog, clock, signal } = this.#parts
    const there = new Set<string>()
    const stale: Unread[] = []
    let began = clock.monotonicMs()
    for await (const papers of catalog().inSlices()) {
      for (const { artifactId } of papers) there.add(artifactId)
      stale.push(...(await this.#staleOf(papers)))
      if (there.size > THOUSANDS) await clock.sleep(clock.monotonicMs() - began, signal)
      began = clock.monotonicMs()
    }
    await keepOnly(search, there)
    this.#queue = byAge(stale)
    this.#isFull = await search.isFull()
    this.#isCompared = true
  }

  async #staleOf(papers: readonly CatalogPaper[]): Promise<Unread[]> {
    const unread = await unreadOf(this.#parts.search, papers)
    return unread.map(({ artifactId, addedAt }) => ({ artifactId, addedAt }))
  }
}

const byAge = (papers: readonly Unread[]): Unread[] => papers.toSorted((a, b) => a.addedAt - b.addedAt)
