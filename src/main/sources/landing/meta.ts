/**
 * The files that a page names in its head: Highwire, EPrints, bepress, Ovid and Dublin Core tags, `<link
 * rel="alternate">` and the HTTP `Link` header. These are the page's own metadata, so they take precedence
 * over everything extracted from its body. Source: Google Scholar's inclusion guidelines; RFC 8288 §3; DCMI
 * in HTML.
 */
import type { CheerioAPI } from 'cheerio'
import type { Format } from '../../../contract/words'
import { normaliseDoi } from '../../../contract/doi'
import { addTo } from '../../platform/add-to'
import { looksLikeFile } from '../../platform/file-address'
import { decodeEntities, plainText, urlKey, webUrl } from '../web-text'
import type { FileLink, ParsedPage } from './page'

/** All meta tags, whichever attribute has the name, in any case. */
export function readMeta($: CheerioAPI): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  $('meta').each((_, element) => {
    const attributes = element.attribs
    const name = attributes['name'] ?? attributes['property'] ?? attributes['itemprop']
    const content = attributes['content'] ?? attributes['value']
    if (name === undefined || content === undefined) return
    const key = name
      .trim()
      .toLowerCase()
      .replace(/^(?:dcterms|dc)[.:_-]/, 'dc.')
      .replace(/^og[.]/, 'og:')
    if (content.trim() === '') return
    addTo(found, key, content.trim())
  })
  return found
}

/** Tags whose only meaning is the address of the PDF, most common first. */
const PDF_TAGS: readonly (readonly [string, number])[] = [
  ['citation_pdf_url', 1],
  ['citation-pdf-url', 1],
  ['citation_pdf', 1],
  ['bepress_citation_pdf_url', 2],
  ['wkhealth_pdf_url', 2],
  ['eprints.document_url', 2],
  ['fulltext_pdf', 3],
  ['citation_fulltext_pdf_url', 3],
  ['pdf_url', 3],
  ['pdf-url', 3]
]

const OTHER_TAGS: readonly (readonly [string, Format])[] = [
  ['citation_xml_url', 'xml'],
  ['citation_full_html_url', 'html'],
  ['citation_fulltext_html_url', 'html']
]

/** Tags that name the work and sometimes its file: accepted only when the address looks like a file. */
const IDENTIFIER_TAGS = [
  'dc.identifier',
  'dc.identifier.url',
  'dc.identifier.uri',
  'dc.identifier.fulltext',
  'og:url'
]

/** The address of a picture, a page about rules or the like is not a paper, wherever it is named. */
const NEVER = /\.(?:jpe?g|png|gif|svg|css|js|mp4|zip|docx?|pptx?|xlsx?|txt)(?:$|\?)/i

/** Tags with the title of the page's work, most reliable first. */
export const TITLE_TAGS = [
  'citation_title',
  'bepress_citation_title',
  'eprints.title',
  'dc.title',
  'prism.title'
]
/** Tags with its DOI, or with a name that may be one. */
export const DOI_TAGS = [
  'citation_doi',
  'bepress_citation_doi',
  'prism.doi',
  'dc.identifier.doi',
  'doi',
  'publication_doi',
  'eprints.id_number',
  'eprints.doi',
  'dc.identifier',
  'evt-doipage'
]

export function linksInMeta(page: ParsedPage): FileLink[] {
  const links: FileLink[] = []
  for (const [tag, rank] of PDF_TAGS) {
    for (const content of page.meta.get(tag) ?? []) {
      const url = namedFile(content, page)
      if (url === null) continue
      if (rank > 1 && !looksLikeFile(url) && (page.meta.get(tag)?.length ?? 0) > 1) continue
      links.push({ url, format: 'pdf', rank, evidence: `the page’s ${tag} tag` })
    }
  }
  for (const [tag, format] of OTHER_TAGS) {
    for (const content of page.meta.get(tag) ?? []) {
      const url = webUrl(decodeEntities(content), page.base)
      if (url !== null) links.push({ url, format, rank: 1, evidence: `the page’s ${tag} tag` })
    }
  }
  for (const tag of IDENTIFIER_TAGS) {
    for (const content of page.meta.get(tag) ?? []) {
      if (!/^(?:https?:)?\/\//i.test(content)) continue
      const url = namedFile(content, page)
      if (url !== null && looksLikeFile(url)) {
        links.push({ url, format: 'pdf', rank: 6, evidence: `the page’s ${tag} tag` })
      }
    }
  }
  return links
}

function namedFile(content: string, page: ParsedPage): string | null {
  const url = webUrl(decodeEntities(content), page.base)
  if (url === null || NEVER.test(url)) return null
  if (urlKey(url) === urlKey(page.url) && !looksLikeFile(url)) return null
  // A broken template writes the site's front page when it has no file.
  return new URL(url).pathname === '/' && new URL(url).search === '' ? null : url
}

const PDF_TYPE = /^application\/(?:x-)?pdf\b/i

/** `<link rel="alternate" type="application/pdf">` and similar. */
export function linksInHead(page: ParsedPage): FileLink[] {
  const links: FileLink[] = []
  page.$('link[href]').each((_, element) => {
    const { rel = '', type = '', href = '' } = element.attribs
    if (!PDF_TYPE.test(type)) return
    if (!/\b(?:alternate|item|enclosure|related|describedby)\b/i.test(rel) && rel !== '') return
    const url = webUrl(decodeEntities(href), page.base)
    if (url !== null && !NEVER.test(url)) {
      links.push({ url, format: 'pdf', rank: 4, evidence: `a link tag of type ${type}` })
    }
  })
  return links
}

/** The HTTP `Link` header: `<https://…/1545.pdf>; rel="item"; type="application/pdf"`. */
export function linksInHeader(page: ParsedPage): FileLink[] {
  const header = page.headers['link']
  if (header === undefined) return []
  const links: FileLink[] = []
  for (const match of header.matchAll(/<([^<>]*)>\s*((?:;\s*[^;,"]+(?:"[^"]*")?\s*)*)/g)) {
    const [, target = '', parameters = ''] = match
    const type = /;\s*type\s*=\s*"?([^";,\s]+)/i.exec(parameters)?.[1] ?? ''
    const rel = /;\s*rel\s*=\s*"?([^";,]+)/i.exec(parameters)?.[1] ?? ''
    if (!PDF_TYPE.test(type) || /\b(?:license|author|cite-as|type)\b/i.test(rel)) continue
    const url = webUrl(target, page.url)
    if (url !== null) links.push({ url, format: 'pdf', rank: 4, evidence: 'the server’s Link header' })
  }
  return links
}

export interface MetaFacts {
  readonly doi?: string
  readonly title?: string
  readonly authors?: readonly string[]
  readonly year?: number
  readonly venue?: string
}

const first = (page: ParsedPage, ...tags: readonly string[]): string | undefined =>
  tags.flatMap((tag) => page.meta.get(tag) ?? []).find((content) => plainText(content) !== null)

/** The page's own facts about its work. */
export function factsInMeta(page: ParsedPage): MetaFacts {
  const doi = DOI_TAGS.flatMap((tag) => page.meta.get(tag) ?? [])
    .map((content) => normaliseDoi(content))
    .find((found) => found !== null)
  const title = plainText(first(page, ...TITLE_TAGS, 'og:title'))
  const authors = [
    'citation_author',
    'bepress_citation_author',
    'eprints.creators_name',
    'dc.creator',
    'dc.creator.personalname'
  ]
    .map((tag) => page.meta.get(tag) ?? [])
    .find((names) => names.length > 0)
    ?.flatMap((names) => names.split(';'))
    .map((name) => plainText(name))
    .filter((name) => name !== null)
  const year = /\b(1[5-9]\d\d|20\d\d)\b/.exec(
    first(
      page,
      'citation_publication_date',
      'citation_date',
      'citation_year',
      'bepress_citation_date',
      'prism.publicationdate',
      'dc.issued',
      'dc.date.issued',
      'dc.date',
      'eprints.date',
      'citation_online_date'
    ) ?? ''
  )?.[1]
  const venue = plainText(
    first(
      page,
      'citation_journal_title',
      'citation_conference_title',
      'prism.publicationname',
      'eprints.publication'
    )
  )
  return {
    ...(doi === undefined ? {} : { doi }),
    ...(title === null ? {} : { title }),
    ...(authors === undefined || authors.length === 0 ? {} : { authors }),
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(venue === null ? {} : { venue })
  }
}

/** Whether the head declares that this page is about one publication. */
export function saysItIsAnArticle(page: ParsedPage): boolean {
  const named = [
    'citation_title',
    'bepress_citation_title',
    'eprints.title',
    'citation_doi',
    'citation_pdf_url',
    'prism.doi',
    'wkhealth_title'
  ]
  if (named.some((tag) => page.meta.has(tag))) return true
  if (page.meta.has('dc.title') && (page.meta.has('dc.creator') || page.meta.has('dc.creator.personalname')))
    return true
  if (page.meta.has('dc.identifier.doi')) return true
  return (page.meta.get('dc.identifier') ?? []).some((content) => normaliseDoi(content) !== null)
}
