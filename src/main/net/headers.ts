/** The headers of a request: user agent, preferences, and what must not be sent to another origin. */
import type { Purpose } from './net'

const ACCEPT: Readonly<Record<Purpose, string>> = {
  api: '*/*',
  landing: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5',
  file: 'application/pdf,*/*;q=0.8'
}

/** Headers that contain a secret or belong to one origin: never sent to another. */
const OF_ONE_ORIGIN = /^(authorization|proxy-authorization|cookie|host)$|api[-_]?key|token|secret/i

type Headers = Readonly<Record<string, string>>

/** `Sheaf/1.2.3 (+https://sheaf.example.org; mailto:ada@example.org)`; the address only when it is set. */
export function userAgent(version: string, mailto: string): string {
  return `Sheaf/${version} (+https://sheaf.example.org${mailto === '' ? '' : `; mailto:${mailto}`})`
}

/**
 * Files are requested without encoding, so that length and range refer to the bytes on disk. Answers of
 * services and pages may be compressed: their decoded size is limited.
 */
const ACCEPT_ENCODING: Readonly<Record<Purpose, string>> = {
  api: 'gzip, br',
  landing: 'gzip, br',
  file: 'identity'
}

/** Our headers, overridden by the caller's, with case-insensitive names. */
export function requestHeaders(purpose: Purpose, agent: string, asked: Headers = {}): Record<string, string> {
  const ours = {
    Accept: ACCEPT[purpose],
    'Accept-Encoding': ACCEPT_ENCODING[purpose],
    ...(purpose === 'landing' ? { 'Accept-Language': 'en, *;q=0.5' } : {}),
    'User-Agent': agent
  }
  const named = new Set(Object.keys(asked).map((name) => name.toLowerCase()))
  const kept = Object.entries(ours).filter(([name]) => !named.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...asked }
}

export function forOtherOrigin(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_ORIGIN.test(name)))
}

/**
 * The Referer for the next server: the full URL within one origin, only the origin elsewhere, nothing for
 * plain http. Source: W3C Referrer Policy, “strict-origin-when-cross-origin”, and stricter for http.
 */
export function withFittingReferer(headers: Headers, url: URL): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
      if (name.toLowerCase() !== 'referer') return [[name, value]]
      const fitting = refererFor(value, url)
      return fitting === null ? [] : [[name, fitting]]
    })
  )
}

function refererFor(page: string, url: URL): string | null {
  if (url.protocol !== 'https:' || !/^https?:\/\//i.test(page) || !URL.canParse(page)) return null
  const from = new URL(page)
  if (from.origin !== url.origin) return `${from.origin}/`
  from.username = ''
  from.password = ''
  from.hash = ''
  return from.href
}

/** Content-Length; null when it is absent or no length. */
export function contentLength(headers: Headers): number | null {
  const length = headers['content-length']
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null
}

export function withoutBody(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
}
