/**
 * Keeps the search index in step with the library, in the background: new and changed papers are read,
 * removed ones are deleted. Never on the path of a job: a paper is finished when it is filed, whether or not its
 * text can be found yet. A start compares nothing while the index is known to be in step (`search-step.ts`),
 * and a library of thousands is compared and read slowly (`unread-papers.ts`).
 */
import type { TextReader } from '../library/text-reader'
import type { Host } from '../platform/host'
import { openSearch } from '../search/open-search'
import type { Search } from '../search/search'
import type { LibraryCatalog } from './library-catalog'
import { withChanged, type Changed } from './list-change'
import { pagesOf } from './search-document'
import type { SearchStep } from './search-step'
import { UnreadPapers } from './unread-papers'

interface IndexerParts {
  readonly host: Host
  /** the index's own file */
  readonly file: string
  readonly catalog: () => LibraryCatalog
  readonly libraryDir: () => string
  readonly reader: TextReader
  readonly step: Pick<SearchStep, 'kept'>
  /** Called now and then when the number of unread papers has changed. */
  readonly changed: () => void
}

/** Delay at the start of the app: nothing here is urgent. */
const BEGIN_AFTER_MS = 4_000
/** Many papers may arrive at once: their changes are processed together. */
const LOOK_AFTER_MS = 300
const TELL_EVERY_MS = 1_000
const TRY_AGAIN_MS = 1_000
/** The thread holds the whole index in memory: before a large one is loaded, more changes may come together. */
const LARGE_INDEX_BYTES = 20_000_000
const LOOK_AT_LARGE_AFTER_MS = 30_000

export class Indexer {
  readonly #parts: IndexerParts
  readonly #search: Search
  readonly #unread: UnreadPapers
  readonly #closing = new AbortController()
  readonly #working: Promise<void>
  #wanted: Set<string> | 'all' = new Set()
  /** what was wanted and is being compared now */
  #comparing: Set<string> | 'all' = new Set()
  #isUnused = true
  #lookAfterMs = LOOK_AFTER_MS
  #wake: () => void = () => undefined
  #toldMs = 0

  constructor(parts: IndexerParts) {
    const { host, file, catalog, reader } = parts
    const { signal } = this.#closing
    this.#parts = parts
    this.#search = openSearch(host, {
      file,
      onLost: () => {
        this.#unread.noteCompared(false)
        this.look('all')
      }
    })
    this.#unread = new UnreadPapers({
      search: this.#search,
      catalog,
      clock: host.clock,
      signal,
      pagesOf: (paper) => pagesOf(paper, { reader, libraryDir: parts.libraryDir(), log: host.log, signal })
    })
    this.#working = this.#work()
  }

  /** The number of papers that are still to be read. */
  unread(): number {
    return this.#unread.size
  }

  /** The index takes no more texts: later papers are found by their facts alone. */
  isFull(): boolean {
    return this.#unread.isFull
  }

  /** These papers may have changed in the library; `all`: the library itself may have changed. */
  look(changed: Changed): void {
    this.#wanted = withChanged(this.#wanted, changed)
    this.#wake()
  }

  find(query: string): ReturnType<Search['find']> {
    return this.#search.find(query).catch(() => [])
  }

  snippets(...[query, where]: Parameters<Search['snippets']>): ReturnType<Search['snippets']> {
    return this.#search.snippets(query, where).catch(() => where.map(() => null))
  }

  hitsIn(artifactId: string, query: string): ReturnType<Search['hitsIn']> {
    return this.#search.hitsIn(artifactId, query).catch(() => [])
  }

  /** Resolves to the papers that are still to be read; null: unknown. */
  async close(): Promise<readonly string[] | null> {
    this.#closing.abort(new Error('Sheaf is closing.'))
    this.#wake()
    await this.#working
    this.#parts.reader.close()
    await this.#search.close()
    if (!this.#unread.isCompared || this.#wanted === 'all' || this.#comparing === 'all') return null
    return [...new Set([...this.#unread.ids(), ...this.#wanted, ...this.#comparing])]
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#parts.host
    const { signal } = this.#closing
    await clock.sleep(BEGIN_AFTER_MS, signal).catch(() => undefined)
    await this.#begin().catch(() => {
      this.look('all')
    })
    while (!signal.aborted) {
      try {
        if (this.#wanted === 'all' || this.#wanted.size > 0) await this.#compareWanted()
        else if (this.#unread.size > 0) await this.#readOne()
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
          await clock.sleep(LOOK_AFTER_MS, signal)
        }
      } catch (error) {
        if (this.#closing.signal.aborted) return
        // The search restarts by itself; wait a little.
        log.debug('The search was disturbed', { because: String(error) })
        this.#wanted = 'all'
        await clock.sleep(TRY_AGAIN_MS, signal).catch(() => undefined)
      }
    }
  }

  async #begin(): Promise<void> {
    const kept = await this.#parts.step.kept()
    if (kept === null) {
      this.look('all')
      return
    }
    this.#unread.noteCompared(true)
    if (kept.indexBytes > LARGE_INDEX_BYTES) this.#lookAfterMs = LOOK_AT_LARGE_AFTER_MS
    if (kept.unread.length > 0) this.look(kept.unread)
  }

  async #compareWanted(): Promise<void> {
    if (this.#isUnused && this.#unread.isCompared && this.#wanted !== 'all')
      await this.#parts.host.clock.sleep(this.#lookAfterMs, this.#closing.signal)
    this.#isUnused = false
    this.#comparing = this.#wanted
    this.#wanted = new Set()
    await this.#unread.compare(this.#comparing)
    this.#comparing = new Set()
    this.#tell(true)
  }

  async #readOne(): Promise<void> {
    const { clock } = this.#parts.host
    const began = clock.monotonicMs()
    await this.#unread.readNext()
    this.#tell(this.#unread.size === 0)
    const rest = this.#unread.restAfter(clock.monotonicMs() - began)
    if (rest > 0) await clock.sleep(rest, this.#closing.signal)
  }

  #tell(now: boolean): void {
    const ms = this.#parts.host.clock.monotonicMs()
    if (!now && ms - this.#toldMs < TELL_EVERY_MS) return
    this.#toldMs = ms
    this.#parts.changed()
  }
}
