/**
 * The canonical spelling of a web address (docs/design.md §4). Two addresses with one spelling are one
 * address; the rule therefore makes only changes that cannot alter the meaning, and is idempotent. It never
 * uses the network.
 */
import { unescaped } from '../../contract/addresses'
import { fail } from '../../contract/errors'
import { before } from '../../contract/scan'

export interface CanonicalUrlOptions {
  /** for landing pages: remove the parameters that track visitors */
  readonly dropTrackers?: boolean
}

/**
 * WHATWG-parsed, scheme and host lower case, IDN as punycode, default port dropped, dot segments removed,
 * percent-escapes upper case and unreserved ones decoded, fragment dropped; the query's order and content
 * kept. BAD_URL for anything but an http or https address. Source: WHATWG URL; RFC 3986 §6.2.2;
 * docs/design.md §4.
 */
export function canonicalUrl(text: string, options: CanonicalUrlOptions = {}): string {
  const url = parseWebUrl(text)
  if (options.dropTrackers === true) dropTrackers(url)
  return spell(url)
}

/** The canonical spelling of a parsed address, without its fragment. */
export function spell(url: URL): string {
  url.hash = ''
  const scheme = `${url.protocol}//`
  // Only path and query may be respelled: in a password an escape must stay as it is.
  const path = url.href.indexOf('/', scheme.length)
  return url.href.slice(0, path) + normaliseEscapes(url.href.slice(path))
}

/** The parsed address; BAD_URL with a sentence when it is invalid, or one that Sheaf may not fetch. */
export function parseWebUrl(text: string): URL {
  const url = parse(text)
  const shown = text.trim().slice(0, 200)
  if (url === null) return fail('BAD_URL', `“${shown}” is not a web address.`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return fail('BAD_URL', `“${shown}” begins with ${url.protocol}, only http: and https: can be fetched.`)
  }
  return url
}

function parse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

const UNRESERVED = /[A-Za-z0-9\-._~]/

/**
 * A decoded digit must not complete an escape with a stray percent sign before it (`%%34%31` would become
 * `%41`, and `A` at the next pass): such an escape stays.
 */
function normaliseEscapes(text: string): string {
  if (!text.includes('%')) return text
  let out = ''
  let at = 0
  for (const found of text.matchAll(/%[0-9a-f]{2}/gi)) {
    out += text.slice(at, found.index)
    at = found.index + 3
    const char = String.fromCharCode(Number.parseInt(found[0].slice(1), 16))
    const wouldJoin = /[0-9a-f]/i.test(char) && /%[0-9a-f]?$/i.test(out)
    out += UNRESERVED.test(char) && !wouldJoin ? char : found[0].toUpperCase()
  }
  return out + text.slice(at)
}

/** Parameters that only track visitors. Parameters that may identify the page are not among them. */
const TRACKERS =
  /^(?:utm_\w+|[gdty]clid|fbclid|msclkid|twclid|ttclid|gclsrc|gbraid|wbraid|li_fat_id|igshid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|hsctatracking|_g[al]|oly_(?:anon|enc)_id|vero_(?:conv|id)|wt[._](?:mc\w*|mc_\w+|srch)|s_cid|ref_src|ref_url|cmpid|trk(?:info|campaign)?|spm|scm|rb_clickid|wickedid|ns_(?:campaign|mchannel|source|linkname|fee)|casa_token)$/i

function dropTrackers(url: URL): void {
  const pairs = url.search.slice(1).split('&')
  const kept = pairs.filter((pair) => !TRACKERS.test(unescaped(before(pair, '='))))
  // The setter removes a leading question mark, so a query that begins with one needs a second one.
  if (kept.length < pairs.length) url.search = kept.length === 0 ? '' : `?${kept.join('&')}`
}
