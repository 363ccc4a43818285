/** Cookies of one walk: kept in memory for as long as the walk lasts, then forgotten. */
import { CookieJar as Jar } from 'tough-cookie'
import type { CookieJar } from './net'

export function makeCookieJar(): CookieJar {
  const jar = new Jar(undefined, { looseMode: true })
  return {
    header: (url) => orNothing(() => jar.getCookieStringSync(url)) ?? null,
    keep(url, setCookie) {
      // A cookie for another domain, or a malformed one, is dropped.
      for (const one of setCookie) orNothing(() => jar.setCookieSync(one, url, { ignoreError: true }))
    }
  }
}

/** Hosts that are a suffix by themselves (`http://local/`) make the jar throw: they have no cookies. */
function orNothing<T>(ask: () => T): T | undefined {
  try {
    return ask() || undefined
  } catch {
    return undefined
  }
}
