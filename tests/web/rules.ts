/**
 * The usage limits of each service, checked by the fixture web independently of the app. Every request is
 * checked when it arrives, and violations are counted. The figures are the services' own limits; the app may
 * stay below them.
 */
import type { Exchange } from './exchange'
import type { Site } from './web'

export interface Rule {
  readonly name: string
  readonly of: (url: URL) => boolean
  /** at most so many requests in so many seconds */
  readonly most: number
  readonly seconds: number
  /** at most so many at a time */
  readonly parallel?: number
}

const host =
  (...names: string[]) =>
  (url: URL): boolean =>
    names.includes(url.hostname)
const under =
  (name: string) =>
  (url: URL): boolean =>
    url.hostname === name || url.hostname.endsWith(`.${name}`)

export const RULES: readonly Rule[] = [
  { name: 'OpenAlex', of: host('api.openalex.org'), most: 10, seconds: 1 },
  {
    name: 'Crossref lists',
    of: (url) => url.hostname === 'api.crossref.org' && !url.pathname.startsWith('/works/'),
    most: 3,
    seconds: 1,
    parallel: 3
  },
  {
    name: 'Crossref works',
    of: (url) => url.hostname === 'api.crossref.org' && url.pathname.startsWith('/works/'),
    most: 10,
    seconds: 1,
    parallel: 3
  },
  { name: 'arXiv', of: under('arxiv.org'), most: 1, seconds: 3, parallel: 1 },
  { name: 'NCBI', of: under('ncbi.nlm.nih.gov'), most: 3, seconds: 1 },
  { name: 'PMC Cloud', of: host('pmc-oa-opendata.s3.amazonaws.com'), most: 5, seconds: 1, parallel: 4 },
  { name: 'Europe PMC', of: host('www.ebi.ac.uk'), most: 10, seconds: 1 },
  {
    name: 'Wayback index',
    of: (url) => url.hostname === 'web.archive.org' && /^\/(cdx|web\/timemap)/.test(url.pathname),
    most: 24,
    seconds: 60,
    parallel: 1
  },
  {
    name: 'Wayback availability',
    of: (url) => url.pathname.startsWith('/wayback/available'),
    most: 0,
    seconds: 1
  },
  { name: 'Semantic Scholar', of: host('api.semanticscholar.org'), most: 1, seconds: 1, parallel: 1 },
  { name: 'DataCite', of: host('api.datacite.org'), most: 500, seconds: 300 },
  { name: 'Unpaywall', of: host('api.unpaywall.org'), most: 10, seconds: 1 }
]

/** Any host without a rule of its own. */
const OTHERS = { most: 2, seconds: 1, parallel: 2 }
/**
 * A busy computer delays some requests and not others: a request that arrives slightly early was sent in
 * time.
 */
const TOLERANCE = 0.15

export interface Violation {
  readonly rule: string
  readonly url: string
  readonly what: 'too soon' | 'too many at a time' | 'asked twice'
}

/**
 * Checks every request against the rules, then passes it to the site. Latencies are per host, in
 * milliseconds.
 */
export class RuleBook {
  readonly violations: Violation[] = []
  readonly requests = new Map<string, number>()
  /** dollars that OpenAlex would bill */
  openAlexBill = 0
  private readonly arrivals = new Map<string, number[]>()
  private readonly open = new Map<string, number>()
  private readonly heads = new Set<string>()

  /** `tolerance`: the fraction of a time span that may be missing, 0 to 1 */
  constructor(
    private readonly scale = 1,
    private readonly tolerance = TOLERANCE
  ) {}

  watching(site: Site, latencyMs: (host: string) => number = () => 0): Site {
    return (asked) => {
      const play = site(asked)
      const url = new URL(asked.url)
      return async (exchange: Exchange) => {
        const end = this.begin(url, asked.method)
        try {
          const wait = latencyMs(url.host)
          if (wait > 0) await exchange.wait(wait)
          if (play === null) await exchange.answer(404, { 'Content-Type': 'text/plain' }, 'Nothing here.')
          else await play(exchange)
        } finally {
          end()
        }
      }
    }
  }

  private begin(url: URL, method: string): () => void {
    const named = RULES.filter((rule) => rule.of(url))
    const rules = named.length > 0 ? named : [{ name: url.host, ...OTHERS }]
    const now = performance.now()
    if (/\.pdf$|\/pdf\//.test(url.pathname)) {
      if (method === 'HEAD') this.heads.add(url.href)
      else if (this.heads.has(url.href)) this.note(url, 'a file', 'asked twice')
    }
    if (url.hostname === 'api.openalex.org') this.openAlexBill += billOf(url)
    for (const rule of rules) {
      const seconds = rule.seconds / this.scale
      const since = now - seconds * 1000 * (1 - this.tolerance)
      const recent = (this.arrivals.get(rule.name) ?? []).filter((at) => at > since)
      recent.push(now)
      this.arrivals.set(rule.name, recent)
      this.requests.set(rule.name, (this.requests.get(rule.name) ?? 0) + 1)
      if (recent.length > rule.most) this.note(url, rule.name, 'too soon')
      const open = (this.open.get(rule.name) ?? 0) + 1
      this.open.set(rule.name, open)
      if (rule.parallel !== undefined && open > rule.parallel) this.note(url, rule.name, 'too many at a time')
    }
    return () => {
      for (const rule of rules) this.open.set(rule.name, (this.open.get(rule.name) ?? 1) - 1)
    }
  }

  private note(url: URL, rule: string, what: Violation['what']): void {
    this.violations.push({ rule, url: url.href, what })
  }
}

/** OpenAlex prices since 2026: a single entity by identifier is free, a list $0.0001, a search $0.001. */
function billOf(url: URL): number {
  const name = decodeURI(url.pathname).split('/').slice(2).join('/')
  if (name !== '' && !/^https?:/.test(name)) return 0
  const isSearch = url.searchParams.has('search') || (url.searchParams.get('filter') ?? '').includes('search')
  return isSearch ? 0.001 : 0.0001
}
