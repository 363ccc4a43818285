/**
 * `--connect-to`: the request keeps its URL in every record, the socket goes elsewhere. For mirrors,
 * offline replicas and tests. Pure; who may be asked at all is judged before, by the original host.
 */
import type { Settings } from '../../contract/settings'

type Mappings = Settings['network.connectTo']

export interface Elsewhere {
  /** what is put on the wire */
  readonly url: URL
  /** what the second origin learns about the first */
  readonly headers: Readonly<Record<string, string>>
}

/** Says where the traffic of a URL goes instead, or null. An origin named outright wins over `*`. */
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
