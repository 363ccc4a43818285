/**
 * The measures of docs/design.md §12; computed from the ledger only. Invariants: targets are one-sided (doing
 * better is never a miss), missing data is reported as such, and jobs in flight, skipped duplicates and works
 * without an open copy are not counted as failures.
 */
import type { MeasureView } from '../../contract/insights-views'
import { countByReason } from '../ledger/job-lists'
import {
  byteCounts,
  endingsSince,
  leaseWaitsMs,
  recoveriesSince,
  replaysSince,
  secondsToComplete,
  successBySource
} from '../ledger/insights-queries'
import type { InsightsFigures, ReadSlice } from '../ledger/insights-figures'
import type { Reader } from '../ledger/ledger'
import { DAY_SECONDS, WEEK_SECONDS } from '../../contract/durations'

/** A measure without its wording and link. */
export type Measure = Omit<MeasureView, 'label' | 'behind'>
export interface MeasuresReport {
  readonly measures: readonly Measure[]
  readonly bytesFetched: number
  readonly bytesSavedByResume: number
  readonly bytesFetchedTwice: number
  readonly successBySource: Readonly<Record<string, { readonly tried: number; readonly succeeded: number }>>
  readonly failuresByReason: Readonly<Record<string, number>>
}

/** Every measure with its status, as of `now` (epoch seconds). */
export function measure(reader: Reader, now: number): MeasuresReport {
  const day = now - DAY_SECONDS
  const replays = replaysSince(reader, day)
  const bytes = byteCounts(reader)
  return {
    measures: measuresOf({
      endings: endingsSince(reader, day),
      secondsToComplete: secondsToComplete(reader, day),
      leaseWaitsMs: leaseWaitsMs(reader, day),
      recoveries: recoveriesSince(reader, now - WEEK_SECONDS),
      ...replays
    }),
    bytesFetched: bytes.fetched,
    bytesSavedByResume: bytes.savedByResume,
    bytesFetchedTwice: bytes.fetchedTwice,
    successBySource: successBySource(reader),
    failuresByReason: countByReason(reader)
  }
}

/** The same measures without the totals, one query at a time: other work runs in between. */
export async function measuresNow(read: ReadSlice, now: number): Promise<readonly Measure[]> {
  const day = now - DAY_SECONDS
  return measuresOf({
    endings: await read((r) => endingsSince(r, day)),
    secondsToComplete: await read((r) => secondsToComplete(r, day)),
    leaseWaitsMs: await read((r) => leaseWaitsMs(r, day)),
    recoveries: await read((r) => recoveriesSince(r, now - WEEK_SECONDS)),
    ...(await read((r) => replaysSince(r, day)))
  })
}

/** The figures from which the measures are computed, over any period. */
export type MeasuredFigures = Pick<
  InsightsFigures,
  'endings' | 'secondsToComplete' | 'leaseWaitsMs' | 'performed' | 'replayed'
> & { readonly recoveries: { readonly well: number; readonly badly: number } }

/** The targets of docs/design.md §12 and their status. */
export function measuresOf(figures: MeasuredFigures): readonly Measure[] {
  const { endings, recoveries, secondsToComplete: seconds, performed, replayed } = figures
  return [
    shareAtLeast('job_completion', endings.done, endings.done + endings.failed, 0.995),
    quantileBelow('time_to_complete_p50', seconds, 0.5, 30, 's'),
    quantileBelow('time_to_complete_p95', seconds, 0.95, 120, 's'),
    quantileBelow('time_to_complete_p99', seconds, 0.99, 300, 's'),
    shareAtLeast('crash_recovery', recoveries.well, recoveries.well + recoveries.badly, 0.999),
    quantileBelow('lease_wait_p99', figures.leaseWaitsMs, 0.99, 100, 'ms'),
    shareBelow('replay_rate', replayed, performed + replayed, 0.05),
    counted('no_open_copy', endings.noOpenCopy),
    counted('duplicates', endings.duplicates)
  ]
}

/** At least `target` of all; what may be missed is the rest. */
function shareAtLeast(name: string, good: number, all: number, target: number): Measure {
  if (all === 0) return noData(name, 'ratio', target, 'higher')
  const value = good / all
  return {
    ...noData(name, 'ratio', target, 'higher'),
    value,
    status: value >= target ? 'met' : 'missed',
    errorBudgetLeft: left(1 - value, 1 - target)
  }
}

/** Less than `target` of all. */
function shareBelow(name: string, part: number, all: number, target: number): Measure {
  if (all === 0) return noData(name, 'ratio', target, 'lower')
  const value = part / all
  return {
    ...noData(name, 'ratio', target, 'lower'),
    value,
    status: value < target ? 'met' : 'missed',
    errorBudgetLeft: left(value, target)
  }
}

/** The quantile (nearest rank) lies below `target`: at most 1 - q of the values may lie above it. */
function quantileBelow(
  name: string,
  ascending: readonly number[],
  q: number,
  target: number,
  unit: 's' | 'ms'
): Measure {
  const value = quantile(ascending, q)
  if (value === null) return noData(name, unit, target, 'lower')
  const above = ascending.filter((one) => one >= target).length / ascending.length
  return {
    ...noData(name, unit, target, 'lower'),
    value,
    status: value < target ? 'met' : 'missed',
    errorBudgetLeft: left(above, 1 - q)
  }
}

/** By nearest rank; null without values. */
export function quantile(ascending: readonly number[], q: number): number | null {
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? null
}

function counted(name: string, value: number): Measure {
  return { ...noData(name, 'count', null, null), value, status: 'no_target' }
}

function noData(
  name: string,
  unit: Measure['unit'],
  target: number | null,
  better: Measure['better']
): Measure {
  return { name, value: null, unit, target, better, status: 'no_data', errorBudgetLeft: null }
}

function left(missed: number, allowed: number): number {
  return Math.min(1, Math.max(0, 1 - missed / allowed))
}
