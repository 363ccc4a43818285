/**
 * Which URL a request meant that came to loopback by `--connect-to`: Host names the host, the
 * X-Forwarded headers the scheme. A server that plays other hosts answers by this URL.
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
  // A client that takes this server for a proxy sends the absolute form.
  if (/^https?:\/\//i.test(target)) return new URL(target).href
  return new URL(`${scheme}://${host}${target}`).href
}
