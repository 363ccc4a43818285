/**
 * The placeholders in a library's proxy setting, as in Zotero and JabRef. `%h` is the host with hyphens for
 * dots (EZproxy with HTTPS), `%H` the unchanged host, `%p` path and query without the first slash, `%u` the
 * whole address percent-encoded.
 */
const WORDS = /%[hHpu]/g

export function hasProxyWords(setting: string): boolean {
  return setting.search(WORDS) >= 0
}

/**
 * `url` behind the proxy. An address that is rewritten already, or that cannot be parsed, stays unchanged.
 */
export function fillProxyWords(setting: string, url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  const own = /^https?:\/\/%[hH](\.[^/:%]+)/.exec(setting)?.[1]
  if (own !== undefined && parsed.hostname.endsWith(own.toLowerCase())) return url
  const head = setting.slice(0, setting.search(WORDS))
  if (URL.canParse(head) && url.startsWith(head)) return url
  const values: Readonly<Record<string, string>> = {
    '%h': parsed.hostname.replaceAll('.', '-'),
    '%H': parsed.hostname,
    '%p': `${parsed.pathname}${parsed.search}`.slice(1),
    '%u': encodeURIComponent(url)
  }
  return setting.replace(WORDS, (word) => values[word] ?? word)
}

export const PROXY_PREFIX_ALLOWED =
  'must be a web address such as https://login.example.edu/login?url= or https://%h.proxy.example.edu/%p'

/** Does the setting produce an address that a browser can open? */
export function isProxyPrefix(setting: string): boolean {
  const example = 'https://www.example.org/a/b?c=d'
  const filled = hasProxyWords(setting) ? fillProxyWords(setting, example) : setting
  if (!/^https?:\/\//i.test(filled) || !URL.canParse(filled)) return false
  // With a rewritten host but without the path, every paper would open the publisher's start page.
  return !/%[hH]/.test(setting) || /%[pu]/.test(setting)
}
