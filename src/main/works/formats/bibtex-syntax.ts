/**
 * The syntax of `.bib` files, parsed tolerantly: entries with their fields and lines, and a problem for each
 * entry that cannot be read. A broken entry does not affect others: parsing continues at the next line that
 * begins an entry. Values stay LaTeX here; `bibtex.ts` interprets the fields.
 *
 * Own code, because the best available parser (@retorquere/bibtex-parser 9) needs about a millisecond per
 * entry even in its raw mode, and 10,000 entries have to be planned within two seconds. Source: BibTeX,
 * btxdoc §3; “Tame the BeaST” §2 for the rules about braces.
 */
import { QUOTED_CHARS, type FormatProblem } from './entry'
import { readEntry, readStringDefinition, type Body, type FieldPlace } from './bibtex-entry'
import type { Reference } from './reference'
export type { FieldPlace } from './bibtex-entry'

export interface BibtexEntry {
  /** lower case, `article` */
  readonly type: string
  readonly key: string
  /** names in lower case; values without their delimiters; of two equal names the first is kept */
  readonly fields: ReadonlyMap<string, string>
  readonly line: number
  readonly text: string
}

/** An entry with its place in the text it was read from. */
export interface PlacedBibtexEntry extends BibtexEntry {
  /** from its `@` to after its closing brace */
  readonly from: number
  readonly to: number
  /** its fields in order, with their names as written and the positions of their values */
  readonly places: readonly FieldPlace[]
  /** reads the entry again, for a caller that cannot keep the fields of every entry in memory */
  readonly readAgain: () => Reference
}

export interface BibtexSpan {
  readonly from: number
  readonly to: number
}

export interface BibtexReading {
  readonly entries: readonly PlacedBibtexEntry[]
  readonly problems: readonly FormatProblem[]
  /** the ranges of entries, strings and comments, in order; BibTeX ignores the rest */
  readonly spans: readonly BibtexSpan[]
}

/** Decides by the fields read so far whether an entry without its closing brace is accepted, with a problem. */
export type KeepsUnclosed = (fields: ReadonlyMap<string, string>) => boolean

/** Reads all of a text whose lines end in `\n`. */
export function readBibtex(text: string, keepsUnclosed: KeepsUnclosed = () => false): BibtexReading {
  const problems: FormatProblem[] = []
  const spans: BibtexSpan[] = []
  return { entries: [...eachBibtexEntry(text, { problems, spans }, keepsUnclosed)], problems, spans }
}

/**
 * The same as a generator, so that a large file is not in memory twice. Fills the given arrays while
 * iterating. Size: one scanner, whose cases share the position and the open braces.
 */
export function* eachBibtexEntry(
  text: string,
  { problems, spans }: { readonly problems: FormatProblem[]; readonly spans: BibtexSpan[] },
  keepsUnclosed: KeepsUnclosed
): Generator<PlacedBibtexEntry> {
  const fences = findFences(text)
  const strings = new Map(MONTHS)
  const expansion = { left: MOST_EXPANSION_CHARS + 20 * text.length }
  const lineOf = lineCounterOf(text)
  const start = /@[ \t]*([A-Za-z][\w-]*)\s*([{(])/g
  let fenceAt = 0
  let end = 0
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const from = match.index
    if (isCommentedOut(text.slice(Math.max(end, from - LINE_LOOK_BACK), from))) continue
    while ((fences[fenceAt] ?? Infinity) <= from) fenceAt++
    const body: Body = {
      text,
      at: start.lastIndex,
      valueTo: 0,
      fence: fences[fenceAt] ?? text.length,
      closer: match[2] === '(' ? ')' : '}',
      strings,
      expansion
    }
    const type = (match[1] ?? '').toLowerCase()
    if (type === 'comment' || type === 'preamble') {
      end = start.lastIndex = skipGroup(text, start.lastIndex - 1)
      spans.push({ from, to: end })
      continue
    }
    const bodyFrom = body.at
    let { fence: readUpTo } = body
    let read = type === 'string' ? readStringDefinition(body) : readEntry(body)
    if (read.kind === 'broken' && type !== 'string') {
      // The apparent next entry may be text in a value: `note = {see @book{x, y}}`.
      const fence = fences[fenceAt + 1] ?? text.length
      if (isInWords(text, body.fence)) {
        const again = readEntry({ ...body, at: bodyFrom, valueTo: 0, fence })
        if (again.kind === 'entry') {
          read = again
          readUpTo = fence
        }
      }
    }
    const line = lineOf(from)
    const { closer } = body
    if (read.kind === 'broken') {
      const quoted = text.slice(from, Math.min(body.fence, from + QUOTED_CHARS)).trimEnd()
      const where = lineOf(read.at)
      const place = where === line ? '' : ` (at line ${where})`
      const { whole } = read
      const isKept = type !== 'string' && whole !== undefined && keepsUnclosed(whole.fields)
      problems.push({
        line,
        text: quoted,
        code: 'BAD_LINE',
        because: `This entry ${isKept ? 'is taken as far as it goes' : 'cannot be read'}: ${read.because}${place}.`,
        ...(isKept ? { planned: true } : {})
      })
      end = start.lastIndex = body.fence
      spans.push({ from, to: end })
      if (isKept) {
        const readAgain = (): Reference => referenceOf(type, whole.key, whole.fields)
        yield { ...whole, type, line, text: quoted, from, to: end, readAgain }
      }
      continue
    }
    end = start.lastIndex = read.end
    spans.push({ from, to: end })
    if (type === 'string') continue
    yield {
      type,
      key: read.key,
      fields: read.fields,
      line,
      text: text.slice(from, Math.min(end, from + QUOTED_CHARS)),
      from,
      to: end,
      places: read.places,
      readAgain: () => {
        const left = { left: Infinity }
        const again = { text, at: bodyFrom, valueTo: 0, fence: readUpTo, closer, strings, expansion: left }
        const entry = readEntry(again)
        return entry.kind === 'entry'
          ? referenceOf(type, entry.key, entry.fields)
          : referenceOf(type, '', new Map())
      }
    }
  }
}

export function referenceOf(type: string, key: string, fields: ReadonlyMap<string, string>): Reference {
  return { form: 'bibtex', type, key, fields: [...fields] }
}

/** The limit for expanded abbreviations in a small file; for a large one it grows in proportion. */
const MOST_EXPANSION_CHARS = 1_000_000

const MONTHS: readonly (readonly [string, string])[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
].map((month) => [month.slice(0, 3).toLowerCase(), month] as const)

/** Where an entry with a key begins: no value of an earlier entry extends beyond it. */
function findFences(text: string): number[] {
  const fence =
    /(?<![^\s})])@[ \t]{0,9}(?:[a-z][\w-]*[ \t]{0,9}[{(][ \t]{0,9}(?:[^{}()=,\s"#%\\]{1,200}|[^{}=,\n"]{1,200}(?=,[ \t]*$))[ \t]{0,9}(?:,|$)|(?:string|preamble|comment)[ \t]{0,9}[{(])/gim
  const fences: number[] = []
  for (const { index } of text.matchAll(fence)) {
    const before = text.slice(Math.max(0, index - LINE_LOOK_BACK), index)
    if (!/^[ \t]*%/.test(before.slice(before.lastIndexOf('\n') + 1))) fences.push(index)
  }
  return fences
}

/** In the middle of a line, and not followed by fields. */
function isInWords(text: string, fence: number): boolean {
  const before = text.slice(Math.max(0, fence - LINE_LOOK_BACK), fence)
  const isFirst = before.slice(before.lastIndexOf('\n') + 1).trim() === ''
  return fence < text.length && !isFirst && !HAS_FIELD.test(text.slice(fence, fence + 400))
}

const HAS_FIELD = /^@[^{(]{0,40}[{(][^,]{0,200},\s{0,100}[\w-]{1,40}\s{0,9}=/

/** How far back the beginning of a line is searched: files of a single long line exist. */
const LINE_LOOK_BACK = 500

/** Everything outside of entries is a comment in BibTeX; authors use `%` to comment out an entry. */
function isCommentedOut(before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1)
  return line.includes('%') || /[\w.]$/.test(line)
}

/** Longer comments are treated as unclosed, so that a damaged file cannot cost minutes. */
const MAX_COMMENT_CHARS = 200_000

/** After the group that opens at `open`; after its line when it is never closed. */
function skipGroup(text: string, open: number): number {
  const opener = text[open] ?? '{'
  const closer = opener === '(' ? ')' : '}'
  let depth = 0
  for (let at = open; at < Math.min(text.length, open + MAX_COMMENT_CHARS); at++) {
    if (text[at] === opener) depth++
    else if (text[at] === closer && --depth === 0) return at + 1
  }
  const end = text.indexOf('\n', open)
  return end < 0 ? text.length : end
}

/**
 * Counts on from the last answer; broken entries query positions ahead, and the next entry may begin before
 * that.
 */
function lineCounterOf(text: string): (offset: number) => number {
  let counted = 0
  let line = 1
  return (offset) => {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
    if (offset < counted)
      for (let at = text.indexOf('\n', offset); at >= 0 && at < counted; at = text.indexOf('\n', at + 1))
        line--
    counted = offset
    return line
  }
}
