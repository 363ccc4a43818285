/**
 * Tables: `.csv`, `.tsv`, and exports of spreadsheets, Scopus, Web of Science or PubMed. Columns are
 * recognised by their names in many spellings; a table without names is read by its content. A stray
 * quotation mark affects its own line, not the rest of the file.
 */
import Papa from 'papaparse'
import { forTable, fromTable } from '../../../contract/exits'
import { findInLine } from '../find-identifiers'
import { recognise } from '../recognise'
import { columnsOf, type Column } from './columns'
import {
  badLine,
  beginningOf,
  factsOf,
  fieldsOfWork,
  type FormatProblem,
  type FormatReading,
  type NameField,
  QUOTED_CHARS,
  type RawEntry,
  type WriteEntry
} from './entry'
import { nameOf, splitName, splitNames } from './person-names'

export function readDelimitedReferences(text: string, tabs: boolean): FormatReading {
  const problems: FormatProblem[] = []
  const delimiter = delimiterOf(text, tabs)
  const rows = rowsOf(text, delimiter, problems)
  if (rows.length === 0) return { entries: [], problems }
  const head = headOf(rows)
  const columns = head < 0 ? null : columnsOf(rows[head]?.cells ?? [])
  const body = rows.slice(head + 1)
  return { problems, entries: body.map((row) => entryOfRow(row, columns)) }
}

/** Dimensions and hand-made lists put lines above the names of the columns. */
const MOST_LINES_ABOVE = 20

/** The row that names the columns, or -1: the first one alone may name only one. */
function headOf(rows: readonly Row[]): number {
  if (rows[0] !== undefined && isHead(rows[0].cells, 1)) return 0
  return rows.slice(0, MOST_LINES_ABOVE).findIndex(({ cells }) => isHead(cells, 2))
}

/** Names of columns are short and contain no identifiers. */
function isHead(cells: readonly string[], least: number): boolean {
  const known = columnsOf(cells)?.filter((column) => column !== null).length ?? 0
  return known >= least && cells.every((cell) => cell.length < 100 && !/10\.\d{4,9}\//.test(cell))
}

/** Whether the text begins with known column names. */
export function looksDelimited(text: string): boolean {
  const lines = beginningOf(text)
    .replace(/^sep=.\n/i, '')
    .split('\n', 5)
  return lines.some((line, at) =>
    ['\t', ',', ';', '|'].some(
      (mark) => line.includes(mark) && isHead(splitRecord(line, mark).cells ?? [], at === 0 ? 1 : 2)
    )
  )
}

/** A spreadsheet may declare it (`sep=;`), the file name may, else the most regular one is used. */
function delimiterOf(text: string, tabs: boolean): string {
  const said = /^sep=(.)\n/i.exec(text)?.[1]
  if (said !== undefined) return said
  for (const line of beginningOf(text).split('\n', MOST_LINES_ABOVE)) {
    const named = ['\t', ',', ';', '|'].find(
      (mark) => line.includes(mark) && isHead(splitRecord(line, mark).cells ?? [], 2)
    )
    if (named !== undefined) return named
  }
  if (tabs) return '\t'
  const guessed = Papa.parse(beginningOf(text), { preview: 20, delimitersToGuess: [',', '\t', ';', '|'] })
    .meta.delimiter
  return guessed === '' ? ',' : guessed
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
  readonly text: string
}

/** A quoted cell may contain line ends, but hardly this many: a quote open for longer is a stray one. */
const MOST_LINES_IN_ROW = 50
const MOST_CHARS_IN_ROW = 200_000

function rowsOf(text: string, delimiter: string, problems: FormatProblem[]): Row[] {
  const lines = text.split('\n')
  const rows: Row[] = []
  let columns: readonly (Column | null)[] | null = null
  for (let at = 0; at < lines.length; at++) {
    const begin = at
    const first = lines[at] ?? ''
    if (first.trim() === '' || (at === 0 && /^sep=.$/i.test(first))) continue
    const opened = openRow(lines, at, { delimiter, columns })
    let read: { readonly cells: readonly string[] | null } = opened
    const { record } = opened
    at = opened.at
    if (read.cells === null) {
      at = begin
      // A cell may begin with a word in quotation marks: the row is complete when its number of delimiters is
      // right.
      const plain = first.split(delimiter)
      if (plain.length > 1 && plain.length === (columns ?? rows[0]?.cells)?.length) {
        // A lone quotation mark at its beginning is not part of the cell.
        read = { cells: plain.map((cell) => cell.replace(/^\s*"([^"]*)$/, '$1')) }
      }
    }
    if (read.cells === null) {
      problems.push(
        badLine(begin + 1, first, 'Its quotation marks do not match (a quoted field is not closed).')
      )
    } else if (read.cells.some((cell) => cell.trim() !== '' && !IS_RULE.test(cell))) {
      rows.push({ line: begin + 1, cells: read.cells, text: record.slice(0, QUOTED_CHARS) })
      if (
        columns === null &&
        rows.length <= MOST_LINES_ABOVE &&
        isHead(read.cells, rows.length === 1 ? 1 : 2)
      )
        columns = columnsOf(read.cells)
    }
  }
  return rows
}

interface Table {
  readonly delimiter: string
  readonly columns: readonly (Column | null)[] | null
}

/**
 * The row that begins at a line: only a cell that begins with a quotation mark continues after the end of its
 * line (RFC 4180 §2.6). Where the line has too few cells to be a row, no following line is a row by itself
 * either, as long as the cell is closed in the end and the row then has as many cells as the others.
 */
function openRow(
  lines: readonly string[],
  from: number,
  table: Table
): { readonly cells: readonly string[] | null; readonly record: string; readonly at: number } {
  const first = lines[from] ?? ''
  const { cells } = splitRecord(first, table.delimiter)
  const plain = first.split(table.delimiter)
  if (cells !== null || isWholeRow(plain, table.columns)) return { cells, record: first, at: from }
  if (table.columns !== null && plain.length < table.columns.length) {
    const long = closeRow(lines, from, { ...table, stopsAtRows: false })
    // A line that closes the quote and is itself a complete row is the next row.
    const closedByRow = isRow(lines[long.at] ?? '', table)
    if (long.cells?.length === table.columns.length && !closedByRow) return long
  }
  return closeRow(lines, from, { ...table, stopsAtRows: true })
}

function closeRow(
  lines: readonly string[],
  from: number,
  { stopsAtRows, ...table }: Table & { readonly stopsAtRows: boolean }
): ReturnType<typeof openRow> {
  let record = lines[from] ?? ''
  let cells: readonly string[] | null = null
  let at = from
  while (
    cells === null &&
    at + 1 < lines.length &&
    at - from < MOST_LINES_IN_ROW &&
    record.length < MOST_CHARS_IN_ROW &&
    !(stopsAtRows && isRow(lines[at + 1] ?? '', table))
  ) {
    at++
    record += `\n${lines[at] ?? ''}`
    cells = splitRecord(record, table.delimiter).cells
  }
  return { cells, record, at }
}

/** The line under the headings of a table in Markdown. */
const IS_RULE = /^\s*:?-{2,}:?\s*$/

/**
 * As many cells as the table has columns, with an identifier in the column of identifiers after the unclosed
 * quotation mark: that mark is a stray one.
 */
function isWholeRow(cells: readonly string[], columns: readonly (Column | null)[] | null): boolean {
  if (columns === null || cells.length !== columns.length) return false
  const opens = cells.findIndex((cell) => /^\s*"/.test(cell) && cell.split('"').length % 2 === 0)
  return cells.some((cell, at) => at > opens && isIdOf(columns[at] ?? null, cell))
}

function isIdOf(column: Column | null, cell: string): boolean {
  const id = cell.trim().replace(/^"(.*)"$/, '$1')
  if (column === 'doi') return /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s?)?10\.\d{4,9}\/\S+$/i.test(id)
  if (column === 'pmid') return /^\d{5,9}$/.test(id)
  if (column === 'pmcid') return /^PMC\d{4,9}$/i.test(id)
  return column === 'openalex' ? /W\d{4,12}$/.test(id) : false
}

/**
 * A line inside an open cell that is a complete row by itself: the quotation mark before it was a stray one.
 */
function isRow(line: string, { delimiter, columns }: Table): boolean {
  const plain = line.split(delimiter)
  if (columns !== null && plain.length === columns.length)
    if (plain.some((cell, at) => isIdOf(columns[at] ?? null, cell))) return true
  if (!line.includes(delimiter) || line.split('"').length % 2 === 0 || !/10\.\d{4,9}\/|\d{7}/.test(line))
    return false
  const { cells } = splitRecord(line, delimiter)
  return (
    cells !== null &&
    cells.length > 1 &&
    cells.some((cell) => /^\s*(?:https?:\/\/(?:dx\.)?doi\.org\/)?10\.\d{4,9}\/\S+\s*$/.test(cell))
  )
}

/**
 * The cells of a record; null when a quoted cell is still open at its end. A quotation mark inside of an
 * unquoted cell is an ordinary character, and so is one in a quoted cell that no delimiter follows.
 */
function splitRecord(record: string, delimiter: string): { readonly cells: readonly string[] | null } {
  if (!record.includes('"')) return { cells: record.split(delimiter) }
  const cells: string[] = []
  for (let at = 0; at <= record.length;) {
    const open = skipBlanks(record, at, delimiter)
    if (record[open] === '"') {
      const close = closingQuote(record, open, delimiter)
      if (close < 0) return { cells: null }
      cells.push(record.slice(open + 1, close).replaceAll('""', '"'))
      at = skipBlanks(record, close + 1, delimiter) + 1
    } else {
      const next = record.indexOf(delimiter, at)
      const end = next < 0 ? record.length : next
      cells.push(record.slice(at, end))
      at = end + 1
    }
  }
  return { cells }
}

function skipBlanks(record: string, from: number, delimiter: string): number {
  let at = from
  while (record[at] === ' ' && delimiter !== ' ') at++
  return at
}

/** The quotation mark before a delimiter or the end; doubled ones are text. */
function closingQuote(record: string, open: number, delimiter: string): number {
  for (let at = record.indexOf('"', open + 1); at >= 0; at = record.indexOf('"', at + 1)) {
    if (record[at + 1] === '"') {
      at++
      continue
    }
    const after = skipBlanks(record, at + 1, delimiter)
    if (after >= record.length || record[after] === delimiter) return at
  }
  return -1
}

/** An entry of a row. Without column names, the content of each cell determines its meaning. */
export function entryOfRow(row: Row, columns: readonly (Column | null)[] | null): RawEntry {
  const { line, text } = row
  const cells = row.cells.map(plainCell)
  if (columns === null) return { line, text, facts: {}, ...guessed(cells) }
  const all = (wanted: Column): string[] => cells.filter((cell, at) => columns[at] === wanted && cell !== '')
  const names: NameField[] = NAMING.flatMap((scheme) => all(scheme).map((value) => ({ scheme, value })))
  for (const citation of all('citation')) {
    const { hits } = findInLine(citation, { isCitation: true })
    if (hits.length === 1 && names.length === 0) names.push({ scheme: 'any', value: hits[0]?.text ?? '' })
  }
  const kept = KEPT.flatMap(([column, tag]) => all(column).map((value) => [tag, value] as const))
  return {
    line,
    text,
    names,
    urls: all('url'),
    venueText: all('venue')[0] ?? '',
    prose: all('notes'),
    facts: factsOf({
      title: all('title')[0],
      authors: splitNames(all('authors')[0] ?? '').map((author) => nameOf(splitName(author))),
      year: all('year')[0],
      venue: all('venue')[0],
      type: all('type')[0],
      language: all('language')[0]
    }),
    ...(kept.length === 0 ? {} : { reference: { form: 'ris', fields: kept } })
  }
}

const NAMING = ['doi', 'openalex', 'arxiv', 'pmcid', 'pmid', 'any', 'isbn'] as const
const KEPT: readonly (readonly [Column, string])[] = [
  ['key', 'ID'],
  ['volume', 'VL'],
  ['issue', 'IS'],
  ['pages', 'SP'],
  ['lastpage', 'EP'],
  ['publisher', 'PB'],
  ['issn', 'SN'],
  ['isbn', 'SN'],
  ['abstract', 'AB'],
  ['keywords', 'KW'],
  ['notes', 'N1']
]

/**
 * Without names, the first cell that is an identifier names the work; otherwise identifiers are searched for
 * among words.
 */
function guessed(cells: readonly string[]): Pick<RawEntry, 'names' | 'urls' | 'prose'> {
  const first = cells.find((cell) => recognise(cell).kind === 'ids')
  if (first === undefined) return { names: [], urls: [], prose: cells }
  return { names: [{ scheme: 'any', value: first }], urls: [], prose: [] }
}

/** An apostrophe keeps spreadsheets from evaluating a cell; it is not part of the text. */
function plainCell(cell: string): string {
  return fromTable(cell.trim())
}

const WRITTEN = [
  'work_id',
  'doi',
  'arxiv',
  'pmid',
  'pmcid',
  'openalex',
  'url',
  'title',
  'authors',
  'year',
  'venue',
  'type',
  'language',
  'file',
  'sha256'
] as const

/** A `.csv` file row by row, the names of its columns first; cells cannot become formulas. */
export function* csvPieces(entries: Iterable<WriteEntry>): Generator<string> {
  yield rowOf(WRITTEN)
  for (const entry of entries) {
    const fields = fieldsOfWork(entry)
    yield rowOf(
      WRITTEN.map((name) => {
        const cell = name === 'authors' ? (fields.authors?.join('; ') ?? '') : (fields[name] ?? '')
        return typeof cell === 'string' ? forTable(cell) : cell
      })
    )
  }
}

const rowOf = (cells: readonly (string | number)[]): string =>
  `${Papa.unparse([[...cells]], { newline: '\r\n' })}\r\n`
