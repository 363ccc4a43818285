/** The queue group of a job. `ledger/queue-queries.ts` has the same rule in SQL. Pure. */
import { hasFailedForGood, isDone } from './states'
import type { JobView } from './views'
import type { State } from './words'

export function jobGroupOf(job: {
  readonly state: State
  readonly hold: string | null
  /** a worker holds it */
  readonly leased: boolean
  readonly nextAttemptAt: number | null
}): JobView['group'] {
  if (isDone(job.state)) return 'done'
  if (job.hold === 'ignored' || job.hold === 'removed') return 'ignored'
  if (hasFailedForGood(job)) return 'attention'
  return job.leased && job.state !== 'FAILED' ? 'active' : 'waiting'
}
