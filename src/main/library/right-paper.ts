/**
 * Is this the paper that was asked for? The text of the first pages is held against what is known of
 * the work (DESIGN §10). Both errors cost: a good paper refused is lost to the user, a wrong one filed
 * is believed. So `mismatch` needs two things at once: nothing of ours, and something of another's.
 */
import type { Identifiers, WorkFacts } from '../../contract/work'
import type { PaperVerdict } from '../../contract/words'
import { arxivStampOf, beforeReferences, countAuthors, hasDoi, hasYear, ownDoiOf } from './names-in-text'
import type { PdfText } from './pdf-facts'
import { withoutMarkup, wordsOf } from './plain-words'
import { findTitle } from './title-match'

export interface RightPaper {
  readonly verdict: PaperVerdict
  /** one sentence */
  readonly because: string
  /** what was looked for and what was found; plain JSON */
  readonly evidence: Readonly<Record<string, unknown>>
}

export interface WantedPaper {
  readonly ids: Identifiers
  readonly facts: WorkFacts
}

const ENOUGH_LETTERS = 400
const TITLE_FOUND = 0.8
const TITLE_ABSENT = 0.4
/** A title stands within the first words of a page, below a journal's head. */
const TITLE_AREA = 150

export function judgeRightPaper(text: PdfText, wanted: WantedPaper): RightPaper {
  const seen = lookFor(text, wanted)
  const answer = decide(seen, wanted)
  return { ...answer, evidence: evidenceOf(seen, wanted) }
}

interface Seen {
  readonly letters: number
  readonly ownDoi: boolean
  readonly otherDoi: string | null
  readonly arxivStamp: string | null
  readonly coverage: number | null
  readonly inTitlePlace: boolean
  readonly authors: { readonly found: number; readonly of: number }
  readonly year: boolean
  readonly otherTitle: string | null
  /** the document says of itself that it is about another one */
  readonly about: string | null
  readonly sameScript: boolean
  readonly readable: boolean
}

function lookFor(text: PdfText, wanted: WantedPaper): Seen {
  const first = text.pages[0] ?? ''
  const pages = text.pages.map(beforeReferences)
  const all = pages.join('\n')
  const title = wanted.facts.title ?? ''
  const titles = text.prominent.concat(text.metadataTitle ?? [])
  const inPages = pages.map((page) => findTitle(title, page))
  const inTitles = titles.map((one) => findTitle(title, one).coverage)
  const found = ownDoiOf(first)
  const doi = wanted.ids.doi
  return {
    letters: all.replace(/[^\p{L}]/gu, '').length,
    ownDoi: doi !== undefined && hasDoi(all, doi),
    otherDoi: found === null || (doi !== undefined && sameDoi(found, doi)) ? null : found,
    arxivStamp: arxivStampOf(first),
    coverage:
      wordsOf(withoutMarkup(title)).length === 0
        ? null
        : Math.max(0, ...inPages.map((one) => one.coverage), ...inTitles),
    inTitlePlace:
      inTitles.some((coverage) => coverage >= TITLE_FOUND) ||
      inPages.some((one) => one.coverage >= TITLE_FOUND && (one.wordsBefore ?? Infinity) <= TITLE_AREA),
    authors: countAuthors(wanted.facts.authors ?? [], all),
    year: wanted.facts.year !== undefined && hasYear(all, wanted.facts.year),
    otherTitle: clearTitleOf(text),
    about: aboutAnother(titles.concat(first.slice(0, 300)), title),
    sameScript: isLatin(title) === isLatin(all),
    readable: !isLatin(all) || makesWords(all)
  }
}

function decide(seen: Seen, wanted: WantedPaper): Omit<RightPaper, 'evidence'> {
  const { coverage, authors } = seen
  const titleThere = coverage !== null && coverage >= TITLE_FOUND
  const titleAbsent = coverage !== null && coverage < TITLE_ABSENT
  const strangers = authors.of > 0 && authors.found === 0
  const arxiv = wanted.ids.arxiv?.toLowerCase()

  if (seen.about !== null && (seen.ownDoi || titleThere)) {
    return unsure(`It speaks of the paper, but calls itself “${seen.about}”.`)
  }
  if (arxiv !== undefined && seen.arxivStamp === arxiv) return match(`arXiv’s stamp says ${arxiv}.`)
  // Without our title and authors it may be a paper that cites ours: then only a DOI that stands alone counts.
  if (seen.ownDoi && (seen.otherDoi === null || !(titleAbsent && strangers)))
    return match('Its DOI stands on the first pages.')
  if (titleThere && wordsOf(wanted.facts.title ?? '').length < 4) {
    const backed = authors.found > 0 || seen.ownDoi
    if (backed && seen.inTitlePlace)
      return match('Its short title stands on the first page, with its author.')
    return unsure('Its title is so short that finding it proves little.')
  }
  if (titleThere && (seen.inTitlePlace || authors.found > 0)) {
    const strange = strangers && seen.otherDoi !== null && wanted.ids.doi !== undefined
    if (strange) return unsure('Its title stands there, with another DOI and none of its authors.')
    return match(
      authors.found > 0
        ? 'Its title and authors stand on the first pages.'
        : 'Its title stands on the first pages.'
    )
  }
  if (
    coverage !== null &&
    coverage >= 0.6 &&
    authors.of > 0 &&
    authors.found / authors.of >= 0.5 &&
    seen.year
  ) {
    return match('Most of its title, its authors and its year stand on the first pages.')
  }
  if (!seen.readable) return unsure('The letters of its text do not make words, so nothing can be compared.')
  if (seen.letters < ENOUGH_LETTERS) return unsure('There is too little text on its first pages to tell.')
  return mismatchOr(seen, wanted, { titleAbsent, strangers }) ?? unsure(whyUnsure(seen, wanted))
}

/** Nothing of ours, and something of another’s. */
function mismatchOr(
  seen: Seen,
  wanted: WantedPaper,
  not: { readonly titleAbsent: boolean; readonly strangers: boolean }
): Omit<RightPaper, 'evidence'> | null {
  const titleUnknown = seen.coverage === null
  if (seen.ownDoi || !(titleUnknown || not.titleAbsent)) return null
  const { doi, arxiv } = wanted.ids
  // One publisher gives one article one DOI; across publishers a preprint has its own.
  if (seen.otherDoi !== null && doi !== undefined && sameRegistrant(seen.otherDoi, doi)) {
    if (not.strangers || titleUnknown || seen.authors.of === 0 || !seen.year) {
      return mismatch(
        `Another DOI of the same publisher, ${seen.otherDoi}, stands on its first page; ours nowhere.`
      )
    }
  }
  if (titleUnknown || !seen.sameScript) return null
  if (seen.arxivStamp !== null && arxiv !== undefined && not.strangers) {
    return mismatch(
      `arXiv’s stamp says ${seen.arxivStamp}, and neither its title nor its authors stand there.`
    )
  }
  if (seen.otherDoi !== null && not.strangers) {
    return mismatch(`Another DOI, ${seen.otherDoi}, stands on its first page; our title and authors nowhere.`)
  }
  if (seen.otherTitle !== null && not.strangers) {
    return mismatch(`Its title is “${shorten(seen.otherTitle)}”; ours and our authors stand nowhere.`)
  }
  return null
}

function whyUnsure(seen: Seen, wanted: WantedPaper): string {
  if (seen.coverage === null) {
    return wanted.ids.doi === undefined
      ? 'Neither a title nor a DOI is known to compare with.'
      : 'Its title is not known, and its DOI does not stand on the first pages.'
  }
  if (!seen.sameScript) return 'The paper is in another script than its title.'
  const share = String(Math.round(seen.coverage * 100))
  return `Of its title ${share} % was found, of its authors ${String(seen.authors.found)} of ${String(seen.authors.of)}; ${namedInstead(seen, wanted)}.`
}

/** Whose name stands there instead, if any does. */
function namedInstead(seen: Seen, wanted: WantedPaper): string {
  if (seen.otherDoi !== null) return `another DOI, ${seen.otherDoi}, stands on its first page`
  const { arxivStamp } = seen
  if (arxivStamp !== null && arxivStamp !== wanted.ids.arxiv?.toLowerCase())
    return `arXiv’s stamp says ${arxivStamp}`
  if (seen.otherTitle !== null) return `its largest text is “${shorten(seen.otherTitle)}”`
  return 'no other paper’s name stands out'
}

const match = (because: string): Omit<RightPaper, 'evidence'> => ({ verdict: 'match', because })
const unsure = (because: string): Omit<RightPaper, 'evidence'> => ({ verdict: 'unsure', because })
const mismatch = (because: string): Omit<RightPaper, 'evidence'> => ({ verdict: 'mismatch', because })

/** A DOI cut by a line end is the beginning of ours; versions (`/v2`) are one work. */
function sameDoi(found: string, ours: string): boolean {
  const bare = (doi: string): string => doi.replace(/[/.]v\d+$/, '').replace(/[^a-z0-9]/g, '')
  const [one, other] = [bare(found), bare(ours)]
  return one === other || other.startsWith(one)
}

/** Repositories give every version a DOI of its own, so one registrant means nothing there. */
const REPOSITORIES = [
  '10.5281',
  '10.6084',
  '10.13140',
  '10.2139',
  '10.31234',
  '10.31219',
  '10.48550',
  '10.17605',
  '10.20944',
  '10.22541'
]

function sameRegistrant(one: string, other: string): boolean {
  const registrant = one.slice(0, one.indexOf('/'))
  return registrant === other.slice(0, other.indexOf('/')) && !REPOSITORIES.includes(registrant)
}

const NOTES =
  /^\W*((?:author |publisher |publisher’s |publisher's )?(?:correction|corrigendum|erratum|retraction(?: note)?|expression of concern|addendum|repl(?:y|ies)(?: to)?|comments? (?:on|to)|response to|supplementary (?:material|information|data)|supporting information))\b/i

/** “Correction to: …”, “Comment on …” quote our title and DOI and are not our paper. */
function aboutAnother(titles: readonly string[], ours: string): string | null {
  if (NOTES.test(ours)) return null
  for (const title of titles) {
    const found = NOTES.exec(title)
    if (found?.[1] !== undefined) return found[1]
  }
  return null
}

const NO_TITLE =
  /^(?:untitled|microsoft word|document\d*|title|abstract|introduction|contents|table of contents|research (?:article|paper)|original (?:article|paper|research)|review(?: article)?|article|letter|editorial|chapter \d+|untitled-?\d*|.*\.(?:docx?|pdf|tex|indd|dvi|qxd|ps)|pii:? ?\S+|doi:? ?\S+|arxiv:.*|https?:.*|www\..*|(?:the )?(?:journal|annals|archives|proceedings|transactions|bulletin|international journal|revista|zeitschrift|acta)\b.*)$/iu

/** A heading that can only be a title: long enough, and not the name of a journal or of a section. */
function clearTitleOf(text: PdfText): string | null {
  for (const candidate of text.prominent.slice(0, 2)) {
    const words = wordsOf(candidate)
    const looksLike =
      words.length >= 4 && words.length <= 40 && words.filter((word) => word.length > 3).length >= 3
    if (looksLike && !isNoTitle(candidate)) return candidate
  }
  return null
}

function isNoTitle(text: string): boolean {
  const shouted = /^[\p{Lu}\s&]+$/u.test(text) && wordsOf(text).length < 5
  return shouted || NO_TITLE.test(text.trim())
}

/** The small words of the languages that papers are written in. */
const SMALL_WORDS = new Set(
  (
    'the of and in to a is for with that by on as are was were from this be we an at or which ' +
    'der die das und von den zu mit ist des im ein eine fur auf nicht le la les de des et du en un une dans pour que est ' +
    'el los las y del por con una se al il di che e per una della o do da os as um uma para em na no van het een te dat ' +
    'i w na z do nie och att det som av pa en ja on og til'
  ).split(' ')
)

/** Fonts without a table of letters give text in cipher; every real text is full of small words. */
function makesWords(text: string): boolean {
  const words = wordsOf(text.slice(0, 6_000))
  return words.length < 40 || words.filter((word) => SMALL_WORDS.has(word)).length / words.length >= 0.04
}

/** A few hundred letters tell the script of a text. */
function isLatin(text: string): boolean {
  const sample = text.slice(0, 1_500)
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0
  return letters === 0 || latin / letters > 0.5
}

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117).trimEnd()}…`
}

function evidenceOf(seen: Seen, wanted: WantedPaper): Readonly<Record<string, unknown>> {
  return {
    expected: {
      title: wanted.facts.title ?? null,
      doi: wanted.ids.doi ?? null,
      arxiv: wanted.ids.arxiv ?? null,
      authors: (wanted.facts.authors ?? []).slice(0, 8),
      year: wanted.facts.year ?? null
    },
    found: {
      titleCoverage: seen.coverage === null ? null : Math.round(seen.coverage * 100) / 100,
      ourDoi: seen.ownDoi,
      otherDoi: seen.otherDoi,
      arxivStamp: seen.arxivStamp,
      authors: `${String(seen.authors.found)} of ${String(seen.authors.of)}`,
      year: seen.year,
      largestText: seen.otherTitle,
      letters: seen.letters
    }
  }
}
