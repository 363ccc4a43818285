/**
 * Removes personal data from addresses: names and passwords, keys, tokens, signatures, sessions and mail
 * addresses. Used wherever an address is recorded or shown. What is needed to repeat a request (a job's own
 * address, the candidates of a RESOLVE) stays unchanged in the ledger, which only its owner may read.
 */

const HIDDEN = '***'
const DEPTH = 3

/** Parts of a parameter's name, without case and punctuation, that mark its value as a secret. */
const SECRET_PART =
  /token|secret|passw|pwd|apikey|accesskey|accessid|signature|credential|session|sessid|authorization|email|mailto|username/
const SECRET_NAME = new Set(
  'key sig auth sid user login mail contact jwt ticket policy pass pw pin keypairid authkey userid'.split(' ')
)

function isSecretName(name: string): boolean {
  const plain = decoded(name)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
  return SECRET_NAME.has(plain) || SECRET_PART.test(plain)
}

/** The address with `***` for every personal value. Other text is returned unchanged. */
export function redactUrl(url: string, depth = DEPTH): string {
  const scheme = url.indexOf('://')
  if (scheme === -1) return url
  const [address = '', ...fragments] = url.split('#')
  const at = address.indexOf('?')
  const way = at === -1 ? address : address.slice(0, at)
  const query = at === -1 ? '' : `?${withoutSecrets(address.slice(at + 1), depth)}`
  // A fragment is an anchor, or contains parameters (OAuth 2.0, RFC 6749 §4.2.2).
  const fragment = fragments.map((part) => `#${withoutSecrets(part, depth)}`).join('')
  return withoutUser(way, scheme + 3) + query + fragment
}

function withoutUser(way: string, host: number): string {
  const slash = way.slice(host).search(/[/\\]/)
  const end = slash === -1 ? way.length : host + slash
  const user = way.lastIndexOf('@', end - 1)
  const path = way.slice(end).replace(/;([a-z]*sess[a-z]*)=[^/;]*/gi, `;$1=${HIDDEN}`)
  return (user < host ? way.slice(0, end) : way.slice(0, host) + way.slice(user + 1, end)) + path
}

function withoutSecrets(query: string, depth: number): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals === -1) return isMail(decoded(pair)) ? HIDDEN : pair
      const name = pair.slice(0, equals)
      const value = pair.slice(equals + 1)
      if (value === '') return pair
      const plain = decoded(value)
      if (isSecretName(name) || isMail(plain)) return `${name}=${HIDDEN}`
      if (depth === 0 || !plain.includes('://')) return pair
      const inner = redactUrl(plain, depth - 1)
      return inner === plain ? pair : `${name}=${value === plain ? inner : encodeURIComponent(inner)}`
    })
    .join('&')
}

/** Text before and after an `@`, and not a web address. */
function isMail(text: string): boolean {
  return !text.includes('://') && /[^\s@]@[^\s@]+\.[^\s@]/.test(text.slice(0, 400))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Applies `redactUrl` to every address in a text. */
export function redactText(text: string): string {
  if (!text.includes('://')) return text
  return text.replace(/[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>\\^`{|}“”]+/gi, (url) => redactUrl(url))
}

/** Applies `redactText` to every string in plain data; field names stay. */
export function redactData(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redactData)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redactData(one)]))
}
