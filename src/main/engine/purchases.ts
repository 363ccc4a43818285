/**
 * Buys each paid item once (docs/design.md, G4 and §8). Before a paid request is sent, an intent is on disk,
 * written in one transaction that checks earlier purchases and spending: concurrent jobs cannot exceed the
 * budget, and no file is paid for twice. After a crash an intent without an outcome may have been billed: it
 * counts as spent, and is not sent again.
 */
import { SheafError, fail } from '../../contract/errors'
import { microsOf, usdOf } from '../../contract/money'
import type { Holder } from '../ledger/leases'
import type { LedgerTables, Reader } from '../ledger/ledger'
import { beginPurchase, endPurchase, purchaseOf, spentSince, type PurchaseOutcome } from '../ledger/purchases'
import { nextMidnight } from '../net/rate'
import type { Host } from '../platform/host'
import { fence, staleGrant, type LeaseTime } from './advance'
import { DAY_SECONDS } from '../../contract/durations'

export interface Wanted {
  /** such as `openalex:W123:pdf` */
  readonly item: string
  readonly workId: string
  readonly priceUsd: number
  /** per UTC day */
  readonly budgetUsd: number
}

export interface Bought {
  /** Records the outcome of the request. Not called when the outcome is unknown: then it counts as billed. */
  end(outcome: PurchaseOutcome, billedMicros: number): void
}

export interface PurchaseParts {
  readonly host: Host
  readonly ledger: LedgerTables
  readonly holder: Holder
  readonly lease: () => LeaseTime
}

/**
 * Resolves when the intent is on disk and the request may be sent. Throws PAID_BEFORE, PAYMENT_UNKNOWN (never
 * send it), PAID_BUDGET_SPENT (until midnight UTC), LEASE_LOST.
 */
export async function buy(parts: PurchaseParts, wanted: Wanted): Promise<Bought> {
  const { host, ledger, holder } = parts
  const now = host.clock.now()
  const priceMicros = microsOf(wanted.priceUsd)
  const committed = ledger.transact((w) => {
    fence(w, holder, parts.lease())
    const before = purchaseOf(w, wanted.item)
    refuseSecond(wanted.item, before)
    const leftMicros = microsOf(wanted.budgetUsd) - spentSince(w, lastMidnight(now))
    if (priceMicros > leftMicros) {
      fail(
        'PAID_BUDGET_SPENT',
        `Of the $${String(wanted.budgetUsd)} a day that you allow for paid copies, $${String(usdOf(Math.max(0, leftMicros)))} are left; this one costs $${String(wanted.priceUsd)}.`,
        { retryAt: nextMidnight(now), facts: { item: wanted.item } }
      )
    }
    if (beginPurchase(w, { ...wanted, priceMicros, now }, holder) !== 1) staleGrant(holder)
    return (before?.attempt ?? 0) + 1
  })
  await committed.durable
  return {
    end(outcome, billedMicros) {
      if (ledger.trouble() !== null) return
      ledger.transact((w) => {
        endPurchase(w, {
          item: wanted.item,
          attempt: committed.value,
          outcome,
          billedMicros,
          now: host.clock.now()
        })
      })
    }
  }
}

/** What is left of the budget of this day, in dollars. */
export function leftToday(r: Reader, budgetUsd: number, now: number): number {
  return usdOf(Math.max(0, microsOf(budgetUsd) - spentSince(r, lastMidnight(now))))
}

function refuseSecond(item: string, before: ReturnType<typeof purchaseOf>): void {
  if (before === null) return
  const on = new Date(before.startedAt * 1000).toISOString().slice(0, 16).replace('T', ' ')
  const facts = { item }
  switch (before.outcome) {
    case null:
      throw new SheafError(
        'PAYMENT_UNKNOWN',
        `${item} was asked for on ${on} UTC, and Sheaf ended or the connection broke before the answer: it may have been billed.`,
        { facts }
      )
    case 'PAID':
      throw new SheafError('PAID_BEFORE', `${item} was paid for on ${on} UTC.`, { facts })
    case 'NOT_THERE':
      throw new SheafError('NOT_FOUND', `${item} was asked for on ${on} UTC, and was not there.`, { facts })
    case 'REFUSED':
    case 'NOT_SENT':
      return
  }
}

/** The budget of a day counts from then on. */
function lastMidnight(now: number): number {
  return nextMidnight(now) - DAY_SECONDS
}
