/**
 * A few threads that open PDFs, one file each at a time. A thread that is too slow or dies is ended and
 * another takes its place; the file is tried once more in a fresh thread, and then it counts as
 * unreadable. Nothing a file does reaches the engine but its answer.
 */
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../platform/host'
import type { Log } from '../platform/log'
import type { PdfAnswer, PdfFacts } from './pdf-facts'
import makeWorker from './pdf-worker?nodeWorker'
import type { WantedPaper } from './right-paper'

export interface PdfReaders {
  /** Rejects only with the signal's reason. */
  read(path: string, wanted: WantedPaper, signal: AbortSignal): Promise<PdfFacts>
  close(): Promise<void>
}

interface Limits {
  readonly threads: number
  readonly timeoutMs: number
  readonly heapMegabytes: number
}
const LIMITS: Limits = { threads: 2, timeoutMs: 60_000, heapMegabytes: 768 }

type Ended =
  { readonly kind: 'answer'; readonly facts: PdfFacts } | { readonly kind: 'died'; readonly because: string }

export function makePdfReaders(
  world: { readonly clock: Clock; readonly log: Log },
  wanted: Partial<Limits> = {}
): PdfReaders {
  const limits = { ...LIMITS, ...wanted }
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const waiting: (() => void)[] = []
  let busy = 0
  let nextId = 1
  let closed = false

  function hire(): Worker {
    const known = idle.pop()
    if (known !== undefined) return known
    const worker = makeWorker({
      // What the library prints must not mix with the lines of the command line.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes }
    })
    worker.stdout.resume()
    worker.stderr.resume()
    worker.unref()
    all.add(worker)
    worker.once('exit', () => {
      all.delete(worker)
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
    })
    // Without a listener an error of an idle thread would end the process.
    worker.on('error', (error) => {
      world.log.debug('A PDF thread ended with an error', { because: String(error) })
    })
    return worker
  }

  async function fire(worker: Worker): Promise<void> {
    all.delete(worker)
    await worker.terminate()
  }

  async function turn(signal: AbortSignal): Promise<void> {
    if (busy < limits.threads) {
      busy += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(signal.reason as Error)
      }
      waiting.push(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** The turn goes to the next in line, or back. */
  function pass(): void {
    const next = waiting.shift()
    if (next === undefined) busy -= 1
    else next()
  }

  async function ask(path: string, paper: WantedPaper, signal: AbortSignal): Promise<Ended> {
    // It may have been aborted while it waited for its turn.
    signal.throwIfAborted()
    const worker = hire()
    worker.ref()
    const id = nextId++
    const watch = new AbortController()
    let leave = (): void => undefined
    try {
      const ended = await new Promise<Ended>((resolve, reject) => {
        const onMessage = (message: PdfAnswer): void => {
          if (message.id === id) resolve({ kind: 'answer', facts: message.facts })
        }
        const onError = (error: unknown): void => {
          resolve({ kind: 'died', because: error instanceof Error ? error.message : String(error) })
        }
        const onExit = (): void => {
          resolve({ kind: 'died', because: 'the thread ended' })
        }
        const onAbort = (): void => {
          reject(signal.reason as Error)
        }
        worker.on('message', onMessage)
        worker.on('error', onError)
        worker.on('exit', onExit)
        signal.addEventListener('abort', onAbort, { once: true })
        leave = () => {
          worker.off('message', onMessage)
          worker.off('error', onError)
          worker.off('exit', onExit)
          signal.removeEventListener('abort', onAbort)
        }
        world.clock.sleep(limits.timeoutMs, watch.signal).then(
          () => {
            const seconds = String(Math.round(limits.timeoutMs / 1000))
            resolve({ kind: 'died', because: `it was not done after ${seconds} s` })
          },
          () => undefined
        )
        worker.postMessage({ id, path, wanted: paper })
      })
      if (ended.kind === 'died') await fire(worker)
      else if (all.has(worker) && !closed) idle.push(worker)
      return ended
    } catch (error) {
      await fire(worker)
      throw error
    } finally {
      leave()
      watch.abort()
      worker.unref()
    }
  }

  return {
    async read(path, paper, signal) {
      signal.throwIfAborted()
      await turn(signal)
      try {
        const first = await ask(path, paper, signal)
        if (first.kind === 'answer') return first.facts
        world.log.warn('Opening a PDF ended its thread', { path, because: first.because })
        const second = await ask(path, paper, signal)
        if (second.kind === 'answer') return second.facts
        return {
          kind: 'unreadable',
          because: `opening it failed twice: ${second.because}`,
          xrefFound: false,
          linearizedBytes: null
        }
      } finally {
        pass()
      }
    },
    async close() {
      closed = true
      await Promise.all([...all].map(fire))
    }
  }
}
