/**
 * The parsed form of an entry in every reference format, before its identifiers are interpreted: fields by
 * their meaning, with the line they begin on. A format's reader handles its own syntax and fills these
 * fields; it never judges an identifier (`draft-of-entry.ts` does, once for all formats).
 */
import type { ErrorCode } from '../../../contract/errors'
import type { Identifiers, OaLocation, Scheme, WorkFacts } from '../../../contract/work'
import type { FoundIdentifier } from '../find-identifiers'
import { OTHERS } from './person-names'
import type { Reference } from './reference'

/** A field with a declared kind of identifier. `any`: an identifier of some kind, or a row number. */
export interface NameField {
  readonly scheme: Scheme | 'any' | 'isbn'
  readonly value: string
}

export interface RawEntry {
  /** 1-based line on which the entry begins */
  readonly line: number
  /** the beginning of the entry as it is in the file */
  readonly text: string
  readonly names: readonly NameField[]
  readonly urls: readonly string[]
  /** a journal field that may contain “arXiv preprint arXiv:1706.03762” */
  readonly venueText?: string
  /** notes, used when no field names the work */
  readonly prose: readonly string[]
  readonly facts: WorkFacts
  readonly locations?: readonly OaLocation[]
  /** the citation key, where the format has one */
  readonly key?: string
  /** all fields of the entry, for an export; a function where there are too many entries to keep them all */
  readonly reference?: Reference | (() => Reference)
  /** recognised already, by a format whose lines are identifiers */
  readonly known?: Omit<FoundIdentifier, 'line' | 'text'>
}

export interface FormatProblem {
  readonly line: number
  readonly text: string
  readonly code: ErrorCode
  readonly because: string
  /** true: the entry was planned despite the problem */
  readonly planned?: boolean
}

export interface FormatReading {
  /** Large files are read during the iteration, once; `problems` and `repeated` are complete after that. */
  readonly entries: Iterable<RawEntry>
  readonly problems: readonly FormatProblem[]
  /** entries that the format's reader saw twice */
  readonly repeated?: number
}

/** One work to be written into a reference file. */
export interface WriteEntry {
  readonly workId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** the user's own reference, as `works` packed it */
  readonly reference?: string
  /** from the user's pattern (`citation-keys.ts`); the reference's own key takes precedence */
  readonly key?: string
  /** absolute path */
  readonly file?: string
  readonly sha256?: string
}

/**
 * A text with more characters is large: drafts do not keep slices of it (a slice keeps the whole string in
 * memory), and readers that can do so return references on demand.
 */
export const LARGE_CHARS = 4_000_000

/** How much of a text is quoted in a problem or an entry. */
export const QUOTED_CHARS = 200

/** A piece of a file that cannot be read. */
export function badLine(line: number, text: string, because: string): FormatProblem {
  return { line, text: text.slice(0, QUOTED_CHARS), code: 'BAD_LINE', because }
}

/** The part of a text by which its format is recognised. */
export function beginningOf(text: string): string {
  return text.slice(0, 20_000)
}

/** Facts without absent values, text in one line, and only a valid year. */
export function factsOf(found: {
  readonly title?: string | undefined
  readonly authors?: readonly string[] | undefined
  readonly year?: string | number | undefined
  readonly venue?: string | undefined
  readonly type?: string | undefined
  readonly language?: string | undefined
}): WorkFacts {
  const title = oneLine(found.title)
  const authors = (found.authors ?? []).map(oneLine).filter((author) => author !== '' && !OTHERS.test(author))
  const year = yearOf(found.year)
  const venue = oneLine(found.venue)
  const type = oneLine(found.type)
  const language = oneLine(found.language)
  // Assigned one by one: when several objects are spread into one, V8 gives each result a hidden class of its
  // own.
  const facts: { -readonly [Name in keyof WorkFacts]: WorkFacts[Name] } = {}
  if (title !== '') facts.title = title
  // A filtered array keeps capacity for seventeen elements.
  if (authors.length > 0) facts.authors = authors.slice()
  if (year !== null) facts.year = year
  if (venue !== '') facts.venue = venue
  if (type !== '') facts.type = type
  if (language !== '') facts.language = language
  return facts
}

export function oneLine(text: string | undefined): string {
  if (text === undefined) return ''
  return /\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, ' ').trim() : text.trim()
}

function yearOf(value: string | number | undefined): number | null {
  const digits = yearIn(String(value ?? ''))
  return digits === '' ? null : Number(digits)
}

/** The first year of a publication in a text, or ''. */
export function yearIn(text: string): string {
  return /(?<!\d)(?:1[4-9]|20)\d\d(?!\d)/.exec(text)?.[0] ?? ''
}

/**
 * Each further line of a field copies the text before it: beyond this limit the rest of the field is left
 * out.
 */
const MOST_FIELD_CHARS = 20_000

/** The field's value with a continuation line. */
export function continued(value: string, line: string): string {
  return value.length > MOST_FIELD_CHARS ? value : `${value} ${line.trim()}`.trim()
}

/** A work as one flat record, for the formats that are tables. */
export function fieldsOfWork({ workId, ids, facts, file, sha256 }: WriteEntry) {
  return {
    work_id: workId,
    doi: ids.doi,
    arxiv: ids.arxiv,
    pmid: ids.pmid,
    pmcid: ids.pmcid,
    openalex: ids.openalex,
    url: ids.url,
    title: facts.title,
    authors: facts.authors,
    year: facts.year,
    venue: facts.venue,
    type: facts.type,
    language: facts.language,
    file,
    sha256
  } as const
}
