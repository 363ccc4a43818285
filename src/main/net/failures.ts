/**
 * Maps network errors to SheafErrors. Every error thrown by sockets, TLS, the HTTP parser, zlib or axios
 * becomes a SheafError; the original code is kept among the facts.
 */
import { sayBytes } from '../../contract/counted'
import { type ErrorCode, isSheafError, messageOf, SheafError } from '../../contract/errors'
import { redactUrl } from '../../contract/redact'
import { itemsOf } from '../../contract/unknown-values'

/** Facts known where the failure happened. */
export interface FailureFacts {
  readonly host: string
  readonly url: string
  /** body bytes received so far */
  readonly bytes?: number
}

type Meaning = readonly [code: ErrorCode, sentence: string]

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ECONNRESET: ['CONNECTION_RESET', 'broke the connection'],
  ECONNABORTED: ['CONNECTION_RESET', 'broke the connection'],
  EPIPE: ['CONNECTION_RESET', 'broke the connection'],
  EPROTO: ['TLS_FAILED', 'does not speak TLS as it should'],
  ERR_STREAM_PREMATURE_CLOSE: ['CONNECTION_RESET', 'broke the connection'],
  ERR_SOCKET_CLOSED: ['CONNECTION_RESET', 'broke the connection'],
  ECONNREFUSED: ['CONNECTION_REFUSED', 'refused the connection'],
  EHOSTUNREACH: ['CONNECTION_REFUSED', 'cannot be reached'],
  EHOSTDOWN: ['CONNECTION_REFUSED', 'cannot be reached'],
  ENETUNREACH: ['CONNECTION_REFUSED', 'cannot be reached: there is no way to its network'],
  ENETDOWN: ['CONNECTION_REFUSED', 'cannot be reached: the network is down'],
  EADDRNOTAVAIL: ['CONNECTION_REFUSED', 'cannot be reached: this computer has no address for it'],
  EACCES: ['CONNECTION_REFUSED', 'may not be reached: this computer forbids it'],
  EPERM: ['CONNECTION_REFUSED', 'may not be reached: this computer forbids it'],
  ETIMEDOUT: ['TIMEOUT_CONNECT', 'did not respond'],
  ENOTFOUND: ['DNS_FAILED', 'is not known to the name service'],
  EAI_AGAIN: ['DNS_FAILED', 'could not be looked up: the name service does not answer'],
  EAI_FAIL: ['DNS_FAILED', 'could not be looked up'],
  EAI_NODATA: ['DNS_FAILED', 'has no address'],
  EAI_NONAME: ['DNS_FAILED', 'is not known to the name service'],
  Z_BUF_ERROR: ['TRUNCATED', 'sent an incomplete compressed body'],
  Z_DATA_ERROR: ['BAD_ANSWER', 'sent a compressed body that cannot be unpacked'],
  ERR_INVALID_URL: ['BAD_URL', 'has an address that cannot be asked for'],
  ERR_UNESCAPED_CHARACTERS: ['BAD_URL', 'has an address that cannot be asked for'],
  ERR_INVALID_CHAR: ['BAD_URL', 'was to be sent a header with a character no header may have']
}

const TLS =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|ERR_OSSL_|ERROR_IN_CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|CRL_)/

/** Codes of a missing network: such failures are not the host's. */
const OFFLINE = new Set(['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'])

export function failureFrom(error: unknown, asked: FailureFacts): SheafError {
  const facts: FailureFacts = { ...asked, url: redactUrl(asked.url) }
  const chain = causes(error)
  const own = chain.find((one) => isSheafError(one))
  if (own !== undefined) return own
  const code = chain.map(codeOf).find((one) => one !== null) ?? null
  const [means, sentence] = meaningOf(code, error)
  const arrived = facts.bytes === undefined ? '' : ` after ${sayBytes(facts.bytes)}`
  // A known code has its own sentence; an unknown code is shown as it is.
  const detail = code !== null && Object.hasOwn(MEANINGS, code) ? '' : ` (${code ?? messageOf(error)})`
  return new SheafError(means, `${facts.host} ${sentence}${arrived}${detail}.`, {
    cause: error,
    facts: { ...facts, code }
  })
}

/** Does the error mean that this computer has no network? */
export function looksOffline(error: unknown): boolean {
  return causes(error).some(
    (one) => OFFLINE.has(codeOf(one) ?? '') || (isSheafError(one) && OFFLINE.has(String(one.facts['code'])))
  )
}

function meaningOf(code: string | null, error: unknown): Meaning {
  if (code === null) {
    return /socket hang up|aborted/i.test(messageOf(error))
      ? ['CONNECTION_RESET', 'broke the connection']
      : ['BAD_ANSWER', 'could not be understood']
  }
  const known = MEANINGS[code]
  if (known !== undefined) return known
  if (TLS.test(code)) return ['TLS_FAILED', 'could not prove who it is']
  // The answer ended within its headers.
  if (code === 'HPE_INVALID_EOF_STATE') return ['CONNECTION_RESET', 'broke the connection']
  if (code.startsWith('HPE_')) return ['BAD_ANSWER', 'did not answer in HTTP']
  if (/^(ERR__?ERROR_FORMAT|ERR_BROTLI|ERR__|Z_)/.test(code)) {
    return ['BAD_ANSWER', 'sent a compressed body that cannot be unpacked']
  }
  // A system call failed: there was no answer to misinterpret.
  if (causes(error).some(isSystemError)) return ['CONNECTION_RESET', 'broke the connection']
  return ['BAD_ANSWER', 'could not be understood']
}

/** Node's system errors name the call: `read`, `write`, `shutdown`. Source: Node, `SystemError`. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string'
}

/** The error, its causes, and the errors of several tries at several addresses. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = []
  let one = error
  while (one !== undefined && one !== null && found.length < 10) {
    found.push(one)
    if (one instanceof AggregateError) found.push(...itemsOf(one.errors))
    one = one instanceof Error ? one.cause : undefined
  }
  return found
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  // Without a system code, axios uses a code of its own; the cause below is more specific.
  const code = typeof error.code === 'string' ? error.code : null
  return code === 'ERR_NETWORK' || code === 'ERR_BAD_REQUEST' || code === 'ERR_BAD_RESPONSE' ? null : code
}
