/**
 * A server's own limits from the headers of an answer. Pure. Supports Crossref's
 * `x-rate-limit-limit/-interval`, the common `X-RateLimit-*`, the IETF drafts `RateLimit`, `RateLimit-*` and
 * `RateLimit-Policy`, and `x-concurrency-limit`. Implausible values are ignored: a header can slow Sheaf
 * down, within limits, and never make it faster than the table.
 */
import { HOUR_SECONDS, UNIT_SECONDS } from '../../contract/durations'

export interface Announced {
  /** requests per second, when both number and span are known */
  readonly perSecond: number | null
  /** epoch seconds: the quota is used up until then */
  readonly nothingUntil: number | null
  readonly remaining: number | null
  readonly limit: number | null
  /** concurrent requests */
  readonly parallel: number | null
}

type Headers = Readonly<Record<string, string>>

/** A header that would close a host for longer is ignored. */
const SLOWEST_PER_SECOND = 1 / HOUR_SECONDS

/** `span`: the limit's span in seconds when the headers name none; null: unknown. */
export function readAnnounced(
  headers: Headers,
  now: number,
  how: { readonly span: number | null; readonly maxWaitSeconds: number }
): Announced {
  const limitText = first(headers, ['x-rate-limit-limit', 'x-ratelimit-limit', 'ratelimit-limit'])
  const policy = [limitText, headers['ratelimit-policy'], headers['ratelimit']].join(';')
  const limit = numberIn(limitText) ?? parameter(headers['ratelimit'], 'limit') ?? parameter(policy, 'q')
  const span =
    spanIn(first(headers, ['x-rate-limit-interval', 'x-ratelimit-interval'])) ??
    parameter(policy, 'w') ??
    how.span
  const remaining =
    numberIn(first(headers, ['x-rate-limit-remaining', 'x-ratelimit-remaining', 'ratelimit-remaining'])) ??
    parameter(headers['ratelimit'], 'remaining') ??
    parameter(headers['ratelimit'], 'r')
  const resetText = first(headers, ['x-rate-limit-reset', 'x-ratelimit-reset', 'ratelimit-reset'])
  const reset =
    resetIn(numberIn(resetText), now) ??
    parameter(headers['ratelimit'], 'reset') ??
    parameter(headers['ratelimit'], 't')
  const perSecond =
    limit === null || limit <= 0 || span === null || span <= 0
      ? null
      : Math.max(SLOWEST_PER_SECOND, limit / span)
  const waitSeconds = remaining !== null && remaining <= 0 ? (reset ?? span) : null
  const parallel = numberIn(headers['x-concurrency-limit'])
  return {
    perSecond,
    nothingUntil: waitSeconds === null ? null : now + Math.min(waitSeconds, how.maxWaitSeconds),
    remaining,
    limit,
    parallel: parallel === null || parallel < 1 ? null : Math.floor(parallel)
  }
}

function first(headers: Headers, names: readonly string[]): string | undefined {
  return names.map((name) => headers[name]).find((value) => value !== undefined)
}

function numberIn(text: string | undefined): number | null {
  const found = /^\s*"?(\d{1,13}(?:\.\d{1,6})?)/.exec(text ?? '')?.[1]
  return found === undefined ? null : Number(found)
}

/** `w=60` among the parameters of a structured header. */
function parameter(text: string | undefined, name: string): number | null {
  const found = new RegExp(`(?:^|[;,\\s])${name}\\s*=\\s*(\\d{1,13}(?:\\.\\d{1,6})?)`, 'i').exec(
    text ?? ''
  )?.[1]
  return found === undefined ? null : Number(found)
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, '': 1, ...UNIT_SECONDS }

/** `1s`, `60`, `1m`: seconds. */
function spanIn(text: string | undefined): number | null {
  const found = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|m|h|d)?/i.exec(text ?? '')
  if (found?.[1] === undefined) return null
  return Number(found[1]) * (SECONDS[(found[2] ?? '').toLowerCase()] ?? 1)
}

/** Seconds from now; services write either those, or an epoch time in seconds or milliseconds. */
function resetIn(value: number | null, now: number): number | null {
  if (value === null) return null
  if (value > 1e12) return Math.max(0, value / 1_000 - now)
  return value > 1e9 ? Math.max(0, value - now) : value
}
