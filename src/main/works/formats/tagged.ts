/**
 * The other tagged formats: Web of Science (`FN`/`PT` … `ER`), EndNote and Refer (`%0` …), RefWorks (`RT` …),
 * NoteExpress (`{Reference Type}: …`), CNKI's E-Study (`Title-题名: …`). Each is split into records here, and
 * its fields are mapped to the RIS tags with the same meaning. Cited references (`CR`) are not read: they are
 * other works. Source: Clarivate, “Web of Science Core Collection Field Tags”; EndNote, “EndNote import”;
 * RefWorks, “RefWorks Tagged Format”.
 */
import { pageSpan } from './common-reference'
import { badLine, continued, type FormatProblem, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, isNoise, type Tags } from './ris'

export const TAGGED_FORMATS = ['wos', 'endnote', 'refworks', 'noteexpress', 'estudy'] as const
export type TaggedFormat = (typeof TAGGED_FORMATS)[number]

interface Dialect {
  readonly tag: RegExp
  /** the tag that begins a record */
  readonly begins: ReadonlySet<string>
  readonly ends: string | null
  /** a blank line ends a record */
  readonly blankEnds: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly types: Readonly<Record<string, string>>
  /** fields whose following lines are separate values */
  readonly lists: ReadonlySet<string>
  /** what may be outside of records */
  readonly outside: RegExp
}

const TYPES: Readonly<Record<string, string>> = {
  j: 'JOUR',
  b: 'BOOK',
  s: 'CHAP',
  p: 'PAT',
  c: 'CPAPER',
  'journal article': 'JOUR',
  journal: 'JOUR',
  'journal, electronic': 'JOUR',
  'electronic article': 'JOUR',
  'magazine article': 'MGZN',
  'newspaper article': 'NEWS',
  book: 'BOOK',
  'book, whole': 'BOOK',
  'electronic book': 'BOOK',
  'edited book': 'BOOK',
  'book, edited': 'BOOK',
  'book section': 'CHAP',
  'book, section': 'CHAP',
  'electronic book section': 'CHAP',
  'conference paper': 'CPAPER',
  'conference proceedings': 'CPAPER',
  thesis: 'THES',
  'dissertation/thesis': 'THES',
  report: 'RPRT',
  dataset: 'DATA',
  'unpublished work': 'UNPB',
  'unpublished material': 'UNPB',
  preprint: 'UNPB'
}

/** `TI:T2 PY:YR`: maps a tag of the dialect to the RIS tag. */
function pairs(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(' ').map((pair) => {
      const colon = pair.lastIndexOf(':')
      return [pair.slice(0, colon), pair.slice(colon + 1)]
    })
  )
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const WOS: Dialect = {
  tag: /^\s{0,3}([A-Z][A-Z0-9])(?: (.*))?$/,
  begins: words('PT'),
  ends: 'ER',
  blankEnds: false,
  tags: pairs(
    'TI:TI SO:T2 J9:J2 PY:PY PD:DA VL:VL IS:IS BP:SP EP:EP AR:C7 DI:DO D2:L9 AB:AB DE:KW ID:KW SN:SN EI:SN BN:SN PU:PB PI:CY LA:LA DT:M3 BE:ED SE:T3 UT:AN CT:C3 OI:L9'
  ),
  types: TYPES,
  lists: words('AU AF BA BF BE CA CR SN'),
  outside: /^(?:FN|VR|EF)\b/
}
const ENDNOTE: Dialect = {
  tag: /^\s{0,3}(%[0-9A-Z@!#$&()*+,^<>[\]?~|=])(?:\s(.*))?$/,
  begins: words('%0'),
  ends: null,
  blankEnds: true,
  tags: pairs(
    '%T:TI %A:AU %B:T2 %J:T2 %D:PY %V:VL %N:IS %P:SP %R:DO %U:UR %X:AB %@:SN %I:PB %C:CY %E:ED %G:LA %Z:N1 %7:ET %S:T3 %F:ID %9:M3 %8:DA %>:L1 %2:C2 %M:AN %Q:AU %O:N1 %+:AD'
  ),
  types: TYPES,
  lists: words('%A %E %K'),
  outside: /^$/
}
const REFWORKS: Dialect = {
  tag: /^\s{0,3}([A-Z][A-Z0-9])(?: (.*))?$/,
  begins: words('RT'),
  ends: 'ER',
  blankEnds: true,
  tags: pairs(
    'T1:TI A1:AU A2:ED JF:T2 JO:J2 T2:T2 T3:T3 YR:PY FD:DA VO:VL IS:IS SP:SP OP:EP DO:DO AB:AB K1:KW SN:SN PB:PB PP:CY LA:LA UL:UR LK:UR AN:AN NO:N1 ED:ET ID:ID'
  ),
  types: TYPES,
  lists: words('A1 A2 K1'),
  outside: /^(?:<|#)/
}
/** Exported by Wanfang, VIP and CNKI. */
const NOTEEXPRESS: Dialect = {
  tag: /^\s{0,3}\{([A-Z][\w /]{0,40})\}:(?:\s?(.*))?$/,
  begins: new Set(['Reference Type']),
  ends: null,
  blankEnds: false,
  tags: {
    Title: 'TI',
    Author: 'AU',
    Journal: 'T2',
    'Secondary Title': 'T2',
    Year: 'PY',
    Volume: 'VL',
    Issue: 'IS',
    Pages: 'SP',
    Keywords: 'KW',
    Abstract: 'AB',
    DOI: 'DO',
    URL: 'UR',
    'ISBN/ISSN': 'SN',
    Publisher: 'PB',
    'Place Published': 'CY',
    Language: 'LA',
    Notes: 'N1'
  },
  types: TYPES,
  lists: words(''),
  outside: /^$/
}
/** CNKI's own format, also exported as “self-defined”: an English name, then the Chinese one. */
const ESTUDY: Dialect = {
  tag: /^\s{0,3}((?=DataType[:：]|[A-Z][A-Za-z]{1,20}-[\p{Script=Han}A-Z])[A-Z][A-Za-z]{1,20})(?:-[\p{Script=Han}A-Z]{1,12})?[:：](?:\s?(.*))?$/u,
  begins: words('DataType SrcDatabase'),
  ends: null,
  blankEnds: true,
  tags: pairs(
    'Title:TI Author:AU Source:T2 Year:PY PubTime:DA Roll:VL Period:IS Page:SP Keyword:KW Summary:AB DOI:DO Link:UR URL:UR Organ:AD ISSN:SN'
  ),
  types: TYPES,
  lists: words(''),
  outside: /^$/
}
const DIALECTS: Readonly<Record<TaggedFormat, Dialect>> = {
  wos: WOS,
  endnote: ENDNOTE,
  refworks: REFWORKS,
  noteexpress: NOTEEXPRESS,
  estudy: ESTUDY
}

interface Open {
  readonly line: number
  readonly text: string
  readonly fields: [string, string][]
}

export function readTaggedReferences(text: string, format: TaggedFormat): FormatReading {
  const dialect = DIALECTS[format]
  const entries: RawEntry[] = []
  const problems: FormatProblem[] = []
  let record: Open | null = null
  const close = (): void => {
    if (record !== null) entries.push(entryOf(record, format))
    record = null
  }
  text.split('\n').forEach((line, at) => {
    const [, tag, value = ''] = dialect.tag.exec(line) ?? []
    if (line.trim() === '') {
      if (dialect.blankEnds && endsAtBlank(record)) close()
    } else if (tag !== undefined && tag === dialect.ends) close()
    else if (tag !== undefined && dialect.outside.test(line) && (tag === 'EF' || record === null)) close()
    else if (tag !== undefined && (record === null || begins(record, tag, dialect))) {
      close()
      record = { line: at + 1, text: line, fields: [[tag, value.trim()]] }
    } else if (record !== null) addLine(record, { tag, value: value.trim(), line }, dialect)
    else if (!dialect.outside.test(line) && !isNoise(line) && !/^%\s/.test(line))
      problems.push(badLine(at + 1, line, 'It is outside of any record.'))
  })
  close()
  return { entries, problems }
}

/** In E-Study's records, the exporting page decides which of the two comes first. */
function begins(record: Open, tag: string, dialect: Dialect): boolean {
  return dialect.begins.has(tag) && (dialect !== ESTUDY || record.fields.some(([name]) => name === tag))
}

/** A record that has a title or more ends at a blank line. */
function endsAtBlank(record: Open | null): boolean {
  return record !== null && record.fields.length > 1
}

function addLine(
  record: Open,
  { tag, value, line }: { tag: string | undefined; value: string; line: string },
  dialect: Dialect
): void {
  const last = record.fields.at(-1)
  if (tag !== undefined && (!/^\s/.test(line) || dialect === ENDNOTE)) record.fields.push([tag, value])
  else if (last !== undefined && dialect.lists.has(last[0])) record.fields.push([last[0], line.trim()])
  else if (last !== undefined) last[1] = continued(last[1], line)
}

/** Fields that hold several words or names, with semicolons between them. */
const IN_ONE_FIELD: Readonly<Partial<Record<TaggedFormat, Readonly<Record<string, string>>>>> = {
  wos: { DE: 'KW', ID: 'KW' },
  endnote: { '%K': 'KW' },
  estudy: { Author: 'AU', Keyword: 'KW' }
}

function entryOf({ line, text, fields }: Open, format: TaggedFormat): RawEntry {
  const dialect = DIALECTS[format]
  const type = fields.find(([tag]) => dialect.begins.has(tag))?.[1] ?? ''
  const tags: Tags = [['TY', dialect.types[type.toLowerCase()] ?? 'GEN']]
  // Web of Science has names twice: abbreviated and in full.
  const authors = fields.some(([tag]) => tag === 'AF') ? 'AF' : 'AU'
  for (const [tag, value] of fields) {
    const listed = IN_ONE_FIELD[format]?.[tag]
    if (listed !== undefined)
      for (const one of value.split(format === 'estudy' ? /[;；]\s*/ : /;\s*/)) tags.push([listed, one])
    else if (format === 'wos' && tag === authors) tags.push(['AU', value])
    else if (format === 'wos' && tag === 'PM') tags.push(['AN', `PMID: ${value}`])
    else if (dialect.tags[tag] !== undefined && value !== '') tags.push([dialect.tags[tag], value])
  }
  if (format === 'endnote' || format === 'noteexpress') splitPages(tags)
  return entryOfTags({ line, text, tags })
}

function splitPages(tags: Tags): void {
  const pages = tags.find(([tag]) => tag === 'SP')
  const span = pageSpan(pages?.[1] ?? '')
  if (pages === undefined || span === null) return
  pages[1] = span[0]
  tags.push(['EP', span[1]])
}

/** The one of these formats that the text is in, or null. */
export function taggedFormatOf(text: string): TaggedFormat | null {
  if (/^\s*(?:FN (?:Clarivate|Thomson|ISI|.*Web of)|VR 1)/.test(text)) return 'wos'
  if (/^PT [JBSPC]\s*$/m.test(text) && /^(?:AU|TI|SO) \S/m.test(text)) return 'wos'
  if (/^%0 \S/m.test(text) && /^%[TADJBR] \S/m.test(text)) return 'endnote'
  if (/^\s{0,3}%[TAJ] \S/m.test(text) && /^%[DJBVP] \S/m.test(text)) return 'endnote'
  if (/^\s{0,3}\{Reference Type\}: /m.test(text)) return 'noteexpress'
  if (/^\s{0,3}(?:Title-题名|SrcDatabase-来源库|DataType|Author-作者)[:：]/m.test(text)) return 'estudy'
  if (/^RT \S/m.test(text) && /^(?:T1|A1|SR|ID) \S/m.test(text)) return 'refworks'
  return null
}
