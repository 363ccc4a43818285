/**
 * Splits a pasted text into units: a line, or a citation over several lines (a numbered or bulleted
 * reference, a reference wrapped by a PDF). One citation is one work, so it is read as one text. Lines that
 * end within an identifier are joined first. Every line belongs to exactly one unit.
 */

export interface TextUnit {
  /** 1-based, where it begins */
  readonly line: number
  readonly text: string
  /** marked as one reference: all its identifiers name one work */
  readonly isCitation: boolean
}

/** A citation has at most this many lines; longer text is prose. */
const MOST_LINES = 30

export interface LineFacts {
  /** the line as a whole is an identifier */
  readonly isIdentifier: (line: string) => boolean
}

/** `null` lines were joined to a line before them. */
export function unitsOf(lines: readonly (string | null)[], facts: LineFacts): TextUnit[] {
  const marks = numberedLines(lines)
  const units: TextUnit[] = []
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at]
    if (first === null || first === undefined || first.trim() === '' || isHeading(first)) continue
    const kind = kindOf(first, marks.has(at))
    if (kind === 'line') {
      units.push({ line: at + 1, text: first, isCitation: false })
      continue
    }
    const parts = [kind === 'numbered' ? first.replace(NUMBER, '') : first]
    let next = at + 1
    for (; next < lines.length && parts.length < MOST_LINES; next++) {
      const line = lines[next]
      if (line === null) continue
      if (line === undefined || !goesOn(kind, parts, { line, isMarked: marks.has(next), ...facts })) break
      parts.push(line.trim())
    }
    units.push({ line: at + 1, text: parts.join(' '), isCitation: true })
    at = next - 1
  }
  return units
}

type Kind = 'numbered' | 'bibitem' | 'bullet' | 'author' | 'line'

const NUMBER = /^[\s>]{0,12}(?:\[(\d{1,5})\]|\((\d{1,5})\)|(\d{1,5})[.):](?=\s|$))\s*/
const BULLET = /^\s{0,8}(?:[-*+•‣▪◦·–—]|\\item)\s+(?=\S)/
const AUTHOR =
  /^\s{0,8}\p{Lu}[\p{L}'’-]{1,40}(?: \p{L}[\p{L}'’-]{1,40}){0,2},? (?:\p{Lu}\.|\p{Lu}{1,3}[,.;:]|\p{Lu}\p{Ll}{1,20}(?:,| and | &|\.| \p{Lu}\.))/u
const YEAR = /(?<!\d)(?:1[89]|20)\d\d[a-z]?(?!\d)/

/** `J. Doe and R. Roe, “On salt,” …`, the IEEE style. */
const AUTHOR_BY_INITIALS =
  /^\s{0,8}(?:\p{Lu}\.[ -]?){1,3}\p{Lu}[\p{L}'’-]{1,40}(?:, | and (?=\p{Lu}\.))[^\n]{0,400}["“]/u

function kindOf(line: string, isMarked: boolean): Kind {
  if (isMarked) return 'numbered'
  if (/^\s*\\bibitem\b/.test(line)) return 'bibitem'
  if (BULLET.test(line)) return 'bullet'
  return AUTHOR.test(line) || AUTHOR_BY_INITIALS.test(line) ? 'author' : 'line'
}

interface NextLine extends LineFacts {
  readonly line: string
  readonly isMarked: boolean
}

function goesOn(kind: Kind, parts: readonly string[], next: NextLine): boolean {
  const { line } = next
  if (line.trim() === '' || next.isMarked || isHeading(line)) return false
  if (kind === 'bibitem') return !/^\s*\\(?:bibitem|end)\b/.test(line)
  if (BULLET.test(line) || /^\s*(?:@|\\bibitem\b)/.test(line)) return false
  // Databases label lines that belong to the citation above.
  if (kind === 'author' && /^\s*(?:URL|keywords|Available(?: at| online)?): ?\S/.test(line)) return true
  if (kind === 'author' && AUTHOR_BY_INITIALS.test(line)) return false
  const isNamed = parts.some((part) => HAS_NAME.test(part))
  // An identifier alone on its line ends a citation that has none yet; otherwise it is the next item.
  if (next.isIdentifier(line)) return isNamed ? kind === 'numbered' && LABELLED.test(line) : kind !== 'bullet'
  if (kind === 'numbered') return true
  if (kind === 'bullet') return /^\s{2,}\S/.test(line)
  if (!AUTHOR.test(line)) return !isNamed || /^\s/.test(line) || /^[\p{Ll}\d(]/u.test(line)
  return !isNamed && !parts.some((part) => YEAR.test(part))
}

const LABELLED = /^\s*(?:doi|pmid|pmcid|arxiv|available|url|https?):/i
const HAS_NAME = /10\.\d{4,9}\/|https?:\/\/|arxiv[:.]|PMC?ID/i

/** The lines that begin a numbered reference: their numbers are consecutive. */
function numberedLines(lines: readonly (string | null)[]): ReadonlySet<number> {
  const found: { readonly at: number; readonly number: number; readonly isBracketed: boolean }[] = []
  lines.forEach((line, at) => {
    const match = line === null ? null : NUMBER.exec(line)
    if (match === null) return
    const digits = match[1] ?? match[2] ?? match[3] ?? ''
    found.push({ at, number: Number(digits), isBracketed: match[3] === undefined })
  })
  const later = new Map<number, number>()
  for (const { at, number } of found) later.set(number, at)
  const marks = new Set<number>()
  let expected: number | null = null
  for (const { at, number, isBracketed } of found) {
    const follows = (later.get(number + 1) ?? -1) > at
    const begins = expected === null ? follows || (number === 1 && isBracketed) : number === expected
    const restarts = number === 1 && follows
    if (!begins && !restarts) continue
    marks.add(at)
    expected = number + 1
  }
  return marks
}

const HEADING =
  /^[\s#*_=]{0,12}(?:(?:\d{1,2}|[ivx]{1,4})\.?\s)?(?:references?(?: list)?|bibliography|works cited|literature(?: cited)?|sources|further reading|literatur(?:verzeichnis)?|quellen|bibliographie|références(?: bibliographiques)?|referencias(?: bibliográficas)?|bibliografía|bibliografia|riferimenti|参考文献)[\s:.*_=]{0,12}$/i

/** A heading names nothing and is not an entry. */
export function isHeading(line: string): boolean {
  return line.length < 80 && HEADING.test(line)
}

/**
 * A line that ends in the middle of an identifier continues with the next line's first word. `isNextItem`
 * decides whether that word is an identifier by itself.
 */
export function joinBroken(
  lines: readonly string[],
  isNextItem: (line: string, word: string, next: string) => boolean
): (string | null)[] {
  const joined: (string | null)[] = [...lines]
  let at = 0
  for (let next = 1; next < joined.length; next++) {
    const line = joined[at]
    const following = joined[next] ?? ''
    const { word, rest } = firstWordOf(following)
    if (line === null || line === undefined || word === '' || !mayJoin(line, word)) {
      at = next
      continue
    }
    if (isNextItem(line, word, following.trim())) {
      at = next
      continue
    }
    joined[at] = line.trimEnd().replace(/\u00ad$/, '') + word
    joined[next] = rest.trim() === '' ? null : rest
    if (joined[next] !== null) at = next
  }
  return joined
}

const BROKEN_OFF =
  /(?:(?:^|[^\d.])10\.\d{4,9}\/|doi\.org\/|arxiv\.org\/(?:abs|pdf)\/|\bdoi:|\barxiv:|\bPMC?ID:)\s*$/i
const DOI_WORD = /10\.\d{4,9}(?:\.\d{1,9})*\/\S/
/** In mid-word: letters and digits with marks of a DOI among them, not a year, not a list number. */
const MID_WORD = /^(?=[^\s]*\d)[A-Za-z0-9(][\w().;:<>[\]/-]*,?$/

/** The last word of a line, limited to the 300 relevant characters. */
function lastWordOf(line: string): string {
  const end = line.trimEnd().slice(-300)
  return end.split(/\s/).at(-1) ?? ''
}

function firstWordOf(line: string): { readonly word: string; readonly rest: string } {
  const text = line.trimStart()
  const end = text.search(/\s/)
  return end < 0 ? { word: text, rest: '' } : { word: text.slice(0, end), rest: text.slice(end) }
}

function mayJoin(line: string, word: string): boolean {
  // An address does not begin inside another one.
  if (/^[<(["']?(?:https?:|www\.)/i.test(word) && !/\bdoi:\s*$/i.test(line)) return false
  if (BROKEN_OFF.test(line)) return true
  if (/https?:\/\/(?:dx\.)?doi\.\s*$/i.test(line) && /^org\/10\./i.test(word)) return true
  // `doi: 10.` and `5555/salt.2020.1`
  if (/(?:^|[\s:/])10\.\s*$/.test(line) && /^\d{4,9}\/\S/.test(word)) return true
  const last = lastWordOf(line)
  if (DOI_WORD.test(last)) {
    // The next line begins with the mark that should have come before the break.
    if (/\w$/.test(last) && /^[./_][a-z0-9][\w.()/-]*\d/i.test(word)) return true
    const mark = /[-./:(;_\u00ad\u2010]$/.exec(last)?.[0]
    if (mark === undefined || !MID_WORD.test(word)) return false
    if (/^\d{1,3}[.)\]:]?$|^(?:1[89]|20)\d\d[a-z]?[.,;:)]*$/.test(word) && !/[-_/\u00ad\u2010(]/.test(mark))
      return false
    // After a full stop, the next sentence may begin; a part of a DOI has marks inside.
    if (/[.:;]/.test(mark)) return /[\w)][.\-_/()<>][\w(]/.test(word)
    return true
  }
  return (
    /^\S*https?:\/\/\S+[-_=&?%]$/i.test(last) &&
    /^[\w%.~-][\w%./?=&~#-]*$/.test(word) &&
    /[\d/=_-]/.test(word)
  )
}
