/**
 * The result of a job whose candidates are used up: the most helpful reason for the user, and whether (and
 * when) another attempt makes sense. Pure.
 */
import { ERRORS } from '../../contract/errors'
import type { Random } from '../platform/host'
import { isErrorCode, sentenceOfReason } from '../../contract/reason-words'
import { HOUR_SECONDS } from '../../contract/durations'

export interface Rejection {
  readonly reason: string
  readonly detail: string | null
  /** epoch seconds, when a server gave a time */
  readonly retryAt: number | null
  readonly retryable: boolean
  /** `given`: a source opened the address that the user supplied */
  readonly from: 'source' | 'candidate' | 'given'
}

/**
 * Reasons from most to least informative; those that the user can act on come first. That a source has
 * nothing says little; if all of them have nothing, there is no open copy.
 */
const TELLING: readonly string[] = [
  'OTHER_BYTES',
  'WRONG_PAPER',
  'PASSWORD_NEEDED',
  'LOGIN_PAGE',
  'BOT_CHECK',
  'COOKIE_WALL',
  'FIRST_PAGE_ONLY',
  'ABSTRACT_ONLY',
  'TOO_LARGE',
  'UNREADABLE_PDF',
  'TRUNCATED',
  'LENGTH_MISMATCH',
  'TOO_SMALL',
  'EMPTY',
  'SOFT_404',
  'HTML_ARTICLE',
  'HTML_PAGE',
  'NOT_PDF',
  'WRONG_XML',
  'OFFLINE',
  'STALLED',
  'TOO_SLOW',
  'CONNECTION_RESET',
  'RATE_LIMITED',
  'SERVER_ERROR',
  'TIMEOUT_FIRST_BYTE',
  'TIMEOUT',
  'TIMEOUT_CONNECT',
  'CONNECTION_REFUSED',
  'DNS_FAILED',
  'BREAKER_OPEN',
  'RATE_WAIT',
  'PRIVATE_ADDRESS',
  'REDIRECT_REFUSED',
  'TOO_MANY_REDIRECTS',
  'TLS_FAILED',
  'CA_FILE_UNUSABLE',
  'FORBIDDEN',
  'HTTP_REFUSED',
  'ROBOTS_DISALLOWED',
  'ROBOTS_UNREACHABLE',
  'VALIDATOR_CHANGED',
  'BAD_ANSWER',
  'NOT_FOUND'
]

export function tellingReason(
  rejections: readonly Rejection[],
  spent: boolean
): { readonly reason: string; readonly detail: string } {
  const rank = (one: Rejection): number => {
    const place = TELLING.indexOf(one.reason)
    // At the same rank, the reason of a file's server is more informative than that of a source.
    return (place < 0 ? TELLING.length : place) + (one.from === 'source' ? 100 : 0)
  }
  const known = rejections.filter((one) => isErrorCode(one.reason) && isTelling(one))
  const best = [...known].sort((a, b) => rank(a) - rank(b))[0]
  if (best !== undefined) {
    return { reason: best.reason, detail: best.detail ?? sentenceOfReason(best.reason) }
  }
  return spent
    ? { reason: 'BUDGET_SPENT', detail: ERRORS.BUDGET_SPENT.sentence }
    : { reason: 'NO_OPEN_COPY', detail: ERRORS.NO_OPEN_COPY.sentence }
}

/**
 * “Not in Unpaywall” alone is no reason to report. A source that failed, whose answer was not understood, or
 * that met a sign-in page, is. The size of a service's answer (too large, empty) says nothing about a file.
 */
const QUIET: readonly string[] = [
  'NOT_FOUND',
  'NO_OPEN_COPY',
  'FORBIDDEN',
  'HTTP_REFUSED',
  'ROBOTS_DISALLOWED',
  'TOO_LARGE',
  'EMPTY',
  'NOT_PDF'
]

function isTelling(one: Rejection): boolean {
  switch (one.from) {
    case 'candidate':
      return true
    case 'given':
      // A source reports “a page without a file” when it has nothing.
      return TELLING.includes(one.reason)
    case 'source':
      return !QUIET.includes(one.reason)
    default:
      return one.from satisfies never
  }
}

const OFFLINE_PAUSE_SECONDS = 300

/** The time of the next attempt: only for causes that may pass, with growing delays and a limit. */
export function nextAttemptAt(
  rejections: readonly Rejection[],
  at: {
    readonly attempt: number
    readonly maxAttempts: number
    readonly now: number
    readonly random: Random
  }
): number | null {
  const passing = rejections.filter((one) => one.retryable)
  if (passing.length === 0 || at.attempt >= at.maxAttempts) return null
  const named = passing.flatMap((one) => (one.retryAt === null ? [] : [one.retryAt]))
  if (named.length > 0) return Math.max(at.now + 1, Math.min(...named))
  // Offline is the user's choice: an attempt in a few seconds would change nothing.
  if (passing.every((one) => one.reason === 'OFFLINE')) return at.now + OFFLINE_PAUSE_SECONDS
  // Ceilings of 10 s, 40 s, 160 s, … up to one hour; the delay is between half of the ceiling and the
  // ceiling.
  const ceiling = Math.min(HOUR_SECONDS, 10 * 4 ** Math.min(10, at.attempt - 1))
  return at.now + ceiling * (0.5 + at.random.uniform() / 2)
}
