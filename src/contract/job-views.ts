/** One job as shown in its drawer: steps, history, candidates, and available actions. */
import type { JobHistory } from './job-history'
import type { FileView } from './library-views'
import type { JobView } from './views'
import type { State, Tier } from './words'
import type { Identifiers } from './work'

export const STEP_STATES = ['done', 'now', 'ahead', 'failed', 'skipped'] as const
export interface StepView {
  readonly state: State
  readonly status: (typeof STEP_STATES)[number]
  /** when it was last entered; null: never */
  readonly at: number | null
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
  /** why it was rejected: the recorded sentence, else the code */
  readonly because: string | null
  readonly code: string | null
}

export interface JobDetail {
  readonly job: JobView
  readonly ids: Identifiers
  readonly steps: readonly StepView[]
  readonly history: JobHistory
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
