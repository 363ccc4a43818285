/** Plain labels of the measures, and the jobs behind each. Pure. */
import type { JobQueryView } from '../../contract/insights-views'

const MEASURES: Readonly<Record<string, { readonly label: string; readonly behind: JobQueryView | null }>> = {
  job_completion: { label: 'Papers completed', behind: { group: 'attention' } },
  time_to_complete_p50: { label: 'Time for a typical paper', behind: { group: 'done' } },
  time_to_complete_p95: { label: 'Time for 95 of 100 papers', behind: { group: 'done' } },
  time_to_complete_p99: { label: 'Time for 99 of 100 papers', behind: { group: 'done' } },
  crash_recovery: { label: 'Recovered after an interruption', behind: { group: 'all' } },
  lease_wait_p99: { label: 'Wait for a free worker', behind: { group: 'active' } },
  replay_rate: { label: 'Work that was done already', behind: { group: 'all' } },
  no_open_copy: {
    label: 'Papers without an open copy',
    behind: { group: 'attention', reasons: ['NO_OPEN_COPY'] }
  },
  duplicates: { label: 'Papers stored already', behind: { group: 'done' } }
}

export function measureWords(name: string): {
  readonly label: string
  readonly behind: JobQueryView | null
} {
  return MEASURES[name] ?? { label: name, behind: null }
}
