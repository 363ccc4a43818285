/** Add papers: the recognised content of the user's input, and the result of planning it. */
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
  /** its origin: `refs.bib`, line 12; null for a search */
  readonly origin: string | null
  readonly line: number | null
  /** the original text of an entry that was not understood */
  readonly text: string | null
  /** why it was not understood, or a note about it */
  readonly because: string | null
  /** when the user removed it from the library; adding it does not restore it; epoch seconds */
  readonly removed: { readonly at: number; readonly by: string } | null
  /** the existing job or paper */
  readonly jobId: string | null
  readonly artifactId: string | null
  /** the result of its title look-up; null when none was made */
  readonly match: MatchView | null
  /** the expected open copy; null until copies were looked up, and for rows that are not new */
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
  /** milliseconds until the request may be sent, after the papers above it */
  readonly waitMs: number
  readonly priceUsd: number
}

export interface MatchView {
  readonly verdict: MatchVerdict
  /** 0 to 1 */
  readonly score: number | null
  readonly doubt: MatchDoubt | null
  /** the proposed paper; null with `none` and `unanswered` */
  readonly title: string | null
  readonly authors: readonly string[]
  readonly venue: string | null
}

export interface PreviewView {
  readonly previewId: string
  readonly counts: Readonly<Record<PreviewKind, number>>
  /** entries that occur more than once in the input */
  readonly repeated: number
  /** the first rows; more with `plan.rows` */
  readonly rows: readonly PreviewRow[]
  readonly total: number
  /** total number of results of a search, when the service reports it */
  readonly available: number | null
  /** rows identified only by a title and not looked up yet */
  readonly titles: number
  /** rows whose score is high enough to confirm them together */
  readonly sure: readonly number[]
  /** new rows whose open copy was not looked up yet */
  readonly unlooked: number
  /** forecast for the rows looked up so far; null until copies were looked up */
  readonly forecast: ForecastFacts | null
}

export interface PlannedView {
  readonly newJobs: number
  readonly existingJobs: number
  readonly removed: number
  readonly jobIds: readonly string[]
}
