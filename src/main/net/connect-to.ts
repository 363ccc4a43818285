/**
 * `--connect-to`: the request keeps its URL in every record, but the socket connects to another origin. For
 * mirrors, offline replicas and tests. Pure; the original host is checked before.
 */
import type { Settings } from '../../contract/settings'

type Mappings = Settings['network.connectTo']

export interface Elsewhere {
  /** the URL of the actual request */
  readonly url: URL
  /** headers for the second origin about the first */
  readonly headers: Readonly<Record<string, string>>
}

/** Returns where requests for a URL go instead, or null. An explicit origin takes precedence over `*`. */
export function readConnectTo(mappings: Mappings): (url: URL) => Elsewhere | null {
  const named = new Map<string, string>()
  for (const { from, to } of [...mappings].reverse()) {
    if (from === '*') named.set('*', new URL(to).origin)
    else if (URL.canParse(from)) named.set(new URL(from).origin, new URL(to).origin)
  }
  return (url) => {
    const to = named.size === 0 ? undefined : (named.get(url.origin) ?? named.get('*'))
    if (to === undefined) return null
    return {
      url: new URL(url.pathname + url.search, to),
      headers: {
        Host: url.host,
        'X-Forwarded-Proto': url.protocol.slice(0, -1),
        'X-Forwarded-Host': url.host
      }
    }
  }
}
