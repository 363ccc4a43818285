/**
 * RIS, as Zotero, EndNote, Mendeley and the publishers write it: two-letter tags, `TY` to `ER`. The programs
 * use the tags differently, so a tag is interpreted by its content. Source: the RIS specification of 2011
 * (Refman), and Zotero's output.
 */
import {
  badLine,
  beginningOf,
  continued,
  factsOf,
  QUOTED_CHARS,
  type FormatProblem,
  type FormatReading,
  type NameField,
  type RawEntry
} from './entry'
import { hasIsbnDigits } from '../isbn'
import { nameOf, OTHERS, splitName } from './person-names'

/** All lower case, as some programs write them, and the dashes that a word processor substitutes for `-`. */
const MISSPELLED = /^[ \t]{0,8}(?:ty {1,2}[-–—]|TY {1,2}[–—])/m

/** The same text with its tags in RIS spelling; null where no tag changes. */
export function risSpelling(text: string): string | null {
  const head = beginningOf(text)
  if (!MISSPELLED.test(head) || /^[ \t]{0,8}TY {1,2}- /m.test(head)) return null
  return text.replace(
    /^([ \t]{0,8})([a-z][a-z0-9])( {1,2})[-–—](?=\s|$)/gim,
    (_, indent: string, tag: string, blanks: string) => `${indent}${tag.toUpperCase()}${blanks}-`
  )
}

const TAG = /^[ \t]{0,8}([A-Z][A-Z0-9]|DOI|PMID|PMCID|URL|ISSN)\s{1,2}-(?:\s?(.*))?$/
/** Tags of more than two letters, as some programs write them. */
const LONG_TAGS: Readonly<Record<string, string>> = {
  DOI: 'DO',
  PMID: 'AN',
  PMCID: 'C2',
  URL: 'UR',
  ISSN: 'SN'
}

export type Tags = [string, string][]

/** Adds the tags that have a value. */
export function pushKnown(tags: Tags, values: Readonly<Record<string, string | undefined>>): void {
  for (const [tag, value] of Object.entries(values)) if (value !== undefined) tags.push([tag, value])
}

interface Record_ {
  readonly line: number
  readonly text: string
  readonly tags: Tags
  /** how many tags came before `TY`, when that is not first */
  before: number
}

export function readRisReferences(text: string): FormatReading {
  const entries: RawEntry[] = []
  const problems: FormatProblem[] = []
  let record: Record_ | null = null
  const close = (): void => {
    if (record !== null && record.tags.some(([tag]) => SAYS_SOMETHING.has(tag)))
      entries.push(entryOfTags(record))
    record = null
  }
  let outside = -2
  text.split('\n').forEach((line, at) => {
    const [, tag, value = ''] = TAG.exec(line) ?? []
    if (tag === 'ER') close()
    else if (tag !== undefined) {
      const said = value.trim()
      const pair: [string, string] = [
        LONG_TAGS[tag] ?? tag,
        tag.startsWith('PM') ? said.replace(/^\d/, `${tag}: $&`) : said
      ]
      if (record === null) record = begin(pair, at, line)
      else if (startsNext(record, pair)) {
        close()
        record = begin(pair, at, line)
      } else record = addTag(record, pair, { at, line, entries })
    } else if (record !== null && (record.before === 0 || line.trim() !== '')) continueTag(record, line)
    else if (record === null && !isNoise(line)) {
      // A run of such lines is one problem: together they are one piece that is not a record.
      if (outside !== at - 1) problems.push(problemOutside(line, at))
      outside = at
    }
  })
  close()
  return { entries, problems }
}

function begin(pair: [string, string], at: number, line: string): Record_ {
  return { line: at + 1, text: line, tags: [pair], before: pair[0] === 'TY' ? 0 : 1 }
}

/** A record without its ER is ended by the next one: no field of it is lost. */
function startsNext({ tags, before }: Record_, [tag]: readonly [string, string]): boolean {
  if (tag !== 'TY') return false
  // Before a first TY, only tags that begin a record are accepted: a publisher's header has no meaning.
  return (
    before === 0 || tags.some(([name]) => name === 'TY') || !tags.some(([name]) => SAYS_SOMETHING.has(name))
  )
}

/** TY need not come first: tags before it belong to its record, unless they occur again. */
function addTag(
  record: Record_,
  pair: [string, string],
  place: { at: number; line: string; entries: RawEntry[] }
): Record_ {
  const [tag, value] = pair
  const type = record.tags.findIndex(([name]) => name === 'TY')
  const isSaidAgain =
    record.before > 0 &&
    type > 0 &&
    (tag === 'TI' || tag === 'T1' || tag === 'DO') &&
    record.tags.slice(0, type).some(([name, said]) => name === tag && said !== value)
  if (!isSaidAgain) {
    record.tags.push(pair)
    return record
  }
  place.entries.push(entryOfTags({ ...record, tags: record.tags.slice(0, type) }))
  return { line: place.at + 1, text: place.line, tags: [...record.tags.slice(type), pair], before: 0 }
}

/** A record with none of these tags is the header or footer of an export. */
const SAYS_SOMETHING = new Set(
  'TY TI T1 CT BT AU A1 DO DI UR L1 L2 LK AN ID PY Y1 JO JF T2 SN N1 M3 AB N2'.split(' ')
)

/** Record numbers, and the lines that Ovid, Elsevier and IEEE put around records. */
export function isNoise(line: string): boolean {
  const said = line.trim()
  return (
    said === '' ||
    /^<?\d{1,7}>?[.)]?$/.test(said) ||
    /^[-=_*#~<>\s]+$/.test(said) ||
    /^(?:provider|database|content|source|export(?:ed)?(?: date)?|date|search(?: strategy)?|results?|records?|link to|copyright|©|file|format|total|query|text\/plain|ebsco|proquest|ovid|clarivate|elsevier|scopus|ieee|springer|wiley|jstor|pubmed|EF$)\b/i.test(
      said
    )
  )
}

function problemOutside(line: string, at: number): FormatProblem {
  return badLine(at + 1, line, 'It is outside of any record: a record begins with “TY  - ”.')
}

/** A line without a tag continues the one before. */
function continueTag({ tags }: Record_, line: string): void {
  const last = tags.at(-1)
  if (last !== undefined && line.trim() !== '') last[1] = continued(last[1], line)
}

/** Converts one record by its RIS tags, whatever its format. `form` is kept for an export. */
export function entryOfTags({
  line,
  text,
  tags
}: {
  readonly line: number
  readonly text: string
  readonly tags: Tags
}): RawEntry {
  const all = (...wanted: string[]): string[] =>
    wanted.flatMap((name) => tags.flatMap(([tag, value]) => (tag === name && value !== '' ? [value] : [])))
  const first = (...wanted: string[]): string => all(...wanted)[0] ?? ''
  const kind = first('TY').toUpperCase()
  const title = first('TI', 'T1', 'CT', ...(kind === 'BOOK' || kind === 'EBOOK' ? ['BT'] : []))
  const venue = first('JO', 'JF', 'T2', 'JA', 'J2', 'BT', 'PB')
  return {
    key: first('ID'),
    line,
    text: `${text}\n${title}`.trim().slice(0, QUOTED_CHARS),
    names: namesOfTags(all),
    urls: all('UR', 'LK', 'L1', 'L2', 'L3').filter((url) => /^(?:https?|ftp):|^www\.|^doi:/i.test(url)),
    venueText: venue,
    prose: all('M3', 'N1', 'M1', 'U1', 'U2', 'U3', 'U4', 'C1', 'C3', 'C6'),
    facts: factsOf({
      title,
      authors: all('AU', 'A1')
        .filter((author) => !OTHERS.test(author))
        .map((author) => nameOf(splitName(author))),
      year: first('PY', 'Y1', 'DA'),
      venue,
      type: readType(kind, first('M3')),
      language: first('LA')
    }),
    reference: { form: 'ris', fields: tags }
  }
}

function namesOfTags(all: (...wanted: string[]) => string[]): NameField[] {
  const names: NameField[] = []
  for (const value of all('DO', 'DI')) names.push({ scheme: 'doi', value })
  // Zotero's older versions wrote the DOI among the links.
  for (const value of all('UR', 'L1', 'L2', 'L3'))
    if (/^10\.\d{4,9}\//.test(value)) names.push({ scheme: 'any', value })
  for (const value of all('C2')) if (/^PMC(?:ID: )?\d/i.test(value)) names.push({ scheme: 'pmcid', value })
  for (const value of all('AN', 'C7', 'C2', 'ID', 'C5')) {
    if (/^(?:pmid|pmc|arxiv|doi|10\.\d{4})/i.test(value)) names.push({ scheme: 'any', value })
    else if (/^\d{1,9}$/.test(value) && /pubmed|medline|\bnlm\b/i.test(all('DB', 'DP').join(' ')))
      names.push({ scheme: 'pmid', value })
  }
  for (const value of all('SN')) if (hasIsbnDigits(value)) names.push({ scheme: 'isbn', value })
  return names
}

export const WRITTEN_TYPES: Readonly<Record<string, string>> = {
  article: 'JOUR',
  review: 'JOUR',
  letter: 'JOUR',
  editorial: 'JOUR',
  'proceedings-article': 'CPAPER',
  'book-chapter': 'CHAP',
  book: 'BOOK',
  dissertation: 'THES',
  report: 'RPRT',
  dataset: 'DATA',
  preprint: 'UNPB'
}
const READ_TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(WRITTEN_TYPES).map(([ours, theirs]) => [theirs, ours])),
  JOUR: 'article',
  CONF: 'proceedings-article',
  ECHAP: 'book-chapter',
  EBOOK: 'book',
  EJOUR: 'article',
  MGZN: 'article'
}

/** `M3` is the name of the type where RIS has no type of its own for it. */
export function readType(kind: string, called: string): string {
  if (WRITTEN_TYPES[called] === kind) return called
  return READ_TYPES[kind] ?? (/^[a-z-]{1,40}$/.test(called) ? called : '')
}
