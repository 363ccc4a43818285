/** How a host is called when it is counted: for slots and breakers by itself, for rates by its owner. */

/** Services that count all their hosts as one. */
const ONE_SERVICE = ['arxiv.org', 'ncbi.nlm.nih.gov']

/** `example.org`, `example.org:8080`; the port only when it is not the scheme's own. */
export function hostOf(url: string | URL): string {
  return (typeof url === 'string' ? new URL(url) : url).host
}

/** Hosts with one key share one budget. */
export function rateKey(host: string): string {
  return ONE_SERVICE.find((service) => host === service || host.endsWith(`.${service}`)) ?? host
}
