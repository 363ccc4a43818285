/** Maps an HTTP status without a file to the error for its candidate. Pure. */
import { SheafError, type ErrorCode } from '../../../contract/errors'
import type { AnswerFacts } from '../../net/net'

export function refusalOf(answer: AnswerFacts, retryAfterMaxSeconds?: number): SheafError {
  const host = new URL(answer.finalUrl).host
  const code = codeOfStatus(answer.status)
  return new SheafError(code, `${host} answered ${String(answer.status)}.`, {
    ...(answer.retryAt === null || retryAfterMaxSeconds === 0 ? {} : { retryAt: answer.retryAt }),
    facts: { status: answer.status, url: answer.finalUrl }
  })
}

/** Retryable: 408, 425, 429, 5xx; terminal: the rest (docs/design.md §8). */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 404 || status === 410) return 'NOT_FOUND'
  if (status === 401 || status === 402 || status === 403 || status === 451) return 'FORBIDDEN'
  if (status === 429) return 'RATE_LIMITED'
  if (status === 408 || status === 425 || status >= 500) return 'SERVER_ERROR'
  return 'HTTP_REFUSED'
}

/** Statuses that mean "come back later", so that another method is not tried. */
export function asksToWait(status: number): boolean {
  return status === 429 || status === 503
}
