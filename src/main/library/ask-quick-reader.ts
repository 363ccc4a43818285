/** Asks PDFium before pdf.js. */
import type { ChildPool } from '../platform/child-pool'
import type { Log } from '../platform/log'

interface QuickQuestion {
  readonly kind: 'quickPdf' | 'quickText'
  readonly question: { readonly path: string }
}

/**
 * What PDFium answers, or null: whatever became of it, the caller asks pdf.js, which has its own time and decides.
 * Rejects only with the signal's reason.
 */
export async function askQuickReader(
  pool: Pick<ChildPool, 'ask'>,
  log: Log,
  { kind, question }: QuickQuestion,
  signal: AbortSignal
): Promise<unknown> {
  const asked = await pool.ask(kind, question, signal)
  if (asked.kind === 'answer') return asked.value
  log.warn('PDFium failed on a PDF', { path: question.path, because: asked.because })
  return null
}
