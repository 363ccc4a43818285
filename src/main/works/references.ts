/**
 * Reads and writes reference files: bytes of any of the formats become drafts, problems with their lines, and
 * counts that add up; works become a file again. Every entry of a file is planned, counted as a repetition,
 * or reported as a problem. No disk: bytes in, text out.
 */
import type { ErrorCode } from '../../contract/errors'
import type { WorkDraft } from '../../contract/work'
import { readArxivListing } from './formats/arxiv-listing'
import { readBblReferences, readBibtexReferences } from './formats/bibtex'
import { bibtexPieces } from './formats/bibtex-write'
import { readCslJsonReferences } from './formats/csl-json'
import { cslJsonPieces } from './formats/csl-write'
import { readDatabaseText } from './formats/database-text'
import { decodeText, type Decoded } from './formats/decode'
import { formatOf, formatOfName, type FoundFormat, type ReferenceFormat } from './format-of'
import { csvPieces, readDelimitedReferences } from './formats/delimited'
import { draftOfEntry, withReference } from './formats/draft-of-entry'
import { LARGE_CHARS, type FormatReading, type WriteEntry } from './formats/entry'
import { readHtmlReferences } from './formats/html'
import { jsonlPieces, readJsonlReferences } from './formats/jsonl'
import { readMixed } from './formats/mixed'
import { readNbibReferences } from './formats/nbib'
import { readPubmedText } from './formats/pubmed-text'
import { readRisReferences, risSpelling } from './formats/ris'
import { risPieces } from './formats/ris-write'
import { looksLikeRowsOfFields, readRowsOfFields } from './formats/rows-of-fields'
import { readScopusText } from './formats/scopus-text'
import { readTaggedReferences } from './formats/tagged'
import { readTextReferences } from './formats/text'
import { readXmlReferences } from './formats/xml'
import { readYamlReferences } from './formats/yaml'
import { sortOut, type Named } from './sort-out'

export type { ReferenceFormat }

export const WRITABLE_FORMATS = ['bibtex', 'ris', 'csl-json', 'csv', 'jsonl'] as const
export type WritableFormat = (typeof WRITABLE_FORMATS)[number]

export interface Problem {
  /** the file's name as given */
  readonly name: string
  /** 1-based; where the entry begins */
  readonly line: number
  /** at most 200 characters of the entry */
  readonly text: string
  readonly code: ErrorCode
  readonly because: string
  /** true: the entry was planned nevertheless, only a field of it could not be used */
  readonly planned: boolean
  /** the facts of a work without an identifier: it can be looked up by its title */
  readonly unnamed?: WorkDraft
}

/** `entries = drafts + repeated + refused`. */
export interface ReferenceCounts {
  readonly entries: number
  readonly drafts: number
  /** named again in the same file */
  readonly repeated: number
  /** not planned; each has its problem */
  readonly refused: number
}

export interface References {
  readonly format: ReferenceFormat
  readonly drafts: readonly WorkDraft[]
  /** entries that name a work of `drafts` again, each as it was read */
  readonly repeats: readonly WorkDraft[]
  readonly problems: readonly Problem[]
  readonly counts: ReferenceCounts
}

/**
 * The works that a reference file names. The format is given, or detected by name and content. Never throws:
 * a file that is not text, or in an unsupported format, is one BAD_FILE problem.
 */
export function readReferences(bytes: Uint8Array, name: string, format?: ReferenceFormat): References {
  return readDecoded(decodeText(bytes), name, format)
}

/** The same for decoded bytes, so that the caller can release the bytes of a large file. */
export function readDecoded(decoded: Decoded, name: string, format?: ReferenceFormat): References {
  if (decoded.kind === 'no-text') {
    return badFile(name, format ?? formatOfName(name) ?? 'text', decoded.because)
  }
  const text = risSpelling(decoded.text) ?? decoded.text
  const found: FoundFormat = format === undefined ? formatOf(text, name) : { kind: 'format', format }
  if (found.kind === 'unread') return badFile(name, formatOfName(name) ?? 'text', found.because)
  const mixed = found.format === 'mixed'
  const reading: Reading = found.format === 'mixed' ? readMixed(text, name) : readAs(found.format, text, name)
  const shown = found.format === 'mixed' ? (reading.format ?? 'text') : found.format
  const references = planReading(reading, { name, format: shown, isLarge: text.length > LARGE_CHARS })
  return references.counts.entries > 0
    ? references
    : badFile(
        name,
        shown,
        reading.nothing ?? `No reference was found in it (read as ${mixed ? 'text' : shown}).`
      )
}

function planReading(
  reading: FormatReading,
  {
    name,
    format,
    isLarge
  }: { readonly name: string; readonly format: ReferenceFormat; readonly isLarge: boolean }
): References {
  const onTheWay: Problem[] = []
  const read: Named[] = []
  for (const entry of reading.entries) {
    const { draft, problems: found } = draftOfEntry(entry, name)
    const { line, text } = entry
    for (const problem of found) {
      const said = { name, line, text, ...problem, planned: draft !== null }
      onTheWay.push(isLarge ? ownStrings(said) : said)
    }
    if (draft === null) continue
    const { reference } = entry
    // A reference that is read on demand keeps the input in memory anyway.
    if (typeof reference === 'function') read.push({ draft: withReference(draft, reference), line, text })
    else read.push(isLarge ? { draft: copyOf(draft), line, text: ownStrings(text) } : { draft, line, text })
  }
  const problems: Problem[] = [
    ...reading.problems.map((problem) => ({ name, planned: false, ...problem })),
    ...onTheWay
  ]
  const sorted = sortOut(read)
  for (const { line, text, because, planned } of sorted.problems)
    problems.push({
      name,
      line,
      text: isLarge ? ownStrings(text) : text,
      code: 'SAME_NAME_OTHER_TITLE',
      because,
      planned
    })
  problems.sort((a, b) => a.line - b.line)
  const refused = problems.filter((problem) => !problem.planned).length
  const repeated = sorted.repeats.length + (reading.repeated ?? 0)
  const drafts = sorted.drafts
  return {
    format,
    drafts,
    repeats: sorted.repeats,
    problems,
    counts: { entries: drafts.length + repeated + refused, drafts: drafts.length, repeated, refused }
  }
}

/** The same plain JSON with its own strings; several times faster than a structured clone. */
function ownStrings<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** A deep copy, so that its strings do not keep the input in memory; `reference` is independent already. */
function copyOf({ reference, ...others }: WorkDraft): WorkDraft {
  const copy = ownStrings(others)
  return reference === undefined ? copy : { ...copy, reference }
}

/** A problem of the file as a whole. */
export function badFileProblem(name: string, because: string): Problem {
  return { name, line: 1, text: '', code: 'BAD_FILE', because, planned: false }
}

function badFile(name: string, format: ReferenceFormat, because: string): References {
  return {
    format,
    drafts: [],
    repeats: [],
    problems: [badFileProblem(name, because)],
    counts: { entries: 1, drafts: 0, repeated: 0, refused: 1 }
  }
}

type Reading = FormatReading & {
  /** the format of most of a mixed text */
  readonly format?: ReferenceFormat
  /** why it contains no entries */
  readonly nothing?: string
}

/** Size: one case per format. */
function readAs(format: ReferenceFormat, text: string, name: string): Reading {
  switch (format) {
    case 'bibtex':
      return readBibtexReferences(text)
    case 'ris':
      return readRisReferences(text)
    case 'csl-json':
      return readCslJsonReferences(text)
    case 'nbib':
      return readNbibReferences(text)
    case 'csv':
    case 'tsv':
      return looksLikeRowsOfFields(text)
        ? readRowsOfFields(text)
        : readDelimitedReferences(text, format === 'tsv')
    case 'wos':
    case 'endnote':
    case 'refworks':
    case 'noteexpress':
    case 'estudy':
      return readTaggedReferences(text, format)
    case 'xml':
      return readXml(text)
    case 'html':
      return readHtmlReferences(text)
    case 'yaml':
      return readYamlReferences(text)
    case 'pubmed-text':
      return readPubmedText(text)
    case 'arxiv-listing':
      return readArxivListing(text)
    case 'database-text':
      return readDatabaseText(text)
    case 'scopus-text':
      return readScopusText(text)
    case 'bbl':
      return readBblReferences(text)
    case 'text':
      return readTextReferences(text, name)
    case 'jsonl':
      return readJsonlReferences(text)
  }
}

function readXml(text: string): Reading {
  const { entries, problems, root } = readXmlReferences(text)
  const nothing = `It is XML (“${root.slice(0, 40)}”) in which no list of references is recognised; export it as RIS, BibTeX or CSL-JSON.`
  return { entries, problems, nothing }
}

/** A whole file of works; reading it again gives the same identifiers and facts. */
export function writeReferences(entries: Iterable<WriteEntry>, format: WritableFormat): string {
  return [...referencePieces(entries, format)].join('')
}

/** The same file in pieces, one for each entry, so that a large library is never in memory as a whole. */
export function referencePieces(entries: Iterable<WriteEntry>, format: WritableFormat): Iterable<string> {
  switch (format) {
    case 'bibtex':
      return bibtexPieces(entries)
    case 'ris':
      return risPieces(entries)
    case 'csl-json':
      return cslJsonPieces(entries)
    case 'csv':
      return csvPieces(entries)
    case 'jsonl':
      return jsonlPieces(entries)
  }
}

export type { WriteEntry, Decoded }
export { decodeText }
