/**
 * Opens the search: a thread that holds the index, and its file. The thread begins with the first question, since it
 * holds the whole index in memory. When it dies, or its index is damaged, a new thread with an empty index replaces it;
 * so does one when the file cannot be used. `onLost` reports that papers must be read again.
 */
import type { Host } from '../platform/host'
import { OneAtATime } from '../platform/one-at-a-time'
import type { IndexQuestions, IndexVerb } from './index-messages'
import { IndexSaver } from './index-saver'
import { IndexThread, IndexTrouble } from './index-thread'
import type { Search } from './search'

/** Text sent at a time: a concurrent search waits for no more than this. */
const BATCH_CHARS = 60_000

interface SearchOptions {
  readonly file: string
  readonly onLost?: () => void
  /** Called before the file is written or removed; absent: this process is its only writer. */
  readonly mayWrite?: () => Promise<boolean>
}

export function openSearch(host: Pick<Host, 'files' | 'log' | 'clock'>, options: SearchOptions): Search {
  const { file } = options
  const mayWrite = options.mayWrite ?? (() => Promise.resolve(true))
  let thread: IndexThread | null = null
  let closed: Promise<void> | null = null
  /** documents: the pages of one follow its facts */
  const adding = new OneAtATime()
  const saver = new IndexSaver(host, { file, mayWrite, bytes: () => ask('bytes', null) })

  function startThread(): IndexThread {
    return new IndexThread(file, {
      discarded: (because) => {
        host.log.info('The search index is built again', { because })
        options.onLost?.()
      },
      lost: (because) => {
        if (closed !== null) return
        host.log.warn('The search lost its index; papers are read again', { because })
        thread = null
        saver.emptied()
        options.onLost?.()
      }
    })
  }

  /** An index that fails a query is damaged: its file is removed, and everything is read again. */
  async function ask<V extends IndexVerb>(
    verb: V,
    question: IndexQuestions[V]['ask']
  ): Promise<IndexQuestions[V]['answer']> {
    thread ??= startThread()
    const asked = thread
    try {
      return await asked.ask(verb, question)
    } catch (error) {
      if (error instanceof IndexTrouble && closed === null && asked === thread) {
        if (await mayWrite()) await host.files.remove(file)
        await asked.end(error.message)
      }
      throw error
    }
  }

  async function addNow({ pages, ...document }: Parameters<Search['add']>[0]): Promise<void> {
    const { doc, full } = await ask('begin', document)
    saver.changed()
    if (pages === null || full) return
    for (const batch of batchesOf(pages)) await ask('pages', { doc, ...batch })
  }

  return {
    add: (document) => adding.run(() => addNow(document)),
    async remove(artifactIds) {
      if (artifactIds.length === 0) return
      await ask('remove', artifactIds)
      saver.changed()
    },
    ids: () => ask('ids', null),
    stale: (documents) => ask('stale', documents),
    isFull: () => ask('isFull', null),
    find: (query) => ask('find', query),
    snippets: (query, where) => ask('snippets', { query, where }),
    hitsIn: (artifactId, query) => ask('hitsIn', { artifactId, query }),
    close() {
      closed ??= saver.close().then(() => thread?.dismiss())
      return closed
    }
  }
}

/** The pages of a text in messages; `from` is the 1-based number of the first. */
function* batchesOf(
  pages: readonly string[]
): Generator<{ readonly from: number; readonly pages: readonly string[] }> {
  let from = 0
  while (from < pages.length) {
    let to = from
    for (let chars = 0; to < pages.length && (to === from || chars < BATCH_CHARS); to += 1) {
      chars += pages[to]?.length ?? 0
    }
    yield { from: from + 1, pages: pages.slice(from, to) }
    from = to
  }
}
