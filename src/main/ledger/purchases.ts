/**
 * The table `purchases`: paid requests, one row per purchased item. A row is written before the request is
 * sent and completed after its answer; a row without an outcome may have been billed and counts as billed.
 * Amounts are millionths of a dollar, so that sums are exact.
 */
import type { Reader, SqlRow, Writer } from './ledger'
import { numberOf, numberOrNull, textOf, textOrNull } from './row-values'
import { FENCE } from './leases'

/** NOT_SENT and REFUSED cost nothing, and may be tried again; NOT_THERE costs little, PAID the full price. */
export type PurchaseOutcome = 'PAID' | 'NOT_THERE' | 'REFUSED' | 'NOT_SENT'

export interface Purchase {
  readonly item: string
  readonly workId: string
  readonly jobId: string
  readonly attempt: number
  readonly priceMicros: number
  /** epoch seconds */
  readonly startedAt: number
  readonly finishedAt: number | null
  /** null: it was sent, and its outcome is unknown */
  readonly outcome: PurchaseOutcome | null
  readonly billedMicros: number | null
}

export function purchaseOf(r: Reader, item: string): Purchase | null {
  const row = r.get('SELECT * FROM purchases WHERE item = ?', [item])
  return row === null ? null : purchaseFrom(row)
}

/** What was billed, or may have been, since `since` (epoch seconds). */
export function spentSince(r: Reader, since: number): number {
  const row = r.get(
    'SELECT coalesce(sum(coalesce(billed_micros, price_micros)), 0) AS spent FROM purchases WHERE started_at >= ?',
    [since]
  )
  return row === null ? 0 : numberOf(row, 'spent')
}

/**
 * Records that the request is about to be sent: a first attempt, or another one of a purchase known to have
 * cost nothing. Returns the number of rows: 0 for a lease that is not the last one.
 */
export function beginPurchase(
  w: Writer,
  intent: Pick<Purchase, 'item' | 'workId' | 'priceMicros'> & { readonly now: number },
  holder: { readonly jobId: string; readonly epoch: number }
): number {
  return w.run(
    `INSERT INTO purchases (item, work_id, job_id, attempt, price_micros, started_at)
     SELECT ?, ?, ?, 1, ?, ?
     WHERE ${FENCE}
     ON CONFLICT (item) DO UPDATE SET work_id = excluded.work_id, job_id = excluded.job_id,
       attempt = attempt + 1, price_micros = excluded.price_micros, started_at = excluded.started_at,
       finished_at = NULL, outcome = NULL, billed_micros = NULL`,
    [intent.item, intent.workId, holder.jobId, intent.priceMicros, intent.now, holder.jobId, holder.epoch]
  )
}

/** Records the outcome of this attempt, even when another worker holds the job by now. */
export function endPurchase(
  w: Writer,
  end: {
    readonly item: string
    readonly attempt: number
    readonly outcome: PurchaseOutcome
    readonly billedMicros: number
    readonly now: number
  }
): void {
  w.run(
    'UPDATE purchases SET outcome = ?, billed_micros = ?, finished_at = ? WHERE item = ? AND attempt = ? AND outcome IS NULL',
    [end.outcome, end.billedMicros, end.now, end.item, end.attempt]
  )
}

function purchaseFrom(row: SqlRow): Purchase {
  const outcome = textOrNull(row, 'outcome')
  return {
    item: textOf(row, 'item'),
    workId: textOf(row, 'work_id'),
    jobId: textOf(row, 'job_id'),
    attempt: numberOf(row, 'attempt'),
    priceMicros: numberOf(row, 'price_micros'),
    startedAt: numberOf(row, 'started_at'),
    finishedAt: numberOrNull(row, 'finished_at'),
    outcome: OUTCOMES.find((one) => one === outcome) ?? null,
    billedMicros: numberOrNull(row, 'billed_micros')
  }
}
const OUTCOMES: readonly PurchaseOutcome[] = ['PAID', 'NOT_THERE', 'REFUSED', 'NOT_SENT']
