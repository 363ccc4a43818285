/** Which actions a job offers, the likeliest first: the first few are buttons, the rest stand in a menu. Pure. */
import type { JobActions, JobDetail } from '../../../contract/job-views'
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
    return may[action as keyof JobActions]
  })
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
