/**
 * The thread of the search index, and the questions that wait for it. Invariant: no question waits for a thread that
 * has ended.
 */
import type { Worker } from 'node:worker_threads'
import type {
  IndexAnswer,
  IndexQuestion,
  IndexQuestions,
  IndexReady,
  IndexStart,
  IndexVerb
} from './index-messages'
import makeWorker from './index-worker?nodeWorker'

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** The index failed in its thread. */
export class IndexTrouble extends Error {}

export class IndexThread {
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private readonly lost: (because: string) => void
  private nextId = 1
  private over = false

  /** `discarded`: the file could not be used, and the index is empty; `lost`: the thread has ended by itself. */
  constructor(
    file: string,
    on: { readonly discarded: (because: string) => void; readonly lost: (because: string) => void }
  ) {
    this.lost = on.lost
    this.worker = makeWorker({ workerData: { file } satisfies IndexStart, stdout: true, stderr: true })
    this.worker.stdout.resume()
    this.worker.stderr.resume()
    this.worker.unref()
    this.worker.on('message', (message: IndexAnswer | IndexReady) => {
      if ('ready' in message) {
        if (message.discarded !== null) on.discarded(message.discarded)
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
      this.worker.postMessage({ id, verb, ask } satisfies IndexQuestion<V>)
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
