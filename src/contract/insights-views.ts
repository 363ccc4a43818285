/** Insights: measures over a number of days, with the links behind them. */
import type { AlertName } from './alert-words'
import type { JobGroup, ReasonCount } from './views'
import type { SwitchPosition } from './words'

export interface MeasureView {
  readonly name: string
  readonly value: number | null
  readonly unit: 'ratio' | 's' | 'ms' | 'bytes' | 'count'
  readonly target: number | null
  readonly better: 'higher' | 'lower' | null
  /** without data the status is `no_data`, not a number */
  readonly status: 'met' | 'missed' | 'no_data' | 'no_target'
  /** share of the allowed misses that is left, 0…1; null without data or target */
  readonly errorBudgetLeft: number | null
  /** the rows behind the number */
  readonly behind: JobQueryView | null
}
/** A filter of the queue, as a link. */
export interface JobQueryView {
  readonly group: JobGroup
  readonly reasons?: readonly string[]
  readonly text?: string
  readonly source?: string
}
/** A measure of the last day (of recoveries: of the last week) that misses its target. */
export interface AlertView {
  readonly name: AlertName
  readonly level: 'warning' | 'critical'
  /** in `unit` */
  readonly value: number
  readonly target: number
  readonly unit: MeasureView['unit']
  /** epoch seconds of the first row that contradicts the target; null when there is none */
  readonly since: number | null
  /** of `error_budget`: the name of the measure whose budget it is */
  readonly measure: string | null
  /** the rows behind it; null when no queue filter selects them */
  readonly behind: JobQueryView | null
}
export interface InsightsView {
  readonly measures: readonly MeasureView[]
  /** current alerts, independent of the selected period */
  readonly alerts: readonly AlertView[]
  readonly bytesFetched: number
  readonly bytesSavedByResume: number
  readonly bytesFetchedTwice: number
  /** start of the period, epoch seconds */
  readonly since: number
  /** papers and bytes per day (hour or week), oldest first, without gaps from the first arrival until now */
  readonly overTime: readonly { readonly at: number; readonly papers: number; readonly bytes: number }[]
  readonly bucketSeconds: number
  readonly bySource: readonly {
    readonly source: string
    readonly tried: number
    readonly succeeded: number
  }[]
  readonly byReason: readonly ReasonCount[]
  /** number of jobs by duration; the last bucket has no upper bound */
  readonly timeToComplete: readonly { readonly upToSeconds: number | null; readonly jobs: number }[]
  readonly canary: readonly CanaryGroup[]
  /** the last run with look-ups; null when there is none */
  readonly lastForecast: ForecastResult | null
  /** jobs changed since this was counted: request it again a little later */
  readonly isStale: boolean
  readonly revision: number
}
/** The forecast of a run from its look-ups, with its result. */
export interface ForecastResult {
  /** epoch seconds: when the run ended */
  readonly at: number
  readonly works: number
  /** papers with an open copy */
  readonly expected: number
  readonly came: number
  /** milliseconds that the hosts' limits require, and that the run took */
  readonly expectedMs: number
  readonly tookMs: number
  readonly paidUsd: number
}
export interface CanaryGroup {
  readonly group: 'crash_safe' | 'legacy'
  readonly works: number
  readonly completed: number
  readonly completion: number | null
  readonly bytesFetchedTwice: number
  readonly recoveries: number
  readonly medianSeconds: number | null
}

/** A step of the switch. */
export interface RolloutStep {
  readonly position: SwitchPosition
  /** share of works that take the crash-safe path; 0 when off, 100 when on */
  readonly percent: number
}
export type RolloutFinding =
  | { readonly kind: 'nothing_measured' }
  | { readonly kind: 'few_works'; readonly works: number; readonly needed: number }
  | {
      readonly kind: 'measure_missed'
      readonly measure: string
      readonly value: number
      readonly target: number
    }
  | { readonly kind: 'completes_less'; readonly crashSafe: number; readonly plain: number }
  | { readonly kind: 'as_good'; readonly crashSafe: number | null; readonly plain: number | null }

/** The switch in steps, with the verdict of the last 30 days on the next one. */
export interface RolloutView {
  readonly now: RolloutStep
  /** null at both ends */
  readonly next: RolloutStep | null
  readonly back: RolloutStep | null
  readonly verdict: 'go' | 'no_go' | 'wait' | 'complete'
  readonly because: readonly RolloutFinding[]
  readonly groups: readonly CanaryGroup[]
}

/** One host that was contacted: purposes, results, current state. */
export interface HostStanding {
  readonly host: string
  /** the service of the table of limits that it belongs to */
  readonly service: string | null
  readonly use: HostUse
  readonly limits: HostLimits
}
export interface HostUse {
  readonly asked: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
  readonly bytes: number
  /** requests: look-ups, pages, files */
  readonly purposes: { readonly api: number; readonly landing: number; readonly file: number }
  readonly latencyMs: number | null
  readonly lastRefusal: { readonly at: number; readonly status: number } | null
  readonly firstAt: number
  readonly lastAt: number
}
export interface HostLimits {
  readonly perSecond: number
  /** requests waiting for the host now */
  readonly waiting: number
  readonly restUntil: number | null
  readonly breakerUntil: number | null
  readonly closed: { readonly until: number; readonly because: 'challenge' | 'budget' | 'user' } | null
  /** the remaining budget according to the service */
  readonly budget: {
    readonly remaining: number
    readonly limit: number | null
    readonly unit: 'USD' | 'requests'
    readonly at: number
  } | null
  readonly dayUsed: number | null
  readonly dayCap: number | null
  /** epoch seconds: when the day's cap is reached at this pace; null when it is not, or there is none */
  readonly capAt: number | null
}
export interface BoardView {
  readonly hosts: readonly HostStanding[]
}
