/** Maps an HTTP status without a file to the error for its candidate. Pure. */
import { SheafError } from '../../../contract/errors'
import type { AnswerFacts } from '../../net/net'
import { reasonOfStatus } from '../../net/statuses'

export function refusalOf(answer: AnswerFacts, retryAfterMaxSeconds?: number): SheafError {
  const host = new URL(answer.finalUrl).host
  return new SheafError(reasonOfStatus(answer.status), `${host} answered ${String(answer.status)}.`, {
    ...(answer.retryAt === null || retryAfterMaxSeconds === 0 ? {} : { retryAt: answer.retryAt }),
    facts: { status: answer.status, url: answer.finalUrl }
  })
}

/** Statuses that mean "come back later", so that another method is not tried. */
export function asksToWait(status: number): boolean {
  return status === 429 || status === 503
}
