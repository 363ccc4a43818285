/** The name under which a host is counted. Rates are counted by service: `rate.ts`. */

/** `example.org`, `example.org:8080`; the port only when it is not the scheme's own. */
export function hostOf(url: string | URL): string {
  return (typeof url === 'string' ? new URL(url) : url).host
}
