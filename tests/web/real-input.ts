/**
 * A world built from recorded fixtures: real landing pages and real service responses under their real URLs,
 * DOIs that lead to the recorded pages, and a PDF at every URL where the recordings name one (for some works
 * a real PDF from the collection, whole or broken). Each work states its expected result and the reason, so
 * that a test can explain it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerFile, type ServedFile } from './file-answer'
import { paperPdf, servedPdf, sha256 } from './paper-file'
import { readFixtures, recordedSite, type Fixtures, type IndexEntry } from './recorded'
import { realWorks, type RealWork } from './real-works'
import { makeWorld } from './scholarly'
import { html, json, redirect, type Responder } from './service-answers'
import type { Site } from './web'

export interface RealInputWork extends RealWork {
  /** hashes of the files that may be filed for it; empty when none is expected */
  readonly sha256s: ReadonlySet<string>
  /** a real PDF with little text: filed as `unsure` */
  readonly realPdf: string | null
  /** broken real PDFs at the first of several URLs, which must be skipped */
  readonly brokenFirst: string | null
}

export interface RealInput {
  readonly works: readonly RealInputWork[]
  readonly site: Site
}

/** Real, valid PDFs with hardly any text: no check can show that they are another work. */
const SPARSE_PDFS = ['pdfjs-rotation.pdf', 'pdfjs-hello_world_rotated.pdf'] as const
/** Real PDFs that a reader cannot open: password, truncated, no pages. */
const BROKEN_PDFS = [
  'pdfjs-print_protection.pdf',
  'pdfjs-redhat-1531897-0.pdf',
  'pdfjs-poppler-85140-0.pdf'
] as const

/** The world of all recorded responses, or of the first `atMost` works. */
export function makeRealInput(options: { readonly atMost?: number } = {}): RealInput {
  const fixtures = readFixtures()
  const files = new Map<string, () => ServedFile>()
  const works = withFiles(fixtures, realWorks(fixtures).slice(0, options.atMost), files)
  return { works, site: siteOf(fixtures, works, files) }
}

function withFiles(
  fixtures: Fixtures,
  works: readonly RealWork[],
  files: Map<string, () => ServedFile>
): readonly RealInputWork[] {
  const real = (name: string): Buffer => readFileSync(join(fixtures.folder, 'pdf', name))
  const sparse: string[] = [...SPARSE_PDFS]
  const broken: string[] = [...BROKEN_PDFS]
  return works.map((work) => {
    const { doi } = work
    const fromLandingAlone =
      work.pdfUrls.length === 1 &&
      work.unpaywall === null &&
      work.openalex === null &&
      work.europePmc === null
    const realPdf = fromLandingAlone && doi !== null ? (sparse.shift() ?? null) : null
    const brokenFirst = work.pdfUrls.length > 1 ? (broken.shift() ?? null) : null
    let made: ServedFile | undefined
    const own = (): ServedFile => {
      made ??= servedPdf(
        realPdf === null ? paperPdf({ ...work, doi: doi ?? undefined, bytes: 24_000 }) : real(realPdf)
      )
      return made
    }
    const hashes = new Set<string>()
    work.pdfUrls.forEach((address, index) => {
      const key = fileKey(address)
      const owner = files.get(key)
      const give = brokenFirst !== null && index === 0 ? () => servedPdf(real(brokenFirst)) : own
      // A preprint and an article may share a URL; then the file is that of the first, for both.
      if (owner === undefined) files.set(key, give)
      if (index > 0 || brokenFirst === null) hashes.add(sha256((owner ?? give)().bytes))
    })
    return { ...work, sha256s: hashes, realPdf, brokenFirst }
  })
}

/** Scheme, `www.`, fragment and letter case do not distinguish files. */
function fileKey(address: string): string {
  const bare = new URL(address).href.replace(/^https?:\/\/(?:www\.)?/, '').replace(/#.*$/, '')
  return bare.toLowerCase()
}

function siteOf(
  fixtures: Fixtures,
  works: readonly RealInputWork[],
  files: ReadonlyMap<string, () => ServedFile>
): Site {
  const recorded = recordedSite(fixtures, isReplayed)
  const nobody = makeWorld([]).site
  const byDoi = new Map(works.flatMap((work) => (work.doi === null ? [] : [[work.doi, work] as const])))
  return (asked) => {
    const file = files.get(fileKey(asked.url)) ?? files.get(fileKey(bareArxiv(asked.url)))
    if (file !== undefined) return (exchange) => answerFile(exchange, file())
    const url = new URL(asked.url)
    // Springer's sign-on redirects a client without cookies back with a marker that changes nothing.
    if (url.searchParams.has('error') && url.searchParams.has('code')) {
      return recorded({ ...asked, url: `${url.origin}${url.pathname}` })
    }
    return serviceAnswer(url, asked.body, byDoi) ?? recorded(asked) ?? nobody(asked)
  }
}

/**
 * Pages and service responses as recorded, without the redirect hops of single downloads: their files are
 * replaced here.
 */
function isReplayed(entry: IndexEntry): boolean {
  return entry.source !== 'download' && !entry.id.includes('chain404')
}

/** The recorded record of a work, under the service's URL for single works. */
function serviceAnswer(url: URL, body: string, byDoi: ReadonlyMap<string, RealInputWork>): Responder | null {
  const path = decodeURIComponent(url.pathname)
  const doiIn = (prefix: RegExp): RealInputWork | undefined =>
    byDoi.get(path.replace(prefix, '').toLowerCase())
  switch (url.host) {
    case 'doi.org':
    case 'dx.doi.org': {
      const work = doiIn(/^\//)
      if (work === undefined) return null
      if (work.landingUrl !== null) return redirect(work.landingUrl)
      return html('<!doctype html><title>Not recorded</title><h1>This page was not recorded</h1>', 404)
    }
    case 'api.unpaywall.org': {
      const work = doiIn(/^\/v2\//)
      return work === undefined || work.unpaywall === null ? null : json(work.unpaywall)
    }
    case 'api.openalex.org': {
      if (path === '/works') return openalexList(url, byDoi)
      const work = doiIn(/^\/works\/(?:https?:\/\/doi\.org\/|doi:)?/)
      return work === undefined || work.openalex === null ? null : json(work.openalex)
    }
    case 'www.ebi.ac.uk':
      return europePmcSearch(
        path.endsWith('/searchPOST') ? new URLSearchParams(body) : url.searchParams,
        byDoi
      )
    default:
      return null
  }
}

/** The records of the requested DOIs; for a search, every record, page by page. */
function openalexList(url: URL, byDoi: ReadonlyMap<string, RealInputWork>): Responder | null {
  const [, listed] = /^doi:([^,]+)$/.exec(url.searchParams.get('filter') ?? '') ?? []
  if (listed === undefined && !url.searchParams.has('cursor')) return null
  const works =
    listed === undefined
      ? [...byDoi.values()]
      : [...byDoi.values()].filter((work) =>
          listed
            .toLowerCase()
            .split('|')
            .includes(work.doi ?? '')
        )
  const records = works.flatMap((work) => (work.openalex === null ? [] : [work.openalex]))
  const cursor = url.searchParams.get('cursor')
  const perPage = Number(url.searchParams.get('per-page') ?? url.searchParams.get('per_page') ?? 25)
  const start = cursor === null || cursor === '*' ? 0 : Number(cursor)
  const results = records.slice(start, start + perPage)
  const next = results.length === 0 ? null : String(start + results.length)
  return json({
    meta: {
      count: records.length,
      page: cursor === null ? 1 : null,
      per_page: perPage,
      ...(cursor === null ? {} : { next_cursor: next })
    },
    results,
    group_by: []
  })
}

/** The records of the DOIs in a query, single or joined by OR; null when none is known. */
function europePmcSearch(
  asked: URLSearchParams,
  byDoi: ReadonlyMap<string, RealInputWork>
): Responder | null {
  const query = (asked.get('query') ?? '').toLowerCase()
  const result = [...query.matchAll(/doi\s*:\s*(?:"([^"]+)"|([^\s)]+))/g)].flatMap(([, quoted, bare]) => {
    const work = byDoi.get(quoted ?? bare ?? '')
    return work === undefined || work.europePmc === null ? [] : [work.europePmc]
  })
  if (result.length === 0) return null
  return json({ version: '6.9', hitCount: result.length, resultList: { result } })
}

/** arXiv's file URLs with a version, an ending or another host lead to the same file. */
function bareArxiv(address: string): string {
  const found = /^https?:\/\/(?:export\.)?arxiv\.org\/pdf\/(.+?)(?:v\d+)?(?:\.pdf)?$/.exec(address)
  return found === null ? address : `https://arxiv.org/pdf/${found[1] ?? ''}`
}
