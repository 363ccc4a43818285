/**
 * Pools of idle sockets: one agent for each route (direct, to another origin, through a proxy). `turns.ts`
 * limits the connections per host, not this module.
 */
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { SecureContext } from 'node:tls'
import { bareHostname } from './hosts'
import type { Trust } from './trust'

/**
 * Node tries the addresses of a name one after the other and gives each only 250 ms, too little for a
 * server on the other side of the world (nodejs/node#54359).
 */
const EACH_ADDRESS_MS = 2000
/**
 * axios sets the same delay at every request; a different one here would cost two system calls per request.
 */
const KEEP_ALIVE_MS = 60_000
const OPTIONS = {
  keepAlive: true,
  keepAliveMsecs: KEEP_ALIVE_MS,
  autoSelectFamilyAttemptTimeout: EACH_ADDRESS_MS
}

export interface Agents {
  /** Resolves names with `lookup`. */
  straight(url: URL): Promise<http.Agent>
  /**
   * To an origin that the user named: its name is resolved without a guard, and its certificate must match
   * its own name.
   */
  elsewhere(url: URL): Promise<http.Agent>
  /** The proxy resolves the names. */
  through(proxy: string, url: URL): Promise<http.Agent>
  close(): void
}

export function makeAgents(lookup: LookupFunction | null, trust: Trust): Agents {
  const made = new Map<string, http.Agent>()
  const keep = (key: string, make: () => http.Agent): http.Agent => {
    const agent = made.get(key) ?? make()
    made.set(key, agent)
    return agent
  }
  const guard = lookup === null ? {} : { lookup }
  /** The trusted authorities: the runtime's own, or a context with additional ones. */
  const trusting = async (): Promise<{ readonly secureContext?: SecureContext }> => {
    const secureContext = await trust.context()
    return secureContext === null ? {} : { secureContext }
  }
  return {
    async straight(url) {
      if (url.protocol !== 'https:') return keep('http', () => new http.Agent({ ...OPTIONS, ...guard }))
      const trusted = await trusting()
      return keep('https', () => new https.Agent({ ...OPTIONS, ...guard, ...trusted }))
    },
    async elsewhere(url) {
      const key = `to ${url.origin}`
      if (url.protocol !== 'https:') return keep(key, () => new http.Agent(OPTIONS))
      // Otherwise Node verifies the name from the Host header, which is the first origin's.
      const name = bareHostname(url.hostname)
      const servername = isIP(name) === 0 ? name : ''
      const trusted = await trusting()
      return keep(key, () => new https.Agent({ ...OPTIONS, servername, ...trusted }))
    },
    async through(proxy, url) {
      const secure = url.protocol === 'https:'
      const key = `${secure ? 'https' : 'http'} through ${proxy}`
      const there = made.get(key)
      if (there !== undefined) return there
      const trusted = secure || proxy.startsWith('https:') ? await trusting() : {}
      if (proxy.startsWith('socks')) {
        const { SocksProxyAgent } = await import('socks-proxy-agent')
        // socks4 and socks5 resolve names locally, socks4a and socks5h at the proxy.
        return keep(key, () => new SocksProxyAgent(proxy, { keepAlive: true, ...guard, ...trusted }))
      }
      if (secure) {
        const { HttpsProxyAgent } = await import('https-proxy-agent')
        return keep(key, () => {
          const agent = new HttpsProxyAgent(proxy, { keepAlive: true, ...trusted })
          // Its constructor uses them only for the connection to the proxy, and drops them from its options.
          Object.assign(agent.options, trusted)
          return agent
        })
      }
      const { HttpProxyAgent } = await import('http-proxy-agent')
      return keep(key, () => new HttpProxyAgent(proxy, { keepAlive: true, ...trusted }))
    },
    close() {
      for (const agent of made.values()) agent.destroy()
      made.clear()
    }
  }
}
