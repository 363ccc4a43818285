/**
 * Keeps the search index in step with the library, in the background: new and changed papers are read,
 * removed ones are deleted. One paper at a time, the newest first, and never on the path of a job: a paper is
 * finished when it is filed, whether or not its text can be found yet. A start compares nothing while the index
 * is known to be in step (`search-step.ts`), and a library of thousands is compared and read slowly.
 */
import { join } from 'node:path'
import type { Identifiers } from '../../contract/work'
import type { CatalogPaper } from './catalog-paper'
import type { LibraryCatalog } from './library-catalog'
import type { Changed } from './list-change'
import type { TextReader } from '../library/text-reader'
import type { Host } from '../platform/host'
import type { Log } from '../platform/log'
import { openSearch } from '../search/open-search'
import type { Search, SearchDocument } from '../search/search'
import type { SearchStep } from './search-step'

export interface LibrarySearch extends Pick<Search, 'snippets' | 'hitsIn' | 'find'> {
  /** papers that are still to be read */
  unread(): number
  /** The index takes no more texts: later papers are found by their facts alone. */
  isFull(): boolean
  /** These papers may have changed in the library; `all`: the library itself may have changed. */
  look(changed: Changed): void
  /** Resolves to the papers that are still to be read; null: unknown. */
  close(): Promise<readonly string[] | null>
}

export interface SearchParts {
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
/**
 * With more unread papers than this, it uses half of a core instead of a whole one, to keep a laptop cool.
 */
const MANY = 50
const MOST_REST_MS = 250
/** With more than this it takes hours anyway: a twentieth of a core. */
const THOUSANDS = 1_000
const LONG_REST = 20
const LONGEST_REST_MS = 5_000
/** The thread holds the whole index in memory: before a large one is loaded, more changes may come together. */
const LARGE_INDEX_BYTES = 20_000_000
const LOOK_AT_LARGE_AFTER_MS = 30_000

function namesOf(ids: Identifiers): string[] {
  return Object.values(ids).filter((name) => typeof name === 'string')
}

/** Changes with the file and with the facts: a paper indexed under the same stamp is not read again. */
export function stampOf({ sha256, title, authors, year, venue, ids }: CatalogPaper): string {
  return `${sha256.slice(0, 16)} ${JSON.stringify([title, authors, year, venue, ids])}`
}

/** The document of a paper in the index. */
export function documentOf(paper: CatalogPaper, pages: readonly string[] | null): SearchDocument {
  const { artifactId, title, authors, year, venue, ids } = paper
  return { artifactId, title, authors, year, venue, names: namesOf(ids), stamp: stampOf(paper), pages }
}

/** The text of a paper by page; null when it has no readable text. Rejects only with the signal's reason. */
export async function pagesOf(
  paper: CatalogPaper,
  from: {
    readonly reader: TextReader
    readonly libraryDir: string
    readonly log: Log
    readonly signal: AbortSignal
  }
): Promise<readonly string[] | null> {
  if (paper.format !== 'pdf') return null
  const reading = await from.reader.read(join(from.libraryDir, paper.path), from.signal)
  if (reading.kind === 'text') return reading.pages
  from.log.debug('The text of a paper could not be read for the search', {
    artifact: paper.artifactId,
    because: reading.because
  })
  return null
}

interface Unread {
  readonly artifactId: string
  readonly addedAt: number
}

/** How long to rest after a paper, so that the rest of the machine notices little. */
function restAfter(tookMs: number, unread: number): number {
  if (unread > THOUSANDS) return Math.min(LONGEST_REST_MS, tookMs * LONG_REST)
  return unread > MANY ? Math.min(MOST_REST_MS, tookMs) : 0
}

/** Size: its inner functions share one queue and one signal; each is short by itself. */
export function keepSearch(parts: SearchParts): LibrarySearch {
  const { host, catalog, reader } = parts
  const closing = new AbortController()
  /** The papers of the index were compared with those of the library, in this process or in one before. */
  let isCompared = false
  let isUnused = true
  let queue: Unread[] = []
  let isFull = false
  let wanted: Set<string> | 'all' = new Set()
  /** what was wanted and is being compared now */
  let comparing: Set<string> | 'all' = new Set()
  let lookAfterMs = LOOK_AFTER_MS
  let wake: () => void = () => undefined
  let toldMs = 0

  const search = openSearch(host, {
    file: parts.file,
    onLost: () => {
      isCompared = false
      look('all')
    }
  })

  function look(changed: Changed): void {
    if (changed === 'all') wanted = 'all'
    else if (wanted !== 'all') for (const id of changed) wanted.add(id)
    wake()
  }

  async function begin(): Promise<void> {
    const kept = await parts.step.kept()
    if (kept === null) {
      look('all')
      return
    }
    isCompared = true
    if (kept.indexBytes > LARGE_INDEX_BYTES) lookAfterMs = LOOK_AT_LARGE_AFTER_MS
    if (kept.unread.length > 0) look(kept.unread)
  }

  async function staleOf(papers: readonly CatalogPaper[]): Promise<Unread[]> {
    const stale = new Set(await search.stale(papers.map((paper) => [paper.artifactId, stampOf(paper)])))
    return papers
      .filter(({ artifactId }) => stale.has(artifactId))
      .map(({ artifactId, addedAt }) => ({ artifactId, addedAt }))
  }

  const byAge = (papers: readonly Unread[]): Unread[] => papers.toSorted((a, b) => a.addedAt - b.addedAt)

  /** Like `compareAll`, for some papers: the cost depends on the changes. */
  async function compareSome(artifactIds: ReadonlySet<string>): Promise<void> {
    const there: CatalogPaper[] = []
    const gone: string[] = []
    for (const id of artifactIds) {
      const paper = await catalog().paper(id)
      if (paper === null) gone.push(id)
      else there.push(paper)
    }
    await search.remove(gone)
    const stale = await staleOf(there)
    queue = byAge([...queue.filter((paper) => !artifactIds.has(paper.artifactId)), ...stale])
    tell(true)
  }

  /**
   * Queues papers that are missing from the index or indexed under another stamp; deletes those that are
   * gone.
   */
  async function compareAll(): Promise<void> {
    const there = new Set<string>()
    const stale: Unread[] = []
    let began = host.clock.monotonicMs()
    for await (const papers of catalog().inSlices()) {
      for (const { artifactId } of papers) there.add(artifactId)
      stale.push(...(await staleOf(papers)))
      if (there.size > THOUSANDS) await host.clock.sleep(host.clock.monotonicMs() - began, closing.signal)
      began = host.clock.monotonicMs()
    }
    await search.remove((await search.ids()).filter((id) => !there.has(id)))
    queue = byAge(stale)
    isFull = await search.isFull()
    isCompared = true
    tell(true)
  }

  async function readNext(): Promise<void> {
    const next = queue.at(-1)
    if (next === undefined) return
    const paper = await catalog().paper(next.artifactId)
    if (paper === null) await search.remove([next.artifactId])
    else {
      const from = { reader, libraryDir: parts.libraryDir(), log: host.log, signal: closing.signal }
      // A full index takes no more texts.
      await search.add(documentOf(paper, isFull ? null : await pagesOf(paper, from)))
      isFull = await search.isFull()
    }
    // Another comparison may have replaced the queue meanwhile.
    if (queue.at(-1) === next) queue.pop()
    else queue = queue.filter((one) => one !== next)
    tell(queue.length === 0)
  }

  /** null: everything was to be compared. */
  function unreadOf(changed: readonly (string | null)[]): readonly string[] | null {
    const ids = changed.filter((id) => id !== null)
    return ids.length < changed.length ? null : [...new Set([...queue.map((one) => one.artifactId), ...ids])]
  }

  function tell(now: boolean): void {
    const ms = host.clock.monotonicMs()
    if (!now && ms - toldMs < TELL_EVERY_MS) return
    toldMs = ms
    parts.changed()
  }

  async function work(): Promise<void> {
    const isOver = (): boolean => closing.signal.aborted
    await host.clock.sleep(BEGIN_AFTER_MS, closing.signal).catch(() => undefined)
    await begin().catch(() => {
      look('all')
    })
    while (!isOver()) {
      try {
        if (wanted === 'all' || wanted.size > 0) {
          if (isUnused && isCompared && wanted !== 'all') await host.clock.sleep(lookAfterMs, closing.signal)
          isUnused = false
          const some = wanted
          wanted = new Set()
          comparing = some
          if (some === 'all' || !isCompared) await compareAll()
          else await compareSome(some)
          comparing = new Set()
        } else if (queue.length > 0) {
          const began = host.clock.monotonicMs()
          await readNext()
          const rest = restAfter(host.clock.monotonicMs() - began, queue.length)
          if (rest > 0) await host.clock.sleep(rest, closing.signal)
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
            closing.signal.addEventListener(
              'abort',
              () => {
                resolve()
              },
              { once: true }
            )
          })
          await host.clock.sleep(LOOK_AFTER_MS, closing.signal)
        }
      } catch (error) {
        if (isOver()) return
        // The search restarts by itself; wait a little.
        host.log.debug('The search was disturbed', { because: String(error) })
        wanted = 'all'
        await host.clock.sleep(1_000, closing.signal).catch(() => undefined)
      }
    }
  }

  const working = work()

  return {
    unread: () => queue.length,
    isFull: () => isFull,
    look,
    find: (query) => search.find(query).catch(() => []),
    snippets: (query, where) => search.snippets(query, where).catch(() => where.map(() => null)),
    hitsIn: (artifactId, query) => search.hitsIn(artifactId, query).catch(() => []),
    async close() {
      closing.abort(new Error('Sheaf is closing.'))
      await working
      reader.close()
      await search.close()
      const left = [wanted, comparing].flatMap((ids) => (ids === 'all' ? null : [...ids]))
      return isCompared ? unreadOf(left) : null
    }
  }
}
