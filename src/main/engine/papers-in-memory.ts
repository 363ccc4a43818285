/**
 * All papers of the catalog in memory: those of the ledger, and those that are only in the library file. Read once, with
 * pauses, and then updated paper by paper, so that a list of 20,000 is not rebuilt while papers arrive.
 */
import type { CatalogPaper } from './catalog-paper'
import type { LedgerPapers } from './ledger-papers'
import { noteChangeOf, withChanged, type Changed, type PendingChange } from './list-change'
import type { ListedLines } from './listed-lines'

export class PapersInMemory {
  readonly #ledger: LedgerPapers
  readonly #lines: ListedLines
  #papers = new Map<string, CatalogPaper>()
  #list: readonly CatalogPaper[] | null = null
  /** what changed since a list was given */
  #pending: PendingChange | null = null
  #dirty: Set<string> | 'all' = 'all'
  #reading: Promise<void> | null = null
  #isRead = false

  constructor(ledger: LedgerPapers, lines: ListedLines) {
    this.#ledger = ledger
    this.#lines = lines
  }

  /** All papers were read at least once. */
  get isRead(): boolean {
    return this.#isRead
  }

  get size(): number {
    return this.#papers.size
  }

  get(artifactId: string): CatalogPaper | null {
    return this.#papers.get(artifactId) ?? null
  }

  values(): Iterable<CatalogPaper> {
    return this.#papers.values()
  }

  /** The same array until something changes. */
  list(): readonly CatalogPaper[] {
    if (this.#list !== null) return this.#list
    this.#list = [...this.#papers.values()]
    if (this.#pending !== null) {
      noteChangeOf(this.#list, this.#pending)
      this.#pending = null
    }
    return this.#list
  }

  /** These papers are read again before the next answer. */
  touch(changed: Changed): void {
    this.#dirty = withChanged(this.#dirty, changed)
  }

  /** Reads all papers when that is needed; concurrent callers wait for the same reading. */
  async read(): Promise<void> {
    await this.#whatChanged()
  }

  /** Brings the papers up to date; the cost depends on what changed, not on their number. */
  async refresh(): Promise<void> {
    const changed = await this.#whatChanged()
    if (changed.size === 0) return
    this.#dirty = new Set()
    if (this.#list !== null) this.#pending = { before: this.#list, gone: new Set(), come: new Set() }
    this.#list = null
    const recorded = this.#ledger.some(changed)
    for (const id of changed) this.#replace(id, recorded.get(id) ?? this.#listed(id))
  }

  async #whatChanged(): Promise<ReadonlySet<string>> {
    for (;;) {
      if (this.#reading === null && this.#dirty !== 'all') return this.#dirty
      this.#reading ??= this.#readAll()
        .catch((error: unknown) => {
          this.#dirty = 'all'
          throw error
        })
        .finally(() => {
          this.#reading = null
        })
      await this.#reading
    }
  }

  /** Papers that change meanwhile are read afterwards. */
  async #readAll(): Promise<void> {
    this.#dirty = new Set()
    const fresh = new Map<string, CatalogPaper>()
    for await (const papers of this.#ledger.inSlices())
      for (const paper of papers) fresh.set(paper.artifactId, paper)
    await this.#lines.load((id) => fresh.has(id))
    for (const id of this.#lines.ids()) {
      const listed = fresh.has(id) ? null : this.#listed(id)
      if (listed !== null) fresh.set(id, listed)
    }
    this.#papers = fresh
    this.#list = null
    this.#pending = null
    this.#isRead = true
  }

  #listed(artifactId: string): CatalogPaper | null {
    const row = this.#lines.get(artifactId)
    return row === null ? null : this.#ledger.paperOf(row, false)
  }

  #replace(artifactId: string, now: CatalogPaper | null): void {
    const before = this.#papers.get(artifactId)
    if (now === null) this.#papers.delete(artifactId)
    else this.#papers.set(artifactId, now)
    if (this.#pending === null) return
    if (before !== undefined && !this.#pending.come.delete(before)) this.#pending.gone.add(before)
    if (now !== null) this.#pending.come.add(now)
  }
}
