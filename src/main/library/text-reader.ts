/**
 * Reads the whole text of PDFs for the search, one at a time, in a child process that starts on demand and
 * ends when idle. A file on which the process dies counts as unreadable; the next file gets a new process.
 */
import { makeChildPool, type PoolLimits } from '../platform/child-pool'
import type { Host } from '../platform/host'
import { askQuickReader } from './ask-quick-reader'
import modulePath from './reader-child?child'
import { parseReading, type PdfFront, type PdfTextReading, type TextQuestion } from './text-messages'

export interface TextReader {
  /** Rejects only with the signal's reason. */
  read(path: string, signal: AbortSignal): Promise<PdfTextReading>
  /** The first pages and what the document says about itself. Rejects only with the signal's reason. */
  front(path: string, signal: AbortSignal): Promise<FrontReading>
  close(): void
}

export type FrontReading =
  { readonly kind: 'front'; readonly front: PdfFront } | Extract<PdfTextReading, { kind: 'unreadable' }>

/** A paper's identity is on its first pages; a cover sheet or two may come before. */
const FRONT = { front: true, mostPages: 3, mostChars: 60_000 } as const

export interface TextLimits extends PoolLimits {
  readonly mostPages: number
  readonly mostChars: number
}
const LIMITS: Pick<TextLimits, 'mostPages' | 'mostChars'> = { mostPages: 2_000, mostChars: 20_000_000 }

export function makeTextReader(
  host: Pick<Host, 'clock' | 'log' | 'startChild'>,
  wanted: Partial<TextLimits> = {}
): TextReader {
  const { mostPages, mostChars, ...limits } = { ...LIMITS, ...wanted }
  const pool = makeChildPool(host, modulePath, { ...limits, processes: 1 })

  async function ask(question: TextQuestion, signal: AbortSignal): Promise<PdfTextReading> {
    const asked = await pool.ask('text', question, signal)
    if (asked.kind === 'answer') return parseReading(asked.value)
    return { kind: 'unreadable', because: asked.because }
  }

  return {
    async read(path, signal) {
      const question = { path, mostPages, mostChars }
      const known = await askQuickReader(pool, host.log, { kind: 'quickText', question }, signal)
      return known === null ? ask(question, signal) : parseReading(known)
    },
    async front(path, signal) {
      const reading = await ask({ path, ...FRONT }, signal)
      if (reading.kind === 'unreadable') return reading
      const { front } = reading
      return front === undefined ? { kind: 'unreadable', because: 'no answer' } : { kind: 'front', front }
    },
    close: () => {
      pool.close()
    }
  }
}
