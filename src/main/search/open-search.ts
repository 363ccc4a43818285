/**
 * Opens the search: a thread that holds the index, and its file, saved from time to time. The thread begins with
 * the first question, since it holds the whole index in memory. Invariant: no call waits for a thread that died. When the thread dies, or its index is damaged, a new thread with an empty index
 * replaces it; so does one when the file cannot be used. `onLost` reports that papers must be read again.
 */
import type { Worker } from 'node:worker_threads'
import type { Host } from '../platform/host'
import type {
  IndexAnswer,
  IndexQuestion,
  IndexQuestions,
  IndexReady,
  IndexStart,
  IndexVerb
} from './index-messages'
import makeWorker from './index-worker?nodeWorker'
import type { Search } from './search'

const SAVE_AFTER_MS = 20_000
/** Saving takes longer for a larger index, so it is done less often. */
const SAVE_PAUSE_PER_MEGABYTE_MS = 2_000
/** Text sent at a time: a concurrent search waits for no more than this. */
const BATCH_CHARS = 60_000

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** Size: its inner functions share one thread and the questions that wait for it. */
export function openSearch(
  host: Pick<Host, 'files' | 'log' | 'clock'>,
  options: {
    readonly file: string
    readonly onLost?: () => void
    /** Called before the file is written or removed; absent: this process is its only writer. */
    readonly mayWrite?: () => Promise<boolean>
  }
): Search {
  const mayWrite = options.mayWrite ?? (() => Promise.resolve(true))
  let thread: Thread | null = null
  let changes = 0
  let savedChanges = 0
  let savedAtMs = host.clock.monotonicMs()
  let savedBytes = 0
  let saving: Promise<void> | null = null
  let closed: Promise<void> | null = null
  /** serializes documents: the pages of one follow its facts */
  let adding: Promise<unknown> = Promise.resolve()

  function hire(): Thread {
    const discarded = (because: string): void => {
      host.log.info('The search index is built again', { because })
      options.onLost?.()
    }
    return new Thread(discarded, options.file, (because) => {
      if (closed !== null) return
      host.log.warn('The search lost its index; papers are read again', { because })
      thread = null
      savedChanges = 0
      changes = 0
      options.onLost?.()
    })
  }

  /** An index that fails a query is damaged: its file is removed, and everything is read again. */
  async function ask<V extends IndexVerb>(
    verb: V,
    question: IndexQuestions[V]['ask']
  ): Promise<IndexQuestions[V]['answer']> {
    thread ??= hire()
    const asked = thread
    try {
      return await asked.ask(verb, question)
    } catch (error) {
      if (error instanceof IndexTrouble && closed === null && asked === thread) {
        if (await mayWrite()) await host.files.remove(options.file)
        await asked.end(error.message)
      }
      throw error
    }
  }

  async function save(): Promise<void> {
    const upTo = changes
    if (!(await mayWrite())) return
    const bytes = await ask('bytes', null)
    await host.files.writeWhole(options.file, bytes)
    savedChanges = upTo
    savedBytes = bytes.length
    savedAtMs = host.clock.monotonicMs()
  }

  const stopSaving = host.clock.every(SAVE_AFTER_MS / 4, () => {
    const pause = SAVE_AFTER_MS + (savedBytes / 1_000_000) * SAVE_PAUSE_PER_MEGABYTE_MS
    if (changes === savedChanges || saving !== null || closed !== null) return
    if (host.clock.monotonicMs() - savedAtMs < pause) return
    saving = save()
      .catch((error: unknown) => {
        savedAtMs = host.clock.monotonicMs()
        host.log.warn('The search index could not be saved', { because: String(error) })
      })
      .finally(() => {
        saving = null
      })
  })

  async function addNow({ pages, ...document }: Parameters<Search['add']>[0]): Promise<void> {
    const { doc, full } = await ask('begin', document)
    changes += 1
    if (pages === null || full) return
    let from = 0
    while (from < pages.length) {
      let to = from
      for (let chars = 0; to < pages.length && (to === from || chars < BATCH_CHARS); to += 1) {
        chars += pages[to]?.length ?? 0
      }
      await ask('pages', { doc, from: from + 1, pages: pages.slice(from, to) })
      from = to
    }
  }

  return {
    add(document) {
      const mine = adding.then(() => addNow(document))
      adding = mine.catch(() => undefined)
      return mine
    },
    async remove(artifactIds) {
      if (artifactIds.length === 0) return
      await ask('remove', artifactIds)
      changes += 1
    },
    stamps: () => ask('stamps', null),
    ids: () => ask('ids', null),
    stale: (documents) => ask('stale', documents),
    isFull: () => ask('isFull', null),
    find: (query) => ask('find', query),
    snippets: (query, where) => ask('snippets', { query, where }),
    hitsIn: (artifactId, query) => ask('hitsIn', { artifactId, query }),
    close() {
      closed ??= (async () => {
        stopSaving()
        await saving
        try {
          if (changes !== savedChanges) await save()
        } catch (error) {
          host.log.warn('The search index could not be saved', { because: String(error) })
        }
        await thread?.dismiss()
      })()
      return closed
    }
  }
}

/** The index failed in its thread. */
class IndexTrouble extends Error {}

class Thread {
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private readonly lost: (because: string) => void
  private nextId = 1
  private over = false

  constructor(discarded: (because: string) => void, file: string, lost: (because: string) => void) {
    this.lost = lost
    this.worker = makeWorker({ workerData: { file } satisfies IndexStart, stdout: true, stderr: true })
    this.worker.stdout.resume()
    this.worker.stderr.resume()
    this.worker.unref()
    this.worker.on('message', (message: IndexAnswer | IndexReady) => {
      if ('ready' in message) {
        if (message.discarded !== null) discarded(message.discarded)
        return
      }
      const waiting = this.waiting.get(message.id)
      this.waiting.delete(message.id)
      if (this.waiting.size === 0) this.worker.unref()
      if (message.ok) waiting?.resolve(message.answer)
      else waiting?.reject(new IndexTrouble(message.because))
    })
    this.worker.on('error', (error) => {
      this.ended(String(error))
    })
    this.worker.on('exit', (code) => {
      this.ended(`its thread ended with ${String(code)}`)
    })
  }

  ask<V extends IndexVerb>(verb: V, ask: IndexQuestions[V]['ask']): Promise<IndexQuestions[V]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.over) {
        reject(new Error('the search has ended'))
        return
      }
      const id = this.nextId++
      this.waiting.set(id, {
        resolve: (answer) => {
          resolve(answer as IndexQuestions[V]['answer'])
        },
        reject
      })
      this.worker.ref()
      this.worker.postMessage({ id, verb, ask } satisfies IndexQuestion)
    })
  }

  /** Stops the worker after a failure; a new one is started. */
  async end(because: string): Promise<void> {
    this.ended(because)
    await this.worker.terminate()
  }

  /** Stops it without a replacement. */
  async dismiss(): Promise<void> {
    this.over = true
    this.fail('the search was closed')
    await this.worker.terminate()
  }

  private ended(because: string): void {
    if (this.over) return
    this.over = true
    this.fail(because)
    this.lost(because)
  }

  private fail(because: string): void {
    for (const one of this.waiting.values()) one.reject(new Error(because))
    this.waiting.clear()
  }
}
