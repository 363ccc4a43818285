/**
 * The jobs behind measures and alerts. A figure links to its own rows or to nothing: there is no queue filter
 * for duplicates, interrupted or timed jobs. Pure.
 */
import { ALERT_UNITS } from '../../contract/alert-words'
import { OWN_FAULTS } from '../../contract/errors'
import type { AlertView, JobQueryView } from '../../contract/insights-views'
import type { Alert } from '../insights/alerts'

/** Failures that no measure counts. */
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
    measure: measure ?? null,
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
      return { group: 'attention', reasons: [...OWN_FAULTS] }
    case 'stale_leases':
    case 'nothing_recorded':
      return { group: 'active' }
    default:
      return null
  }
}

/** null when no queue filter selects them */
export function behindMeasure(name: string): JobQueryView | null {
  switch (name) {
    case 'job_completion':
      return { group: 'done' }
    case 'no_open_copy':
      return { group: 'attention', reasons: ['NO_OPEN_COPY'] }
    default:
      return null
  }
}
