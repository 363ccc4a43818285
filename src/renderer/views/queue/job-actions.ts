/**
 * The available actions of a job, the most likely first: the first few are buttons, the rest are in a menu.
 * Pure.
 */
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

/** Selected jobs, counted by the actions they allow. */
export interface Kinds {
  /** waiting or active jobs, and those known only by id: main leaves finished ones unchanged */
  readonly stoppable: number
  /** none of them is known only by id */
  readonly isExact: boolean
  readonly failed: number
  /** finished jobs: cancelling would overwrite their outcome */
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

/** The actions of a row before its detail is loaded, from the row's own values. */
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
