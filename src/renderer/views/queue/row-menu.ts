/** The menu of a row of the queue: which actions it offers for the paper, or for the whole selection. */
import type { JobView } from '../../../contract/views'
import type { MenuItem } from '../../components/Menu.svelte'
import { ACTION_NAMES } from '../../text/queue'
import { actionsOfRow } from './job-actions'
import type { RowActions } from './row-actions.svelte'

export interface RowMenu {
  /** the paper on which it was opened, not the row: rows move under an open menu */
  readonly job: JobView
  /** it applies to the whole selection */
  readonly many: boolean
}

const OF_MANY = ['retry', 'pause', 'resume', 'ignore', 'copyList', 'cancel'] as const

export function menuItemsOf({ job, many }: RowMenu, actions: RowActions): MenuItem[] {
  if (many) {
    return OF_MANY.map((action) => ({
      label: ACTION_NAMES[action],
      tone: action === 'cancel' ? 'danger' : 'plain',
      apart: action === 'cancel',
      run: () => void actions.onSelected(action)
    }))
  }
  return actionsOfRow(job).map((action) => ({
    label: ACTION_NAMES[action],
    tone: action === 'cancel' || action === 'remove' ? 'danger' : 'plain',
    apart: action === 'cancel' || action === 'remove',
    run: () => void actions.onJob(action, job)
  }))
}
