/**
 * Notifications of the system: one with counts when a run has ended or cannot go on, none while the
 * window is in front, none when the person does not want any. A click leads to what it tells of.
 */
import { BrowserWindow, Notification } from 'electron'
import { oneLine } from '../../contract/exits'
import type { RunView } from '../../contract/views'
import type { Log } from '../platform/log'
import { noticeOf, type Notice, type Noticing } from './run-words'

export interface Notifying {
  readonly wanted: () => boolean
  readonly clicked: (notice: Notice) => void
}

export function makeNotifier({ wanted, clicked }: Notifying, log: Log): (run: RunView) => void {
  let kept: Noticing | null = null
  // A notification that is not held is collected, and its click with it.
  let shown: Notification | null = null
  return (run) => {
    const told = noticeOf(kept, run)
    kept = told.kept
    const { notice } = told
    if (notice === null || !wanted() || BrowserWindow.getFocusedWindow() !== null) return
    if (!Notification.isSupported()) return
    shown?.close()
    shown = new Notification({ title: oneLine(notice.title), body: oneLine(notice.body) })
    shown.on('click', () => {
      clicked(notice)
    })
    // Windows reports here why it did not show one.
    shown.on('failed', (_, error) => {
      log.warn('The system did not show a notification.', { error })
    })
    shown.show()
  }
}
