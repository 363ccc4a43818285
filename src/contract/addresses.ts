/** Parts of an address that may be invalid. Pure. */

/** `example.org`, `example.org:8080`, in lower case; null when the text is not an address. */
export function hostOrNull(text: string): string | null {
  return URL.canParse(text) ? new URL(text).host : null
}

/** `example.org` without a port, in lower case; '' when the text is not an address. */
export function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : ''
}

/** Whether a host is `domain` or a subdomain of it. */
export function isUnder(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

/** Decodes escapes as UTF-8; a text with invalid escapes stays unchanged. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
