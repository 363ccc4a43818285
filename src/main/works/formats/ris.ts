/**
 * RIS, as Zotero, EndNote, Mendeley and the publishers write it: two-letter tags, `TY` to `ER`. Each
 * of them has its own idea of which tag holds what, so tags are read by what is in them.
 * Source: the RIS specification of 2011 (Refman), and what Zotero writes.
 */
import { oneLine as forLine } from '../../../contract/exits'
import { workType } from '../work-type'
import { citationKeyOf } from './citation-key'
import {
  factsOf,
  oneLine,
  QUOTED_CHARS,
  type FormatProblem,
  type FormatReading,
  type NameField,
  type RawEntry,
  type WriteEntry
} from './entry'
import { nameOf, splitName } from './person-names'

const TAG = /^[ \t]{0,8}([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*))?$/

interface Record_ {
  readonly line: number
  readonly text: string
  readonly tags: Map<string, string[]>
  last: string
}

export function readRisReferences(text: string): FormatReading {
  const entries: RawEntry[] = []
  const problems: FormatProblem[] = []
  let record: Record_ | null = null
  const close = (): void => {
    if (record !== null) entries.push(entryOf(record))
    record = null
  }
  text.split('\n').forEach((line, at) => {
    const [, tag, value = ''] = TAG.exec(line) ?? []
    if (tag === 'TY') {
      // A record without its ER is ended by the next one: nothing of it is lost.
      close()
      record = { line: at + 1, text: line, tags: new Map([['TY', [value.trim()]]]), last: 'TY' }
    } else if (tag === 'ER') close()
    else if (record !== null && tag !== undefined) addTag(record, tag, value.trim())
    else if (record !== null) continueTag(record, line)
    else if (line.trim() !== '')
      problems.push({
        line: at + 1,
        text: line.slice(0, QUOTED_CHARS),
        code: 'BAD_LINE',
        because: 'It stands outside of any record: a record begins with “TY  - ”.'
      })
  })
  close()
  return { entries, problems }
}

function addTag(record: Record_, tag: string, value: string): void {
  record.last = tag
  const values = record.tags.get(tag)
  if (values === undefined) record.tags.set(tag, [value])
  else values.push(value)
}

/** A line without a tag goes on with the one before. */
function continueTag(record: Record_, line: string): void {
  const values = record.tags.get(record.last)
  if (values === undefined || line.trim() === '') return
  values[values.length - 1] = `${values.at(-1) ?? ''} ${line.trim()}`.trim()
}

function entryOf({ line, text, tags }: Record_): RawEntry {
  const all = (...names: string[]): string[] =>
    names.flatMap((name) => tags.get(name) ?? []).filter((value) => value !== '')
  const first = (...names: string[]): string => all(...names)[0] ?? ''
  const names: NameField[] = []
  for (const value of all('DO', 'DI')) names.push({ scheme: 'doi', value })
  for (const value of all('C2')) if (/^PMC\d/i.test(value)) names.push({ scheme: 'pmcid', value })
  for (const value of all('AN', 'C7', 'C2', 'ID')) {
    if (/^(?:pmid|pmc|arxiv|doi|10\.\d{4})/i.test(value)) names.push({ scheme: 'any', value })
    else if (/^\d{1,9}$/.test(value) && /pubmed|medline/i.test(all('DB', 'DP').join(' ')))
      names.push({ scheme: 'pmid', value })
  }
  for (const value of all('SN'))
    if (/\d{9}/.test(value.replace(/[-\s]/g, ''))) names.push({ scheme: 'isbn', value })
  const venue = first('JO', 'JF', 'T2', 'JA', 'J2', 'BT', 'PB')
  const kind = first('TY').toUpperCase()
  return {
    key: first('ID'),
    line,
    text: `${text}\n${all('TI', 'T1')[0] ?? ''}`.trim().slice(0, QUOTED_CHARS),
    names,
    urls: all('UR', 'LK', 'L1', 'L2').filter((url) => /^(?:https?|ftp):|^www\./i.test(url)),
    venueText: venue,
    prose: all('M3', 'N1', 'M1', 'U1', 'U2', 'U3', 'U4'),
    facts: factsOf({
      title: first('TI', 'T1', 'CT'),
      authors: all('AU', 'A1').map((author) => nameOf(splitName(author))),
      year: first('PY', 'Y1', 'DA'),
      venue,
      type: readType(kind, first('M3')),
      language: first('LA')
    })
  }
}

const WRITTEN_TYPES: Readonly<Record<string, string>> = {
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

/** `M3` is what the type is called where RIS has no word of its own for it. */
function readType(kind: string, called: string): string {
  if (WRITTEN_TYPES[called] === kind) return called
  return READ_TYPES[kind] ?? (/^[a-z-]{1,40}$/.test(called) ? called : '')
}

/** A whole `.ris` file, with the line ends the specification asks for. */
export function writeRis(entries: readonly WriteEntry[]): string {
  return entries.map(writeOne).join('')
}

function writeOne(entry: WriteEntry): string {
  const { ids, facts } = entry
  const type = workType(facts.type)
  const lines: [string, string | undefined][] = [
    ['TY', WRITTEN_TYPES[type ?? ''] ?? 'GEN'],
    ['ID', citationKeyOf(entry)],
    ['M3', type !== undefined && readType(WRITTEN_TYPES[type] ?? 'GEN', '') !== type ? type : undefined],
    ['TI', facts.title],
    ...(facts.authors ?? []).map((author): [string, string] => ['AU', author]),
    ['PY', facts.year?.toString()],
    ['T2', facts.venue],
    ['LA', facts.language],
    ['DO', ids.doi],
    ['AN', ids.pmid === undefined ? undefined : `PMID: ${ids.pmid}`],
    ['C2', ids.pmcid],
    ['UR', ids.arxiv === undefined ? undefined : `https://arxiv.org/abs/${ids.arxiv}`],
    ['UR', ids.openalex === undefined ? undefined : `https://openalex.org/${ids.openalex}`],
    ['UR', ids.url],
    ['L1', entry.file],
    ['N1', entry.sha256 === undefined ? undefined : `SHA-256: ${entry.sha256}`]
  ]
  const written = lines
    .map(([tag, value]): [string, string] => [tag, forLine(oneLine(value))])
    .filter(([, value]) => value !== '')
    .map(([tag, value]) => `${tag}  - ${value}\r\n`)
  return `${written.join('')}ER  - \r\n\r\n`
}
