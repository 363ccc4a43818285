/** What an HTTP status without a file or an answer means: one table for services, pages and files. Pure. */
import type { ErrorCode } from '../../contract/errors'

export type StatusReason = Extract<
  ErrorCode,
  'NOT_FOUND' | 'FORBIDDEN' | 'RATE_LIMITED' | 'SERVER_ERROR' | 'HTTP_REFUSED'
>

/** docs/design.md §8. Every other status below 500 is a refusal that no retry changes. */
const REASONS: Readonly<Partial<Record<number, StatusReason>>> = {
  401: 'FORBIDDEN',
  402: 'FORBIDDEN',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'SERVER_ERROR',
  410: 'NOT_FOUND',
  425: 'SERVER_ERROR',
  429: 'RATE_LIMITED',
  451: 'FORBIDDEN',
  // The server does not do what was asked, now or later.
  501: 'HTTP_REFUSED',
  505: 'HTTP_REFUSED'
}

/**
 * The error code of a status that is no success. An unknown 5xx, such as 520 to 527 of Cloudflare, is treated
 * as 500. Source: RFC 9110 §15.
 */
export function reasonOfStatus(status: number): StatusReason {
  return REASONS[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'HTTP_REFUSED')
}

/** The status means "not now"; every other status is an answer. */
export function isRetryableStatus(status: number): boolean {
  const reason = reasonOfStatus(status)
  return reason === 'SERVER_ERROR' || reason === 'RATE_LIMITED'
}

export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status < 300
}
