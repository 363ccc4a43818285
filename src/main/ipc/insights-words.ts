/**
 * Plain labels of the measures, and the jobs behind each. A figure leads to its own rows or nowhere: the
 * queue cannot be asked for duplicates, for what was interrupted, or for what was timed. Pure.
 */
import type { AlertView, JobQueryView, MeasureView } from '../../contract/insights-views'
import type { Alert } from '../insights/alerts'

const MEASURES: Readonly<Record<string, { readonly label: string; readonly behind: JobQueryView | null }>> = {
  job_completion: { label: 'Papers completed', behind: { group: 'done' } },
  time_to_complete_p50: { label: 'Typical time per paper', behind: null },
  time_to_complete_p95: { label: '95 % finish within', behind: null },
  time_to_complete_p99: { label: '99 % finish within', behind: null },
  crash_recovery: { label: 'Recovered after an interruption', behind: null },
  lease_wait_p99: { label: 'Wait for a free worker', behind: null },
  replay_rate: { label: 'Steps reused instead of repeated', behind: null },
  no_open_copy: {
    label: 'Papers without an open copy',
    behind: { group: 'attention', reasons: ['NO_OPEN_COPY'] }
  },
  duplicates: { label: 'Duplicates of papers you have', behind: null }
}

const ALERT_UNITS: Readonly<Record<Alert['name'], MeasureView['unit']>> = {
  job_completion: 'ratio',
  crash_recovery: 'ratio',
  lease_wait_p99: 'ms',
  replay_rate: 'ratio',
  stale_leases: 'count',
  error_budget: 'ratio',
  nothing_recorded: 's'
}
/** Failures that no measure counts as such. */
const NOT_COUNTED: readonly string[] = ['NO_OPEN_COPY', 'CANCELLED']

/** `failing`: the reasons of the papers that need attention now. */
export function alertView(alert: Alert, failing: readonly string[]): AlertView {
  const { name, level, value, target, since, measure } = alert
  return {
    name,
    level,
    value,
    target,
    since,
    unit: ALERT_UNITS[name],
    measure: measure === undefined ? null : measureWords(measure).label,
    behind: behindAlert(measure ?? name, failing)
  }
}

function behindAlert(name: string, failing: readonly string[]): JobQueryView | null {
  switch (name) {
    case 'job_completion': {
      const reasons = failing.filter((reason) => !NOT_COUNTED.includes(reason))
      return reasons.length === 0 ? null : { group: 'attention', reasons }
    }
    case 'crash_recovery':
      return { group: 'attention', reasons: ['INTERNAL', 'BROKEN_INVARIANT'] }
    case 'stale_leases':
    case 'nothing_recorded':
      return { group: 'active' }
    default:
      return null
  }
}

export function measureWords(name: string): {
  readonly label: string
  readonly behind: JobQueryView | null
} {
  return MEASURES[name] ?? { label: name, behind: null }
}
