/**
 * One JSON object that describes a work, whoever wrote it: a CSL item, a Crossref or OpenAlex work, a
 * line of Sheaf's own manifest or export, or something hand-made with a `doi` in it. Names of members
 * are read without regard to case, and only values of the expected kind are believed.
 */
import type { ArticleVersion } from '../../../contract/words'
import { ARTICLE_VERSIONS } from '../../../contract/words'
import type { OaLocation } from '../../../contract/work'
import { workType } from '../work-type'
import { factsOf, QUOTED_CHARS, type NameField, type RawEntry } from './entry'
import { nameOf, splitName, splitNames } from './person-names'

type Json = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Null when the value is no object and no text: then it describes nothing. */
export function entryOfJson(value: unknown, line: number, source: string): RawEntry | null {
  const text = source.slice(0, QUOTED_CHARS)
  if (typeof value === 'string') {
    return { line, text, names: [{ scheme: 'any', value }], urls: [], prose: [value], facts: {} }
  }
  if (!isJsonObject(value)) return null
  const outer = lowerCased(value)
  // Sheaf's manifest and OpenAlex put identifiers and facts one level deeper.
  const ids = lowerCased(objectOf(outer['ids']) ?? {})
  const facts = lowerCased(objectOf(outer['facts']) ?? {})
  const all = { ...outer, ...facts }
  return {
    line,
    text,
    names: namesOf(outer, ids),
    urls: [
      ...textsOf(outer, 'url', 'urls', 'link', 'landing_page_url', 'pdf_url', 'uri'),
      ...textsOf(ids, 'url')
    ],
    venueText: firstText(all, ...VENUE_KEYS),
    prose: textsOf(outer, 'note', 'extra', 'annote', 'number', 'archive_location'),
    facts: factsOf({
      title: firstText(all, 'title', 'display_name', 'name'),
      authors: authorsOf(all),
      year: yearOf(all),
      venue: venueOf(all),
      type: typeOf(all),
      language: firstText(all, 'language', 'lang')
    }),
    ...(typeof outer['id'] === 'string' && typeof outer['type'] === 'string' ? { key: outer['id'] } : {}),
    locations: locationsOf(outer)
  }
}

const VENUE_KEYS = [
  'container-title',
  'venue',
  'journal',
  'journaltitle',
  'publicationtitle',
  'booktitle',
  'publisher'
]

function namesOf(outer: Json, ids: Json): NameField[] {
  const names: NameField[] = []
  const add = (scheme: NameField['scheme'], values: readonly string[]): void => {
    for (const value of values) names.push({ scheme, value })
  }
  for (const object of [outer, ids]) {
    add('doi', textsOf(object, 'doi'))
    add('openalex', textsOf(object, 'openalex', 'openalex_id', 'openalexid'))
    add('arxiv', textsOf(object, 'arxiv', 'arxiv_id', 'arxivid', 'eprint'))
    add('pmcid', textsOf(object, 'pmcid', 'pmc', 'pmc_id'))
    add('pmid', textsOf(object, 'pmid', 'pubmed', 'pubmed_id', 'pubmedid'))
    add('any', textsOf(object, 'id', 'identifier', 'work_id', 'workid').map(withoutHashedName))
    add('isbn', textsOf(object, 'isbn'))
  }
  return names
}

/** `url:<hash>` is our name for an address; the address itself stands elsewhere. */
function withoutHashedName(text: string): string {
  return text.replace(/^url:[0-9a-f]{64}$/, '')
}

function authorsOf(item: Json): string[] {
  const authorships = item['authorships']
  if (Array.isArray(authorships)) {
    return authorships.filter(isJsonObject).map((each) => {
      const author = objectOf(each['author'])
      const name = textOf(author?.['display_name']) ?? textOf(each['raw_author_name']) ?? ''
      return nameOf(splitName(name))
    })
  }
  const authors = item['author'] ?? item['authors'] ?? item['creator'] ?? item['creators']
  if (typeof authors === 'string') return splitNames(authors).map((name) => nameOf(splitName(name)))
  return Array.isArray(authors) ? authors.map(authorOf) : []
}

function authorOf(author: unknown): string {
  if (typeof author === 'string') return author
  if (!isJsonObject(author)) return ''
  const family = textOf(author['family'] ?? author['lastName'] ?? author['last'] ?? author['last_name']) ?? ''
  const given =
    textOf(author['given'] ?? author['firstName'] ?? author['first'] ?? author['first_name']) ?? ''
  const particle = textOf(author['non-dropping-particle'] ?? author['dropping-particle']) ?? ''
  if (family !== '') return nameOf({ family: particle === '' ? family : `${particle} ${family}`, given })
  return textOf(author['literal'] ?? author['name'] ?? author['display_name']) ?? given
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
  return type === 'document' ? '' : (workType(type) ?? '')
}

/** OpenAlex's places of a copy, the best first. */
function locationsOf(item: Json): OaLocation[] {
  const listed = Array.isArray(item['locations']) ? (item['locations'] as unknown[]) : []
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
  return isJsonObject(value) ? value : undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** All texts under these names; lists are looked into (Crossref's titles, CSL's ISBNs). */
function textsOf(object: Json, ...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = object[name]
    if (value === undefined || value === null) return []
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return values.map(textOf).filter((text): text is string => text !== undefined)
  })
}

function firstText(object: Json, ...names: readonly string[]): string {
  return textsOf(object, ...names)[0] ?? ''
}
