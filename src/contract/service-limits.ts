/**
 * The limits of each service: requests per second (by path where the service counts so), concurrent requests,
 * the rest after a refusal without a time, caps over longer spans. One table: the default of the setting
 * `network.rates`, the network module and the source board all use it.
 *
 * Sources: the services' own pages where they publish a limit, else the most careful figure in use;
 * `docs/services.md` says for each which it is and when it was last checked.
 */
import { isUnder } from './addresses'
import { DAY_SECONDS, HOUR_SECONDS } from './durations'

export interface ServiceLimit {
  /** as the source board shows it */
  readonly name: string
  /** hosts of the service; a subdomain of one belongs to it when `subdomains` is set */
  readonly hosts: readonly string[]
  readonly subdomains?: boolean
  /** all its hosts and paths share one budget */
  readonly oneBudget?: boolean
  /** requests per second, by host or by host and path prefix */
  readonly rates: Readonly<Record<string, number>>
  /** rates for requests with a key */
  readonly ratesWithKey?: Readonly<Record<string, number>>
  /** rates and concurrent requests without a contact address */
  readonly anonymous?: { readonly rates: Readonly<Record<string, number>>; readonly parallel: number }
  /** a path that uses the budget of another entry of `rates` */
  readonly sharedPaths?: Readonly<Record<string, string>>
  /** concurrent requests; the setting `network.maxPerHost` may lower it */
  readonly parallel?: number
  /** seconds after the first, second, … consecutive refusal without a time; the last one repeats */
  readonly restSeconds?: readonly number[]
  /** a 403 counts as such a refusal, too */
  readonly restsOn403?: boolean
  /** caps over longer spans; a span of a day starts at midnight UTC */
  readonly caps?: readonly { readonly seconds: number; readonly most: number }[]
  /** the span in seconds of an announced limit without a span; null: not to be read as a rate */
  readonly announcedSpan?: number | null
}

export const SERVICE_LIMITS: readonly ServiceLimit[] = [
  {
    name: 'OpenAlex',
    hosts: ['api.openalex.org', 'content.openalex.org'],
    rates: { 'api.openalex.org': 5, 'content.openalex.org': 2 },
    ratesWithKey: { 'api.openalex.org': 10 },
    parallel: 2,
    restSeconds: [60],
    // Its limits are amounts of money a day, not requests.
    announcedSpan: null
  },
  {
    name: 'Unpaywall',
    hosts: ['api.unpaywall.org'],
    rates: { 'api.unpaywall.org': 5 },
    parallel: 2,
    caps: [{ seconds: DAY_SECONDS, most: 100_000 }]
  },
  {
    name: 'Crossref',
    hosts: ['api.crossref.org'],
    rates: { 'api.crossref.org': 3, 'api.crossref.org/works/': 5 },
    anonymous: { rates: { 'api.crossref.org': 1, 'api.crossref.org/works/': 5 }, parallel: 1 },
    parallel: 3,
    restSeconds: [10, 20, 40, 60]
  },
  {
    name: 'arXiv',
    hosts: ['arxiv.org'],
    subdomains: true,
    oneBudget: true,
    rates: { 'arxiv.org': 1 / 3 },
    parallel: 1,
    restSeconds: [60, 120, 240, 480, 600],
    restsOn403: true
  },
  {
    name: 'NCBI',
    hosts: ['ncbi.nlm.nih.gov'],
    subdomains: true,
    oneBudget: true,
    rates: { 'ncbi.nlm.nih.gov': 3 },
    ratesWithKey: { 'ncbi.nlm.nih.gov': 10 },
    parallel: 1,
    restSeconds: [10, 20, 40, 60],
    announcedSpan: 1
  },
  {
    name: 'PMC Cloud',
    hosts: ['pmc-oa-opendata.s3.amazonaws.com'],
    rates: { 'pmc-oa-opendata.s3.amazonaws.com': 5 },
    parallel: 4,
    restSeconds: [5, 10, 20, 40, 60]
  },
  {
    name: 'Europe PMC',
    hosts: ['www.ebi.ac.uk', 'europepmc.org'],
    rates: { 'www.ebi.ac.uk': 5, 'europepmc.org': 2 },
    parallel: 2,
    restSeconds: [10, 20, 40, 60]
  },
  {
    name: 'Wayback Machine',
    hosts: ['web.archive.org', 'archive.org'],
    rates: { 'web.archive.org': 2, 'web.archive.org/cdx': 0.35, 'archive.org': 1 },
    sharedPaths: { 'web.archive.org/web/timemap': 'web.archive.org/cdx' },
    parallel: 1,
    // A request within a minute after a refusal gets blocked by a firewall for an hour.
    restSeconds: [60, HOUR_SECONDS]
  },
  {
    name: 'Semantic Scholar',
    hosts: ['api.semanticscholar.org'],
    rates: { 'api.semanticscholar.org': 0.9 },
    parallel: 1,
    restSeconds: [30, 60]
  },
  {
    name: 'DataCite',
    hosts: ['api.datacite.org'],
    rates: { 'api.datacite.org': 1 },
    parallel: 1,
    restSeconds: [60]
  },
  {
    name: 'Zenodo',
    hosts: ['zenodo.org'],
    rates: { 'zenodo.org': 1 },
    parallel: 1,
    restSeconds: [60],
    caps: [{ seconds: HOUR_SECONDS, most: 2_000 }],
    announcedSpan: 60
  },
  {
    name: 'OpenAIRE',
    hosts: ['api.openaire.eu'],
    rates: { 'api.openaire.eu': 1 },
    parallel: 1,
    restSeconds: [HOUR_SECONDS],
    caps: [{ seconds: HOUR_SECONDS, most: 50 }]
  },
  {
    name: 'CORE',
    hosts: ['api.core.ac.uk'],
    rates: { 'api.core.ac.uk': 0.4 },
    parallel: 1,
    restSeconds: [60],
    caps: [{ seconds: DAY_SECONDS, most: 1_000 }]
  },
  { name: 'bioRxiv', hosts: ['api.biorxiv.org'], rates: { 'api.biorxiv.org': 1 }, parallel: 1 },
  { name: 'DOAJ', hosts: ['doaj.org'], rates: { 'doaj.org': 1 }, parallel: 1 },
  { name: 'DOI resolver', hosts: ['doi.org'], rates: { 'doi.org': 2 }, parallel: 2 },
  {
    name: 'Wiley',
    hosts: ['api.wiley.com'],
    rates: { 'api.wiley.com': 1 },
    parallel: 1,
    caps: [{ seconds: 600, most: 60 }]
  }
]

/** Requests per second for hosts that are not in the table. */
export const UNLISTED_PER_SECOND = 2

/** The setting's limits: from one request a day to ten thousand a second. */
export const LEAST_PER_SECOND = 1 / DAY_SECONDS
export const MOST_PER_SECOND = 10_000

/** The default of the setting `network.rates`. */
export function defaultRates(): Record<string, number> {
  const all = SERVICE_LIMITS.flatMap((service) => Object.entries(service.rates))
  return { ...Object.fromEntries(all), '*': UNLISTED_PER_SECOND }
}

/** The service that a host name (without port) belongs to. */
export function serviceOf(hostname: string): ServiceLimit | null {
  const found = SERVICE_LIMITS.find((service) =>
    service.hosts.some(
      (host) => hostname === host || (service.subdomains === true && isUnder(hostname, host))
    )
  )
  return found ?? null
}
