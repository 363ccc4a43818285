/**
 * The report of the insights screen over a number of days: measures, traffic, time series, and both groups of
 * a canary. Computed from the ledger only; missing data is reported as such.
 */
import type { CanaryGroup, InsightsView } from '../../contract/insights-views'
import type { InsightsFigures, ReadSlice } from '../ledger/insights-figures'
import { countByReason } from '../ledger/job-lists'
import { KeptFigures } from '../ledger/kept-figures'
import { totalsOfReasons } from '../ledger/queue-queries'
import { lastForecast } from '../ledger/runs'
import type { Alert } from './alerts'
import { measuresNow, measuresOf, quantile, type Measure } from './measures'
import { readAlerts } from './read-alerts'
import { DAY_SECONDS, HOUR_SECONDS, WEEK_SECONDS } from '../../contract/durations'

/** The upper bounds of the distribution's buckets; the last bucket is unbounded. */
const TIME_BOUNDS = [5, 10, 30, 60, 120, 300] as const

/** The view without its wording. */
export interface InsightsReport extends Omit<
  InsightsView,
  'measures' | 'alerts' | 'byReason' | 'canary' | 'isStale' | 'revision'
> {
  readonly measures: readonly Measure[]
  readonly alerts: readonly Alert[]
  /** reasons for which papers have failed now; empty without alerts */
  readonly failing: readonly string[]
  readonly byReason: readonly { readonly reason: string; readonly count: number }[]
  readonly groups: readonly CanaryGroup[]
}

export interface AsOf {
  /** epoch seconds */
  readonly now: number
  /** a live process may be running on this ledger */
  readonly isAlive: boolean
  /** only of a named list, without what is about the whole of Sheaf */
  readonly list?: string
}

/** `read` yields to other work between two slices. `kept` is what was counted before, for the next time. */
export async function insightsOver(
  days: number,
  asOf: AsOf,
  read: ReadSlice,
  kept = new KeptFigures(null)
): Promise<InsightsReport> {
  const { now, list = null } = asOf
  const bucketSeconds = bucketOf(days)
  // Whole buckets: the first one is complete.
  const since = Math.floor((now - days * DAY_SECONDS) / bucketSeconds) * bucketSeconds
  const figures = await kept.count(read, {
    since,
    recoveriesSince: Math.min(since, now - WEEK_SECONDS),
    bucketSeconds,
    list
  })
  const alerts = list === null ? await alertsNow(asOf, read) : []
  return {
    ...reportOf(figures, { since, now, bucketSeconds }),
    alerts,
    failing: alerts.length === 0 ? [] : await read((r) => Object.keys(countByReason(r))),
    lastForecast: list === null ? await read(lastForecast) : null
  }
}

/** The current alerts, over the periods of docs/design.md §12. */
export async function alertsNow(asOf: AsOf, read: ReadSlice): Promise<readonly Alert[]> {
  const measures = await measuresNow(read, asOf.now)
  return read((reader) => readAlerts(reader, { ...asOf, measures }))
}

function bucketOf(days: number): number {
  if (days <= 2) return HOUR_SECONDS
  return days <= 120 ? DAY_SECONDS : WEEK_SECONDS
}

export function reportOf(
  figures: InsightsFigures,
  span: { readonly since: number; readonly now: number; readonly bucketSeconds: number }
): Omit<InsightsReport, 'alerts' | 'failing' | 'lastForecast'> {
  const { papers, bytes, tried, succeeded, failures } = figures
  const { since, now, bucketSeconds } = span
  const first = Math.min(...papers.keys(), ...bytes.keys())
  const last = Math.floor((now - since) / bucketSeconds)
  const buckets = Number.isFinite(first) ? Math.max(0, last - first + 1) : 0
  return {
    measures: measuresOf(figures),
    bytesFetched: figures.bytesFetched,
    bytesSavedByResume: figures.bytesSavedByResume,
    bytesFetchedTwice: figures.bytesFetchedTwice,
    bucketSeconds,
    since,
    overTime: Array.from({ length: buckets }, (_, index) => ({
      at: since + (first + index) * bucketSeconds,
      papers: papers.get(first + index) ?? 0,
      bytes: bytes.get(first + index) ?? 0
    })),
    bySource: [...tried]
      .map(([source, n]) => ({ source, tried: n, succeeded: succeeded.get(source) ?? 0 }))
      .sort((a, b) => b.succeeded - a.succeeded || b.tried - a.tried || (a.source < b.source ? -1 : 1)),
    byReason: totalsOfReasons([...failures].map(([reason, count]) => ({ reason, count }))),
    timeToComplete: distribution(figures.secondsToComplete),
    groups: [crashSafe(figures), legacy(figures)]
  }
}

function distribution(ascending: readonly number[]): InsightsReport['timeToComplete'] {
  const jobs = [...TIME_BOUNDS, Infinity].map(() => 0)
  for (const seconds of ascending) {
    const at = TIME_BOUNDS.findIndex((bound) => seconds <= bound)
    const bucket = at < 0 ? TIME_BOUNDS.length : at
    jobs[bucket] = (jobs[bucket] ?? 0) + 1
  }
  return jobs.map((count, at) => ({ upToSeconds: TIME_BOUNDS[at] ?? null, jobs: count }))
}

function crashSafe(figures: InsightsFigures): CanaryGroup {
  const { endings } = figures
  const fetched = endings.done + endings.failed
  return {
    group: 'crash_safe',
    works: fetched + endings.duplicates + endings.noOpenCopy + endings.cancelled,
    completed: endings.done + endings.duplicates,
    completion: fetched === 0 ? null : endings.done / fetched,
    bytesFetchedTwice: figures.bytesFetchedTwice,
    recoveries: figures.recoveries.all,
    medianSeconds: quantile(figures.secondsToComplete, 0.5)
  }
}

/** An unrecorded job cannot be recovered: it starts over. */
function legacy({ legacy: figures }: InsightsFigures): CanaryGroup {
  const fetched = figures.works - figures.withoutCopy
  return {
    group: 'legacy',
    works: figures.works,
    completed: figures.completed,
    completion: fetched === 0 ? null : figures.completed / fetched,
    bytesFetchedTwice: figures.bytesFetchedTwice,
    recoveries: 0,
    medianSeconds: quantile(figures.seconds, 0.5)
  }
}
