/**
 * Scopus' “Plain text”: authors, title and source on separate lines, then labelled lines; a record ends with
 * its `SOURCE: Scopus`. Text under REFERENCES names other works and is not read.
 */
import { QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, pushKnown, type Tags } from './ris'

export function readScopusText(text: string): FormatReading {
  const entries: RawEntry[] = []
  let record: Open | null = null
  const close = (lines: readonly string[], line: number): void => {
    if (lines.length > 0) entries.push(entryOf(lines, line))
  }
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (/^(?:Scopus|EXPORT DATE:.*)$/i.test(line)) continue
    if (line === '') {
      if (record !== null) record.parted = record.lines.length
      continue
    }
    record ??= { line: at + 1, lines: [], at: [], parted: 0 }
    if (SOURCE.test(line) && record.parted > 0 && record.lines.some((each) => SOURCE.test(each))) {
      // The end of the record before is missing: the text after the last blank line is the next one.
      const parted: number = record.parted
      close(record.lines.slice(0, parted), record.line)
      const places = record.at.slice(parted)
      record = { line: places[0] ?? at + 1, lines: record.lines.slice(parted), at: places, parted: 0 }
    }
    record.lines.push(line)
    record.at.push(at + 1)
    if (!ENDS.test(line)) continue
    close(record.lines, record.line)
    record = null
  }
  if (record !== null) close(record.lines, record.line)
  return { entries, problems: [] }
}

interface Open {
  readonly line: number
  readonly lines: string[]
  /** the number of each of its lines */
  readonly at: number[]
  /** how many lines come before the last blank one */
  parted: number
}

const ENDS = /^SOURCE: Scopus$/i
const LABEL = /^([A-Z][A-Z /()]{2,60}): (.*)$/
/** `(2020) Journal of X, 1 (2), art. no. 5, pp. 3-9. Cited 5 times.` */
const SOURCE = /^\((\d{4})\) (.{1,500})$/

const LABELS: ReadonlyMap<string, string> = new Map([
  ['DOI', 'DO'],
  ['PUBMED ID', 'AN'],
  ['ABSTRACT', 'AB'],
  ['LANGUAGE OF ORIGINAL DOCUMENT', 'LA'],
  ['PUBLISHER', 'PB'],
  ['ISSN', 'SN']
])

function entryOf(lines: readonly string[], line: number): RawEntry {
  const tags: Tags = [['TY', 'JOUR']]
  const source = lines.findIndex((each) => SOURCE.test(each))
  const head = source < 0 ? lines.findIndex((each) => LABEL.test(each)) : source
  const title = lines[head - 1]
  if (title !== undefined) tags.push(['TI', title])
  const authors = head > 1 ? (lines[0] ?? '') : ''
  for (const author of authors.split(authors.includes(';') ? /;\s*/ : /(?<=\.),\s+/))
    if (/^\p{L}/u.test(author) && !/^\[No author/i.test(author)) tags.push(['AU', author])
  if (source >= 0) pushSource(lines[source] ?? '', tags)
  for (const each of lines.slice(Math.max(head, 0))) {
    const [, label, value = ''] = LABEL.exec(each) ?? []
    const tag = LABELS.get(label ?? '')
    if (tag !== undefined) tags.push([tag, tag === 'AN' ? `PMID: ${value}` : value])
    else if (label === undefined && /^https?:\/\/\S+$/.test(each)) tags.push(['UR', each])
  }
  return entryOfTags({ line, text: (lines[0] ?? '').slice(0, QUOTED_CHARS), tags })
}

function pushSource(said: string, tags: Tags): void {
  const [, year = '', rest = ''] = SOURCE.exec(said) ?? []
  tags.push(['PY', year], ['T2', rest.split(/, (?=\d|art\.|pp\.|Cited)/, 1)[0] ?? ''])
  const [, volume, issue] = /, (\d{1,6})(?: \(([^()]{1,20})\))?/.exec(rest) ?? []
  const [, from, to] = /, pp\. (\w{1,12})(?: ?[-–] ?(\w{1,12}))?/.exec(rest) ?? []
  pushKnown(tags, { VL: volume, IS: issue, SP: from, EP: to })
}

export function looksLikeScopusText(text: string): boolean {
  return /^\s*Scopus\s*\n/.test(text) && /^SOURCE: Scopus\s*$/im.test(text)
}
