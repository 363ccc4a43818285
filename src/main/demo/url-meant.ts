/**
 * The URL of a request that arrived on loopback by `--connect-to`: Host contains the host, the X-Forwarded
 * headers the scheme. A server that simulates other hosts answers by this URL.
 */
import type { IncomingMessage } from 'node:http'

export function urlMeant(request: IncomingMessage): string {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  const scheme = header('x-forwarded-proto') ?? 'http'
  const host = header('x-forwarded-host') ?? header('host') ?? 'localhost'
  const target = request.url ?? '/'
  // A client that uses this server as a proxy sends the absolute form.
  if (/^https?:\/\//i.test(target)) return new URL(target).href
  return new URL(`${scheme}://${host}${target}`).href
}
