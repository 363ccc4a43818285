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

export interface Notifier {
  /** what the session says of the run */
  run(run: RunView): void
  show(notice: Notice): void
}

export function makeNotifier({ wanted, clicked }: Notifying, log: Log): Notifier {
  let kept: Noticing | null = null
  // A notification that is not held is collected, and its click with it. One of each place: what a run
  // came to is not taken away by what the figures say of it.
  const held = new Map<Notice['place'], Notification>()
  const show = (notice: Notice): void => {
    if (!wanted() || BrowserWindow.getFocusedWindow() !== null) return
    if (!Notification.isSupported()) return
    held.get(notice.place)?.close()
    const shown = new Notification({ title: oneLine(notice.title), body: oneLine(notice.body) })
    held.set(notice.place, shown)
    shown.on('click', () => {
      clicked(notice)
    })
    // Windows reports here why it did not show one.
    shown.on('failed', (_, error) => {
      log.warn('The system did not show a notification.', { error })
    })
    shown.show()
  }
  return {
    show,
    run(run) {
      const next = noticeOf(kept, run)
      kept = next.kept
      if (next.notice !== null) show(next.notice)
    }
  }
}
