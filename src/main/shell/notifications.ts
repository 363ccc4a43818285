/**
 * Notifications of the system: one with counts when a run has ended or cannot go on, none while the
 * window is in front, none when the person does not want any. A click leads to what it tells of.
 */
import { BrowserWindow, Notification } from 'electron'
import type { RunView } from '../../contract/views'
import { noticeOf, type Notice, type Noticing } from './run-words'

export function makeNotifier(
  wanted: () => boolean,
  clicked: (notice: Notice) => void
): (run: RunView) => void {
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
    shown = new Notification({ title: notice.title, body: notice.body })
    shown.on('click', () => {
      clicked(notice)
    })
    shown.show()
  }
}
