/** Names of hosts. Rates are counted by service: `rate.ts`. */

/** The name under which a host is counted: `example.org`, `example.org:8080`; the port only when it is not the scheme's own. */
export function hostOf(url: string | URL): string {
  return (typeof url === 'string' ? new URL(url) : url).host
}

/** Without the brackets that a URL has around an IPv6 address. */
export function bareHostname(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
