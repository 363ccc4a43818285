/**
 * Authorises requests. Any program and any web page can reach a port of this computer: a web page is refused
 * by its Origin, a name that resolves to this computer (DNS rebinding) by its Host, everything else by the
 * token.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { CompanionRefusal } from '../../contract/companion'

export interface Asked {
  readonly method: string
  /** all values of the header: more than one is refused */
  readonly hosts: readonly string[]
  readonly origin: string | undefined
  readonly authorization: string | undefined
}

/** Ids as created by browsers: 32 letters a to p in Chromium, a UUID in Firefox. */
const EXTENSION =
  /^(?:chrome-extension:\/\/[a-p]{32}|moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export const isExtension = (origin: string | undefined): origin is string =>
  origin !== undefined && EXTENSION.test(origin)

/** Null: allowed. A preflight contains no token. */
export function refusalOf(
  asked: Asked,
  own: { readonly port: number; readonly token: string | null }
): CompanionRefusal | null {
  const [host, other] = asked.hosts
  const allowed = [`127.0.0.1:${String(own.port)}`, `localhost:${String(own.port)}`]
  if (host === undefined || other !== undefined || !allowed.includes(host.toLowerCase()))
    return 'HOST_REFUSED'
  if (asked.origin !== undefined && !isExtension(asked.origin)) return 'ORIGIN_REFUSED'
  if (asked.method === 'OPTIONS') return asked.origin === undefined ? 'METHOD_REFUSED' : null
  return isToken(asked.authorization, own.token) ? null : 'TOKEN_WRONG'
}

/** Constant time for every wrong token: hashes of equal length are compared. */
function isToken(authorization: string | undefined, token: string | null): boolean {
  const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (given === undefined || token === null) return false
  return timingSafeEqual(hash(given), hash(token))
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
