/**
 * All reading of hostile bytes in this module; each question runs in a process that may die
 * (`platform/child-pool.ts`). The result is parsed; a process that ended at a limit is an answer.
 */
import { z } from 'zod'
import { ERROR_CODES } from '../../contract/errors'
import { PAPER_VERDICTS } from '../../contract/words'
import { makeChildPool, type Asked, type PoolLimits } from '../platform/child-pool'
import type { Host } from '../platform/host'
import { askQuickReader } from './ask-quick-reader'
import { judgeHead, needsNoReading, type ExpectedHead, type HeadRefusal } from './judge-head'
import type { ArticleQuestion } from './judge-text'
import type { Judgement } from './library'
import { pdfFactsSchema, type PdfFacts } from './pdf-facts'
import modulePath from './reader-child?child'
import type { WantedPaper } from './right-paper'

/** Each rejects only with the signal's reason. */
export interface Readers {
  /** Announces a PDF: its reader starts while the server answers. Idempotent; does nothing while one runs. */
  prepare(): void
  pdf(path: string, wanted: WantedPaper, signal: AbortSignal): Promise<PdfFacts>
  head(head: Uint8Array, expected: ExpectedHead, signal: AbortSignal): Promise<HeadRefusal | null>
  article(question: ArticleQuestion, signal: AbortSignal): Promise<Judgement>
  close(): void
}

const refusalSchema = z.object({ reason: z.enum(ERROR_CODES), because: z.string() }).nullable()
const judgementSchema: z.ZodType<Judgement> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('paper'),
    verdict: z.enum(PAPER_VERDICTS),
    because: z.string(),
    pages: z.number().nullable(),
    encrypted: z.boolean(),
    checks: z.array(z.object({ name: z.string(), result: z.string() })),
    text: z.string()
  }),
  z.object({
    kind: z.literal('mismatch'),
    because: z.string(),
    evidence: z.record(z.string(), z.unknown())
  }),
  z.object({ kind: z.literal('rejected'), reason: z.enum(ERROR_CODES), because: z.string() })
])

export function makeReaders(
  host: Pick<Host, 'clock' | 'log' | 'startChild'>,
  limits: Partial<PoolLimits> = {}
): Readers {
  const pool = makeChildPool(host, modulePath, limits)
  return {
    prepare() {
      pool.prepare('prepare')
    },
    async pdf(path, wanted, signal) {
      const question = { path, wanted }
      const known = await askQuickReader(pool, host.log, { kind: 'quickPdf', question }, signal)
      if (known !== null) return pdfFactsSchema.parse(known)
      const asked = await pool.ask('pdf', question, signal)
      if (asked.kind === 'answer') return pdfFactsSchema.parse(asked.value)
      if (asked.kind === 'failed' || asked.death === 'crash') {
        return { kind: 'unreadable', because: asked.because, xrefFound: false, linearizedBytes: null }
      }
      host.log.warn('A PDF cost more than any paper does', { path, because: asked.because })
      return { kind: 'costly', because: asked.because }
    },
    async head(head, expected, signal) {
      if (needsNoReading(head, expected)) return judgeHead(head, expected)
      const asked = await pool.ask('head', { head, expected }, signal)
      if (asked.kind === 'answer') return refusalSchema.parse(asked.value)
      return { reason: 'READING_LIMIT', because: sentenceOf(asked) }
    },
    async article(question, signal) {
      const asked = await pool.ask('article', question, signal)
      if (asked.kind === 'answer') return judgementSchema.parse(asked.value)
      return { kind: 'rejected', reason: 'READING_LIMIT', because: sentenceOf(asked) }
    },
    close: () => {
      pool.close()
    }
  }
}

function sentenceOf(asked: Exclude<Asked, { kind: 'answer' }>): string {
  return `What came could not be read: ${asked.because}.`
}
