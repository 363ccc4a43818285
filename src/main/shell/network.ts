/** Checks every few seconds whether there is a network; the session is notified when that changes. */
import { net } from 'electron'
import type { Session } from '../session/session-api'

const LOOK_EVERY_MS = 3_000

export function followNetwork(session: Session): () => void {
  let online = true
  const look = (): void => {
    const now = net.isOnline()
    if (now === online) return
    online = now
    session.machine.network(online)
  }
  look()
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
  }
}
