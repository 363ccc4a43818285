/** Entries of a job's history in words, and its summary. */
import type { OpKind, Outcome, State, Tier } from '../../contract/words'

/** How an entry of the history is drawn. */
export const ENTRY_TONES = ['quiet', 'good', 'attention', 'bad', 'now'] as const
export type EntryTone = (typeof ENTRY_TONES)[number]

/** One entry of a job's history: an op, a query to a source or server, or an event. */
export interface TimelineEntry {
  readonly id: string
  readonly at: number
  readonly kind: 'op' | 'attempt' | 'event'
  readonly tone: EntryTone
  /** “Stream”, “Leased by this computer”, “Unpaywall” */
  readonly title: string
  /** “1.8 MB kept on disk” */
  readonly detail: string
  /**
   * short labels after the title: `replayed ×2`, `interrupted`, `continued at 41 %`, `adopted`, `attempt 2`
   */
  readonly marks: readonly { readonly text: string; readonly tone: EntryTone }[]
  readonly op: OpKind | null
  readonly attempt: number | null
  readonly replays: number
  /** milliseconds; null while in progress, or for an instant */
  readonly elapsedMs: number | null
  /** outcome of a queried source or candidate */
  readonly outcome: Outcome | null
  readonly source: string | null
  readonly tier: Tier | null
  readonly url: string | null
  readonly status: number | null
  readonly from: State | null
  readonly to: State | null
  readonly leaseEpoch: number | null
  /** the ledger's row, shown on demand */
  readonly raw: Readonly<Record<string, unknown>>
}

/** The words of an entry. */
export type EntryWords = Pick<TimelineEntry, 'title' | 'detail' | 'tone' | 'marks'>

/** The summary: what happened, and what comes next. */
export interface SummaryView {
  /** “Continued after an interruption.”; null when there is nothing to report */
  readonly headline: string | null
  readonly text: string
  readonly next: string
  readonly tone: EntryTone
}

/** The facts of an entry without any. */
export const NO_FACTS = {
  op: null,
  attempt: null,
  replays: 0,
  elapsedMs: null,
  outcome: null,
  source: null,
  tier: null,
  url: null,
  status: null,
  from: null,
  to: null,
  leaseEpoch: null
} as const
