/**
 * Finds every identifier in a pasted text: a list, a page of references, an e-mail. Results are in order and
 * unique; every line without a recognised identifier is reported, so that no input is dropped silently. It
 * handles lines, not formats.
 */
import type { ErrorCode } from '../../contract/errors'
import type { Identifiers } from '../../contract/work'
import { NEW_ARXIV, OLD_ARXIV } from './arxiv-id'
import { closeGaps, cutGlued, DOI_IN_TEXT, cutAtNext } from './doi-text'
import { aliasNames, type NamedBy } from './identifiers'
import { MAX_IDENTIFIER_CHARS, recognise, type RecognisedIds } from './recognise'
import { SeenWorks } from './same-work'
import { joinBroken, unitsOf } from './text-units'

export interface FoundIdentifier {
  readonly ids: Identifiers
  readonly arxivVersion?: string
  readonly namedBy?: NamedBy
  /** 1-based */
  readonly line: number
  /** the original text */
  readonly text: string
  /** addresses of the same citation: possible locations of a copy */
  readonly places?: readonly string[]
}
export interface UnderstoodNothing {
  readonly line: number
  readonly text: string
  readonly code: ErrorCode
  readonly because: string
}
export interface FoundInText {
  readonly found: readonly FoundIdentifier[]
  readonly notUnderstood: readonly UnderstoodNothing[]
}
export interface FoundOnce extends FoundInText {
  /** how often items of `found` were named again */
  readonly repeated: number
}

/** The named items, in order and unique, and how often items were named again. */
export function findIdentifiers(text: string): FoundOnce {
  const { found, notUnderstood } = allIdentifiers(text)
  const seen = new SeenWorks<true>()
  const first = found.filter(({ ids }) => {
    const isNew = seen.find(ids) === null
    seen.add(ids, true)
    return isNew
  })
  return { found: first, repeated: found.length - first.length, notUnderstood }
}

/** All named items, including repetitions. */
export function allIdentifiers(text: string): FoundInText {
  const lines = joinBroken(text.split(/\r\n|\r|\n/), isNextItem)
  const found: FoundIdentifier[] = []
  const notUnderstood: UnderstoodNothing[] = []
  for (const { line, text: unit, isCitation } of unitsOf(lines, { isIdentifier })) {
    const { hits, refused } = findInLine(isCitation ? withoutRelated(unit) : unit, { isCitation })
    if (hits.length === 0) notUnderstood.push({ line, text: unit.trim(), ...refused })
    for (const hit of hits) found.push({ ...hit, line })
  }
  return { found, notUnderstood }
}

function isIdentifier(line: string): boolean {
  return line.length <= MAX_IDENTIFIER_CHARS && !/\s\S+\s/.test(line.trim()) && recognise(line).kind === 'ids'
}

/** PubMed's citations name errata, comments and earlier versions after the paper itself. */
function withoutRelated(citation: string): string {
  const related =
    /(?:Errat(?:um|a) in|Comment(?:s)? (?:in|on)|Update (?:in|of)|Corrected and republished (?:in|from)|Retraction (?:in|of)|Retracted and republished (?:in|from)|Republished (?:in|from)|Expression of concern (?:in|for)|Original report in|Summary for patients in|Preprint in)(?=[: ])[^\n]*?(?=\bPMC?ID:|$)/g
  return citation.replace(related, ' ').replace(CORRECTED, '$1')
}

/**
 * `… doi:10.5555/own. Erratum: J. 2021. doi:10.5555/other`: the text after the label is about the paper named
 * before.
 */
const CORRECTED =
  /^(.{20,3000}?10\.\d{4,9}\/\S{1,300}[.;,)]\s{1,3})\(?(?:Errat(?:um|a)|Corrigend(?:um|a)|(?:Author|Publisher) Correction|Correction|Retraction|Retracted):?(?: in)?:\s.*$/

type Hit = Omit<FoundIdentifier, 'line'>
interface InLine {
  readonly hits: readonly Hit[]
  /** the reason, for a line in which nothing was found */
  readonly refused: { readonly code: ErrorCode; readonly because: string }
}

/** One line: a whole identifier, or identifiers among words. A citation names one work. */
export function findInLine(line: string, { isCitation = false } = {}): InLine {
  const whole = recognise(line)
  if (whole.kind === 'ids' && cutGlued(line).length === line.length && !isAddressAndWords(line))
    return { hits: [hitOf(whole, line.trim())], refused: NOTHING }
  const hits: Hit[] = []
  const closed = eachLabelled(closeGaps(line))
  let refused =
    whole.kind === 'ids' || (whole.code === 'BAD_IDENTIFIER' && /\s/.test(line.trim())) ? NOTHING : whole
  const search = new RegExp(mentionsArxiv(line) ? MENTION_OR_BARE_ARXIV : MENTION, 'gi')
  for (let match = search.exec(closed); match !== null; match = search.exec(closed)) {
    const mention = cutMention(match[0])
    search.lastIndex = match.index + Math.max(mention.length, 1)
    const what = recognise(mention)
    if (what.kind === 'ids') hits.push(hitOf(what, mention))
    else if (what.code !== 'BAD_IDENTIFIER') refused = what
  }
  return {
    hits: joinOneCitation(hits, isCitation || isOneCitation(closed)),
    refused: { code: refused.code, because: refused.because }
  }
}

/**
 * An address contains no spaces (RFC 3986 §2): text after one is a remark, unless it is a file name with
 * spaces.
 */
function isAddressAndWords(line: string): boolean {
  const text = line.trim()
  if (!/^[<("'[]*https?:\/\/\S+\s/i.test(text)) return false
  return /\s[<("'[]*https?:/i.test(text) || !/^\S*\/[^/]{1,200}\.\w{2,4}$/.test(text)
}

/** `PMIDs: 31000001, 31000002 and 31000003`: the label applies to each number. */
function eachLabelled(line: string): string {
  if (!/PMC?ID/i.test(line)) return line
  return line.replace(LABELLED_NUMBERS, (_, label: string, numbers: string) =>
    numbers.replace(/(?:PMC)?\d+/gi, (number) => `${label}: ${number}`)
  )
}

/** Six digits or more, so that a year after a PMID does not count. */
const AND = '\\s{0,3}(?:[,;]|\\band\\b)\\s{0,3}(?:and\\s{1,3})?'
const LABELLED_NUMBERS = new RegExp(
  `\\b(PMC?ID)s?\\s{0,3}[:=]?\\s{0,3}(\\d{6,9}(?:${AND}\\d{6,9}(?![\\d./:(-]))+|PMC\\d{4,9}(?:${AND}PMC\\d{4,9}\\b)+)`,
  'gi'
)

/** A line with a year and several words around its identifiers. */
function isOneCitation(line: string): boolean {
  if (!/(?<![\d./])(?:1[89]|20)\d\d[a-z]?(?![\d/])/.test(line)) return false
  const words = line.split(/\s+/).filter((word) => !/https?:|10\.\d{4}/.test(word))
  return (words.join(' ').match(/\p{L}{3,}/gu)?.length ?? 0) >= 4
}

const NOTHING = { code: 'BAD_LINE', because: 'No DOI or other identifier found.' } as const

const URL_CHAR = '(?:[^\\s"“”„«»<>，。；、（）【】《》「」]|<\\d+:[^<>\\s]*>)'
const NOT_INSIDE = '(?<![A-Za-z0-9])'
const PATTERNS = [
  `https?:\\/\\/${URL_CHAR}+`,
  `${NOT_INSIDE}(?:www\\.|(?:dx\\.)?doi\\.org\\/|arxiv\\.org\\/|(?:pubmed|pmc)\\.ncbi\\.nlm\\.nih\\.gov\\/|openalex\\.org\\/)${URL_CHAR}+`,
  `(?<![\\d.])${DOI_IN_TEXT}`,
  `${NOT_INSIDE}(?:arxiv\\s{0,3}:?\\s{0,3}${NEW_ARXIV}|(?:arxiv\\s{0,3}:?\\s{0,3})?${OLD_ARXIV})(?![\\d\\/])`,
  `(?<![A-Za-z])PMC\\s?ID\\s{0,3}[:=]?\\s{0,3}(?:PMC)?\\d{1,9}`,
  `${NOT_INSIDE}PMC\\d{3,9}(?!\\d)`,
  `(?<![A-Za-z])(?:PMID|PubMed\\s?ID|info:pmid\\/)\\s{0,3}[:=]?\\s{0,3}\\d{1,9}(?!\\d)`,
  `(?<![\\d.])\\d{1,9}\\s?\\[(?:uid|pmid)\\]`,
  `${NOT_INSIDE}(?:openalex\\s{0,3}:\\s{0,3}W\\d+|W\\d{8,11})(?!\\w)`,
  `${NOT_INSIDE}ISBN(?:-?1[03])?\\s{0,3}:?\\s{0,3}[\\d][\\d\\s-]{8,16}[\\dX]`
]
const MENTION = PATTERNS.join('|')
const MENTION_OR_BARE_ARXIV = `${MENTION}|(?<![\\w.])${NEW_ARXIV}(?![\\w])`

/** `2401.00001` among words could be any number, unless the words mention arXiv. */
function mentionsArxiv(line: string): boolean {
  return /arxiv/i.test(line)
}

/** A mention ends where a list continues, where markup begins, or at a bracket that it did not open. */
function cutMention(text: string): string {
  const cut = cutAtNext(cutGlued(text.slice(0, MAX_IDENTIFIER_CHARS)))
  const depth: Record<string, number> = { ']': 0, '}': 0 }
  for (let at = 0; at < cut.length; at++) {
    const char = cut[at] ?? ''
    if (char === '[') depth[']'] = (depth[']'] ?? 0) + 1
    else if (char === '{') depth['}'] = (depth['}'] ?? 0) + 1
    else if (char in depth) {
      depth[char] = (depth[char] ?? 0) - 1
      if ((depth[char] ?? 0) < 0) return cut.slice(0, at)
    }
  }
  return cut
}

/**
 * PubMed's own citations name one paper three times: `doi: 10.…; PMID: 123; PMCID: PMC45`. Other citations
 * name it by its DOI, its preprint and its address. Two identifiers of one kind are two works.
 */
function joinOneCitation(all: readonly Hit[], isCitation: boolean): readonly Hit[] {
  const hits = distinct(all)
  const [first] = hits
  if (first === undefined || hits.length < 2) return hits
  const named = hits.filter(({ ids }) => !isPlace(ids))
  const places = hits.filter(({ ids }) => isPlace(ids)).flatMap(({ ids }) => ids.url ?? [])
  const schemes = named.flatMap(({ ids }) => Object.keys(ids))
  const once = new Set(schemes).size === schemes.length
  const isPubmed = schemes.every((scheme) => scheme === 'doi' || scheme === 'pmid' || scheme === 'pmcid')
  if (!once || (!isCitation && (!isPubmed || places.length > 0))) return hits
  if (named.length === 0) return isCitation ? [{ ...first, places: places.slice(1) }] : hits
  const versions = named.flatMap(({ arxivVersion }) => arxivVersion ?? [])
  return [
    {
      text: named[0]?.text ?? first.text,
      ids: named.reduce<Identifiers>((all, { ids }) => ({ ...all, ...ids }), {}),
      ...(versions[0] === undefined ? {} : { arxivVersion: versions[0] }),
      ...(places.length === 0 ? {} : { places })
    }
  ]
}

/** Named by an address alone, whatever identifier the address contains. */
function isPlace(ids: Identifiers): boolean {
  return ids.url !== undefined
}

/** A repetition in one line counts once. */
function distinct(hits: readonly Hit[]): Hit[] {
  const seen = new Set<string>()
  return hits.filter(({ ids }) => {
    const names = aliasNames(ids)
    const isNew = !names.some((name) => seen.has(name))
    names.forEach((name) => seen.add(name))
    return isNew
  })
}

function hitOf(what: RecognisedIds, text: string): Hit {
  const { ids, arxivVersion, namedBy } = what
  return {
    ids,
    text,
    ...(arxivVersion === undefined ? {} : { arxivVersion }),
    ...(namedBy === undefined ? {} : { namedBy })
  }
}

/**
 * A word that is an identifier on its own is the next item of a list, unless line and word together name the
 * same work.
 */
function isNextItem(line: string, word: string, next: string): boolean {
  if (ENDS_AS_DOI.test(line) && BEGINS_IDENTIFIER.test(word)) return true
  const own = findInLine(next).hits.find(({ text }) => next.startsWith(text))
  if (own === undefined) return false
  const names = new Set(aliasNames(own.ids))
  const both = findInLine(line.trimEnd() + word).hits
  return !both.some(({ ids }) => aliasNames(ids).some((name) => names.has(name)))
}

const ENDS_AS_DOI = /10\.\d{4,9}\/\s*$/
const BEGINS_IDENTIFIER = /^[<("'[]*(?:https?:|doi:|10\.\d{4,9}(?:\/|$))/i
