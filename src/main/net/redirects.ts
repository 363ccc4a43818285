/**
 * One step of a redirect: target, method and headers, or why it is refused. Pure; the loop is in
 * `exchange.ts`. Only http and https are followed, never from https to http for an API.
 */
import { fail } from '../../contract/errors'
import { redactUrl } from '../../contract/redact'
import { forOtherOrigin, withoutBody } from './headers'
import type { Purpose } from './net'
import { unescaped } from '../../contract/addresses'

export const MOST_REDIRECTS = 10

/** The request of one hop. */
export interface Step {
  readonly url: URL
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Is this answer a redirect? A 3xx without a Location is an ordinary answer. */
export function isRedirect(status: number, headers: Readonly<Record<string, string>>): boolean {
  return [301, 302, 303, 307, 308].includes(status) && (headers['location'] ?? '').trim() !== ''
}

/**
 * The step after `step`. 303 is fetched with GET; so are 301 and 302 after a POST, as in all clients (RFC
 * 9110 §15.4.2-4). Headers that belong to one origin are not sent to another.
 */
export function nextStep(step: Step, status: number, location: string, purpose: Purpose): Step {
  const url = resolveLocation(step.url, location)
  if (purpose === 'api' && step.url.protocol === 'https:' && url.protocol === 'http:') {
    fail('REDIRECT_REFUSED', `${step.url.host} sent us from https to http: ${shown(url)}.`, {
      facts: { from: shown(step.url), to: shown(url) }
    })
  }
  const rewrite = status === 303 ? step.method !== 'HEAD' : status <= 302 && step.method === 'POST'
  const headers = url.origin === step.url.origin ? step.headers : forOtherOrigin(step.headers)
  return rewrite
    ? { url, method: 'GET', headers: withoutBody(headers), body: null }
    : { url, method: step.method, headers, body: step.body }
}

/** Parses a requested address: http or https, without fragment; user name and password are separated. */
export function parseTarget(url: string): { readonly url: URL; readonly authorization: string | null } {
  const parsed = URL.canParse(url)
    ? new URL(url)
    : fail('BAD_URL', `“${redactUrl(url).slice(0, 200)}” is not a web address.`)
  if (!isWeb(parsed)) fail('BAD_URL', `“${redactUrl(url).slice(0, 200)}” is not an http or https address.`)
  const credentials = `${unescaped(parsed.username)}:${unescaped(parsed.password)}`
  return {
    url: bare(parsed),
    authorization: credentials === ':' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`
  }
}

function resolveLocation(from: URL, location: string): URL {
  const text = asUtf8(location.trim())
  const facts = { facts: { from: shown(from), to: redactUrl(text).slice(0, 500) } }
  if (!URL.canParse(text, from.href)) {
    fail(
      'REDIRECT_REFUSED',
      `${from.host} sent us to “${redactUrl(text).slice(0, 200)}”, which is no address.`,
      facts
    )
  }
  const url = new URL(text, from.href)
  if (!isWeb(url)) {
    fail(
      'REDIRECT_REFUSED',
      `${from.host} sent us to a ${url.protocol} address, which is not followed.`,
      facts
    )
  }
  return bare(url)
}

function isWeb(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
}

function bare(url: URL): URL {
  url.username = ''
  url.password = ''
  url.hash = ''
  return url
}

/** Node reads headers as Latin-1; servers that send raw non-ASCII bytes there nearly always mean UTF-8. */
function asUtf8(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return latin1
  }
}

function shown(url: URL): string {
  return redactUrl(url.href).slice(0, 500)
}
