/**
 * One JSON object that describes a work: a CSL item, a Crossref or OpenAlex work, a line of Sheaf's own
 * manifest or export, or a hand-made object with a `doi`. Member names are case-insensitive, and only values
 * of the expected type are used.
 */
import { ARTICLE_VERSIONS, type ArticleVersion } from '../../../contract/words'
import type { OaLocation } from '../../../contract/work'
import { workType } from '../work-type'
import { factsOf, QUOTED_CHARS, type NameField, type RawEntry } from './entry'
import { nameOf, splitName, splitNames } from './person-names'
import { isObject, itemsOf, type UnknownFields } from '../../../contract/unknown-values'

type Json = UnknownFields

/** Why a value is no entry. */
export function describesNothing(what: 'item' | 'line'): string {
  return `This ${what} is neither an object nor a text.`
}

/** Null when the value is neither an object nor a text: then it describes nothing. */
export function entryOfJson(value: unknown, line: number, source: string): RawEntry | null {
  const text = source.slice(0, QUOTED_CHARS)
  if (typeof value === 'string') {
    return { line, text, names: [{ scheme: 'any', value }], urls: [], prose: [value], facts: {} }
  }
  if (!isObject(value)) return null
  const outer = peeled(value)
  // Sheaf's manifest and OpenAlex put identifiers and facts one level deeper.
  const facts = lowerCased(objectOf(outer['facts']) ?? {})
  const all = { ...outer, ...facts }
  const names = namesOf(outer)
  return {
    line,
    text,
    names,
    urls: [
      ...textsOf(
        outer,
        // DBLP: the electronic edition; `url` is its own page.
        'ee',
        'url',
        'urls',
        'link',
        'links',
        'landing_page_url',
        'pdf_url',
        'uri',
        'fulltexturl',
        'pdf_link',
        'html_url',
        'uri_s'
      ),
      ...textsOf(lowerCased(objectOf(outer['ids']) ?? {}), 'url'),
      ...textsOf(lowerCased(objectOf(outer['openaccesspdf']) ?? {}), 'url')
    ],
    venueText: firstText(all, ...VENUE_KEYS),
    prose: textsOf(outer, 'note', 'extra', 'annote', 'number', 'archive_location'),
    facts: factsOf({
      title: firstText(all, ...TITLE_KEYS) || titleOfList(all),
      authors: authorsOf(all),
      year: yearOf(all),
      venue: venueOf(all),
      type: typeOf(all),
      language: firstText(all, 'language', 'lang')
    }),
    ...(typeof outer['id'] === 'string' && typeof outer['type'] === 'string' ? { key: outer['id'] } : {}),
    locations: locationsOf(outer),
    ...keptOf(value, all)
  }
}

const TITLE_KEYS = [
  'title',
  'display_name',
  'dc:title',
  'title_display',
  'title_s',
  'articletitle',
  'documenttitle',
  'papertitle',
  'maintitle',
  'headline',
  'name'
]

/** DataCite, INSPIRE: `titles: [{ title }]`. */
function titleOfList(item: Json): string {
  const titles = item['titles']
  const first: unknown = Array.isArray(titles) ? titles[0] : undefined
  return textOf(objectOf(first)?.['title']) ?? textOf(first) ?? ''
}

/** Zotero, DataCite, INSPIRE, DBLP, DOAJ and Crossref wrap the fields of a work. */
const WRAPPERS = [
  'message',
  'citingpaper',
  'citedpaper',
  'paper',
  'data',
  'attributes',
  'metadata',
  'info',
  'bibjson',
  '_source',
  'work',
  'publication',
  'biblio',
  'csl',
  'item',
  'reference',
  'response',
  'document'
]

function peeled(value: Json): Json {
  let outer = lowerCased(value)
  for (let depth = 0; depth < 3; depth++) {
    const wrapper = WRAPPERS.find((name) => isObject(outer[name]))
    const inner = wrapper === undefined ? undefined : objectOf(outer[wrapper])
    if (wrapper === undefined || inner === undefined) return outer
    // The outer members are the service's own identifier for it, unless they describe the work itself.
    const rest = Object.fromEntries(Object.entries(outer).filter(([name]) => name !== wrapper))
    // Zenodo has the DOI outside and the title inside.
    outer =
      'title' in rest
        ? rest
        : 'doi' in rest
          ? { ...lowerCased(inner), ...rest }
          : { ...rest, ...lowerCased(inner) }
  }
  return outer
}

/**
 * All fields of the item, for an export: CSL unchanged, everything else by the RIS tags with the same
 * meaning.
 */
function keptOf(value: Json, all: Json): Pick<RawEntry, 'reference'> {
  if (isCsl(value)) return { reference: { form: 'csl', item: value } }
  const tags: [string, string][] = []
  for (const [tag, ...keys] of KEPT_KEYS) {
    for (const text of textsOf(all, ...keys)) {
      tags.push([tag, text])
      if (tag !== 'KW' && tag !== 'SN' && tag !== 'N1') break
    }
  }
  return tags.length === 0 ? {} : { reference: { form: 'ris', fields: tags } }
}

function isCsl(value: Json): boolean {
  return (
    typeof value['type'] === 'string' &&
    ('container-title' in value || 'issued' in value || hasCslName(value['author'])) &&
    !('indexed' in value)
  )
}

function hasCslName(author: unknown): boolean {
  return Array.isArray(author) && isObject(author[0]) && ('family' in author[0] || 'literal' in author[0])
}

const KEPT_KEYS: readonly (readonly [string, ...string[]])[] = [
  ['ID', 'citation-key', 'citekey', 'citation_key', 'citationkey'],
  ['VL', 'volume', 'journalvolume', 'prism:volume'],
  ['IS', 'issue', 'number', 'prism:issueidentifier'],
  ['SP', 'page', 'pages', 'pagination', 'page_range', 'pageinfo', 'prism:pagerange', 'page-first'],
  ['PB', 'publisher'],
  ['CY', 'publisher-place', 'place', 'publisher-location'],
  ['SN', 'issn', 'isbn'],
  ['AB', 'abstract', 'abstracttext', 'abstractnote'],
  ['KW', 'keyword', 'keywords', 'subject'],
  ['ET', 'edition'],
  ['T3', 'collection-title', 'series']
]

const VENUE_KEYS = [
  'container-title',
  'venue',
  'journal',
  'journaltitle',
  'journal_title',
  'journalname',
  'publicationtitle',
  'publicationname',
  'prism:publicationname',
  'booktitle',
  'event-title',
  'source',
  'publisher'
]

const SCHEME_KEYS: readonly (readonly [NameField['scheme'], ...string[]])[] = [
  ['doi', 'doi', 'dois', 'prism:doi', 'doi_s', 'doiid_s', 'articledoi', 'doi_url', 'paper_doi'],
  ['openalex', 'openalex', 'openalex_id', 'openalexid'],
  ['arxiv', 'arxiv', 'arxiv_id', 'arxivid', 'eprint', 'arxiv_eprints', 'arxivid_s'],
  ['pmcid', 'pmcid', 'pmc', 'pmc_id', 'pubmedcentral', 'pmcids'],
  ['pmid', 'pmid', 'pubmed', 'pubmed-id', 'pubmed_id', 'pubmedid', 'pmids', 'medline', 'pubmedid_s'],
  ['any', 'id', '@id', 'sameas', 'identifier', 'work_id', 'workid', 'dc:identifier'],
  ['isbn', 'isbn', 'isbns']
]

/** Objects with identifiers by their kind: Semantic Scholar, Mendeley, CFF, hayagriva, OpenAlex. */
const NESTED = [
  'ids',
  'externalids',
  'external_ids',
  'identifiers',
  'identifier',
  'pids',
  'pid',
  'articleids',
  'alternate_identifiers',
  'serial-number',
  'external-ids',
  'custom'
]

function namesOf(outer: Json): NameField[] {
  const names: NameField[] = []
  const add = (scheme: NameField['scheme'], values: readonly string[]): void => {
    for (const value of values) names.push({ scheme, value })
  }
  for (const object of [outer, ...NESTED.map((key) => lowerCased(objectOf(outer[key]) ?? {}))]) {
    for (const [scheme, ...keys] of SCHEME_KEYS)
      add(
        scheme,
        scheme === 'any' ? textsOf(object, ...keys).map(withoutHashedName) : textsOf(object, ...keys)
      )
  }
  // Lens, OpenAIRE, DOAJ, CFF, PubMed: `[{ type: "doi", value: "10.…" }]`.
  for (const key of NESTED) {
    const list = outer[key]
    if (!Array.isArray(list)) continue
    for (const each of list.slice(0, 50)) if (isObject(each)) addTyped(lowerCased(each), add)
  }
  // Europe PMC: `{ id: "31000001", source: "MED" }`.
  const id = textOf(outer['id'])
  if (outer['source'] === 'MED' && id !== undefined && /^\d{1,9}$/.test(id)) add('pmid', [id])
  return names
}

function addTyped(each: Json, add: (scheme: NameField['scheme'], values: readonly string[]) => void): void {
  const kind = firstText(
    each,
    'type',
    'scheme',
    'idtype',
    'identifiertype',
    'external-id-type',
    'propertyid',
    'kind'
  ).toLowerCase()
  const value = firstText(each, 'value', 'id', 'identifier', 'external-id-value')
  if (value === '') return
  if (/doi/.test(kind)) add('doi', [value])
  else if (/pmc/.test(kind)) add('pmcid', [value])
  else if (/pmid|pubmed|medline/.test(kind)) add('pmid', [value])
  else if (/arxiv/.test(kind)) add('arxiv', [value])
  else if (/openalex/.test(kind)) add('openalex', [value])
}

/** `url:<hash>` is Sheaf's name for an address; the address itself is in another field. */
function withoutHashedName(text: string): string {
  return text.replace(/^url:[0-9a-f]{64}$/, '')
}

function authorsOf(item: Json): string[] {
  const authorships = item['authorships']
  if (Array.isArray(authorships)) {
    return authorships.filter(isObject).map((each) => {
      const author = objectOf(each['author'])
      const name = textOf(author?.['display_name']) ?? textOf(each['raw_author_name']) ?? ''
      return nameOf(splitName(name))
    })
  }
  const said =
    item['author'] ?? item['authors'] ?? item['creator'] ?? item['creators'] ?? item['authorstring']
  // DBLP and Scopus: `authors: { author: [ … ] }`.
  const authors = isObject(said) ? (said['author'] ?? said['authors'] ?? said['text']) : said
  if (typeof authors === 'string') return splitNames(authors).map((name) => nameOf(splitName(name)))
  return Array.isArray(authors) ? authors.map(authorOf) : []
}

const FAMILY = ['family', 'lastName', 'last', 'last_name', 'family-names', 'familyName']
const GIVEN = ['given', 'firstName', 'first', 'first_name', 'given-names', 'givenName']
const PARTICLE = ['non-dropping-particle', 'dropping-particle']
const WHOLE = ['literal', 'name', 'display_name', 'full_name', 'fullName', 'text', 'alias']

function authorOf(author: unknown): string {
  if (typeof author === 'string') return author
  if (!isObject(author)) return ''
  /** The first of these fields that is present. */
  const said = (names: readonly string[]): string | null =>
    textOf(names.map((name) => author[name]).find((value) => value !== null && value !== undefined)) ?? null
  const family = said(FAMILY) ?? ''
  const given = said(GIVEN) ?? ''
  const particle = said(PARTICLE) ?? ''
  if (family === '') return said(WHOLE) ?? given
  return nameOf({ family: particle === '' ? family : `${particle} ${family}`, given })
}

function yearOf(item: Json): string {
  for (const key of [
    'issued',
    'published',
    'published-print',
    'published-online',
    'year',
    'publication_year',
    'date',
    'publication_date',
    'publicationyear',
    'pubyear',
    'pubdate',
    'year_published',
    'prism:coverdate',
    'created'
  ]) {
    const value = item[key]
    if (typeof value === 'number' || typeof value === 'string') return String(value)
    const date = objectOf(value)
    const parts: unknown = date?.['date-parts']
    const first: unknown = Array.isArray(parts)
      ? Array.isArray(parts[0])
        ? parts[0][0]
        : parts[0]
      : undefined
    const text = textOf(first) ?? textOf(date?.['raw']) ?? textOf(date?.['literal'])
    if (text !== undefined) return text
  }
  return ''
}

function venueOf(item: Json): string {
  const source = objectOf(objectOf(item['primary_location'])?.['source'])
  return textOf(source?.['display_name']) ?? firstText(item, ...VENUE_KEYS)
}

function typeOf(item: Json): string {
  const type = firstText(item, 'type')
  const genre = firstText(item, 'genre')
  if (type === 'article' && genre === 'preprint') return genre
  if (type === 'article-journal' && ['letter', 'editorial'].includes(genre)) return genre
  // A type that CSL does not have is in `genre`, as Sheaf's exports write it.
  if (type === 'document') return /^[a-z][a-z-]{1,40}$/.test(genre) ? genre : ''
  return workType(type) ?? ''
}

/** OpenAlex's locations of copies, the best first. */
function locationsOf(item: Json): OaLocation[] {
  const listed = itemsOf(item['locations'])
  const found: OaLocation[] = []
  for (const value of [item['best_oa_location'], item['primary_location'], ...listed]) {
    const place = objectOf(value)
    if (place === undefined) continue
    const pdfUrl = webAddress(place['pdf_url'] ?? place['pdfUrl'])
    const landingUrl = webAddress(place['landing_page_url'] ?? place['landingUrl'])
    if (pdfUrl === undefined && landingUrl === undefined) continue
    if (found.some((known) => known.pdfUrl === pdfUrl && known.landingUrl === landingUrl)) continue
    const version = ARTICLE_VERSIONS.find((known): known is ArticleVersion => known === place['version'])
    const license = textOf(place['license'])
    const venue = textOf(objectOf(place['source'])?.['display_name'])
    found.push({
      ...(pdfUrl === undefined ? {} : { pdfUrl }),
      ...(landingUrl === undefined ? {} : { landingUrl }),
      ...(version === undefined ? {} : { version }),
      ...(license === undefined ? {} : { license }),
      ...(venue === undefined ? {} : { venue }),
      ...(typeof place['is_oa'] === 'boolean' ? { isOa: place['is_oa'] } : {})
    })
  }
  return found
}

function webAddress(value: unknown): string | undefined {
  const text = textOf(value)
  return text !== undefined && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined
}

function lowerCased(object: Json): Json {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]))
}

function objectOf(value: unknown): Json | undefined {
  return isObject(value) ? value : undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** All texts under these names; lists are expanded (Crossref's titles, CSL's ISBNs). */
function textsOf(object: Json, ...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = object[name]
    if (value === undefined || value === null) return []
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return values.map(innerText).filter((text): text is string => text !== undefined)
  })
}

/** `{ value: "10.…" }`, as INSPIRE writes, is a text too. */
function innerText(value: unknown): string | undefined {
  return isObject(value)
    ? textOf(value['value'] ?? value['title'] ?? value['name'] ?? value['url'])
    : textOf(value)
}

function firstText(object: Json, ...names: readonly string[]): string {
  return textsOf(object, ...names)[0] ?? ''
}
