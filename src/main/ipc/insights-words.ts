/**
 * Plain labels of the measures, and the jobs behind each. A figure leads to its own rows or nowhere: the
 * queue cannot be asked for duplicates, for what was interrupted, or for what was timed. Pure.
 */
import type { JobQueryView } from '../../contract/insights-views'

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

export function measureWords(name: string): {
  readonly label: string
  readonly behind: JobQueryView | null
} {
  return MEASURES[name] ?? { label: name, behind: null }
}
