/** The headers of a request: who we are, what we would like, and what another origin must not see. */
import type { Purpose } from './net'

const ACCEPT: Readonly<Record<Purpose, string>> = {
  api: '*/*',
  landing: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5',
  file: 'application/pdf,*/*;q=0.8'
}

/** Names that carry a secret or belong to one origin: never taken along to another. */
const OF_ONE_ORIGIN = /^(authorization|proxy-authorization|cookie|host)$|api[-_]?key|token|secret/i

type Headers = Readonly<Record<string, string>>

/** `Sheaf/1.2.3 (+https://sheaf.example.org; mailto:ada@example.org)`; the address only when it is set. */
export function userAgent(version: string, mailto: string): string {
  return `Sheaf/${version} (+https://sheaf.example.org${mailto === '' ? '' : `; mailto:${mailto}`})`
}

/**
 * Files are asked for as they are: a length and a range then speak of the bytes that will lie on disk.
 * Answers of services and pages may come compressed: their size once decoded is bounded all the same.
 */
const ACCEPT_ENCODING: Readonly<Record<Purpose, string>> = {
  api: 'gzip, br',
  landing: 'gzip, br',
  file: 'identity'
}

/** Ours, then the caller's over them, whatever the case of their names. */
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
 * What the next server learns of the page before it: all of it within one origin, the origin alone
 * elsewhere, nothing on the way to plain http. Source: W3C Referrer Policy,
 * “strict-origin-when-cross-origin”, and stricter for http.
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

export function withoutBody(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
}
