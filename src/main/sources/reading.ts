/**
 * Parses an answer: the outcome of one exchange (docs/design.md §8) with its value. Shared by all sources:
 * statuses, errors thrown by net, JSON and XML.
 */
import { XMLParser } from 'fast-xml-parser'
import type { z } from 'zod'
import { SheafError, type ErrorCode } from '../../contract/errors'
import type { Outcome } from '../../contract/words'
import type { AnswerFacts } from '../net/net'
import { isRetryableStatus, isSuccessStatus, reasonOfStatus } from '../net/statuses'

interface Success<T> {
  readonly outcome: 'success'
  readonly value: T
  readonly detail?: string
}
/** Anything else, with the reason; `value` is what could still be read. */
interface Shortfall<T> {
  readonly outcome: Exclude<Outcome, 'success'>
  readonly reason: ErrorCode
  readonly detail: string
  readonly value?: T
  /** epoch seconds, if a server named a time */
  readonly retryAt?: number | null
}
export type Reading<T> = Success<T> | Shortfall<T>
/** Nothing could be read. */
export type Failure = Shortfall<never>

/** The failure for a status without readable content, or null when the body can be read. */
export function readStatus(answer: AnswerFacts): Failure | null {
  const { status } = answer
  if (isSuccessStatus(status)) return null
  const said = { reason: reasonOfStatus(status), detail: `The server answered ${status}.` }
  return isRetryableStatus(status)
    ? { outcome: 'retryable', ...said, retryAt: answer.retryAt }
    : { outcome: 'nonretryable', ...said }
}

const NOT_SENT: ReadonlySet<ErrorCode> = new Set([
  'BREAKER_OPEN',
  // Net throws this only for a host that required a bot check earlier today.
  'BOT_CHECK',
  'RATE_WAIT',
  'OFFLINE',
  'PAUSED',
  'SUSPENDED',
  'ROBOTS_DISALLOWED'
])

/** Not queried, and not to be queried again automatically. */
const FINAL_TODAY: ReadonlySet<ErrorCode> = new Set(['ROBOTS_DISALLOWED', 'BOT_CHECK'])

/** Whether nothing was sent at all, so that no attempt is used up. */
export function nothingWasSent(error: unknown): boolean {
  return error instanceof SheafError && NOT_SENT.has(error.code)
}

/**
 * An error thrown by net, as an outcome. Any error other than SheafError is a bug in Sheaf, and is reported
 * as one.
 */
export function readError(error: unknown): Failure {
  if (!(error instanceof SheafError)) {
    const detail = error instanceof Error ? error.message : 'something that is no error was thrown'
    return { outcome: 'error', reason: 'INTERNAL', detail: `Unexpected: ${detail}` }
  }
  const said = { reason: error.code, detail: error.message, retryAt: error.retryAt ?? null }
  if (NOT_SENT.has(error.code)) return { outcome: 'skipped', ...said }
  if (error.code.startsWith('TIMEOUT')) return { outcome: 'timeout', ...said }
  if (error.family === 'RetryLater' || error.family === 'Pause') return { outcome: 'retryable', ...said }
  return { outcome: 'nonretryable', ...said }
}

/** Whether this failure may be temporary, so that “nothing found” is not final. */
export function mayPass(reading: Reading<unknown>): boolean {
  if (reading.outcome === 'retryable' || reading.outcome === 'timeout') return true
  return reading.outcome === 'skipped' && !FINAL_TODAY.has(reading.reason) && NOT_SENT.has(reading.reason)
}

/** The answer is no information about the work. */
export const notUnderstood = (detail: string): Failure => ({
  outcome: 'error',
  reason: 'BAD_ANSWER',
  detail
})

/** The service answered, and names no copy; `value` is what it knows all the same. */
export function noOpenCopy(detail: string): Failure
export function noOpenCopy<T>(detail: string, value: T): Reading<T>
export function noOpenCopy<T>(detail: string, value?: T): Reading<T> {
  return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail, ...(value === undefined ? {} : { value }) }
}

/** The failure for the status of a service that is asked by identifier: it does not know a missing one. */
export function readKnownStatus(answer: AnswerFacts, notKnown: string): Failure | null {
  return answer.status === 404 ? noOpenCopy(notKnown) : readStatus(answer)
}

export function isReading(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'reason' in value
}

/**
 * JSON of a known shape, or a reading with the reason. An HTML page instead (a gateway's error, a sign-in
 * page) is reported as such.
 */
export function readJson<S extends z.ZodType>(text: string, schema: S): z.output<S> | Failure {
  let raw: unknown
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    const what = /^\s*<(?:!doctype|html|head|body)/i.test(text)
      ? 'a web page'
      : text.trim() === ''
        ? 'nothing'
        : 'text'
    return notUnderstood(`The service answered ${what} where JSON was expected.`)
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined ? '' : ` (${issue.path.map(String).join('.') || 'top'}: ${issue.message})`
  return notUnderstood(`The service’s JSON has another shape${where}.`)
}

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  trimValues: true,
  processEntities: true
})

/** The same for XML: namespaces dropped, attributes as `@name`, all values strings. */
export function readXml<S extends z.ZodType>(text: string, schema: S): z.output<S> | Failure {
  if (/^\s*<(?:!doctype\s+html|html)/i.test(text))
    return notUnderstood('The service answered a web page where XML was expected.')
  let raw: unknown
  try {
    raw = xml.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return notUnderstood('The service’s XML cannot be read.')
  }
  const parsed = schema.safeParse(raw)
  return parsed.success ? parsed.data : notUnderstood('The service’s XML has another shape.')
}
