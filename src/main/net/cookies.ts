/** The cookies of one job execution, in memory only. */
import { CookieJar as Jar } from 'tough-cookie'
import type { CookieJar } from './net'

/** The minimum that every browser supports (RFC 6265 §6.1), and what servers accept in total. */
const MOST_COOKIE_CHARS = 4_096
const MOST_OF_ONE_ANSWER = 50
const MOST_HEADER_CHARS = 8_192

export function makeCookieJar(): CookieJar {
  const jar = new Jar(undefined, { looseMode: true })
  return {
    header(url) {
      const all = orNothing(() => jar.getCookieStringSync(url)) ?? null
      if (all === null || all.length <= MOST_HEADER_CHARS) return all
      // The jar puts the more specific and older ones first: those are kept, each complete.
      const end = all.lastIndexOf('; ', MOST_HEADER_CHARS)
      return end < 0 ? null : all.slice(0, end)
    },
    keep(url, setCookie) {
      // A cookie for another domain, a malformed one, or one beyond the limit is dropped.
      for (const one of setCookie.slice(0, MOST_OF_ONE_ANSWER)) {
        if (one.length > MOST_COOKIE_CHARS) continue
        orNothing(() => jar.setCookieSync(one, url, { ignoreError: true }))
      }
    }
  }
}

/** For hosts that are a public suffix (`http://local/`) the jar throws: they have no cookies. */
function orNothing<T>(ask: () => T): T | undefined {
  try {
    return ask() || undefined
  } catch {
    return undefined
  }
}
