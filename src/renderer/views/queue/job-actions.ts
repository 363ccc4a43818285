/** Which actions a job offers, the likeliest first: the first few are buttons, the rest are in a menu. Pure. */
import type { JobDetail } from '../../../contract/job-views'
import type { WhichJobs } from '../../../contract/requests'
import { isOneOf, keysOf } from '../../../contract/tables'
import type { JobView } from '../../../contract/views'
import type { JobAction } from '../../text/queue'

const FOR_DONE: readonly JobAction[] = [
  'read',
  'reveal',
  'copyCitation',
  'undoRemove',
  'retry',
  'openLanding',
  'attach',
  'pause',
  'resume',
  'cancel',
  'ignore',
  'unignore',
  'remove'
]
const FOR_OTHERS: readonly JobAction[] = [
  'undoRemove',
  'resume',
  'pause',
  'unignore',
  'retry',
  'openLanding',
  'attach',
  'ignore',
  'cancel',
  'read',
  'reveal',
  'copyCitation',
  'remove'
]

export function actionsOf(detail: JobDetail): JobAction[] {
  const { may, file, job } = detail
  const order = job.group === 'done' ? FOR_DONE : FOR_OTHERS
  return order.filter((action) => {
    if (action === 'read') return file !== null && file.readAt !== null
    if (action === 'copyCitation') return true
    return isOneOf(keysOf(may), action) && may[action]
  })
}

/** Some jobs, by what can still be done about them. */
export interface Kinds {
  /** waiting or under way, and those of which only the name is known: main leaves alone what is over */
  readonly stoppable: number
  /** none of them is known by name only */
  readonly isExact: boolean
  readonly failed: number
  /** all that are over: to cancel them would only overwrite how they ended */
  readonly others: number
  readonly toCancel: WhichJobs
  readonly toIgnore: WhichJobs
}

export function kindsOf(jobs: readonly JobView[], names: readonly string[] = []): Kinds {
  const stoppable = jobs.filter(({ group }) => group === 'waiting' || group === 'active')
  const failed = jobs.filter(({ group }) => group === 'attention')
  return {
    stoppable: stoppable.length + names.length,
    isExact: names.length === 0,
    failed: failed.length,
    others: jobs.length - stoppable.length,
    toCancel: { jobIds: [...stoppable.map((job) => job.jobId), ...names] },
    toIgnore: { jobIds: failed.map((job) => job.jobId) }
  }
}

/** What a row offers before its detail is known: from what the row itself says. */
export function actionsOfRow(job: JobView): JobAction[] {
  const held = job.hold === 'paused'
  const by: Readonly<Record<JobView['group'], readonly JobAction[]>> = {
    active: ['open', 'pause', 'openLanding', 'copyList', 'cancel'],
    waiting: [
      'open',
      held ? 'resume' : 'pause',
      ...(job.state === 'FAILED' ? (['retry'] as const) : []),
      'openLanding',
      'attach',
      'copyList',
      'cancel'
    ],
    attention: ['open', 'retry', 'openLanding', 'attach', 'copyList', 'ignore'],
    ignored: ['open', 'unignore', 'retry', 'openLanding', 'attach', 'copyList'],
    done: ['open', 'read', 'reveal', 'copyCitation', 'copyList', 'openLanding', 'remove']
  }
  if (job.hold === 'removed') return ['open', 'undoRemove', 'openLanding', 'copyList']
  return [...by[job.group]]
}
