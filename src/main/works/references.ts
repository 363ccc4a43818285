/**
 * Reference files in and out: bytes of any of the formats become drafts, problems with their lines,
 * and counts that add up; works become a file again. Every entry of a file is planned, counted as a
 * repetition, or a problem: never nothing. No disk: bytes come in, text goes out.
 */
import type { ErrorCode } from '../../contract/errors'
import type { WorkDraft } from '../../contract/work'
import { readBibtexAmongText, readBibtexReferences, writeBibtex } from './formats/bibtex'
import { readCslJsonReferences, writeCslJson } from './formats/csl-json'
import { decodeText } from './formats/decode'
import { looksDelimited, readDelimitedReferences, writeCsv } from './formats/delimited'
import { draftOfEntry } from './formats/draft-of-entry'
import type { FormatReading, WriteEntry } from './formats/entry'
import { readJsonlReferences, writeJsonl } from './formats/jsonl'
import { readNbibReferences } from './formats/nbib'
import { readRisReferences, writeRis } from './formats/ris'
import { readTextReferences } from './formats/text'
import { aliasesOf } from './identifiers'

export const REFERENCE_FORMATS = ['bibtex', 'ris', 'csl-json', 'nbib', 'csv', 'tsv', 'text', 'jsonl'] as const
export type ReferenceFormat = (typeof REFERENCE_FORMATS)[number]

export const WRITABLE_FORMATS = ['bibtex', 'ris', 'csl-json', 'csv', 'jsonl'] as const
export type WritableFormat = (typeof WRITABLE_FORMATS)[number]

export interface Problem {
  /** the file's name as it was given */
  readonly name: string
  /** 1-based; where the entry begins */
  readonly line: number
  /** at most 200 characters of what stands there */
  readonly text: string
  readonly code: ErrorCode
  readonly because: string
  /** true: the entry was planned all the same, only a field of it could not be used */
  readonly planned: boolean
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
 * What a reference file names. The format is told, or found by the name and the content. Never
 * throws: a file that is no text at all is one BAD_FILE problem.
 */
export function readReferences(bytes: Uint8Array, name: string, format?: ReferenceFormat): References {
  const decoded = decodeText(bytes)
  if (decoded.kind === 'no-text') {
    return badFile(name, format ?? formatOfName(name) ?? 'text', decoded.because)
  }
  const found = format ?? formatOf(decoded.text, name)
  const isAmongText = found === 'bibtex' && format === undefined && mayBeText(name)
  const reading = isAmongText ? readBibtexAmongText(decoded.text) : readAs(found, decoded.text)
  if (reading.entries.length === 0 && reading.problems.length === 0)
    return badFile(name, found, `No reference stands in it (read as ${found}).`)
  return planReading(reading, name, found)
}

function planReading(reading: FormatReading, name: string, format: ReferenceFormat): References {
  const drafts: WorkDraft[] = []
  const repeats: WorkDraft[] = []
  const problems: Problem[] = reading.problems.map((problem) => ({ name, ...problem, planned: false }))
  const seen = new Set<string>()
  for (const entry of reading.entries) {
    const { draft, problems: found } = draftOfEntry(entry, name)
    const { line, text } = entry
    for (const problem of found) problems.push({ name, line, text, ...problem, planned: draft !== null })
    if (draft === null) continue
    const names = aliasesOf(draft.ids).map(({ scheme, value }) => `${scheme}:${value}`)
    if (names.some((alias) => seen.has(alias))) repeats.push(draft)
    else drafts.push(draft)
    for (const alias of names) seen.add(alias)
  }
  problems.sort((a, b) => a.line - b.line)
  const refused = problems.filter((problem) => !problem.planned).length
  const repeated = repeats.length + (reading.repeated ?? 0)
  return {
    format,
    drafts,
    repeats,
    problems,
    counts: { entries: drafts.length + repeated + refused, drafts: drafts.length, repeated, refused }
  }
}

function badFile(name: string, format: ReferenceFormat, because: string): References {
  const problem: Problem = { name, line: 1, text: '', code: 'BAD_FILE', because, planned: false }
  return {
    format,
    drafts: [],
    repeats: [],
    problems: [problem],
    counts: { entries: 1, drafts: 0, repeated: 0, refused: 1 }
  }
}

function readAs(format: ReferenceFormat, text: string): FormatReading {
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
      return readDelimitedReferences(text, format === 'tsv')
    case 'text':
      return readTextReferences(text)
    case 'jsonl':
      return readJsonlReferences(text)
  }
}

const EXTENSIONS: Readonly<Record<string, ReferenceFormat>> = {
  bib: 'bibtex',
  bibtex: 'bibtex',
  biblatex: 'bibtex',
  ris: 'ris',
  json: 'csl-json',
  csljson: 'csl-json',
  nbib: 'nbib',
  medline: 'nbib',
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  txt: 'text',
  text: 'text',
  md: 'text',
  list: 'text',
  jsonl: 'jsonl',
  ndjson: 'jsonl'
}

function formatOfName(name: string): ReferenceFormat | null {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return EXTENSIONS[extension] ?? null
}

/** A name that promises nothing: what was pasted, a `.txt`. */
function mayBeText(name: string): boolean {
  const named = formatOfName(name)
  return named === null || named === 'text'
}

/** The content wins over the name where it cannot be mistaken: PubMed saves its format as `.txt`. */
function formatOf(text: string, name: string): ReferenceFormat {
  const named = formatOfName(name)
  const content = formatOfContent(text)
  if (named === null || named === 'text') return content ?? 'text'
  if (named === 'csl-json') return content === 'jsonl' ? 'jsonl' : 'csl-json'
  if (named === 'csv' || named === 'tsv' || named === 'jsonl') return named
  return content !== null && content !== named && content !== 'csv' && content !== 'tsv' ? content : named
}

function formatOfContent(text: string): ReferenceFormat | null {
  const head = text.slice(0, 20_000)
  if (/^\s*[[{]/.test(head) && /^\s*(?:\[\s*(?:[{"[\]]|$)|\{\s*(?:["}]|$))/.test(head))
    return isJsonLines(head) ? 'jsonl' : 'csl-json'
  if (/^[ \t]*@[ \t]*[a-z]+[ \t]*[{(]/im.test(head)) return 'bibtex'
  if (/^\s{0,3}TY {1,2}- /m.test(head)) return 'ris'
  if (/^PMID *- *\d/m.test(head)) return 'nbib'
  if (looksDelimited(text.trimStart()))
    return (text.trimStart().split('\n', 1)[0] ?? '').includes('\t') ? 'tsv' : 'csv'
  return null
}

/** Two lines that are whole objects, or one that is the whole text. */
function isJsonLines(head: string): boolean {
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '')
  return /^\s*\{.*\}\s*$/.test(first) && /^\s*\{/.test(second)
}

/** A whole file of works; reading it again gives the same identifiers and facts. */
export function writeReferences(entries: readonly WriteEntry[], format: WritableFormat): string {
  switch (format) {
    case 'bibtex':
      return writeBibtex(entries)
    case 'ris':
      return writeRis(entries)
    case 'csl-json':
      return writeCslJson(entries)
    case 'csv':
      return writeCsv(entries)
    case 'jsonl':
      return writeJsonl(entries)
  }
}

export type { WriteEntry }
