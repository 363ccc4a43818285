/**
 * Embase's “CSV, fields by row”: each row is a field, its name first and its values after it; an empty row,
 * or the next `TITLE`, begins another record. A table of columns never names its fields in its first column.
 */
import Papa from 'papaparse'
import { beginningOf, QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, type Tags } from './ris'

const TAGS: Readonly<Record<string, string>> = {
  TITLE: 'TI',
  'AUTHOR NAMES': 'AU',
  AUTHORS: 'AU',
  SOURCE: 'T2',
  'SOURCE TITLE': 'T2',
  'PUBLICATION YEAR': 'PY',
  'DATE OF PUBLICATION': 'DA',
  VOLUME: 'VL',
  ISSUE: 'IS',
  'FIRST PAGE': 'SP',
  'LAST PAGE': 'EP',
  DOI: 'DO',
  ISSN: 'SN',
  ABSTRACT: 'AB',
  'MEDLINE PMID': 'PM',
  'FULL TEXT LINK': 'UR'
}

export function looksLikeRowsOfFields(text: string): boolean {
  const head = beginningOf(text)
  return (
    /^\s*"?TITLE"?,/.test(head) &&
    /^"?(?:AUTHOR NAMES|SOURCE|DOI|MEDLINE PMID|EMBASE CLASSIFICATIONS|FULL TEXT LINK)"?,/m.test(head)
  )
}

export function readRowsOfFields(text: string): FormatReading {
  const entries: RawEntry[] = []
  let record: { readonly line: number; readonly tags: Tags } | null = null
  const close = (): void => {
    if (record !== null)
      entries.push(entryOfTags({ ...record, text: (record.tags[1]?.[1] ?? '').slice(0, QUOTED_CHARS) }))
    record = null
  }
  let line = 1
  for (const row of Papa.parse<string[]>(text, { delimiter: ',' }).data) {
    const [name = '', ...values] = row.map((cell) => cell.trim())
    const label = name.toUpperCase()
    if (label === 'TITLE') {
      close()
      record = { line, tags: [['TY', 'JOUR']] }
    }
    const tag = TAGS[label]
    for (const value of tag === undefined ? [] : values) {
      if (value === '' || tag === undefined) continue
      if (tag === 'PM') record?.tags.push(['AN', `PMID: ${/^\d+/.exec(value)?.[0] ?? ''}`])
      else record?.tags.push([tag, value])
    }
    line += 1 + row.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
  }
  close()
  return { entries, problems: [] }
}
