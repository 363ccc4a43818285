/**
 * A synthetic scholarly internet for any number of works, defined by plain data: doi.org, publishers,
 * Unpaywall, OpenAlex, arXiv, PMC, Europe PMC, the Wayback Machine. A work is found only through the sources
 * that its copies name. Any misbehaviour can be applied to any copy.
 */
import type { SourceName } from '../../src/contract/words'
import type { Asked } from './exchange'
import { answerFile } from './file-answer'
import { misbehaviour } from './misbehaviours'
import { paperPdf, servedPdf, sha256 } from './paper-file'
import { arxivApi } from './service-arxiv'
import { europePmcSearch } from './service-europepmc'
import { openalex } from './service-openalex'
import { billContent, type Bill } from './service-openalex-content'
import { ncbi, openDataBucket } from './service-pmc'
import { crossref } from './service-crossref'
import { doiOrg, landingPage, robots } from './service-publisher'
import { available, captureIndex, capturesOf, framedCapture } from './service-wayback'
import { html, redirect, type Responder } from './service-answers'
import { unpaywall } from './service-unpaywall'
import { startWeb, type Site, type Web, type WebOptions } from './web'
import { placeWorks, type PlacedCopy, type PlacedWork, type WorldWork } from './works'

export interface World {
  readonly works: readonly PlacedWork[]
  readonly site: Site
  /** what OpenAlex billed for its own copies, in order */
  readonly bills: readonly Bill[]
  /** for `startWeb`: the origins of copies whose host fails to connect */
  readonly connectionTroubles: Pick<WebOptions, 'untrustedOrigins' | 'refusingOrigins'>
  work(key: string): PlacedWork
  /** the URL of the n-th copy (from 1) that a source leads to; without a source, of the first copy */
  fileUrl(key: string, via?: SourceName, nth?: number): string
  /** the correct bytes */
  pdf(key: string): Buffer
  /** hashes of all versions that a copy of this work may have; the filed file must be one of them */
  hashes(key: string): ReadonlySet<string>
}

/** How many versions of one file the hashes cover. */
const VERSIONS = 12

export function makeWorld(works: readonly WorldWork[]): World {
  const placed = placeWorks(works)
  const bills: Bill[] = []
  const byKey = new Map(placed.map((work) => [work.key, work]))
  const find = (key: string): PlacedWork => {
    const work = byKey.get(key)
    if (work === undefined) throw new Error(`No work has the key ${key}.`)
    return work
  }
  const bytesOf = (work: PlacedWork): number | undefined => works.find((each) => each.key === work.key)?.bytes
  const pdf = (key: string, version = 0): Buffer => {
    const work = find(key)
    const own = work.copies.find((copy) => copy.of === undefined)
    if (own !== undefined) return own.versionBytes(version)
    return paperPdf({ ...work, doi: work.doi ?? undefined, arxiv: undefined, bytes: bytesOf(work) }, version)
  }
  return {
    works: placed,
    site: siteOf(placed, bills),
    bills,
    connectionTroubles: {
      untrustedOrigins: originsWith(placed, 'tls-refused'),
      refusingOrigins: originsWith(placed, 'connection-refused')
    },
    work: find,
    fileUrl(key, via, nth = 1) {
      const copies = find(key).copies.filter((copy) => via === undefined || copy.via === via)
      const copy = copies[nth - 1]
      if (copy === undefined) throw new Error(`${key} has no such copy.`)
      return copy.url
    },
    pdf: (key) => pdf(key),
    hashes: (key) => new Set(Array.from({ length: VERSIONS }, (_, version) => sha256(pdf(key, version))))
  }
}

/** A world and a web that serves it. */
export async function startWorld(
  works: readonly WorldWork[],
  options: WebOptions = {}
): Promise<{ readonly world: World; readonly web: Web }> {
  const world = makeWorld(works)
  const web = await startWeb({
    ...world.connectionTroubles,
    ...options,
    sites: [...(options.sites ?? []), world.site, trap]
  })
  return { world, web }
}

/** A valid paper at every private address: a client that files it has followed a forbidden redirect. */
export const trap: Site = (asked) => {
  if (!new URL(asked.url).pathname.endsWith('/trap.pdf')) return null
  return (exchange) => answerFile(exchange, STRANGER)
}

const STRANGER = servedPdf(
  paperPdf({
    title: 'Notes towards an inventory of unrelated things',
    authors: ['Stranger, Perfect'],
    year: 1987,
    doi: '10.5555/stranger.1987.4'
  })
)

/** The first requests below this URL fail; later ones are answered normally. */
export function failing(
  prefix: string,
  failure: { readonly status: number; readonly times?: number; readonly headers?: Record<string, string> }
): Site {
  let left = failure.times ?? Infinity
  return (asked) => {
    if (!asked.url.startsWith(prefix) || left <= 0) return null
    left -= 1
    return html(
      '<!doctype html><title>In trouble</title><h1>In trouble</h1>',
      failure.status,
      failure.headers
    )
  }
}

function originsWith(works: readonly PlacedWork[], kind: string): string[] {
  const copies = works.flatMap((work) => work.copies).filter((copy) => copy.misbehave?.kind === kind)
  return [...new Set(copies.map((copy) => new URL(copy.url).origin))]
}

function siteOf(works: readonly PlacedWork[], bills: Bill[]): Site {
  const files = new Map<string, PlacedCopy>()
  for (const copy of works.flatMap((work) => work.copies)) files.set(withoutScheme(copy.url), copy)
  const publishers = new Map<string, PlacedWork[]>()
  for (const work of works) {
    const { host } = new URL(work.landingUrl)
    publishers.set(host, [...(publishers.get(host) ?? []), work])
  }
  const captures = capturesOf(works)
  return (asked) => {
    const url = new URL(asked.url)
    const isPaid = url.host === 'content.openalex.org'
    const refused = isPaid ? billContent(asked, files.has(withoutScheme(asked.url)), bills) : null
    if (refused !== null) return refused
    const file = fileAsked(asked, files)
    if (file !== null) return file
    const published = publishers.get(url.host)
    if (published !== undefined) return publisherAnswer(url, asked, published)
    switch (url.host) {
      case 'doi.org':
      case 'dx.doi.org':
        return doiOrg(url, works)
      case 'api.unpaywall.org':
        return unpaywall(url, works)
      case 'api.crossref.org':
        return crossref(url, works)
      case 'api.openalex.org':
        return openalex(url, works)
      case 'export.arxiv.org':
      case 'arxiv.org':
        return arxiv(url, works)
      case 'www.ncbi.nlm.nih.gov':
      case 'pmc.ncbi.nlm.nih.gov':
        return ncbi(url, works)
      case 'pmc-oa-opendata.s3.amazonaws.com':
        return openDataBucket(url, works)
      case 'www.ebi.ac.uk':
        if (url.pathname.endsWith('/searchPOST'))
          return europePmcSearch(new URLSearchParams(asked.body), works)
        return url.pathname.endsWith('/search') ? europePmcSearch(url.searchParams, works) : null
      case 'web.archive.org':
        return url.pathname.startsWith('/cdx/') ? captureIndex(url, captures) : framedCapture(url, captures)
      case 'archive.org':
        return url.pathname.startsWith('/wayback/available') ? available(url, captures) : null
      default:
        return null
    }
  }
}

function publisherAnswer(url: URL, asked: Asked, works: readonly PlacedWork[]): Responder | null {
  const [first] = works
  if (url.pathname === '/robots.txt') return first === undefined ? null : robots(first)
  const work = works.find((one) => new URL(one.landingUrl).pathname === url.pathname)
  if (work === undefined) return null
  return landingPage(url, asked.headers['cookie'] ?? '', work)
}

function arxiv(url: URL, works: readonly PlacedWork[]): Responder | null {
  if (url.pathname === '/api/query') return arxivApi(url, works)
  const [, id] = /^\/abs\/(.+?)(?:v\d+)?$/.exec(url.pathname) ?? []
  const work = works.find((each) => each.arxiv !== null && each.arxiv === id)
  if (work === undefined) return null
  const file = `https://arxiv.org/pdf/${work.arxiv ?? ''}`
  return html(
    `<!doctype html><html><head><title>[${work.arxiv ?? ''}] ${work.title}</title><meta name="citation_title" content="${work.title}">` +
      `<meta name="citation_arxiv_id" content="${work.arxiv ?? ''}"><meta name="citation_pdf_url" content="${file}"></head><body></body></html>`
  )
}

function fileAsked(asked: Asked, files: ReadonlyMap<string, PlacedCopy>): Responder | null {
  const [plain, ...tails] = withoutScheme(asked.url).split('~')
  const wanted = plain ?? ''
  const copy = files.get(wanted) ?? copyUnderOtherUrl(wanted, files)
  if (copy === undefined) return null
  // arXiv's older URLs end in .pdf and redirect to those without.
  if (/^\/\/arxiv\.org\/pdf\/.*\.pdf$/.test(wanted) && !files.has(wanted)) return redirect(copy.url, 301)
  const { kind, ...how } = copy.misbehave ?? { kind: null }
  if (kind === null) return (exchange) => answerFile(exchange, copy.file)
  const script = misbehaviour(kind).script({
    asked,
    file: copy.file,
    parameters: how,
    url: copy.url,
    tail: decodeURIComponent(tails.join('~')),
    version: (n) => copy.versionBytes(n),
    unrelatedPdf: STRANGER.bytes
  })
  return (exchange) => answerFile(exchange, copy.file, script)
}

/** Other URLs that serve the same file. */
function copyUnderOtherUrl(address: string, files: ReadonlyMap<string, PlacedCopy>): PlacedCopy | undefined {
  const arxiv = /^\/\/(?:export\.)?arxiv\.org\/pdf\/(.+?)(?:v\d+)?(?:\.pdf)?$/.exec(address)
  if (arxiv !== null) return files.get(`//arxiv.org/pdf/${arxiv[1] ?? ''}`)
  const render =
    /^\/\/(?:www\.)?europepmc\.org\/(?:backend\/ptpmcrender\.fcgi\?accid=|api\/getPdf\?pmcid=)(PMC\d+)/.exec(
      address
    ) ?? /^\/\/(?:www\.)?europepmc\.org\/(?:articles|article\/PMC)\/(PMC\d+)\/?\?pdf=render$/.exec(address)
  return render === null ? undefined : files.get(`//europepmc.org/articles/${render[1] ?? ''}?pdf=render`)
}

const withoutScheme = (url: string): string => new URL(url).href.replace(/^https?:/, '').replace(/#.*$/, '')
