/**
 * A navigation requested by the menu, the tray, a notification or an opened file. A page that has not
 * subscribed yet (the app has just started, or the window was reopened) gets it as soon as it does. Pure.
 */
import type { Events } from '../../contract/events'

export interface PendingNavigation {
  readonly go: (where: Events['go']) => void
  /** A page has subscribed. */
  readonly listens: () => void
  /** No page is subscribed any more. */
  readonly gone: () => void
}

export function makePendingNavigation(tell: (where: Events['go']) => void): PendingNavigation {
  let listening = false
  let waiting: Events['go'] | null = null
  return {
    go(where) {
      if (listening) tell(where)
      // Only the last request counts.
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
