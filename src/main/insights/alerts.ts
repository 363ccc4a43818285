/**
 * Alerts for the measures of docs/design.md §12. One-sided (doing better than a target is never an alert) and
 * silent without data. Pure; the surface provides the wording.
 */
import type { AlertName } from '../../contract/alert-words'
import type { Measure } from './measures'

export interface Alert {
  readonly name: AlertName
  readonly level: 'warning' | 'critical'
  /** in the unit of the measure: ratio, milliseconds, a count, seconds */
  readonly value: number
  readonly target: number
  /** epoch seconds of the first row that contradicts the target; null when there is none */
  readonly since: number | null
  /** of `error_budget`: its measure */
  readonly measure?: string
}

export interface AlertFacts {
  readonly measures: readonly Measure[]
  readonly staleLeases: { readonly count: number; readonly since: number | null }
  /** null unless a live process has work to do: the time of the last record */
  readonly runningSilentSince: number | null
  /** the first row that contradicts a measure */
  readonly evidence: (
    name: 'job_completion' | 'replay_rate' | 'crash_recovery' | 'lease_wait_p99'
  ) => number | null
  /** epoch seconds */
  readonly now: number
}

/** Measures with a target whose miss is an alert, with its severity. */
const MEASURED = {
  job_completion: 'critical',
  crash_recovery: 'critical',
  lease_wait_p99: 'warning',
  replay_rate: 'warning'
} as const
type MeasuredName = keyof typeof MEASURED
const isMeasured = (name: string): name is MeasuredName => Object.hasOwn(MEASURED, name)

/** Below this share of its error budget a measure is about to be missed. */
export const LEAST_ERROR_BUDGET = 0.25
/** A process with work to do records something at least this often. */
export const MOST_SILENT_SECONDS = 600

export function alertsOf(facts: AlertFacts): readonly Alert[] {
  return [...facts.measures.flatMap((one) => measureAlerts(one, facts)), ...stateAlerts(facts)]
}

function measureAlerts(measure: Measure, { evidence }: AlertFacts): Alert[] {
  const { name, value, target, status, errorBudgetLeft } = measure
  if (!isMeasured(name) || value === null || target === null) return []
  const since = evidence(name)
  const alerts: Alert[] = []
  if (status === 'missed') alerts.push({ name, level: MEASURED[name], value, target, since })
  if (errorBudgetLeft !== null && errorBudgetLeft < LEAST_ERROR_BUDGET) {
    alerts.push({
      name: 'error_budget',
      level: errorBudgetLeft === 0 ? 'critical' : 'warning',
      value: errorBudgetLeft,
      target: LEAST_ERROR_BUDGET,
      since,
      measure: name
    })
  }
  return alerts
}

function stateAlerts({ staleLeases, runningSilentSince, now }: AlertFacts): Alert[] {
  const alerts: Alert[] = []
  if (staleLeases.count > 0)
    alerts.push({
      name: 'stale_leases',
      level: 'warning',
      value: staleLeases.count,
      target: 0,
      since: staleLeases.since
    })
  if (runningSilentSince !== null && now - runningSilentSince > MOST_SILENT_SECONDS)
    alerts.push({
      name: 'nothing_recorded',
      level: 'critical',
      value: Math.round(now - runningSilentSince),
      target: MOST_SILENT_SECONDS,
      since: runningSilentSince
    })
  return alerts
}
