/**
 * What screens read: one shape per thing a person looks at. Main makes them, the renderer shows them,
 * and nobody computes them twice. Plain JSON only. Instants are epoch seconds, UTC; sizes are bytes.
 */
import type { ErrorData } from './errors'
import type { SettingKey, SettingOrigin } from './settings'
import type { Hop, Identifiers } from './work'
import type { Format, OpKind, Outcome, PaperVerdict, State, SwitchPosition, Tier } from './words'

// ─── The app ─────────────────────────────────────────────────────────────────────────────────────

/** Whose papers are on screen: the person's own, or the built-in sample library. */
export type Workspace = 'own' | 'sample'

export interface AppView {
  readonly version: string
  readonly platform: 'win32' | 'darwin' | 'linux'
  /** true until the welcome screen was answered */
  readonly firstStart: boolean
  readonly workspace: Workspace
  /** the library folder, to be shown; it cannot be handed back */
  readonly libraryFolder: string
  readonly mailto: string
  readonly switch: SwitchPosition
  /** set when the ledger could not be opened: in use, damaged beyond help, too new, … */
  readonly trouble: ErrorData | null
  /** set when the switch was to be on and could not be: Sheaf works with it off and says so */
  readonly switchTrouble: ErrorData | null
  /** what the screens remembered: sort order, column widths, filters, last place */
  readonly remembered: Readonly<Record<string, unknown>>
}

// ─── The run bar ─────────────────────────────────────────────────────────────────────────────────

export const RUN_PHASES = ['idle', 'running', 'paused', 'offline', 'asleep', 'stuck'] as const
/** `stuck`: the disk is full or does not take writes; it goes on by itself when that is over. */
export type RunPhase = (typeof RUN_PHASES)[number]

export interface RunView {
  readonly phase: RunPhase
  /** why it stands still, in a sentence; null while it does not */
  readonly because: string | null
  readonly counts: GroupCounts
  readonly bytesPerSecond: number
  /** bytes per second of the last 60 seconds, oldest first, one value a second */
  readonly recentSpeeds: readonly number[]
  /** the speed limit in bytes per second, or null */
  readonly limit: number | null
  /** a guess; null when there is nothing to base one on */
  readonly secondsLeft: number | null
  /** 0…1 of the jobs that are not left for another time; null when there are none */
  readonly progress: number | null
  readonly revision: number
}

// ─── The queue ───────────────────────────────────────────────────────────────────────────────────

export const JOB_GROUPS = ['all', 'waiting', 'active', 'attention', 'done'] as const
/**
 * waiting: planned, held by the person, or to be tried again at a known time. active: somebody works
 * on it. attention: failed for good and not set aside. done: in the library, or linked to the same bytes.
 */
export type JobGroup = (typeof JOB_GROUPS)[number]

export interface GroupCounts {
  readonly all: number
  readonly waiting: number
  readonly active: number
  readonly attention: number
  readonly done: number
  /** failed and set aside by the person: in `all`, in no other group */
  readonly ignored: number
}

export interface ReasonCount {
  readonly reason: string
  readonly count: number
  /** “no open copy found” */
  readonly sentence: string
  readonly hint: string
}

export interface QueueCounts extends GroupCounts {
  readonly byReason: readonly ReasonCount[]
  readonly revision: number
}

export const JOB_SORTS = ['added', 'title', 'year', 'state', 'source', 'host', 'updated'] as const
export type JobSort = (typeof JOB_SORTS)[number]

/** A row of the queue. */
export interface JobView {
  readonly jobId: string
  readonly workId: string
  readonly artifactId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  /** the name a person knows the paper by: `10.x/y`, `arXiv:2401.00001`, `PMC123`, or the address */
  readonly identifier: string
  readonly canonicalUrl: string
  readonly format: Format
  readonly state: State
  readonly group: Exclude<JobGroup, 'all'> | 'ignored'
  /** held by the person: `paused`, `ignored`, `removed`; else null */
  readonly hold: string | null
  /** the state in words: “Downloading from Europe PMC · continued at 41 %” */
  readonly words: string
  readonly reason: string | null
  /** the sentence that goes with the reason, and the next step */
  readonly because: string | null
  readonly hint: string | null
  readonly attempt: number
  readonly nextAttemptAt: number | null
  /** bytes on disk or stored; null when there are none */
  readonly bytes: number | null
  readonly totalBytes: number | null
  readonly bytesPerSecond: number | null
  /** where the bytes on disk stood when the present stream went on; null when it began at zero */
  readonly continuedFrom: number | null
  readonly source: string | null
  readonly host: string | null
  readonly createdAt: number
  readonly updatedAt: number
  /** remembered by the ledger; false under “off” and for the control group of a canary */
  readonly recorded: boolean
}

export interface JobPage {
  readonly total: number
  readonly offset: number
  readonly rows: readonly JobView[]
  readonly revision: number
}

// ─── One job ─────────────────────────────────────────────────────────────────────────────────────

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
export type MomentTone = (typeof MOMENT_TONES)[number]

/** One moment of a job's history: an op, a question to a source or a server, or an event. */
export interface MomentView {
  readonly id: string
  readonly at: number
  readonly kind: 'op' | 'attempt' | 'event'
  readonly tone: MomentTone
  /** “Stream”, “Leased by this computer”, “Unpaywall” */
  readonly title: string
  /** “1.8 MB kept on disk” */
  readonly detail: string
  /** short marks behind the title: `replayed ×2`, `interrupted`, `continued at 41 %`, `adopted`, `attempt 2` */
  readonly marks: readonly { readonly text: string; readonly tone: MomentTone }[]
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
export interface StoryView {
  /** “Continued after an interruption.”; null when there is nothing to tell */
  readonly headline: string | null
  readonly text: string
  readonly next: string
  readonly tone: MomentTone
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
  readonly story: StoryView
  readonly steps: readonly StepView[]
  readonly moments: readonly MomentView[]
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

// ─── Files and the library ───────────────────────────────────────────────────────────────────────

/** A finished file with all it can say about where it comes from. */
export interface FileView {
  readonly artifactId: string
  readonly sha256: string
  readonly bytes: number
  readonly format: Format
  /** relative to the library, to be shown */
  readonly path: string
  readonly finalizedAt: number
  readonly verdict: PaperVerdict
  readonly verdictBecause: string
  readonly source: string
  readonly tier: Tier | null
  readonly version: string | null
  readonly license: string | null
  readonly evidence: string
  readonly url: string
  readonly finalUrl: string
  readonly foundOn: string | null
  readonly chain: readonly Hop[]
  readonly headers: Readonly<Record<string, string>>
  readonly checks: readonly { readonly name: string; readonly result: string }[]
  readonly pages: number | null
  readonly encrypted: boolean
  readonly fetchedAt: number
  /** address of the bytes within the page's own origin: `/artifact/<id>`; null when it is no PDF */
  readonly readAt: string | null
}

export const PAPER_SORTS = ['added', 'title', 'author', 'year', 'venue', 'relevance'] as const
export type PaperSort = (typeof PAPER_SORTS)[number]

export interface PaperView {
  readonly artifactId: string
  readonly workId: string
  readonly jobId: string | null
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  readonly doi: string | null
  readonly identifier: string
  readonly source: string
  readonly license: string | null
  readonly version: string | null
  readonly verdict: PaperVerdict
  readonly format: Format
  readonly sha256: string
  readonly bytes: number
  readonly pages: number | null
  readonly addedAt: number
  /** address of a stored picture of the first page; null until one was made */
  readonly thumbnailAt: string | null
  readonly readAt: string | null
  /** where in the text the search words stand; null when they stand in the facts only */
  readonly hit: { readonly page: number; readonly snippet: string; readonly pages: number } | null
}

export interface FacetValue {
  readonly value: string
  readonly label: string
  readonly count: number
}
export interface Facets {
  readonly year: readonly FacetValue[]
  readonly source: readonly FacetValue[]
  readonly license: readonly FacetValue[]
  readonly run: readonly FacetValue[]
}

export interface PaperPage {
  readonly total: number
  /** papers in the library at all */
  readonly all: number
  readonly bytes: number
  readonly offset: number
  readonly rows: readonly PaperView[]
  readonly facets: Facets
  /** papers whose text is being read for the search; 0 when all are */
  readonly unread: number
  readonly revision: number
}

export interface PaperDetail {
  readonly paper: PaperView
  readonly ids: Identifiers
  readonly file: FileView
  readonly bibtex: string
  /** other works that have the very same bytes */
  readonly sameBytes: readonly { readonly artifactId: string; readonly title: string | null }[]
  readonly reader: ReaderState
}

export interface ReaderState {
  /** 1-based */
  readonly page: number
  readonly zoom: string
}

// ─── Add papers ──────────────────────────────────────────────────────────────────────────────────

export const PREVIEW_KINDS = ['new', 'planned', 'in_library', 'removed', 'not_understood'] as const
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
  /** what stood there, for what was not understood */
  readonly text: string | null
  /** why it was not understood, or a note about it (“removed on 3 May 2026, by you”) */
  readonly because: string | null
  /** the job or paper that is there already */
  readonly jobId: string | null
  readonly artifactId: string | null
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
}

export interface PlannedView {
  readonly newJobs: number
  readonly existingJobs: number
  readonly removed: number
  readonly jobIds: readonly string[]
}

// ─── Recover ─────────────────────────────────────────────────────────────────────────────────────

export const FINDING_KINDS = [
  'stale_leases',
  'abandoned_ops',
  'parts_kept',
  'parts_removed',
  'relinked',
  'requeued',
  'quarantined',
  'adopted',
  'unknown_files'
] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

export interface InterruptionView {
  /** the last sign of life of the process that ended without saying goodbye */
  readonly at: number | null
  /** “Interrupted at 14:03. Recovered 3 leases; 2 downloads go on at 64 % and 12 %.” */
  readonly story: string
  readonly leases: number
  readonly downloads: readonly {
    readonly jobId: string
    readonly title: string | null
    readonly bytes: number
    readonly totalBytes: number | null
  }[]
  /** damage that was recovered from: what was kept aside; null when none */
  readonly damage: string | null
}

export interface ReconciliationView {
  readonly id: number
  readonly at: number
  readonly finishedAt: number | null
  readonly why: string
  readonly counts: Readonly<Record<FindingKind, number>>
  /** nothing had to be mended */
  readonly clean: boolean
}

export interface FindingView {
  readonly kind: FindingKind
  /** the id or the path as the ledger names it */
  readonly id: string
  readonly title: string | null
  readonly detail: string
  readonly jobId: string | null
}

export interface VerifyView {
  readonly verifyHashes: boolean
  readonly done: number
  readonly total: number
}

export interface QuarantineView {
  readonly id: string
  readonly jobId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly because: string
  readonly evidence: Readonly<Record<string, unknown>>
  readonly bytes: number
  readonly quarantinedAt: number
  readonly readAt: string | null
  /** a damaged file of the library, kept as evidence: it can be rejected, not accepted */
  readonly damaged: boolean
}

export interface RecoverView {
  readonly interruption: InterruptionView | null
  readonly reconciliations: readonly ReconciliationView[]
  readonly unknownFiles: readonly { readonly index: number; readonly path: string; readonly bytes: number }[]
  readonly quarantine: readonly QuarantineView[]
  /** a check that goes on now */
  readonly checking: VerifyView | null
  readonly needsAttention: number
  readonly revision: number
}

// ─── Insights ────────────────────────────────────────────────────────────────────────────────────

export interface MeasureView {
  readonly name: string
  readonly label: string
  readonly value: number | null
  readonly unit: 'ratio' | 's' | 'ms' | 'bytes' | 'count'
  readonly target: number | null
  readonly better: 'higher' | 'lower' | null
  readonly status: 'met' | 'missed' | 'no_data' | 'no_target'
  readonly errorBudgetLeft: number | null
  /** the rows behind the number */
  readonly behind: JobQueryView | null
}
/** A filter of the queue, as a link. */
export interface JobQueryView {
  readonly group: JobGroup
  readonly reasons?: readonly string[]
  readonly text?: string
  readonly source?: string
}
export interface InsightsView {
  readonly measures: readonly MeasureView[]
  readonly bytesFetched: number
  readonly bytesSavedByResume: number
  readonly bytesFetchedTwice: number
  /** papers and bytes a day (or an hour, when the span is short), oldest first */
  readonly overTime: readonly { readonly at: number; readonly papers: number; readonly bytes: number }[]
  readonly bucketSeconds: number
  readonly bySource: readonly {
    readonly source: string
    readonly tried: number
    readonly succeeded: number
  }[]
  readonly byReason: readonly ReasonCount[]
  /** how many jobs took up to so many seconds; the last bucket has no upper bound */
  readonly timeToComplete: readonly { readonly upToSeconds: number | null; readonly jobs: number }[]
  readonly canary: readonly CanaryGroup[]
  readonly revision: number
}
export interface CanaryGroup {
  readonly group: 'crash_safe' | 'legacy'
  readonly works: number
  readonly completed: number
  readonly completion: number | null
  readonly bytesFetchedTwice: number
  readonly recoveries: number
  readonly medianSeconds: number | null
}

// ─── Settings ────────────────────────────────────────────────────────────────────────────────────

export interface SettingView {
  readonly key: SettingKey
  readonly value: unknown
  readonly default: unknown
  readonly origin: SettingOrigin
  readonly about: string
  readonly unit: string | null
  /** the variable that decides it, when the environment does: it cannot be changed here then */
  readonly overriddenBy: string | null
}
export interface SettingsView {
  readonly entries: readonly SettingView[]
  /** what stands in the file or the environment and could not be used */
  readonly problems: readonly ErrorData[]
  readonly dataFolder: string
  readonly libraryFolder: string
  readonly revision: number
}
