/**
 * Tables: `.csv`, `.tsv`, whatever a spreadsheet, Scopus, Web of Science or PubMed exports. Columns
 * are known by their names in many spellings; a table without names is read by what is in it. A stray
 * quotation mark costs its own line, not the rest of the file.
 */
import Papa from 'papaparse'
import { forTable, fromTable } from '../../../contract/exits'
import type { Scheme } from '../../../contract/work'
import { recognise } from '../recognise'
import {
  factsOf,
  QUOTED_CHARS,
  type FormatProblem,
  type FormatReading,
  type NameField,
  type RawEntry,
  type WriteEntry
} from './entry'
import { nameOf, splitName, splitNames } from './person-names'

type Column = Scheme | 'any' | 'isbn' | 'title' | 'authors' | 'year' | 'venue' | 'type' | 'language'

/** Names without spaces, punctuation and case. */
const COLUMNS: Readonly<Record<Column, string>> = {
  doi: 'doi dois di doilink doiurl articledoi digitalobjectidentifier paperdoi doinumber',
  url: 'url urls link linkurl links uri landingpage landingpageurl pdfurl pdflink pdf fulltexturl fulltextlink articleurl weburl href website',
  arxiv: 'arxiv arxivid arxivnumber arxivurl eprint',
  pmid: 'pmid pubmedid pubmed pm pmids pubmednumber medlinepmid',
  pmcid: 'pmcid pmc pmcnumber pubmedcentralid pmcids',
  openalex: 'openalex openalexid openalexurl openalexworkid',
  any: 'id ids identifier identifiers workid reference ref uid paperid accession eid key',
  isbn: 'isbn isbns isbn13 isbn10',
  title: 'title articletitle documenttitle papertitle ti name publicationname itemtitle',
  authors: 'author authors authorfullnames authorsfullnames au af creator creators authornames authorlist',
  year: 'year publicationyear py pubyear date publicationdate published yearpublished issued publishedyear',
  venue:
    'journal journaltitle sourcetitle venue publicationtitle containertitle source so journalbook journalname booktitle publication',
  type: 'type itemtype documenttype publicationtype dt',
  language: 'language lang la languageoforiginaldocument'
}
const COLUMN_OF = new Map<string, Column>(
  (Object.keys(COLUMNS) as Column[]).flatMap((column) =>
    COLUMNS[column].split(' ').map((name) => [name, column] as const)
  )
)

export function readDelimitedReferences(text: string, tabs: boolean): FormatReading {
  const problems: FormatProblem[] = []
  const delimiter = delimiterOf(text, tabs)
  const rows = rowsOf(text, delimiter, problems)
  const head = rows[0]
  if (head === undefined) return { entries: [], problems }
  const columns = columnsOf(head.cells)
  const body = columns === null ? rows : rows.slice(1)
  return { problems, entries: body.map((row) => entryOf(row, columns)) }
}

/** Does the text begin with the names of columns we know? */
export function looksDelimited(text: string): boolean {
  const line = text.replace(/^sep=.\n/i, '').split('\n', 1)[0] ?? ''
  return ['\t', ',', ';'].some((mark) => line.includes(mark) && columnsOf(line.split(mark)) !== null)
}

/** A spreadsheet may say it (`sep=;`), the name may, else the most regular one is taken. */
function delimiterOf(text: string, tabs: boolean): string {
  const said = /^sep=(.)\n/i.exec(text)?.[1]
  if (said !== undefined) return said
  const [head = ''] = text.split('\n', 1)
  const named = ['\t', ',', ';', '|'].find(
    (mark) =>
      head.includes(mark) &&
      (columnsOf(head.split(mark))?.filter((column) => column !== null).length ?? 0) > 1
  )
  if (named !== undefined) return named
  if (tabs) return '\t'
  const guessed = Papa.parse(text.slice(0, 20_000), { preview: 20, delimitersToGuess: [',', '\t', ';', '|'] })
    .meta.delimiter
  return guessed === '' ? ',' : guessed
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
  readonly text: string
}

/** A quoted cell may hold line ends, but hardly this many: a quote open for longer is a stray one. */
const MAX_LINES_IN_ROW = 50

function rowsOf(text: string, delimiter: string, problems: FormatProblem[]): Row[] {
  const lines = text.split('\n')
  const rows: Row[] = []
  for (let at = 0; at < lines.length; at++) {
    const begin = at
    let record = lines[at] ?? ''
    if (record.trim() === '' || (at === 0 && /^sep=.$/i.test(record))) continue
    let quotes = countQuotes(record)
    while (quotes % 2 === 1 && at + 1 < lines.length && at - begin < MAX_LINES_IN_ROW) {
      at++
      record += `\n${lines[at] ?? ''}`
      quotes += countQuotes(lines[at] ?? '')
    }
    if (quotes % 2 === 1) {
      at = begin
      record = lines[begin] ?? ''
    }
    const { cells, error } = splitRecord(record, delimiter)
    if (cells === null) {
      problems.push({
        line: begin + 1,
        text: record.slice(0, QUOTED_CHARS),
        code: 'BAD_LINE',
        because: `Its quotation marks do not match${error === '' ? '' : ` (${error})`}.`
      })
    } else if (cells.some((cell) => cell.trim() !== ''))
      rows.push({ line: begin + 1, cells, text: record.slice(0, QUOTED_CHARS) })
  }
  return rows
}

function splitRecord(record: string, delimiter: string): { cells: readonly string[] | null; error: string } {
  if (!record.includes('"')) return { cells: record.split(delimiter), error: '' }
  const { data, errors } = Papa.parse<string[]>(record, { delimiter, newline: '\n' })
  const [cells, ...more] = data
  const [error] = errors
  if (error === undefined && cells !== undefined && more.length === 0) return { cells, error: '' }
  return { cells: null, error: error?.message.toLowerCase() ?? '' }
}

function countQuotes(text: string): number {
  let found = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) found++
  return found
}

/** What each column holds, or null when the row does not name columns. */
function columnsOf(cells: readonly string[]): (Column | null)[] | null {
  const columns = cells.map(columnOf)
  return columns.some((column) => column !== null) ? columns : null
}

/** `Digital Object Identifier (DOI)`: what stands in brackets only explains the name. */
function columnOf(cell: string): Column | null {
  const known = (name: string): Column | undefined =>
    COLUMN_OF.get(name.toLowerCase().replace(/[^a-z0-9]/g, ''))
  return known(cell) ?? known(cell.slice(0, 200).replace(/\([^()]*\)|\[[^[\]]*\]/g, '')) ?? null
}

function entryOf(row: Row, columns: readonly (Column | null)[] | null): RawEntry {
  const { line, text } = row
  const cells = row.cells.map(plainCell)
  if (columns === null) return { line, text, facts: {}, ...guessed(cells) }
  const all = (wanted: Column): string[] => cells.filter((cell, at) => columns[at] === wanted && cell !== '')
  const names: NameField[] = NAMING.flatMap((scheme) => all(scheme).map((value) => ({ scheme, value })))
  return {
    line,
    text,
    names,
    urls: all('url'),
    venueText: all('venue')[0] ?? '',
    prose: [],
    facts: factsOf({
      title: all('title')[0],
      authors: splitNames(all('authors')[0] ?? '').map((author) => nameOf(splitName(author))),
      year: all('year')[0],
      venue: all('venue')[0],
      type: all('type')[0],
      language: all('language')[0]
    })
  }
}

const NAMING = ['doi', 'openalex', 'arxiv', 'pmcid', 'pmid', 'any', 'isbn'] as const

/** Without names, the first cell that is an identifier names the work; else it may be among words. */
function guessed(cells: readonly string[]): Pick<RawEntry, 'names' | 'urls' | 'prose'> {
  const first = cells.find((cell) => recognise(cell).kind === 'ids')
  if (first === undefined) return { names: [], urls: [], prose: cells }
  return { names: [{ scheme: 'any', value: first }], urls: [], prose: [] }
}

/** Spreadsheets are kept from computing cells by an apostrophe; it is not part of the text. */
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

/** A whole `.csv` file with the names of its columns; cells cannot become formulas. */
export function writeCsv(entries: readonly WriteEntry[]): string {
  const rows = entries.map(({ workId, ids, facts, file, sha256 }) => {
    const cells: Readonly<Record<(typeof WRITTEN)[number], string | number | undefined>> = {
      work_id: workId,
      doi: ids.doi,
      arxiv: ids.arxiv,
      pmid: ids.pmid,
      pmcid: ids.pmcid,
      openalex: ids.openalex,
      url: ids.url,
      title: facts.title,
      authors: facts.authors?.join('; '),
      year: facts.year,
      venue: facts.venue,
      type: facts.type,
      language: facts.language,
      file,
      sha256
    }
    return WRITTEN.map((name) => {
      const cell = cells[name] ?? ''
      return typeof cell === 'string' ? forTable(cell) : cell
    })
  })
  return `${Papa.unparse([[...WRITTEN], ...rows], { newline: '\r\n' })}\r\n`
}
