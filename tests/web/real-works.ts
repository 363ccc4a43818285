/**
 * The works named by the recorded landing pages, Unpaywall, OpenAlex and Europe PMC, merged by DOI, with the
 * URLs at which those recordings say that a PDF lies. Whether a PDF is expected, and why, is derived from the
 * recordings alone, not from Sheaf's behaviour.
 */
import type { Fixtures, IndexEntry } from './recorded'

export interface RealWork {
  /** what is planned: the DOI, or the page's URL when there is none */
  readonly name: string
  readonly doi: string | null
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  /** the recorded page that the DOI redirects to */
  readonly landingUrl: string | null
  /** where the recordings say that its PDF lies */
  readonly pdfUrls: readonly string[]
  readonly expectsPdf: boolean
  /** its page was recorded as a bot check, which closes the page's host for the day */
  readonly isBotCheck: boolean
  /** an explanation for the printed table */
  readonly because: string
  /** the recordings that contain it */
  readonly foundIn: readonly string[]
  /** the services' own records, returned under the work's own URL */
  readonly unpaywall: unknown
  readonly openalex: unknown
  readonly europePmc: unknown
}
type Draft = { -readonly [K in keyof RealWork]: RealWork[K] }
type Json = Readonly<Record<string, unknown>>

/** Ordered landing pages, OpenAlex, Unpaywall, Europe PMC, so that the first 130 contain all kinds. */
export function realWorks(fixtures: Fixtures): readonly RealWork[] {
  const works = new Map<string, Draft>()
  const from = (source: string): readonly IndexEntry[] =>
    fixtures.index.filter((entry) => entry.source === source)
  for (const entry of from('landing')) addLanding(works, entry, fixtures.body(entry).toString('utf8'))
  for (const entry of from('openalex')) addOpenalex(works, entry, parse(fixtures, entry))
  for (const entry of from('unpaywall')) addUnpaywall(works, entry, parse(fixtures, entry))
  for (const entry of from('europepmc')) addEuropePmc(works, entry, parse(fixtures, entry))
  return [...works.values()].map(judged)
}

function parse(fixtures: Fixtures, entry: IndexEntry): Json {
  try {
    return JSON.parse(fixtures.body(entry).toString('utf8')) as Json
  } catch {
    // Some recorded responses are XML or an HTML error page and name no works.
    return {}
  }
}

function workOf(works: Map<string, Draft>, name: string, entry: IndexEntry): Draft {
  const known = works.get(name)
  if (known !== undefined) {
    known.foundIn = [...new Set([...known.foundIn, entry.id])]
    return known
  }
  const fresh: Draft = {
    name,
    doi: name.startsWith('10.') ? name : null,
    title: '',
    authors: [],
    year: 2000,
    landingUrl: null,
    pdfUrls: [],
    expectsPdf: false,
    isBotCheck: false,
    because: '',
    foundIn: [entry.id],
    unpaywall: null,
    openalex: null,
    europePmc: null
  }
  works.set(name, fresh)
  return fresh
}

function addLanding(works: Map<string, Draft>, entry: IndexEntry, page: string): void {
  if (entry.request_url === null) return
  const { expected } = entry
  // One page states another DOI than the index; the DOI that leads to the page is the one it states.
  const own = /<meta name="citation_doi" content="(10\.[^"]+)">/.exec(page)?.[1]
  const doi = (own ?? textOf(expected['doi'])).toLowerCase()
  // A list of many papers identifies no single work.
  if (doi === '' && expected['pdf_url'] === null) return
  const work = workOf(works, doi === '' ? entry.request_url : doi, entry)
  // When two recordings show the same work, the DOI leads to the one with a PDF.
  const better = work.landingUrl === null || textOf(expected['pdf_url']) !== ''
  if (better) {
    work.landingUrl = entry.request_url
    work.isBotCheck = expected['page_type'] === 'bot challenge page'
  }
  // Some sites put their own name first in `<title>`; the metadata for indexers has the paper's title.
  const named = /<meta name="citation_title" content="([^"&]+)"/.exec(page)?.[1]
  work.title ||=
    named ??
    textOf(expected['title'])
      .split(/ \| | -- | - (?=[A-Z][^-]*$)/)[0]
      ?.trim() ??
    ''
  if (textOf(expected['pdf_url']) !== '') addPdf(work, textOf(expected['pdf_url']))
  else work.because ||= `the page is: ${textOf(expected['page_type'])}, and names no PDF in its metadata`
}

function addUnpaywall(works: Map<string, Draft>, entry: IndexEntry, answer: Json): void {
  const records = Array.isArray(answer['results'])
    ? answer['results'].map((result) => (result as Json)['response'] as Json)
    : [answer]
  for (const record of records) {
    const doi = textOf(record['doi']).toLowerCase()
    if (!doi.startsWith('10.') || record['error'] === true) continue
    const work = workOf(works, doi, entry)
    work.unpaywall ??= record
    work.title ||= textOf(record['title'])
    if (typeof record['year'] === 'number') work.year = record['year']
    if (work.authors.length === 0) work.authors = peopleOf(record['z_authors'], 'family', 'given')
    for (const location of listOf(record['oa_locations'])) addPdf(work, textOf(location['url_for_pdf']))
  }
}

function addOpenalex(works: Map<string, Draft>, entry: IndexEntry, answer: Json): void {
  const records = Array.isArray(answer['results']) ? (answer['results'] as Json[]) : [answer]
  for (const record of records) {
    const doi = textOf(record['doi'])
      .replace(/^https?:\/\/doi\.org\//, '')
      .toLowerCase()
    if (!doi.startsWith('10.')) continue
    const work = workOf(works, doi, entry)
    // A response narrowed by `select` is not a full record of the work.
    if (typeof record['id'] === 'string') work.openalex ??= record
    work.title ||= textOf(record['display_name']) || textOf(record['title'])
    if (typeof record['publication_year'] === 'number') work.year = record['publication_year']
    if (work.authors.length === 0) {
      work.authors = listOf(record['authorships']).map((each) => textOf(each['raw_author_name']))
    }
    for (const location of listOf(record['locations'])) {
      if (location['is_oa'] === true) addPdf(work, textOf(location['pdf_url']))
    }
  }
}

function addEuropePmc(works: Map<string, Draft>, entry: IndexEntry, answer: Json): void {
  const results = (answer['resultList'] as Json | undefined)?.['result']
  for (const record of listOf(results)) {
    const doi = textOf(record['doi']).toLowerCase()
    const pmcid = textOf(record['pmcid'])
    if (!doi.startsWith('10.')) continue
    // Only works that are open or were already found; thousands of closed records would prove nothing.
    const open = record['isOpenAccess'] === 'Y' && pmcid !== ''
    if (!open && !works.has(doi)) continue
    const work = workOf(works, doi, entry)
    work.europePmc ??= record
    work.title ||= textOf(record['title']).replace(/\.$/, '')
    work.year = Number(record['pubYear'] ?? work.year)
    if (work.authors.length === 0)
      work.authors = textOf(record['authorString']).replace(/\.$/, '').split(', ')
    if (open && record['hasPDF'] === 'Y') addPdf(work, `https://europepmc.org/articles/${pmcid}?pdf=render`)
  }
}

/** The URL of a PDF, unless it is a DOI, which does not locate the file. */
function addPdf(work: Draft, address: string): void {
  if (!/^https?:\/\//.test(address) || /^https?:\/\/(?:dx\.)?doi\.org\//.test(address)) return
  if (!work.pdfUrls.includes(address)) work.pdfUrls = [...work.pdfUrls, address]
}

function judged(work: Draft): RealWork {
  const title = work.title === '' ? `The work ${work.name}` : work.title
  const authors = work.authors.filter((author) => author !== '')
  const expectsPdf = work.pdfUrls.length > 0
  const because = expectsPdf
    ? `${work.foundIn[0] ?? ''} names ${work.pdfUrls[0] ?? ''}`
    : work.because || `no recording (${work.foundIn.join(', ')}) names the address of an open PDF`
  return { ...work, title, authors: authors.length === 0 ? ['Unknown'] : authors, expectsPdf, because }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const peopleOf = (value: unknown, family: string, given: string): string[] =>
  listOf(value).map((each) =>
    [textOf(each[family]), textOf(each[given])].filter((part) => part !== '').join(', ')
  )
