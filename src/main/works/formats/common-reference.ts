/**
 * The common form of a stored reference, for an export in another format than the reference's own. Fields
 * with a general meaning are named; the rest is in `extra`, under the original name.
 */
import type { WorkFacts } from '../../../contract/work'
import { hasIsbnDigits } from '../isbn'
import { latexToText } from './latex'
import { nameOf, OTHERS, splitName } from './person-names'
import type { Reference } from './reference'
import { isObject, itemsOf } from '../../../contract/unknown-values'

export interface CommonReference {
  readonly key?: string | undefined
  readonly authors: readonly string[]
  /** `and others` */
  readonly hasOthers: boolean
  readonly editors: readonly string[]
  readonly month?: number | undefined
  readonly day?: number | undefined
  readonly texts: Readonly<Partial<Record<CommonText, string>>>
  readonly keywords: readonly string[]
  readonly notes: readonly string[]
  readonly isbn: readonly string[]
  readonly issn: readonly string[]
  readonly extra: readonly (readonly [string, string])[]
}

export const COMMON_TEXTS = [
  'title',
  'container',
  'volume',
  'issue',
  'pages',
  'chapter',
  'edition',
  'series',
  'publisher',
  'school',
  'place',
  'abstract',
  'language',
  'genre'
] as const
export type CommonText = (typeof COMMON_TEXTS)[number]

const NOTHING: CommonReference = {
  authors: [],
  hasOthers: false,
  editors: [],
  texts: {},
  keywords: [],
  notes: [],
  isbn: [],
  issn: [],
  extra: []
}

export function commonOf(reference: Reference | null): CommonReference {
  switch (reference?.form) {
    case 'bibtex':
      return commonOfBibtex(reference)
    case 'ris':
      return commonOfRis(reference.fields)
    case 'csl':
      return commonOfCsl(reference.item)
    case undefined:
      return NOTHING
  }
}

/** The people of the facts are used as authors only if they are not the reference's editors. */
export function authorsFor(facts: WorkFacts, { authors, editors }: CommonReference): readonly string[] {
  return authors.length > 0 || editors.length > 0 ? authors : (facts.authors ?? [])
}

/**
 * The venue of the facts, unless it is the publisher of the work: readers of references would treat it as a
 * venue.
 */
export function venueFor({ venue }: WorkFacts, { texts }: CommonReference): string | undefined {
  return venue === texts.publisher || venue === texts.school ? undefined : venue
}

const BIBTEX_TEXTS: Readonly<Record<string, CommonText>> = {
  title: 'title',
  journal: 'container',
  journaltitle: 'container',
  booktitle: 'container',
  volume: 'volume',
  number: 'issue',
  issue: 'issue',
  pages: 'pages',
  chapter: 'chapter',
  edition: 'edition',
  series: 'series',
  publisher: 'publisher',
  school: 'school',
  institution: 'school',
  organization: 'publisher',
  address: 'place',
  location: 'place',
  abstract: 'abstract',
  language: 'language',
  langid: 'language',
  type: 'genre'
}
/** Written from the work's own identifiers and facts, or about another machine. */
const BIBTEX_OWN =
  /^(?:doi|pmid|pmcid|pmc|openalex|eprint|archiveprefix|eprinttype|arxivid|url|file|sha256|author|editor|year|date|month|day|subtitle|entrysubtype)$/

const THESES: Readonly<Record<string, string>> = {
  phdthesis: 'PhD thesis',
  mastersthesis: 'Master’s thesis'
}

/** Size: one line for each field of the common form, with its alternatives. */
function commonOfBibtex({ type, key, fields }: Extract<Reference, { form: 'bibtex' }>): CommonReference {
  const texts: Partial<Record<CommonText, string>> = {}
  const found = {
    keywords: [] as string[],
    notes: [] as string[],
    isbn: [] as string[],
    issn: [] as string[]
  }
  const extra: [string, string][] = []
  const raw = new Map(fields)
  for (const [name, value] of fields) {
    const text = latexToText(value)
    const as = BIBTEX_TEXTS[name]
    if (as !== undefined) texts[as] ??= as === 'pages' ? spansOf(text) : text
    else if (name === 'keywords' || name === 'keyword') found.keywords.push(...splitWords(text))
    else if (name === 'note' || name === 'annote' || name === 'annotation') found.notes.push(text)
    else if (name === 'isbn' || name === 'issn')
      found[name].push(...text.split(/[;,\s]+/).filter((one) => one !== ''))
    else if (!BIBTEX_OWN.test(name)) extra.push([name, text])
  }
  const thesis = THESES[type]
  if (thesis !== undefined) texts.genre ??= thesis
  const authors = bibtexNames(raw.get('author') ?? '')
  const [, , month, day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(raw.get('date') ?? '') ?? []
  return {
    ...NOTHING,
    ...found,
    key: key === '' ? undefined : key,
    authors: authors.filter((name) => !OTHERS.test(name)),
    hasOthers: authors.some((name) => OTHERS.test(name)),
    editors: bibtexNames(raw.get('editor') ?? '').filter((name) => !OTHERS.test(name)),
    month: monthOf(raw.get('month') ?? month ?? ''),
    // `month = "4~" # jul`
    day: dayOf(
      raw.get('day') ?? day ?? /^(\d{1,2})(?=[~.\s]+\p{L})/u.exec(raw.get('month') ?? '')?.[1] ?? ''
    ),
    texts,
    extra
  }
}

/** Names between ` and ` outside of braces; a name completely in braces is an institution. */
export function bibtexNames(
  source: string,
  /** what becomes of `Family, Jr, Given` */
  ofThree: (parts: readonly string[], text: string) => string = (_, text) => text
): string[] {
  return splitAtAnd(source)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const text = latexToText(name)
      if (/^\{[^{}]*\}$/.test(name) || OTHERS.test(text)) return text
      const parts = text.split(',').map((part) => part.trim())
      return parts.length > 2 ? ofThree(parts, text) : nameOf(splitName(text))
    })
}

function splitAtAnd(field: string): string[] {
  const source = field.replace(/\s+/g, ' ')
  if (!source.includes('{')) return source.split(/ and /i)
  const names: string[] = []
  let depth = 0
  let from = 0
  for (const match of source.matchAll(/[{}]| and(?= )/gi)) {
    if (match[0] === '{') depth++
    else if (match[0] === '}') depth--
    else if (depth === 0) {
      names.push(source.slice(from, match.index))
      from = match.index + match[0].length
    }
  }
  return [...names, source.slice(from)]
}

const RIS_TEXTS: Readonly<Record<string, CommonText>> = {
  TI: 'title',
  T1: 'title',
  JO: 'container',
  JF: 'container',
  T2: 'container',
  BT: 'container',
  VL: 'volume',
  IS: 'issue',
  ET: 'edition',
  T3: 'series',
  PB: 'publisher',
  CY: 'place',
  PP: 'place',
  AB: 'abstract',
  N2: 'abstract',
  LA: 'language',
  SE: 'chapter'
}
const RIS_OWN = /^(?:TY|ER|AU|A1|PY|Y1|DA|DO|DI|UR|L1|L2|L3|LK|AN|C2|SP|EP|ID|M3|L9|DB|DP|NL|J2|JA)$/

const SUFFIX = /^(?:jr|sr|[ivx]{1,4}|\d(?:nd|rd|th)|esq|ph\.?d|m\.?d)\.?$/i

/** `Family, Given, Jr.` in the order of the common form. */
function risName(name: string): string {
  if (OTHERS.test(name)) return name
  const [family, given, suffix, ...others] = name.split(/,\s*/)
  return others.length === 0 && given !== undefined && suffix !== undefined && SUFFIX.test(suffix)
    ? `${family ?? ''}, ${suffix}, ${given}`
    : nameOf(splitName(name))
}

function commonOfRis(fields: readonly (readonly [string, string])[]): CommonReference {
  const texts: Partial<Record<CommonText, string>> = {}
  const all = (...tags: string[]): string[] =>
    fields.filter(([tag, value]) => tags.includes(tag) && value !== '').map(([, value]) => value)
  const extra: [string, string][] = []
  const isThesis = all('TY')[0] === 'THES'
  for (const [tag, value] of fields) {
    const as = RIS_TEXTS[tag] === 'publisher' && isThesis ? 'school' : RIS_TEXTS[tag]
    if (value === '') continue
    if (as !== undefined) texts[as] ??= value
    else if (!RIS_OWN.test(tag) && !/^(?:KW|N1|SN|ED|A2|A3)$/.test(tag)) extra.push([tag, value])
  }
  const [from] = all('SP')
  const [to] = all('EP')
  if (from !== undefined) texts.pages = to === undefined || from.includes('-') ? from : `${from}-${to}`
  const [, , month, day] =
    /^(\d{4})[/-](\d{1,2})?(?:[/-](\d{1,2}))?/.exec(
      all('DA', 'PY', 'Y1').find((date) => /[/-]\d/.test(date)) ?? ''
    ) ?? []
  const authors = all('AU', 'A1').map(risName)
  const [key] = all('ID')
  return {
    ...NOTHING,
    key:
      key !== undefined && /^[^\s"#%'(),={}~\\/]{1,100}$/.test(key) && /\p{L}/u.test(key) ? key : undefined,
    authors: authors.filter((name) => !OTHERS.test(name)),
    hasOthers: authors.some((name) => OTHERS.test(name)),
    editors: all('ED', 'A2').map(risName),
    month: monthOf(month ?? ''),
    day: dayOf(day ?? ''),
    texts,
    keywords: all('KW').flatMap((word) => (word.includes(';') ? splitWords(word) : [word])),
    notes: all('N1').filter((note) => !/^SHA-256: /.test(note)),
    isbn: all('SN').filter(hasIsbnDigits),
    issn: all('SN').filter((number) => /^\d{4}-?\d{3}[\dxX]/.test(number)),
    extra
  }
}

const CSL_TEXTS: Readonly<Record<string, CommonText>> = {
  title: 'title',
  'container-title': 'container',
  volume: 'volume',
  issue: 'issue',
  page: 'pages',
  'chapter-number': 'chapter',
  edition: 'edition',
  'collection-title': 'series',
  publisher: 'publisher',
  'publisher-place': 'place',
  abstract: 'abstract',
  language: 'language',
  genre: 'genre'
}
const CSL_OWN =
  /^(?:id|type|author|editor|issued|DOI|PMID|PMCID|URL|ISBN|ISSN|keyword|note|annote|citation-key|custom|arxiv|openalex|file|sha256)$/

function commonOfCsl(item: Readonly<Record<string, unknown>>): CommonReference {
  const texts: Partial<Record<CommonText, string>> = {}
  const extra: [string, string][] = []
  for (const [name, value] of Object.entries(item)) {
    const text = plain(value)
    if (text === '') continue
    const as = name === 'publisher' && item['type'] === 'thesis' ? 'school' : CSL_TEXTS[name]
    if (as !== undefined) texts[as] ??= text
    else if (!CSL_OWN.test(name)) extra.push([name, text])
  }
  const custom = item['custom']
  for (const [name, value] of isObject(custom) ? Object.entries(custom) : [])
    if (!CSL_OWN.test(name) && plain(value) !== '') extra.push([name, plain(value)])
  const issued = item['issued']
  const parts: unknown = isObject(issued) ? itemsOf(issued['date-parts'])[0] : undefined
  const [, month, day] = Array.isArray(parts) ? parts.map(plain) : []
  const authors = cslNames(item['author'])
  return {
    ...NOTHING,
    key: plain(item['citation-key']) || keyOfId(plain(item['id'])),
    authors: authors.filter((name) => !OTHERS.test(name)),
    hasOthers: authors.some((name) => OTHERS.test(name)),
    editors: cslNames(item['editor']),
    month: monthOf(month ?? ''),
    day: dayOf(day ?? ''),
    texts,
    keywords: splitWords(plain(item['keyword'])),
    notes: [plain(item['note']), plain(item['annote'])].filter((note) => note !== ''),
    isbn: [plain(item['ISBN'])].filter((one) => one !== ''),
    issn: [plain(item['ISSN'])].filter((one) => one !== ''),
    extra
  }
}

/** An id that is an address or a number is not a key chosen by a user. */
function keyOfId(id: string): string | undefined {
  return /^[\p{L}][\p{L}\p{N}_:.+-]{0,100}$/u.test(id) ? id : undefined
}

function cslNames(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.filter(isObject).map((name) => {
    const family = [plain(name['non-dropping-particle']), plain(name['family'])]
      .filter((part) => part !== '')
      .join(' ')
    const given = [plain(name['given']), plain(name['dropping-particle'])]
      .filter((part) => part !== '')
      .join(' ')
    const suffix = plain(name['suffix'])
    if (family === '') return plain(name['literal'])
    return [family, suffix, given].filter((part) => part !== '').join(', ')
  })
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function splitWords(text: string): string[] {
  return text
    .split(text.includes(';') ? ';' : ',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const
export { MONTHS as BIBTEX_MONTHS }

function monthOf(text: string): number | undefined {
  const word = /\p{L}.*/u.exec(text)?.[0].toLowerCase() ?? ''
  const named = MONTHS.findIndex((name) => word.startsWith(name)) + 1
  const number = named > 0 ? named : Number(text)
  return Number.isInteger(number) && number >= 1 && number <= 12 ? number : undefined
}

function dayOf(text: string): number | undefined {
  const number = Number(text)
  return text !== '' && Number.isInteger(number) && number >= 1 && number <= 31 ? number : undefined
}

/** First and last page of `12-15`; null when it is no span. */
export function pageSpan(pages: string): readonly [from: string, to: string] | null {
  const [, from, to] = /^(\w+)\s*[-–]+\s*(\w+)$/.exec(pages.slice(0, 60)) ?? []
  return from === undefined || to === undefined ? null : [from, to]
}

/** Converts `12 -- 15` to `12-15`. */
export function spansOf(pages: string): string {
  return pages
    .split(/[-–—]+/)
    .map((page) => page.trim())
    .join('-')
}
