/**
 * CSL-JSON, the format of citeproc and Zotero, and the lists of works that services return in JSON. Every
 * item is parsed on its own, so a broken one does not affect others. Source: citation-style-language/schema,
 * csl-data.json 1.0.2.
 */
import { trimEndOf } from '../../../contract/scan'
import { badLine, QUOTED_CHARS, type FormatProblem, type FormatReading, type RawEntry } from './entry'
import { columnsOf } from './columns'
import { entryOfRow } from './delimited'
import { describesNothing, entryOfJson } from './json-item'
import { cutAgain, jsonPieces } from './json-pieces'
import { isObject } from '../../../contract/unknown-values'

export function readCslJsonReferences(text: string): FormatReading {
  const entries: RawEntry[] = []
  const problems: FormatProblem[] = []
  let columns: ReturnType<typeof columnsOf> = null
  let rows = 0
  for (const piece of jsonPieces(text)) {
    const whole = parsePiece(piece.text)
    const pieces = whole.kind === 'broken' && piece.column >= 0 ? cutAgain(piece) : [piece]
    for (const each of pieces) {
      const read = pieces.length === 1 ? whole : parseLast(each.text)
      if (read.kind === 'value' && belongsToItem(read.value)) continue
      const cells = read.kind === 'value' ? cellsOf(read.value) : null
      if (cells !== null) {
        rows += 1
        columns = rows === 1 ? columnsOf(cells) : columns
        if (rows > 1 || columns === null)
          entries.push(
            entryOfRow({ line: each.line, text: each.text.slice(0, QUOTED_CHARS), cells }, columns)
          )
        continue
      }
      const works = read.kind === 'value' ? worksIn(read.value) : []
      const found = works.flatMap((work) => entryOfJson(work, each.line, each.text) ?? [])
      if (found.length > 0) entries.push(...found)
      else problems.push(badLine(each.line, each.text, whyNot(read, 'item')))
    }
  }
  return { entries, problems }
}

/** A row of a table written as a list of lists; the first may name the columns. */
function cellsOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const cells: readonly unknown[] = value
  const texts = cells.map((cell) =>
    cell === null ? '' : typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null
  )
  return texts.every((cell) => cell !== null) ? texts : null
}

/** A file, a note or an annotation of a work in Zotero's library, which is not itself a work. */
function belongsToItem(value: unknown): boolean {
  if (!isObject(value)) return false
  const item = isObject(value['data']) ? value['data'] : value
  const type = item['itemType']
  return type === 'note' || type === 'annotation' || (type === 'attachment' && 'parentItem' in item)
}

/** Without the closing `]` and a `}` after it at the end of the file. */
function withoutClosing(text: string): string {
  const list = trimEndOf(text, /[\s}]/)
  return list.endsWith(']') ? trimEndOf(list.slice(0, -1), /\s/) : text
}

/** The last piece includes the brackets that close the whole file. */
function parseLast(text: string): ParsedPiece {
  const read = parsePiece(text)
  if (read.kind === 'value') return read
  const shorter = parsePiece(withoutClosing(text))
  return shorter.kind === 'value' ? shorter : read
}

/**
 * The value itself, or the works in a map by id (PubMed's summaries, lists by citation key): objects in an
 * object without fields of a work.
 */
function worksIn(value: unknown): readonly unknown[] {
  const listed = isObject(value) ? (namesListed(value) ?? rowsOfTable(value)) : null
  if (listed !== null) return listed
  if (!isObject(value) || saysSomething(value)) return [value]
  for (const holder of [value, ...Object.values(value).filter(isObject)]) {
    const inner = Object.values(holder).filter(isObject).filter(saysSomething)
    if (inner.length > 1) return inner
  }
  return [value]
}

/** `{"dois": ["10.…", "10.…"]}`, `{"pmids": [31000001, 31000002]}` without other members: a list of works. */
function namesListed(value: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const [only, ...others] = Object.entries(value)
  if (only === undefined || others.length > 0) return null
  const [name, list] = only
  const scheme = /^(doi|pmid|pmcid|arxiv)(?:s|_?ids?|_list)?$/i.exec(name)?.[1]?.toLowerCase()
  if (scheme === undefined || !Array.isArray(list) || list.length < 2) return null
  const values: readonly unknown[] = list
  return values.every((each) => typeof each === 'string' || typeof each === 'number')
    ? values.map((each) => ({ [scheme]: each }))
    : null
}

/**
 * A table as pandas writes it: `{"doi": {"0": "10.…", "1": …}, "title": {…}}`, or `columns` and `data`.
 * Source: pandas, `DataFrame.to_json`, orient `columns` and `split`.
 */
function rowsOfTable(value: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const { columns, data } = value
  if (Array.isArray(columns) && Array.isArray(data)) {
    const names: readonly unknown[] = columns
    const rows: readonly unknown[] = data
    if (!rows.every((row): row is unknown[] => Array.isArray(row))) return null
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [String(name), row[at]])))
  }
  const members = Object.entries(value)
  const [first] = members
  if (first === undefined || members.length < 2 || !saysSomething(value)) return null
  if (
    !members.every(([, column]) => isObject(column) && Object.keys(column).every((key) => /^\d+$/.test(key)))
  )
    return null
  return Object.keys(isObject(first[1]) ? first[1] : {}).map((row) =>
    Object.fromEntries(members.map(([name, column]) => [name, isObject(column) ? column[row] : undefined]))
  )
}

function saysSomething(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).some((name) =>
    /^(?:title|doi|display_name|externalids|identifiers|ids)$/i.test(name)
  )
}

export function whyNot(read: ParsedPiece, what: 'item' | 'line'): string {
  return read.kind === 'broken' ? `This ${what} is not JSON: ${read.because}` : describesNothing(what)
}

export type ParsedPiece =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'broken'; readonly because: string }

/** The message of JSON.parse, without the text that it quotes and the position that it names. */
function beforeQuotation(message: string): string {
  const [words = ''] = message.split(/,? ?"| in JSON/, 1)
  return words
}

export function parsePiece(text: string): ParsedPiece {
  // An exception per line costs a hundred times as much as this check.
  const [first] = /[^\s]/.exec(text.slice(0, 100)) ?? []
  if (first !== undefined && !/[{["\-\dtfn]/.test(first))
    return { kind: 'broken', because: `Unexpected token '${first}'.` }
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch (error) {
    const words = error instanceof Error ? beforeQuotation(error.message) : ''
    return { kind: 'broken', because: words === '' ? 'it cannot be parsed.' : `${words}.` }
  }
}
