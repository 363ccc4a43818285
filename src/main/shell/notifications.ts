/**
 * System notifications: one with counts when a run has ended or cannot continue, none while the window is in
 * front or when the user has disabled them. A click opens the matching screen.
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
  /** a change of the run, reported by the session */
  run(run: RunView): void
  show(notice: Notice): void
}

export function makeNotifier({ wanted, clicked }: Notifying, log: Log): Notifier {
  let kept: Noticing | null = null
  // A notification without a reference is garbage-collected together with its click handler. One for each
  // target: the result of a run is not replaced by an alert.
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
    // Windows reports here why it did not show a notification.
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
