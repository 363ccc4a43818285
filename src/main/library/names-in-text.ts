/**
 * Finds the identifiers printed on a first page. Pure. A DOI in a list of references belongs to another
 * paper; a DOI split at a line end is joined.
 */
import { trimEndOf } from '../../contract/scan'

/** The text before the list of references, if there is one. */
export function beforeReferences(text: string): string {
  const at = text.search(
    /(?:^|\n)[^\S\n]{0,40}(?:\d{1,3}\.?\s{0,5})?(?:references(?: and notes| cited)?|bibliography|literature cited|works cited|literatur(?:verzeichnis)?|r[ée]f[ée]rences(?: bibliographiques)?|bibliograf[íi]a|referencias|refer[êe]ncias)[^\S\n]{0,40}(?::[^\S\n]{0,40})?(?:\n|$|\s{1,5}\[?1[\].\s])/i
  )
  return at < 0 ? text : text.slice(0, at)
}

/** Whether exactly this DOI is in the text, even if a line end splits it. */
export function hasDoi(text: string, doi: string): boolean {
  return printedAs(text, doi).length > 0
}

/**
 * How exactly this DOI is printed, occurrence by occurrence; `own` in the head of a page even without a
 * label.
 */
export function printedAs(text: string, doi: string): readonly DoiPrinted['as'][] {
  // Compiling an expression for the DOI takes a millisecond, and most pages do not contain the DOI at all.
  const wanted = inLowerCase(doi)
  const tight = inLowerCase(text.replace(BLANKS, ''))
  let at = tight.indexOf(wanted)
  if (at < 0 || wanted === '') return []
  const places = placesOfLetters(text)
  const found: DoiPrinted['as'][] = []
  while (at >= 0) {
    const own = places.subarray(at, at + wanted.length)
    const from = own[0] ?? 0
    const to = (own.at(-1) ?? 0) + 1
    const isOne = own.every((place, index) => index === 0 || place - (own[index - 1] ?? 0) <= MOST_BLANKS + 1)
    // A longer number or a supplement's suffix is another DOI.
    const isWhole = !/[\d.]/.test(text.slice(Math.max(0, from - 1), from)) && !goesOn(text.slice(to, to + 40))
    if (isOne && isWhole) found.push(asWhose(text, from, from <= HEAD_LETTERS))
    at = tight.indexOf(wanted, isOne && isWhole ? at + wanted.length : at + 1)
  }
  return found
}

/**
 * Whether the text after a DOI is part of it. Then it is a longer DOI: another of the series (`geese` and
 * `geese-9`, `geese.9`), a chapter of the book, a supplement. Words of a page's address and the version do
 * not count.
 */
function goesOn(behind: string): boolean {
  if (/^[\p{L}\p{N}]/u.test(behind)) return true
  if (/^[/.]v\d{1,2}(?![\p{L}\p{N}])/iu.test(behind)) return false
  if (/^\/(?:abs|abstract|full|fulltext|pdf|epdf|epub|html|xml|meta|suppl)/i.test(behind)) return false
  // A sentence that follows the DOI without a space begins with letters.
  return /^(?:[-_/][\p{L}\p{N}]|\.(?:\d|\p{L}{1,2}\d))/u.test(behind)
}

const BLANKS = /[\s\u00ad]+/g
/** between two letters of a DOI */
const MOST_BLANKS = 3

/** In lower case, letter by letter, so that positions stay comparable. */
function inLowerCase(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length
    ? lower
    : text.replace(/[^]/g, (unit) => (unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit))
}

/** The position in the text of each letter that remains when white space is removed. */
function placesOfLetters(text: string): Uint32Array {
  const places = new Uint32Array(text.length)
  let count = 0
  let from = 0
  const keep = (to: number): void => {
    for (let at = from; at < to; at += 1) places[count++] = at
  }
  for (const blank of text.matchAll(BLANKS)) {
    keep(blank.index)
    from = blank.index + blank[0].length
  }
  keep(text.length)
  return places
}

const HEAD_LETTERS = 1_500

/** Words before a DOI that assign it to another paper. */
export const FOREIGN =
  /(?:related|companion|continu(?:ed|es|ation) (?:of|from)|(?:preceding|previous|first|second|third) (?:paper|part|article)|errat|corrig|correct(?:ion|ed|s)|original (?:article|paper|publication|version)|supplement|data ?set|data (?:are|is|available)|code|software|available (?:at|from|in|on)|see also|comment(?:ary)? on|repl(?:y|ies) to|preprint|previous version|version of record|cited|[\]\d]\.\s*$|et al)/i
/** Words before a DOI that assign it to this paper, even inside a citation. */
const OWN = /(?:to )?cite (?:this|as)|citation:?|reference:|zitier|citar|citer|как цитировать|引用/i
const REFERENCE_MARKS =
  /(?:^|\n)\s{0,20}(?:(?:\[?\d{1,3}[\].]?|[*†‡§¶])\s{0,20})?\p{Lu}[\p{L}'’-]{1,60},? (?:\p{Lu}\.? ?){1,3}[^\n]{0,120}$/u

export interface DoiPrinted {
  /** lower case */
  readonly doi: string
  /** it is at the end of its line: the rest may be elsewhere */
  readonly atLineEnd: boolean
  /** among the first lines of the page */
  readonly inHead: boolean
  /** how the page prints it: as its own, or inside a citation or a note about another work */
  readonly as: 'own' | 'cited'
}

const DOI_PATTERN = /\b10\.\d{4,9}\/[^\s"<>|]{2,200}/g
const BEFORE = 160

/** Every DOI before the references, and whether the page declares it as its own. */
export function doisPrinted(page: string): readonly DoiPrinted[] {
  const text = beforeReferences(page)
  return [...text.matchAll(DOI_PATTERN)].flatMap((match): DoiPrinted[] => {
    const doi = trimEndOf(match[0], /[).,;:\]}]/).toLowerCase()
    if (doi.length <= 9) return []
    const end = match.index + match[0].length
    const atLineEnd = /^[^\S\n]*(?:\n|$)/.test(text.slice(end, end + 40))
    // Alone on its line in the head of a page, it needs no label.
    const before = text.slice(Math.max(0, match.index - 40), match.index)
    const inHead = match.index <= HEAD_LETTERS
    const alone = inHead && atLineEnd && /(?:^|\n)[^\S\n]*$/.test(before)
    return [{ doi, atLineEnd, inHead, as: asWhose(text, match.index, alone) }]
  })
}

function asWhose(text: string, at: number, unlabelled: boolean): DoiPrinted['as'] {
  const before = text.slice(Math.max(0, at - BEFORE), at)
  const near = before.slice(-90)
  const labelled = unlabelled || LABEL.test(near)
  const foreign = FOREIGN.test(near) || (!OWN.test(before) && REFERENCE_MARKS.test(before))
  return labelled && !foreign ? 'own' : 'cited'
}

const LABEL = /(?:doi(?:\.org\/|[\s:.]{0,6})|doi(?:\.org\/)?\s?:?\s?(?:https?:\/\/)?(?:dx\.)?doi\.org\/)$/i

/** A category in brackets follows, or the day where the stamp is of before 2007. */
const ARXIV_STAMP =
  /arXiv:\s{0,9}(\d{4}\.\d{4,5}|[a-z-]{1,20}(?:\.[A-Z]{2})?\/\d{7})(?:\s{0,9}v\d{1,3})?(?:\s{0,9}\[[a-z-]|\s{1,9}\d{1,2}\s{1,9}[A-Z][a-z]{2}\s{1,9}\d{4})/

/** The id in arXiv's stamp on the margin of a page, without its version and subject class. */
export function arxivStampOf(page: string): string | null {
  const found = ARXIV_STAMP.exec(page)?.[1]
  return found?.replace(/\.[A-Z]{2}\//, '/') ?? null
}

export function hasYear(text: string, year: number): boolean {
  return new RegExp(`(?<!\\d)${String(year)}(?!\\d)`).test(text)
}
