/**
 * The alerts over the measures of docs/design.md §12: their names and sentences. Shared, because the command
 * line, the Insights screen and notifications show the same.
 */
export const ALERT_NAMES = [
  'job_completion',
  'crash_recovery',
  'lease_wait_p99',
  'replay_rate',
  'stale_leases',
  'error_budget',
  'nothing_recorded'
] as const
export type AlertName = (typeof ALERT_NAMES)[number]

export const ALERT_SENTENCES: Readonly<Record<AlertName, string>> = {
  job_completion: 'Fewer downloads succeed than promised',
  crash_recovery: 'Interrupted downloads do not all come to a good end',
  lease_wait_p99: 'Downloads wait too long for their turn',
  replay_rate: 'More work is repeated than expected',
  stale_leases: 'Downloads are held by a process that does not answer',
  error_budget: 'Little is left of what may fail',
  nothing_recorded: 'A run goes on, and nothing was recorded for too long'
}

/** The unit of an alert's value and target. */
export const ALERT_UNITS = {
  job_completion: 'ratio',
  crash_recovery: 'ratio',
  lease_wait_p99: 'ms',
  replay_rate: 'ratio',
  stale_leases: 'count',
  error_budget: 'ratio',
  nothing_recorded: 's'
} as const satisfies Record<AlertName, string>

/** Leaves out the error budget of a measure that already misses its target: it adds no information. */
export function withoutEchoes<T extends { readonly name: AlertName; readonly measure?: string }>(
  alerts: readonly T[]
): readonly T[] {
  const missed = new Set<string>(alerts.map(({ name }) => name))
  return alerts.filter(({ name, measure }) => name !== 'error_budget' || !missed.has(measure ?? ''))
}
