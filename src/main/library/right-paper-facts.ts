/**
 * Compares the first pages of a file with the requested work. Pure: facts only; `right-paper.ts` weighs them.
 * Text in the title place (large type near the top, the document's own title field) counts for more than
 * other text.
 */
import type { Identifiers, WorkFacts } from '../../contract/work'
import { authorsIn, type AuthorsFound } from './author-match'
import { calledBy, kindOfType, thesisIn, type BesideKind, type Called } from './document-kind'
import {
  arxivStampOf,
  beforeReferences,
  doisPrinted,
  hasYear,
  printedAs,
  type DoiPrinted
} from './names-in-text'
import type { PdfText } from './pdf-text'
import type { TypeRun } from './pdf-layout'
import { wordsOf, withoutMarkup } from './plain-words'
import { countLetters, isLatin, isReadable, languageOf } from './readable-text'
import { namesPeople } from './people-in-head'
import { isClearTitle, isTitleLike } from './title-place'
import { findTitle, likenessOf, topicShare, type TitleFound } from './title-match'
import { sumOf, weightsOf } from './word-weight'
import { isPrintedDoi, isVersionOf, sameRegistrant } from './doi-kinship'

export interface WantedPaper {
  readonly ids: Identifiers
  readonly facts: WorkFacts
}

/** Which identifier the file prints as its own. */
export type IdPrinted =
  /** none, or only ours together with others */
  | 'none'
  | 'ours'
  /** a preprint's or a repository's, where ours is the article's: a version, if the title agrees */
  | 'version'
  /** of the same registrant, which gives one article one DOI */
  | 'other of the same house'
  | 'other'

/** Size: a record: one member for each fact that is weighed. */
export interface Seen {
  readonly letters: number
  readonly readable: boolean
  readonly sameScript: boolean
  /** the text is in the title’s language, as far as both are known */
  readonly sameLanguage: boolean
  readonly id: IdPrinted
  /** ours is mentioned, but not as the file's own */
  readonly oursMentioned: boolean
  readonly otherDoi: string | null
  readonly arxivStamp: string | null
  /** null: no title is known */
  readonly title: {
    /** share of our title in the title place, and anywhere in one stretch */
    readonly inPlace: number
    readonly anywhere: number
    /** found near the top of a page, though not in large type */
    readonly nearTop: boolean
    /** the place has words of its own between ours or instead of them, or the number of another part */
    readonly altered: boolean
    /** the place has almost only words of ours */
    readonly onlyOurs: boolean
    /** share of our title's words that the pages use at all */
    readonly topic: number | null
    /** how specific our title is, by the weight of its words */
    readonly weight: number
    readonly words: number
  } | null
  readonly authors: AuthorsFound
  readonly year: boolean
  /** a text in the title place that can only be a title, and is not ours */
  readonly otherTitle: string | null
  /** the head of the file has a list of people */
  readonly otherPeople: boolean
  /** the document calls itself a companion of a paper, and this paper was requested */
  readonly beside: { readonly kind: BesideKind; readonly words: string } | null
  /** such a companion was requested, and this document does not call itself one */
  readonly askedKind: BesideKind | null
  readonly pageCount: number | null
}

const MOST_PLACES = 6
const LARGER_THAN_BODY = 1.04
/** A title is within the first words of a page, below a journal's head. */
const TITLE_AREA = 150
const FOUND = 0.8
/** Of a short title every word must occur: `Ecology of scrub` is not `Ecology or bio-ecology`. */
const WHOLE = 0.95
const UNLIKE = 0.5
/** Words of its own between ours make it another title; in a short one each word carries more weight. */
const LIKE = 0.78
const LIKE_SHORT = 0.88
const SHORT = 3.5
const ONLY_OURS = 0.9
/** A word of two letters (`GP`) that replaces another is another subject; a sign (`α`) is not. */
const REPLACED = 0.4
/** A word with meaning; a short title may not lose it. */
const LOST = 0.45

export function lookFor(text: PdfText, wanted: WantedPaper): Seen {
  const pages = text.pages.map(beforeReferences)
  const all = pages.join('\n')
  const title = wanted.facts.title ?? ''
  const places = placesOf(text).map((place) => place.replace(BANNER, ''))
  const titleFound = seekTitle({ title, places, pages })
  const asked = calledBy(title)?.kind ?? kindOfType(wanted.facts.type)
  const called = seekKind(text, places, title)
  // Only computed where nothing of ours was found.
  const readable = once(() => isReadable(all))
  const sameScript = once(() => isLatin(title) === isLatin(all))
  const sameLanguage = once(() => inLanguageOf(title, all))
  const otherPeople = once(() => text.pages.slice(0, 2).some(namesPeople))
  return {
    letters: countLetters(all),
    get readable() {
      return readable()
    },
    get sameScript() {
      return sameScript()
    },
    get sameLanguage() {
      return sameLanguage()
    },
    get otherPeople() {
      return otherPeople()
    },
    ...idsIn(text, wanted),
    title: titleFound,
    authors: authorsIn(wanted.facts.authors ?? [], pages),
    year: wanted.facts.year !== undefined && hasYear(all, wanted.facts.year),
    otherTitle: otherTitleIn(text, title),
    beside:
      called !== null && called.kind !== asked
        ? { kind: called.kind, words: called.words }
        : thesisForArticle(text, wanted),
    askedKind:
      asked === null || called?.kind === asked || places.some((place) => calledBy(place)?.kind === asked)
        ? null
        : asked,
    pageCount: text.pageCount ?? null
  }
}

/** Computes the value at the first call and caches it. */
function once<T>(find: () => T): () => T {
  let known: { readonly found: T } | null = null
  return () => (known ??= { found: find() }).found
}

/** A publisher prints it before the title of a retracted paper; it is still the paper. */
const BANNER = /^\s*(?:retracted|withdrawn)(?: article| paper)?\s?[:–—-]\s?/i

const ARTICLES = /^(?:journal-)?(?:article|review|letter|proceedings-article|book-chapter|preprint)$/

/** A thesis was received where a service says that an article was requested: it often has the same title. */
function thesisForArticle(text: PdfText, wanted: WantedPaper): Seen['beside'] {
  if (!ARTICLES.test(wanted.facts.type ?? '')) return null
  const words = thesisIn(text.pages, text.pageCount ?? 0)
  return words === null ? null : { kind: 'thesis', words }
}

/**
 * A title without function words, and a text without them, are assumed to be English, the most frequent
 * language.
 */
function inLanguageOf(title: string, text: string): boolean {
  return (languageOf(title) ?? 'en') === (languageOf(text) ?? 'en')
}

/** The texts in the title place: large runs, runs joined with the next, the title field. */
function placesOf(text: PdfText): readonly string[] {
  const all = text.runs ?? []
  const runs = all
    .filter(isTitleLike)
    .sort((one, other) => other.scale - one.scale)
    .slice(0, MOST_PLACES)
  // A title may continue in a smaller type, or in another font.
  const joined = runs.slice(0, 3).flatMap((run) => {
    const next = all[all.indexOf(run) + 1]
    const goesOn = next !== undefined && (next.scale >= LARGER_THAN_BODY || next.otherFont)
    return goesOn ? [`${run.text}\n${next.text.slice(0, 200)}`] : []
  })
  return [
    ...(text.runs === undefined ? text.prominent : []),
    ...runs.map((run) => run.text),
    ...joined,
    ...(text.metadataTitle === null ? [] : [text.metadataTitle])
  ]
}

function seekTitle(where: {
  readonly title: string
  readonly places: readonly string[]
  readonly pages: readonly string[]
}): Seen['title'] {
  const words = wordsOf(withoutMarkup(where.title))
  if (words.length === 0) return null
  const likes = where.places.map((place) => likenessOf(where.title, place))
  const best = likes.reduce(
    (one, other) =>
      other.ours > one.ours || (other.ours === one.ours && other.other > one.other) ? other : one,
    { ours: 0, other: 0, otherNumber: false, replaced: 0 }
  )
  const weight = sumOf(weightsOf(words))
  const isShort = weight < SHORT
  const inPages = where.pages.map((page) => findTitle(where.title, page))
  const isNearTop = (one: TitleFound): boolean =>
    one.coverage >= (isShort ? WHOLE : FOUND) && (one.wordsBefore ?? Infinity) <= TITLE_AREA
  const at = best.ours >= FOUND ? -1 : inPages.findIndex(isNearTop)
  return {
    inPlace: best.ours,
    anywhere: Math.max(best.ours, ...inPages.map((one) => one.coverage)),
    nearTop: inPages.some(isNearTop),
    altered:
      (best.ours >= UNLIKE &&
        (best.otherNumber ||
          best.other < (isShort ? LIKE_SHORT : LIKE) ||
          best.replaced >= REPLACED ||
          (isShort && (1 - best.ours) * weight >= LOST))) ||
      isAlteredInLines(where.title, where.pages[at] ?? ''),
    onlyOurs: best.other >= ONLY_OURS,
    topic: topicShare(where.title, where.pages),
    weight,
    words: words.length
  }
}

const LINES_OF_A_TITLE = 3
const LINES_SEARCHED = 30

/** The same for a title in the type of the text, where words are cut and misread: only a number is evidence. */
function isAlteredInLines(title: string, page: string): boolean {
  const lines = page.split('\n').filter((line) => line.trim() !== '')
  const starts = lines.slice(0, LINES_SEARCHED)
  // The fewest lines that contain it: the surrounding ones have numbers of their own.
  for (let count = 1; count <= LINES_OF_A_TITLE; count++) {
    const likes = starts
      .map((_, at) => likenessOf(title, lines.slice(at, at + count).join('\n')))
      .filter(({ ours }) => ours >= FOUND)
    const most = Math.max(...likes.map(({ ours }) => ours))
    if (likes.length > 0) return likes.every((one) => one.ours < most || one.otherNumber)
  }
  return false
}

/** Which identifier the file prints as its own. Precedence: the wanted one, a version of it, another. */
function idsIn(
  text: PdfText,
  wanted: WantedPaper
): Pick<Seen, 'id' | 'oursMentioned' | 'otherDoi' | 'arxivStamp'> {
  const { doi, arxiv } = wanted.ids
  const printed = text.pages.flatMap((page, index) =>
    // After the first pages a DOI in a running head is also the document's own; others are mentions.
    doisPrinted(page).map((one) => ({ ...one, first: index === 0 }))
  )
  const arxivStamp = arxivStampOf(text.pages[0] ?? '') ?? arxivStampOf(text.pages[1] ?? '')
  const oursPrinted =
    doi === undefined ? [] : text.pages.flatMap((page) => printedAs(beforeReferences(page), doi))
  const oursOwn = oursPrinted.includes('own')
  const oursMentioned = oursPrinted.length > 0
  const isOurs = (one: (typeof printed)[number]): boolean =>
    doi !== undefined && isPrintedDoi(one.doi, doi, one.atLineEnd)
  const others = printed.filter((one) => one.first && one.as === 'own' && !isOurs(one))
  // Of several, the one in the head: data and companions are named below it.
  const otherDoi = onlyOne(others) ?? onlyOne(others.filter((one) => one.inHead))
  const rest = { oursMentioned, otherDoi, arxivStamp }
  if (arxiv !== undefined && arxivStamp === arxiv.toLowerCase()) return { id: 'ours', ...rest }
  if (oursOwn) return { id: 'ours', ...rest }
  if (arxivStamp !== null) return { id: arxiv === undefined ? 'version' : 'other', ...rest }
  if (otherDoi === null) return { id: 'none', ...rest }
  // For a work known by its arXiv id alone, the DOI is that of the later article.
  if (doi === undefined) return { id: 'version', ...rest }
  if (isVersionOf(otherDoi, doi)) return { id: 'version', ...rest }
  return { id: sameRegistrant(otherDoi, doi) ? 'other of the same house' : 'other', ...rest }
}

function onlyOne(printed: readonly DoiPrinted[]): string | null {
  const dois = new Set(printed.map((one) => one.doi))
  return dois.size === 1 ? (printed[0]?.doi ?? null) : null
}

/** A clear title in the title place that does not even loosely match ours. */
function otherTitleIn(text: PdfText, title: string): string | null {
  const runs: readonly TypeRun[] =
    text.runs ??
    text.prominent.slice(0, 2).map((one) => ({ text: one, scale: 1.5, lettersBefore: 0, otherFont: false }))
  const clear = runs
    .filter(isClearTitle)
    .sort((one, other) => other.scale - one.scale)
    .slice(0, 3)
    .map((run) => run.text)
  const unlike = (place: string): boolean =>
    likenessOf(title, place).ours < UNLIKE && likenessOf(place, title).ours < FOUND
  if (title !== '' && clear.some((place) => !unlike(place))) return null
  const [largest] = clear
  return largest?.replace(/\s+/g, ' ') ?? null
}

const FIRST_LINES = 14
/** A comment, a letter and a book review have at most this many pages. */
const NOTE_PAGES = 3

/** A kind counts where it is alone as a label, or before our title. */
function seekKind(text: PdfText, places: readonly string[], title: string): Called | null {
  const lines = (text.pages[0] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, FIRST_LINES)
  const spots = [
    ...places.map((place) => ({ line: place.replace(/\s+/g, ' '), following: '', label: true })),
    ...lines.map((line, at) => ({ line, following: lines.slice(at + 1, at + 4).join(' '), label: at < 5 }))
  ]
  for (const spot of spots) {
    const called = calledBy(spot.line, spot.following)
    if (called === null) continue
    // `Review`, `Correspondence` above the title are also the sections of journals, of several pages.
    const isSection =
      called.alone && HEADINGS_OF_PAPERS.test(called.words) && (text.pageCount ?? 0) > NOTE_PAGES
    const about = !isSection && findTitle(title, called.rest).coverage >= 0.7
    if (about || (called.alone && spot.label && isLabel(called, text))) return called
  }
  return null
}

/** Headings that papers have as well count only where no other text is before them on the page. */
const HEADINGS_OF_PAPERS =
  /^(?:discussion|remarks?|commentary|viewpoint|highlights|key ?points|contents|table of contents|inhalt|indice|sommaire|sumario|appendix|annex|checklist|correspondence|review|reviews|comments?|response|letter to the editor|curriculum|matters arising|cartas? a[lo] (?:editor(?:es)?|director)|carta a la redacci[oó]n|lettres? (?:à|a|au) .{6,14}|leserbriefe?|lettera .{8,14}|list do redakcji|письмо (?:в редакцию|редактору)|给编辑的信|致编辑|編集者への手紙|stellungnahmen?|replik|r[ée]plique|schlusswort|brief aan de redactie|surat kepada editor|editöre mektup|comment(?:aires?|arios?|i|o)|comentarios?|kommentare?|komentarz|комментарии?|комментарий|评论|評論)$/iu

function isLabel(called: Called, text: PdfText): boolean {
  if (!HEADINGS_OF_PAPERS.test(called.words)) return true
  const start = (text.pages[0] ?? '').trimStart().slice(0, 40).toLowerCase()
  return start.startsWith(called.words.toLowerCase()) && (text.pageCount ?? 99) <= NOTE_PAGES
}
