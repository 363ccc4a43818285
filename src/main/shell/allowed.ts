/** What a page may load at all: what is ours, and what it holds itself. Everything else is elsewhere. Pure. */
import { isOurs } from './addresses'

const HELD_BY_THE_PAGE = ['data:', 'blob:', 'devtools:']

/** Where a page may navigate: to its own address only (a reload). */
export function mayBeShown(address: string, devServer: string | null): boolean {
  return isOurs(address, devServer) && ['/', '/index.html'].includes(new URL(address).pathname)
}

export function mayBeLoaded(address: string, devServer: string | null): boolean {
  if (isOurs(address, devServer)) return true
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null) return false
  if (HELD_BY_THE_PAGE.includes(url.protocol)) return true
  // The development server's own channel: the same host under ws.
  return devServer !== null && url.protocol === 'ws:' && url.host === new URL(devServer).host
}
