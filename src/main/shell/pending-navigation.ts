/**
 * Where the menu, the tray, a notification or an opened file want the page to go. A page that does not
 * listen yet (the app has just started, the window was opened anew) is sent as soon as it does. Pure.
 */
import type { Events } from '../../contract/events'

export interface PendingNavigation {
  readonly go: (where: Events['go']) => void
  /** A page listens by now. */
  readonly listens: () => void
  /** No page listens any more. */
  readonly gone: () => void
}

export function makePendingNavigation(tell: (where: Events['go']) => void): PendingNavigation {
  let listening = false
  let waiting: Events['go'] | null = null
  return {
    go(where) {
      if (listening) tell(where)
      // Only the last wish counts: one cannot go to two places.
      else waiting = where
    },
    listens() {
      listening = true
      if (waiting === null) return
      const where = waiting
      waiting = null
      tell(where)
    },
    gone() {
      listening = false
    }
  }
}
