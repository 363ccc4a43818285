/** One job as its drawer shows it: its steps, its history in words, the copies that were found, and what can be done. */
import type { FileView } from './library-views'
import type { JobView } from './views'
import type { OpKind, Outcome, State, Tier } from './words'
import type { Identifiers } from './work'

export const STEP_STATES = ['done', 'now', 'ahead', 'failed', 'skipped'] as const
export interface StepView {
  readonly state: State
  /** “Found”, “Downloading”, … */
  readonly label: string
  readonly status: (typeof STEP_STATES)[number]
  /** when it was entered last; null when it was not */
  readonly at: number | null
}

/** How a moment of the history is drawn. */
export const MOMENT_TONES = ['quiet', 'good', 'attention', 'bad', 'now'] as const
export type EntryTone = (typeof MOMENT_TONES)[number]

/** One moment of a job's history: an op, a question to a source or a server, or an event. */
export interface TimelineEntry {
  readonly id: string
  readonly at: number
  readonly kind: 'op' | 'attempt' | 'event'
  readonly tone: EntryTone
  /** “Stream”, “Leased by this computer”, “Unpaywall” */
  readonly title: string
  /** “1.8 MB kept on disk” */
  readonly detail: string
  /** short marks behind the title: `replayed ×2`, `interrupted`, `continued at 41 %`, `adopted`, `attempt 2` */
  readonly marks: readonly { readonly text: string; readonly tone: EntryTone }[]
  readonly op: OpKind | null
  readonly attempt: number | null
  readonly replays: number
  /** milliseconds; null while it goes on or when it is an instant */
  readonly elapsedMs: number | null
  /** a source or candidate that was asked: what came of it */
  readonly outcome: Outcome | null
  readonly source: string | null
  readonly tier: Tier | null
  readonly url: string | null
  readonly status: number | null
  readonly from: State | null
  readonly to: State | null
  readonly leaseEpoch: number | null
  /** the ledger's row, as it is: shown on demand */
  readonly raw: Readonly<Record<string, unknown>>
}

/** What a person reads first: what happened in between, and what comes next. */
export interface SummaryView {
  /** “Continued after an interruption.”; null when there is nothing to tell */
  readonly headline: string | null
  readonly text: string
  readonly next: string
  readonly tone: EntryTone
}

export interface CandidateView {
  readonly url: string
  readonly host: string
  readonly source: string
  readonly tier: Tier | null
  readonly version: string | null
  readonly license: string | null
  readonly evidence: string | null
  readonly verdict: 'chosen' | 'rejected' | 'untried' | 'trying'
  /** why it was rejected */
  readonly because: string | null
}

export interface JobDetail {
  readonly job: JobView
  readonly ids: Identifiers
  readonly story: SummaryView
  readonly steps: readonly StepView[]
  readonly moments: readonly TimelineEntry[]
  readonly candidates: readonly CandidateView[]
  readonly file: FileView | null
  readonly runId: string | null
  readonly lease: { readonly owner: string; readonly until: number; readonly epoch: number } | null
  readonly may: JobActions
}

export interface JobActions {
  readonly pause: boolean
  readonly resume: boolean
  readonly cancel: boolean
  readonly retry: boolean
  readonly attach: boolean
  readonly ignore: boolean
  readonly unignore: boolean
  readonly remove: boolean
  readonly undoRemove: boolean
  readonly reveal: boolean
  readonly openLanding: boolean
}
