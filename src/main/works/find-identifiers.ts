/**
 * Every identifier in a text that people paste: a list, a page of references, an e-mail. What was
 * found comes in order and once; every line in which nothing was understood is named, so that nothing
 * disappears. It knows lines, not formats.
 */
import type { ErrorCode } from '../../contract/errors'
import type { Identifiers } from '../../contract/work'
import { NEW_ARXIV, OLD_ARXIV } from './arxiv-id'
import { DOI_IN_TEXT } from './doi-text'
import { aliasesOf, type NamedBy } from './identifiers'
import { MAX_IDENTIFIER_CHARS, recognise, type RecognisedIds } from './recognise'

export interface FoundIdentifier {
  readonly ids: Identifiers
  readonly arxivVersion?: string
  readonly namedBy?: NamedBy
  /** 1-based */
  readonly line: number
  /** as it stood there */
  readonly text: string
}
export interface UnderstoodNothing {
  readonly line: number
  readonly text: string
  readonly code: ErrorCode
  readonly because: string
}
export interface FoundInText {
  readonly found: readonly FoundIdentifier[]
  /** how often something was named again that stands in `found` already */
  readonly repeated: number
  readonly notUnderstood: readonly UnderstoodNothing[]
}

export function findIdentifiers(text: string): FoundInText {
  const lines = joinBroken(text.split(/\r\n|\r|\n/))
  const seen = new Set<string>()
  const found: FoundIdentifier[] = []
  const notUnderstood: UnderstoodNothing[] = []
  let repeated = 0
  lines.forEach((line, at) => {
    if (line === null || line.trim() === '') return
    const { hits, refused } = findInLine(line)
    if (hits.length === 0) notUnderstood.push({ line: at + 1, text: line.trim(), ...refused })
    for (const hit of hits) {
      const names = aliasesOf(hit.ids).map(({ scheme, value }) => `${scheme}:${value}`)
      const known = names.some((name) => seen.has(name))
      names.forEach((name) => seen.add(name))
      if (known) repeated++
      else found.push({ ...hit, line: at + 1 })
    }
  })
  return { found, repeated, notUnderstood }
}

type Hit = Omit<FoundIdentifier, 'line'>
interface InLine {
  readonly hits: readonly Hit[]
  /** why nothing was found, for when nothing was */
  readonly refused: { readonly code: ErrorCode; readonly because: string }
}

/** One line: a whole identifier, or identifiers among words. */
export function findInLine(line: string): InLine {
  const whole = recognise(line)
  if (whole.kind === 'ids') return { hits: [hitOf(whole, line.trim())], refused: NOTHING }
  const hits: Hit[] = []
  let refused = whole.code === 'BAD_IDENTIFIER' && /\s/.test(line.trim()) ? NOTHING : whole
  const search = new RegExp(mentionsArxiv(line) ? MENTION_OR_BARE_ARXIV : MENTION, 'gi')
  for (let match = search.exec(line); match !== null; match = search.exec(line)) {
    const mention = cutMention(match[0])
    search.lastIndex = match.index + Math.max(mention.length, 1)
    const what = recognise(mention)
    if (what.kind === 'ids') hits.push(hitOf(what, mention))
    else if (what.code !== 'BAD_IDENTIFIER') refused = what
  }
  return { hits: joinOneCitation(hits), refused: { code: refused.code, because: refused.because } }
}

const NOTHING = { code: 'BAD_LINE', because: 'No identifier stands in this line.' } as const

const URL_CHAR = '(?:[^\\s"“”„«»<>，。；、（）【】《》「」]|<\\d+:[^<>\\s]*>)'
const NOT_INSIDE = '(?<![A-Za-z0-9])'
const PATTERNS = [
  `https?:\\/\\/${URL_CHAR}+`,
  `${NOT_INSIDE}(?:www\\.|(?:dx\\.)?doi\\.org\\/|arxiv\\.org\\/|(?:pubmed|pmc)\\.ncbi\\.nlm\\.nih\\.gov\\/|openalex\\.org\\/)${URL_CHAR}+`,
  `(?<![\\d.])${DOI_IN_TEXT}`,
  `${NOT_INSIDE}(?:arxiv\\s{0,3}:?\\s{0,3}${NEW_ARXIV}|(?:arxiv\\s{0,3}:?\\s{0,3})?${OLD_ARXIV})(?![\\d\\/])`,
  `${NOT_INSIDE}PMC\\s?ID\\s{0,3}[:=]?\\s{0,3}(?:PMC)?\\d{1,9}`,
  `${NOT_INSIDE}PMC\\d{3,9}(?!\\d)`,
  `${NOT_INSIDE}(?:PMID|PubMed\\s?ID|info:pmid\\/)\\s{0,3}[:=]?\\s{0,3}\\d{1,9}(?!\\d)`,
  `${NOT_INSIDE}(?:openalex\\s{0,3}:\\s{0,3}W\\d+|W\\d{8,11})(?!\\w)`,
  `${NOT_INSIDE}ISBN(?:-?1[03])?\\s{0,3}:?\\s{0,3}[\\d][\\d\\s-]{8,16}[\\dX]`
]
const MENTION = PATTERNS.join('|')
const MENTION_OR_BARE_ARXIV = `${MENTION}|(?<![\\w.])${NEW_ARXIV}(?![\\w])`

/** `2401.00001` among words could be any number, unless the words speak of arXiv. */
function mentionsArxiv(line: string): boolean {
  return /arxiv/i.test(line)
}

/** A mention ends where a list goes on, where markup begins, or at a bracket it never opened. */
function cutMention(text: string): string {
  const cut = text
    .slice(0, MAX_IDENTIFIER_CHARS)
    .replace(/[,;|]+(?=https?:|doi:|10\.\d{4,9}\/).*$/is, '')
    .replace(/<(?!\d+:).*$/s, '')
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

/** PubMed's own citations name one paper three times: `doi: 10.…; PMID: 123; PMCID: PMC45`. */
function joinOneCitation(hits: readonly Hit[]): readonly Hit[] {
  const schemes = hits.flatMap(({ ids }) => Object.keys(ids))
  const once = new Set(schemes).size === schemes.length
  const pubmed = schemes.some((scheme) => scheme === 'pmid' || scheme === 'pmcid')
  const [first] = hits
  if (first === undefined || hits.length < 2 || !once || !pubmed) return hits
  if (!schemes.every((scheme) => scheme === 'doi' || scheme === 'pmid' || scheme === 'pmcid')) return hits
  return [{ text: first.text, ids: Object.assign({}, ...hits.map(({ ids }) => ids)) as Identifiers }]
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

const BROKEN_OFF = /(?:(?:^|[^\d.])10\.\d{4,9}\/|doi\.org\/|arxiv\.org\/(?:abs|pdf)\/|\bdoi:|\barxiv:)\s*$/i

/** An address broken at the end of a line goes on with the next line's first word; null: used up. */
function joinBroken(lines: readonly string[]): (string | null)[] {
  const joined: (string | null)[] = [...lines]
  for (let at = 0; at + 1 < joined.length; at++) {
    const line = joined[at]
    const next = joined[at + 1] ?? ''
    const [, word, rest] = /^\s*(\S+)(.*)$/s.exec(next) ?? []
    if (line === null || line === undefined || word === undefined || !BROKEN_OFF.test(line)) continue
    if (isNextItem(line, word, next.trim())) continue
    joined[at] = line.trimEnd() + word
    joined[at + 1] = rest === undefined || rest.trim() === '' ? null : rest
  }
  return joined
}

/** What names a work by itself is the next item of a list, unless line and word name that very work. */
function isNextItem(line: string, word: string, next: string): boolean {
  if (ENDS_AS_DOI.test(line) && BEGINS_ANEW.test(word)) return true
  const own = findInLine(next).hits.find(({ text }) => next.startsWith(text))
  if (own === undefined) return false
  const names = new Set(aliasesOf(own.ids).map(({ scheme, value }) => `${scheme}:${value}`))
  const both = findInLine(line.trimEnd() + word).hits
  return !both.some(({ ids }) => aliasesOf(ids).some(({ scheme, value }) => names.has(`${scheme}:${value}`)))
}

const ENDS_AS_DOI = /10\.\d{4,9}\/\s*$/
const BEGINS_ANEW = /^[<("'[]*(?:https?:|doi:|10\.\d{4,9}(?:\/|$))/i
