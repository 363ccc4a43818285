/** The answers of the right-paper check. Specification: docs/design.md §10. */
import type { PaperVerdict } from '../../contract/words'

/** Why a verdict was given; `right-paper-words.ts` has a sentence for each. */
export const RIGHT_PAPER_REASONS = [
  'own identifier',
  'title and authors',
  'most of title, authors and year',
  'title, no authors known',
  'stands beside the paper',
  'asked for another kind',
  'unreadable text',
  'too little text',
  'title in another script',
  'nothing to compare',
  'title without authors',
  'short title',
  'altered title',
  'identifier of another',
  'identifier mentioned only',
  'not enough found',
  'other identifier',
  'other title',
  'other identifier and title',
  'other subject and people',
  'similar title of others'
] as const

export type RightPaperReason = (typeof RIGHT_PAPER_REASONS)[number]

export interface RightPaper {
  readonly verdict: PaperVerdict
  readonly reason: RightPaperReason
  /** one sentence */
  readonly because: string
  /** what was searched for and what was found; plain JSON */
  readonly evidence: Readonly<Record<string, unknown>>
}
