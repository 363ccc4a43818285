/** Add papers: what was recognised of what a person pasted, and what came of planning it. */
import type { ForecastFacts } from './lines'
import type { MatchDoubt, MatchVerdict } from './matches'
import type { Provider } from './words'

/** `to_confirm`: only a title names it, and a service proposes a paper. */
export const PREVIEW_KINDS = [
  'new',
  'to_confirm',
  'planned',
  'in_library',
  'removed',
  'not_understood'
] as const
export type PreviewKind = (typeof PREVIEW_KINDS)[number]

export interface PreviewRow {
  readonly index: number
  readonly kind: PreviewKind
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly identifier: string | null
  /** where it stood: `refs.bib`, line 12; null for a search */
  readonly origin: string | null
  readonly line: number | null
  /** the original text, for what was not understood */
  readonly text: string | null
  /** why it was not understood, or a note about it */
  readonly because: string | null
  /** it was removed from the library, and adding it does not bring it back; seconds since the epoch */
  readonly removed: { readonly at: number; readonly by: string } | null
  /** the job or paper that is there already */
  readonly jobId: string | null
  readonly artifactId: string | null
  /** what its title found; null when it was not looked up by its title */
  readonly match: MatchView | null
  /** the open copy that is expected; null until copies were looked for, and for what is not new */
  readonly copy: CopyView | null
}

/** The file that would most likely be fetched; `source` is null when no open copy is known. */
export interface CopyView {
  readonly source: Provider | null
  readonly host: string | null
  readonly version: string | null
  readonly license: string | null
  /** null where the source does not name it */
  readonly bytes: number | null
  /** milliseconds until its host's turn, behind the papers above it */
  readonly waitMs: number
  readonly priceUsd: number
}

export interface MatchView {
  readonly verdict: MatchVerdict
  /** 0 to 1 */
  readonly score: number | null
  readonly doubt: MatchDoubt | null
  /** the paper that is proposed; null with `none` and `unanswered` */
  readonly title: string | null
  readonly authors: readonly string[]
  readonly venue: string | null
}

export interface PreviewView {
  readonly previewId: string
  readonly counts: Readonly<Record<PreviewKind, number>>
  /** named more than once in what was given */
  readonly repeated: number
  /** the first rows; more with `plan.rows` */
  readonly rows: readonly PreviewRow[]
  readonly total: number
  /** what a search would give in all, when it says so */
  readonly available: number | null
  /** rows that only a title names and that were not looked up yet */
  readonly titles: number
  /** rows to confirm whose score is high enough to confirm them together */
  readonly sure: readonly number[]
  /** new rows whose open copy was not looked for yet */
  readonly unlooked: number
  /** what the rows that were looked at come to; null until copies were looked for */
  readonly forecast: ForecastFacts | null
}

export interface PlannedView {
  readonly newJobs: number
  readonly existingJobs: number
  readonly removed: number
  readonly jobIds: readonly string[]
}
