/**
 * Reads the whole text of PDFs, one at a time, in a thread of its own that is begun when it is first
 * needed and ended when nothing was asked for a while. A file on which the thread dies or takes too
 * long counts as unreadable; the next file gets a fresh thread.
 */
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../platform/host'
import makeWorker from './text-worker?nodeWorker'
import type { PdfFront, PdfTextReading, TextAnswer, TextQuestion } from './text-messages'

export interface TextReader {
  /** Rejects only with the signal's reason. */
  read(path: string, signal: AbortSignal): Promise<PdfTextReading>
  /** The first pages and what the document says of itself. Rejects only with the signal's reason. */
  front(path: string, signal: AbortSignal): Promise<FrontReading>
  close(): Promise<void>
}

export type FrontReading =
  { readonly kind: 'front'; readonly front: PdfFront } | Extract<PdfTextReading, { kind: 'unreadable' }>

/** Who a paper is stands on its first pages; a cover sheet or two may come before. */
const FRONT = { front: true, mostPages: 3, mostChars: 60_000 } as const

export interface TextLimits {
  readonly mostPages: number
  readonly mostChars: number
  readonly timeoutMs: number
  readonly idleMs: number
  readonly heapMegabytes: number
}
const LIMITS: TextLimits = {
  mostPages: 2_000,
  mostChars: 20_000_000,
  timeoutMs: 180_000,
  idleMs: 60_000,
  heapMegabytes: 1_024
}

type Asked = Omit<TextQuestion, 'id' | 'path'>

export function makeTextReader(clock: Clock, wanted: Partial<TextLimits> = {}): TextReader {
  const limits = { ...LIMITS, ...wanted }
  let worker: Worker | null = null
  let nextId = 1
  let lastAskedMs = 0
  let reading: Promise<unknown> = Promise.resolve()
  let busy = false
  const stopLooking = clock.every(limits.idleMs / 2, () => {
    if (!busy && worker !== null && clock.monotonicMs() - lastAskedMs > limits.idleMs) void fire()
  })

  function hire(): Worker {
    if (worker !== null) return worker
    const hired = makeWorker({
      // What the library prints must not mix with what we say.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes }
    })
    hired.stdout.resume()
    hired.stderr.resume()
    hired.unref()
    hired.on('error', () => undefined)
    worker = hired
    return hired
  }

  async function fire(): Promise<void> {
    const fired = worker
    worker = null
    await fired?.terminate()
  }

  async function ask(path: string, signal: AbortSignal, how: Asked): Promise<PdfTextReading> {
    signal.throwIfAborted()
    const asked = hire()
    const id = nextId++
    const watch = new AbortController()
    let leave = (): void => undefined
    busy = true
    try {
      return await new Promise<PdfTextReading>((resolve, reject) => {
        const died = (because: string): void => {
          void fire()
          resolve({ kind: 'unreadable', because })
        }
        const onMessage = (message: TextAnswer): void => {
          if (message.id === id) resolve(message.reading)
        }
        const onError = (error: unknown): void => {
          died(error instanceof Error ? error.message : String(error))
        }
        const onExit = (): void => {
          died('the thread ended')
        }
        const onAbort = (): void => {
          void fire()
          reject(signal.reason as Error)
        }
        asked.on('message', onMessage)
        asked.on('error', onError)
        asked.on('exit', onExit)
        signal.addEventListener('abort', onAbort, { once: true })
        leave = () => {
          asked.off('message', onMessage)
          asked.off('error', onError)
          asked.off('exit', onExit)
          signal.removeEventListener('abort', onAbort)
        }
        clock.sleep(limits.timeoutMs, watch.signal).then(
          () => {
            died(`it was not done after ${String(Math.round(limits.timeoutMs / 1000))} s`)
          },
          () => undefined
        )
        asked.postMessage({ id, path, ...how } satisfies TextQuestion)
      })
    } finally {
      leave()
      watch.abort()
      busy = false
      lastAskedMs = clock.monotonicMs()
    }
  }

  function inTurn(path: string, signal: AbortSignal, how: Asked): Promise<PdfTextReading> {
    const mine = reading.then(() => ask(path, signal, how))
    reading = mine.catch(() => undefined)
    return mine
  }

  return {
    read(path, signal) {
      const { mostPages, mostChars } = limits
      return inTurn(path, signal, { mostPages, mostChars })
    },
    async front(path, signal) {
      const reading = await inTurn(path, signal, FRONT)
      if (reading.kind === 'unreadable') return reading
      const { front } = reading
      return front === undefined ? { kind: 'unreadable', because: 'no answer' } : { kind: 'front', front }
    },
    async close() {
      stopLooking()
      await fire()
    }
  }
}
