/**
 * Decides whether a file is the requested paper. A table of rules weighs the evidence of the first pages; the
 * first matching rule decides. Both errors are costly: a good paper refused is lost to the user, a wrong one
 * stored is trusted. So `mismatch` needs two things at once: no evidence for our paper, and evidence for
 * another; and `match` needs the title with its authors, or an identifier that the file prints as its own.
 * Specification: docs/design.md §10, “Right paper”.
 */
import type { PaperVerdict } from '../../contract/words'
import type { PdfText } from './pdf-text'
import { lookFor, type Seen, type WantedPaper } from './right-paper-facts'
import { sentenceFor } from './right-paper-words'
import type { RightPaperReason, RightPaper } from './right-paper-verdict'

export type { WantedPaper } from './right-paper-facts'

export function judgeRightPaper(text: PdfText, wanted: WantedPaper): RightPaper {
  const seen = lookFor(text, wanted)
  const { verdict, reason } = decide(seen)
  return {
    verdict,
    reason,
    because: sentenceFor(reason, seen, wanted),
    evidence: evidenceOf(reason, seen, wanted)
  }
}

/**
 * Neither a title nor an identifier that a page may print is known: once a page has enough text, later pages
 * cannot change the verdict, which is `unsure`.
 */
export function isBeyondComparing(paper: RightPaper, { ids }: WantedPaper): boolean {
  return paper.reason === 'nothing to compare' && ids.doi === undefined && ids.arxiv === undefined
}

/**
 * Below this share of the title nothing of it counts as found; from the second value on it counts as present.
 */
const TITLE_ABSENT = 0.45
const TITLE_FOUND = 0.8
const ENOUGH_LETTERS = 400
/** Enough for a title page with a clear title. */
const TITLE_PAGE_LETTERS = 200
/** A title of fewer words, or of less weight, occurs in many papers. */
const TELLING_WORDS = 4
const TELLING_WEIGHT = 2.5
/** Our title's words occur throughout our paper, and by chance in others: up to a third of them. */
const OFF_TOPIC = 0.4
const FAR_OFF_TOPIC = 0.25
const UNHEARD_OF = 0.12
/** A paper that was renamed between preprint and print still uses most words of its later title. */
const RENAMED = 0.55
const SIMILAR = 0.75

/** The facts as booleans. Size: one line for each fact that the rules below name. */
function weigh(seen: Seen) {
  const { title, authors } = seen
  const known = title !== null
  const share = authors.of === 0 ? null : authors.score / authors.of
  // Another title in large type, and ours below it: ours is only mentioned there.
  const nearTop = known && title.nearTop && seen.otherTitle === null
  const inPlace = known && (title.inPlace >= TITLE_FOUND || nearTop)
  const telling = known && title.words >= TELLING_WORDS && title.weight >= TELLING_WEIGHT
  const topic = title?.topic ?? null
  return {
    share,
    inPlace,
    telling,
    someAuthors: share !== null && (authors.full >= 1 || share >= 0.5),
    /** most of them, or the only one */
    manyAuthors: share !== null && share >= 0.5,
    noAuthors: share !== null && authors.full === 0 && authors.score <= 0.5,
    /** one of many: a common name with the same initial */
    fewAuthors: share !== null && share <= 0.34,
    titleAbsent: known && title.inPlace < TITLE_ABSENT && !nearTop,
    titleNowhere: known && title.anywhere < 0.6,
    offTopic: topic !== null && topic < OFF_TOPIC,
    farOff: topic !== null && topic < FAR_OFF_TOPIC,
    /** none of its words, or almost none, occur on the pages */
    unheardOf: topic !== null && topic < UNHEARD_OF,
    otherId: seen.id === 'other' || seen.id === 'other of the same house'
  }
}
type Weighed = ReturnType<typeof weigh>

interface Rule {
  readonly verdict: PaperVerdict
  readonly reason: RightPaperReason
  readonly when: (seen: Seen, is: Weighed) => boolean
}

const RULES: readonly Rule[] = [
  // What the document says about itself takes precedence over everything it quotes.
  {
    verdict: 'unsure',
    reason: 'stands beside the paper',
    when: (seen, is) =>
      seen.beside !== null &&
      (is.inPlace || seen.oursMentioned || seen.id === 'ours' || (seen.title?.anywhere ?? 0) >= TITLE_FOUND)
  },
  {
    verdict: 'match',
    reason: 'own identifier',
    when: (seen, is) =>
      seen.id === 'ours' &&
      seen.askedKind === null &&
      // Another part of a series prints our DOI beside its own.
      !(seen.otherDoi !== null && seen.title?.altered === true) &&
      (seen.otherTitle === null || is.manyAuthors || !is.titleAbsent)
  },
  {
    verdict: 'unsure',
    reason: 'asked for another kind',
    when: (seen, is) => seen.askedKind !== null && (is.inPlace || !is.titleAbsent || seen.id === 'ours')
  },
  // The title with its authors, unless there is another work's identifier.
  {
    verdict: 'unsure',
    reason: 'identifier of another',
    when: (_, is) => is.inPlace && is.otherId && is.someAuthors
  },
  {
    verdict: 'match',
    reason: 'title and authors',
    when: (seen, is) =>
      is.inPlace &&
      // Many papers have the title `Introduction`, and one of their authors may be another J. Wang.
      (is.telling ? is.someAuthors : is.manyAuthors && seen.authors.full >= 1) &&
      seen.title?.altered === false
  },
  {
    verdict: 'match',
    reason: 'most of title, authors and year',
    when: (seen, is) =>
      (seen.title?.inPlace ?? 0) >= 0.6 &&
      seen.title?.altered === false &&
      // A part of our title, and no other words: the rest is in another type.
      seen.title.onlyOurs &&
      is.manyAuthors &&
      seen.year &&
      !is.otherId
  },
  {
    verdict: 'match',
    reason: 'title, no authors known',
    when: (seen, is) =>
      is.inPlace && is.share === null && is.telling && !is.otherId && seen.title?.altered === false
  },
  // Text that cannot be compared is no evidence against the paper.
  { verdict: 'unsure', reason: 'unreadable text', when: (seen) => !seen.readable },
  {
    verdict: 'unsure',
    reason: 'too little text',
    when: (seen, is) =>
      seen.letters < (seen.otherTitle !== null && is.noAuthors ? TITLE_PAGE_LETTERS : ENOUGH_LETTERS)
  },
  // No evidence for our paper, and some for another.
  {
    verdict: 'mismatch',
    reason: 'other identifier and title',
    when: (seen, is) =>
      is.otherId &&
      seen.id !== 'ours' &&
      is.titleAbsent &&
      seen.otherTitle !== null &&
      is.telling &&
      seen.sameScript &&
      (is.share === null ? is.offTopic : is.share < 0.75)
  },
  {
    verdict: 'mismatch',
    reason: 'other identifier',
    when: (seen, is) =>
      is.otherId &&
      is.titleAbsent &&
      is.titleNowhere &&
      seen.sameScript &&
      is.share !== null &&
      is.share < 0.5 &&
      (is.offTopic || is.noAuthors)
  },
  {
    verdict: 'mismatch',
    reason: 'other title',
    when: (seen, is) =>
      seen.otherTitle !== null &&
      is.titleAbsent &&
      seen.sameScript &&
      seen.id !== 'ours' &&
      is.share !== null &&
      (is.share < 0.5 || (is.share < 0.7 && is.farOff))
  },
  {
    // Some of the same people, another title and another subject. If all of several match, it may have been
    // renamed.
    verdict: 'mismatch',
    reason: 'other title',
    when: (seen, is) =>
      seen.otherTitle !== null &&
      is.titleAbsent &&
      is.titleNowhere &&
      is.telling &&
      seen.sameScript &&
      seen.sameLanguage &&
      seen.id !== 'ours' &&
      is.share !== null &&
      (is.share < 1 ? (seen.title?.topic ?? 1) < RENAMED : seen.authors.of === 1 && is.farOff)
  },
  {
    verdict: 'mismatch',
    reason: 'other subject and people',
    when: (seen, is) =>
      is.titleAbsent &&
      is.titleNowhere &&
      seen.sameScript &&
      seen.id !== 'ours' &&
      !seen.oursMentioned &&
      (seen.otherPeople || (seen.otherTitle !== null && is.unheardOf)) &&
      ((is.noAuthors && ((is.telling && is.offTopic) || is.unheardOf)) ||
        // Some of the people, and none of the words: a common name, or another paper of the same group.
        (is.fewAuthors && is.telling && is.farOff) ||
        (is.share !== null && is.share < 0.75 && is.telling && is.unheardOf))
  },
  {
    // Half of our words in another title, and other people: `Animal population ecology`, `Applied population ecology`.
    verdict: 'mismatch',
    reason: 'similar title of others',
    when: (seen, is) =>
      !is.inPlace &&
      seen.title?.altered === true &&
      (seen.title.anywhere < SIMILAR || seen.title.words < TELLING_WORDS) &&
      seen.title.anywhere < TITLE_FOUND &&
      seen.sameScript &&
      seen.sameLanguage &&
      seen.id !== 'ours' &&
      !seen.oursMentioned &&
      is.noAuthors &&
      seen.otherPeople
  },
  // Some evidence, but not enough.
  { verdict: 'unsure', reason: 'nothing to compare', when: (seen) => seen.title === null },
  { verdict: 'unsure', reason: 'title in another script', when: (seen) => !seen.sameScript },
  { verdict: 'unsure', reason: 'altered title', when: (seen) => seen.title?.altered === true },
  { verdict: 'unsure', reason: 'title without authors', when: (_, is) => is.inPlace && is.telling },
  { verdict: 'unsure', reason: 'short title', when: (_, is) => is.inPlace },
  { verdict: 'unsure', reason: 'identifier mentioned only', when: (seen) => seen.oursMentioned }
]

function decide(seen: Seen): { readonly verdict: PaperVerdict; readonly reason: RightPaperReason } {
  const is = weigh(seen)
  return RULES.find((rule) => rule.when(seen, is)) ?? { verdict: 'unsure', reason: 'not enough found' }
}

function evidenceOf(
  reason: RightPaperReason,
  seen: Seen,
  wanted: WantedPaper
): Readonly<Record<string, unknown>> {
  const rounded = (share: number | null | undefined): number | null =>
    share === null || share === undefined ? null : Math.round(share * 100) / 100
  return {
    reason,
    expected: {
      title: wanted.facts.title ?? null,
      doi: wanted.ids.doi ?? null,
      arxiv: wanted.ids.arxiv ?? null,
      authors: (wanted.facts.authors ?? []).slice(0, 8),
      year: wanted.facts.year ?? null
    },
    found: {
      titleCoverage: rounded(seen.title?.anywhere),
      titleInPlace: rounded(seen.title?.inPlace),
      topic: rounded(seen.title?.topic),
      ourDoi: seen.id === 'ours' || seen.oursMentioned,
      identifier: seen.id,
      otherDoi: seen.otherDoi,
      arxivStamp: seen.arxivStamp,
      authors: `${String(rounded(seen.authors.score))} of ${String(seen.authors.of)}`,
      year: seen.year,
      largestText: seen.otherTitle,
      calledItself: seen.beside?.words ?? null,
      letters: seen.letters
    }
  }
}
