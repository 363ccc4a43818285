/**
 * Scores from 0 to 1 whether a candidate is the work that a reference names by title, with the main doubt. A
 * wrong paper is worse than none: each kind of look-alike (a correction, a reply, a book review, a chapter, a
 * preprint, the next part, another paper of the same authors) stays below `SURE_SCORE`, and is at most
 * proposed to the user. Pure. Measured by `npm run bench -- titles`.
 */
import {
  SHOWN_SCORE,
  SURE_SCORE,
  type MatchDoubt,
  type MatchProposal,
  type TitleCandidate,
  type TitleMatch
} from '../../../contract/matches'
import type { Identifiers, WorkFacts } from '../../../contract/work'
import { fold, withoutMarkup } from '../../library/plain-words'
import { authorsAgree, venuesAgree, type AuthorsAgree } from './same-names'
import { titleLikeness } from './title-likeness'

/** Upper limit of the score when there is a doubt. */
const NOT_SURE = SURE_SCORE - 0.02

interface Judged {
  readonly candidate: TitleCandidate
  readonly score: number
  readonly doubt: MatchDoubt | null
  /** orders candidates of about the same score: venue, exact year */
  readonly rank: number
}

export function bestMatch(cited: WorkFacts, candidates: readonly TitleCandidate[]): TitleMatch {
  const judged = candidates.map((candidate) => judge(cited, candidate)).sort((a, b) => b.rank - a.rank)
  const [best, ...others] = judged
  if (best === undefined || best.score < SHOWN_SCORE) return { verdict: 'none', proposal: null }
  const rival = others.find(
    (one) => one.score >= SURE_SCORE && best.rank - one.rank < 0.01 && !isSame(one, best)
  )
  const final =
    rival !== undefined && best.score >= SURE_SCORE
      ? { ...best, score: NOT_SURE, doubt: 'several' as const }
      : best
  return {
    verdict: final.score >= SURE_SCORE ? 'sure' : 'unsure',
    proposal: proposalOf(final)
  }
}

function isSame(one: Judged, other: Judged): boolean {
  const [a, b] = [one.candidate.ids, other.candidate.ids]
  return a.doi !== undefined && b.doi !== undefined ? a.doi === b.doi : a.openalex === b.openalex
}

function proposalOf({ candidate, score, doubt }: Judged): MatchProposal {
  const { title, subtitle, authors, years, type, venues } = candidate
  const isPart = subtitle === undefined || fold(title).includes(fold(subtitle))
  const [year] = years
  const [venue] = venues
  return {
    service: candidate.service,
    ids: idsOf(candidate),
    facts: {
      title: isPart ? title : `${title}: ${subtitle}`,
      ...(authors.length === 0 ? {} : { authors }),
      ...(year === undefined ? {} : { year }),
      ...(venue === undefined ? {} : { venue }),
      ...(type === undefined ? {} : { type })
    },
    score: Math.floor(score * 100) / 100,
    doubt
  }
}

/** Names without the absent ones. */
function idsOf({ ids: { openalex, doi, arxiv, pmid, pmcid } }: TitleCandidate): Identifiers {
  return {
    ...(openalex === undefined ? {} : { openalex }),
    ...(doi === undefined ? {} : { doi }),
    ...(arxiv === undefined ? {} : { arxiv }),
    ...(pmid === undefined ? {} : { pmid }),
    ...(pmcid === undefined ? {} : { pmcid })
  }
}

function judge(cited: WorkFacts, candidate: TitleCandidate): Judged {
  const found = notRetracted(candidate.title)
  const alike = titleLikeness(
    { title: cited.title ?? '' },
    { title: found.title, subtitle: candidate.subtitle }
  )
  const agree = authorsAgree(cited.authors ?? [], candidate.authors)
  const venue = venuesAgree(cited.venue, candidate.venues)
  const apart = yearsApart(cited.year, candidate.years)
  const steps: readonly (readonly [MatchDoubt, number])[] = [
    ['notice', isOtherNotice(cited.title ?? '', found.title) || NEVER.test(candidate.type ?? '') ? 0.3 : 1],
    ['title', alike.value],
    ['author', agree === 'other' ? 0.55 : agree === 'among' ? 0.95 : 1],
    ['kind', kindFactor(cited, candidate, venue)],
    ['year', yearFactor(apart)],
    ['retracted', found.isRetracted ? 0.88 : 1],
    [
      'little',
      knownFactor(agree, { venue, apart, weight: alike.weight, isUnsigned: candidate.authors.length === 0 })
    ]
  ]
  const score = steps.reduce((product, [, factor]) => product * factor, 1)
  const [heaviest] = [...steps].sort((a, b) => a[1] - b[1])
  const doubt = score < SURE_SCORE && heaviest !== undefined && heaviest[1] < 1 ? heaviest[0] : null
  const rank = score + (venue ? 0.03 : 0) + (apart === 0 ? 0.01 : 0)
  return { candidate, score, doubt, rank }
}

/** Without authors, without a year, or with a common title, a match is not certain on its own. */
function knownFactor(
  agree: AuthorsAgree,
  {
    venue,
    apart,
    weight,
    isUnsigned
  }: {
    readonly venue: boolean
    readonly apart: number | null
    readonly weight: number
    /** the service names no author, as with many old records */
    readonly isUnsigned: boolean
  }
): number {
  const author = agree === 'unknown' ? (isUnsigned && venue && apart === 0 ? 0.94 : 0.86) : 1
  const year = apart === null ? 0.95 : 1
  // Columns and annual reports reuse the same title.
  const general = weight < GENERAL_WEIGHT && !venue ? 0.8 : weight < SHORT_WEIGHT && apart === 1 ? 0.9 : 1
  return author * year * general
}

const GENERAL_WEIGHT = 1.2
const SHORT_WEIGHT = 2.4

function yearsApart(cited: number | undefined, years: readonly number[]): number | null {
  if (cited === undefined || years.length === 0) return null
  return Math.min(...years.map((year) => Math.abs(year - cited)))
}

/** Print one year after online is usual; a larger difference is another edition, or another paper. */
function yearFactor(apart: number | null): number {
  if (apart === null || apart === 0) return 1
  if (apart === 1) return 0.985
  return apart === 2 ? 0.88 : apart <= 4 ? 0.8 : 0.7
}

/** Publishers put “Retracted” or “Withdrawn” before the paper's own title. */
function notRetracted(title: string): { readonly title: string; readonly isRetracted: boolean } {
  const bare = title.replace(
    /^\s*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?\s*[:.–—-]+\s*/i,
    ''
  )
  return { title: bare, isRetracted: bare !== title }
}

const NOTICE =
  /^(?:(?:publisher|author|editorial)s? )?(?:correction|corrigend|errat|addend|retraction|expression of concern|reply|response|repl(?:y|ies)|rejoinder|comments?\b|commentar|discussion\b|decision letter|(?:book )?reviews? of\b|book review|review:|peer review|reviewer|supplement|supporting information|faculty opinions|editorial\b|editor|letter\b|in reply|author reply|author response|preface|foreword|introduction to\b|summary of\b|abstracts?\b|news\b|highlights|table of contents|front matter|back matter|index$|contents$)/
const NOTICE_END =
  /[:.(–—-]\s*(?:a |the |author'?s? )?(?:reply|rejoinder|response|comment|correction|corrigendum|erratum|discussion|book review)\)?\.?$/

/**
 * A notice about a paper contains the paper's title. True when one of the two is such a notice and the other
 * is not.
 */
function isOtherNotice(cited: string, found: string): boolean {
  return noticeOf(cited) !== noticeOf(found)
}

function noticeOf(title: string): string {
  const plain = fold(withoutMarkup(title)).replace(/^[\s"'“‘«([]+/, '')
  return `${NOTICE.exec(plain)?.[0].slice(0, 5) ?? ''} ${NOTICE_END.test(plain) ? 'end' : ''}`
}

/** Crossref types that are not works of their own. */
const NEVER =
  /^(?:peer-review|component|grant|journal|journal-issue|journal-volume|database|paratext|erratum|editorial-notice|retraction)$/

type Kind = 'article' | 'proceedings' | 'book' | 'chapter' | 'thesis' | 'report' | 'preprint' | 'other' | null

const KINDS: Readonly<Record<string, Kind>> = {
  article: 'article',
  'journal-article': 'article',
  'article-journal': 'article',
  'article-magazine': 'article',
  'article-newspaper': 'article',
  review: 'article',
  letter: 'article',
  editorial: 'article',
  'proceedings-article': 'proceedings',
  'paper-conference': 'proceedings',
  inproceedings: 'proceedings',
  conference: 'proceedings',
  book: 'book',
  mvbook: 'book',
  monograph: 'book',
  'edited-book': 'book',
  'reference-book': 'book',
  collection: 'book',
  proceedings: 'book',
  'book-chapter': 'chapter',
  'book-section': 'chapter',
  'book-part': 'chapter',
  'reference-entry': 'chapter',
  chapter: 'chapter',
  incollection: 'chapter',
  inbook: 'chapter',
  dissertation: 'thesis',
  thesis: 'thesis',
  phdthesis: 'thesis',
  mastersthesis: 'thesis',
  report: 'report',
  techreport: 'report',
  'report-component': 'report',
  'report-series': 'report',
  preprint: 'preprint',
  'posted-content': 'preprint',
  dataset: 'other',
  software: 'other',
  standard: 'other',
  patent: 'other'
}

/** Factors below `SURE_SCORE` leave the match of these two kinds to the user. */
function kindFactor(cited: WorkFacts, candidate: TitleCandidate, venue: boolean): number {
  const ours = citedKind(cited)
  const theirs = KINDS[candidate.type ?? ''] ?? null
  if (theirs === 'preprint') return ours === 'preprint' ? 1 : 0.86
  if (ours === null || theirs === null || ours === theirs) return 1
  if (venue && ours !== 'book' && theirs !== 'book') return 1
  const pair = [ours, theirs].sort().join(' ')
  // Proceedings in book series are chapters in Crossref, and articles in many reference managers.
  if (pair === 'chapter proceedings') return 1
  if (pair === 'article proceedings' || pair === 'article chapter') return 0.88
  return ours === 'book' || theirs === 'book' ? 0.75 : 0.85
}

function citedKind({ type, venue }: WorkFacts): Kind {
  if (/\barxiv\b|\bbiorxiv\b|\bmedrxiv\b|\bpreprint|\bssrn\b/i.test(venue ?? '')) return 'preprint'
  return KINDS[type?.toLowerCase() ?? ''] ?? null
}
