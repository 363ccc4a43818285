/**
 * Keeps the search index in step with the library, in the background: new and changed papers are read,
 * removed ones are deleted. One paper at a time, the newest first, and never on the path of a job: a paper is
 * finished when it is filed, whether or not its text can be found yet.
 */
import { join } from 'node:path'
import type { Identifiers } from '../../contract/work'
import type { Changed, LibraryCatalog, CatalogPaper } from './library-catalog'
import type { TextReader } from '../library/text-reader'
import type { Host } from '../platform/host'
import type { Log } from '../platform/log'
import { openSearch } from '../search/open-search'
import type { Search, SearchDocument } from '../search/search'

export interface LibrarySearch extends Pick<Search, 'snippets' | 'hitsIn' | 'find'> {
  /** papers that are still to be read */
  unread(): number
  /** The index takes no more texts: later papers are found by their facts alone. */
  isFull(): boolean
  /** These papers may have changed in the library; `all`: the library itself may have changed. */
  look(changed: Changed): void
  close(): Promise<void>
}

export interface SearchParts {
  readonly host: Host
  /** the index's own file */
  readonly file: string
  readonly catalog: () => LibraryCatalog
  readonly libraryDir: () => string
  readonly reader: TextReader
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

/** Size: its inner functions share one queue and one signal; each is short by itself. */
export function keepSearch(parts: SearchParts): LibrarySearch {
  const { host, catalog, reader } = parts
  const closing = new AbortController()
  const stamps = new WeakMap<CatalogPaper, string>()
  let known: Map<string, string> | null = null
  let queue: CatalogPaper[] = []
  let isFull = false
  let wanted: Set<string> | 'all' = 'all'
  let wake: () => void = () => undefined
  let toldMs = 0

  const search = openSearch(host, {
    file: parts.file,
    onLost: () => {
      known = null
      look('all')
    }
  })

  function look(changed: Changed): void {
    if (changed === 'all') wanted = 'all'
    else if (wanted !== 'all') for (const id of changed) wanted.add(id)
    wake()
  }

  function keptStamp(paper: CatalogPaper): string {
    const stamp = stamps.get(paper) ?? stampOf(paper)
    stamps.set(paper, stamp)
    return stamp
  }

  /** Like `compareAll`, for some papers: the cost depends on the changes. */
  async function compareSome(indexed: Map<string, string>, artifactIds: ReadonlySet<string>): Promise<void> {
    const fresh: CatalogPaper[] = []
    for (const id of artifactIds) {
      const paper = await catalog().paper(id)
      if (paper === null) {
        await search.remove([id])
        indexed.delete(id)
      } else if (indexed.get(id) !== keptStamp(paper)) fresh.push(paper)
    }
    queue = [...queue.filter((paper) => !artifactIds.has(paper.artifactId)), ...fresh].sort(
      (a, b) => a.addedAt - b.addedAt
    )
    tell(true)
  }

  /**
   * Queues papers that are missing from the index or indexed under another stamp; deletes those that are
   * gone.
   */
  async function compareAll(): Promise<void> {
    known ??= new Map(await search.stamps())
    const papers = await catalog().papers()
    const there = new Set(papers.map((paper) => paper.artifactId))
    const gone = [...known.keys()].filter((id) => !there.has(id))
    await search.remove(gone)
    for (const id of gone) known.delete(id)
    const indexed = known
    queue = papers
      .filter((paper) => indexed.get(paper.artifactId) !== keptStamp(paper))
      .sort((a, b) => a.addedAt - b.addedAt)
    isFull = await search.isFull()
    tell(true)
  }

  async function readNext(): Promise<void> {
    const paper = queue.at(-1)
    if (paper === undefined) return
    const document = documentOf(
      paper,
      await pagesOf(paper, { reader, libraryDir: parts.libraryDir(), log: host.log, signal: closing.signal })
    )
    await search.add(document)
    isFull = await search.isFull()
    known?.set(document.artifactId, document.stamp)
    // Another comparison may have replaced the queue meanwhile.
    if (queue.at(-1) === paper) queue.pop()
    else queue = queue.filter((one) => one !== paper)
    tell(queue.length === 0)
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
    while (!isOver()) {
      try {
        if (wanted === 'all' || wanted.size > 0) {
          const some = wanted
          wanted = new Set()
          if (some === 'all' || known === null) await compareAll()
          else await compareSome(known, some)
        } else if (queue.length > 0) {
          const began = host.clock.monotonicMs()
          await readNext()
          const rest = Math.min(MOST_REST_MS, host.clock.monotonicMs() - began)
          if (queue.length > MANY) await host.clock.sleep(rest, closing.signal)
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
    }
  }
}
