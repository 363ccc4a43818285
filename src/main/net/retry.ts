/**
 * How long to wait before a retry: pure arithmetic on attempts and Retry-After. A library would use its own clock
 * and random numbers; ours come from the Host, and little else remains.
 */
import type { Random } from '../platform/host'

const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 60_000

/**
 * Exponential backoff with full jitter: between zero and the limit, which doubles each time, so that requests
 * that failed together do not return together. `attempt` counts from 0.
 */
export function backoffMs(attempt: number, random: Pick<Random, 'uniform'>): number {
  const limit = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.max(0, attempt))
  return Math.round(random.uniform() * limit)
}

/**
 * The time of Retry-After in epoch seconds, at most `maxSeconds` from `now`; null when it is absent or
 * implausible. A date is compared with the answer's own Date where there is one, because clocks differ.
 * Source: RFC 9110 §10.2.3, §5.6.7.
 */
export function retryAtFrom(
  headers: Readonly<Record<string, string>>,
  now: number,
  maxSeconds: number
): number | null {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  const seconds = /^\d+$/.test(value) ? Number(value) : secondsUntil(value, headers['date'], now)
  return seconds === null ? null : now + Math.min(Math.max(0, seconds), maxSeconds)
}

function secondsUntil(date: string, serverNow: string | undefined, now: number): number | null {
  const at = httpDate(date)
  if (at === null) return null
  const from = serverNow === undefined ? null : httpDate(serverNow)
  return at - (from ?? now)
}

/** Epoch seconds of an HTTP-date in any of its three forms. `Date.parse` alone accepts too much. */
function httpDate(value: string): number | null {
  if (!/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d\d:\d\d:\d\d/i.test(value)) return null
  // asctime has no zone; HTTP defines it as UTC.
  const ms = Date.parse(/ (gmt|utc|[+-]\d{4})$/i.test(value) ? value : `${value} GMT`)
  return Number.isNaN(ms) ? null : ms / 1000
}
