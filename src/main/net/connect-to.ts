/**
 * `--connect-to`: the request keeps its URL in every record, the socket goes elsewhere. For mirrors,
 * offline replicas and tests. Pure; who may be asked at all is judged before, by the original host.
 */
import type { Settings } from '../../contract/settings'

type Mappings = Settings['network.connectTo']

export interface Elsewhere {
  /** what is put on the wire */
  readonly url: URL
  /** what the second origin is told about the first */
  readonly headers: Readonly<Record<string, string>>
}

/** Where the traffic of `url` goes instead, or null. An origin named outright wins over `*`. */
export function elsewhere(url: URL, mappings: Mappings): Elsewhere | null {
  const mapping =
    mappings.find(({ from }) => from !== '*' && sameOrigin(from, url)) ??
    mappings.find(({ from }) => from === '*')
  if (mapping === undefined) return null
  const to = new URL(mapping.to)
  return {
    url: new URL(url.pathname + url.search, to.origin),
    headers: {
      Host: url.host,
      'X-Forwarded-Proto': url.protocol.slice(0, -1),
      'X-Forwarded-Host': url.host
    }
  }
}

function sameOrigin(from: string, url: URL): boolean {
  return URL.canParse(from) && new URL(from).origin === url.origin
}
