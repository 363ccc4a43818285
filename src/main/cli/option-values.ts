/**
 * Parsers of command line values: each returns the typed value, or null when the text is invalid. Pure.
 */

import { LEAST_PER_SECOND, MOST_PER_SECOND } from '../../contract/service-limits'
import { isOneOf } from '../../contract/tables'
import { UNIT_SECONDS } from '../../contract/durations'

export function wholeNumber(text: string, low: number, high: number): number | null {
  if (!/^\d{1,15}$/.test(text)) return null
  const value = Number(text)
  return value >= low && value <= high ? value : null
}

/** `12`, `0.5`: seconds and the like. */
export function plainNumber(text: string): number | null {
  return /^\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3
}

/** `500K`, `2M`, `1.5MiB`, `800000`: bytes; K is 1000, Ki is 1024; a trailing B or /s is allowed. */
export function byteCount(text: string): number | null {
  const found = /^(\d{1,12}(?:\.\d{1,6})?)\s*([kmg]i?)?b?(?:\/s)?$/i.exec(text.trim())
  if (!found) return null
  const unit = UNITS[(found[2] ?? '').toLowerCase()]
  return unit === undefined ? null : Math.round(Number(found[1]) * unit)
}

/** A host name or address, optionally with a port and a path prefix. */
const RATED = /^(?:[\p{L}\p{N}.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:\/[^\s=]*)?$/iu

export interface HostRate {
  /** `*` for every host */
  readonly host: string
  readonly perSecond: number
}

const SECONDS: Readonly<Record<string, number>> = UNIT_SECONDS

/**
 * `arxiv.org=1/3s`, `*=100/s`, `example.org=30/m`, `example.org/search=50/h`: a host (with port or path
 * prefix), the number of its requests, and the time span.
 */
export function hostRate(text: string): HostRate | null {
  const found = /^([^=\s]+)=(\d{1,6}(?:\.\d{1,6})?)\/(\d{0,5})([smhd])$/i.exec(text.trim())
  if (!found) return null
  const [, host, count, every, unit] = found
  const seconds = (every === '' ? 1 : Number(every)) * (SECONDS[(unit ?? 's').toLowerCase()] ?? 1)
  const perSecond = seconds > 0 ? Number(count) / seconds : 0
  if (host === undefined || perSecond < LEAST_PER_SECOND || perSecond > MOST_PER_SECOND) return null
  if (host !== '*' && !RATED.test(host)) return null
  const slash = host.indexOf('/')
  const named = slash < 0 ? host : host.slice(0, slash)
  return { host: named.toLowerCase() + (slash < 0 ? '' : host.slice(slash)), perSecond }
}

export interface Reroute {
  readonly from: string
  readonly to: string
}

/** `https://a.org=http://127.0.0.1:8080`, `*=http://…`: two origins, the first may be a wildcard. */
export function reroute(text: string): Reroute | null {
  const at = text.indexOf('=')
  if (at < 1) return null
  const from = text.slice(0, at).trim()
  const to = originOf(text.slice(at + 1).trim())
  const left = from === '*' ? '*' : originOf(from)
  return left === null || to === null ? null : { from: left, to }
}

/** `http://127.0.0.1:23119`, with or without the final slash; null when there is more. */
export function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '') return null
  return url.pathname === '/' && url.hash === '' ? url.origin : null
}

/** `a,b,c` from a closed list; null when a word is unknown or the list is empty. */
export function listOf<T extends string>(text: string, allowed: readonly T[]): T[] | null {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const known = parts.filter((part) => isOneOf(allowed, part))
  return parts.length === 0 || known.length < parts.length ? null : [...new Set(known)]
}
