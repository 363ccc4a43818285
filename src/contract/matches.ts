/**
 * A reference identified only by its title, and the proposals of services. A proposal is planned only after
 * the user accepted it. Shapes and the two score limits; `engine/titles` computes them.
 */
import { z } from 'zod'
import { identifiersSchema } from './op-results'
import type { Identifiers, WorkFacts } from './work'

/** From this score on, 0 to 1, proposals may be accepted together. */
export const SURE_SCORE = 0.9
/** From this score on a proposal is shown, to be accepted individually. */
export const SHOWN_SCORE = 0.6

export const TITLE_SERVICES = ['crossref', 'openalex'] as const
export type TitleService = (typeof TITLE_SERVICES)[number]

const text = z.string()
export const titleCandidateSchema = z.object({
  service: z.enum(TITLE_SERVICES),
  ids: identifiersSchema.omit({ url: true }),
  title: text,
  subtitle: text.exactOptional(),
  /** `Family, Given`, or as the service writes it; the editors where there are no authors */
  authors: z.array(text),
  /** years of the versions in the service's record: in print, online */
  years: z.array(z.number()),
  /** in the service's vocabulary */
  type: text.exactOptional(),
  /** full and abbreviated names */
  venues: z.array(text)
})
/** A work that a search by title found. */
export type TitleCandidate = z.infer<typeof titleCandidateSchema>

/**
 * Why a proposal is uncertain, the weightiest reason first. `notice`: a correction, reply or review of it.
 * `title`, `author`, `year`: these differ. `kind`: a chapter for a book, a preprint for an article.
 * `retracted`. `several`: another work fits as well. `little`: the reference contains too little (no author,
 * no year, or a common title).
 */
export const MATCH_DOUBTS = [
  'notice',
  'title',
  'author',
  'kind',
  'year',
  'retracted',
  'several',
  'little'
] as const
export type MatchDoubt = (typeof MATCH_DOUBTS)[number]

/** `sure`: the score is reached. `unanswered`: no service could be queried, or none answered. */
export const MATCH_VERDICTS = ['sure', 'unsure', 'none', 'unanswered'] as const
export type MatchVerdict = (typeof MATCH_VERDICTS)[number]

export interface MatchProposal {
  readonly service: TitleService
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** 0 to 1, two digits */
  readonly score: number
  readonly doubt: MatchDoubt | null
}

export interface TitleMatch {
  readonly verdict: MatchVerdict
  /** the best one; null with `none` and `unanswered` */
  readonly proposal: MatchProposal | null
}
