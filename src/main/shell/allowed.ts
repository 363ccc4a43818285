/** What a page may load: our own addresses, and data that it contains itself. Pure. */
import { isOurs } from './addresses'

const HELD_BY_THE_PAGE = ['data:', 'blob:', 'devtools:']

/** Where a page may navigate: only to its own address (a reload). */
export function mayBeShown(address: string, devServer: string | null): boolean {
  return isOurs(address, devServer) && ['/', '/index.html'].includes(new URL(address).pathname)
}

export function mayBeLoaded(address: string, devServer: string | null): boolean {
  if (isOurs(address, devServer)) return true
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null) return false
  if (HELD_BY_THE_PAGE.includes(url.protocol)) return true
  // The development server's own channel: the same host with the scheme ws.
  return devServer !== null && url.protocol === 'ws:' && url.host === new URL(devServer).host
}
