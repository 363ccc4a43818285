/**
 * The shapes that screens read. Main makes them, the renderer shows them, and each figure is computed once.
 * Plain JSON only. Instants are epoch seconds, UTC; sizes are bytes.
 */
import type { ErrorData } from './errors'
import type { Format, State, SwitchPosition } from './words'

// ─── The app ─────────────────────────────────────────────────────────────────────────────────────

/** The workspace on screen: the user's own, or the built-in sample library. */
export type Workspace = 'own' | 'sample'

export interface AppView {
  readonly version: string
  readonly platform: 'win32' | 'darwin' | 'linux'
  /** true until the welcome screen was answered */
  readonly firstStart: boolean
  readonly workspace: Workspace
  /** the library folder, for display; it cannot be passed back */
  readonly libraryFolder: string
  readonly mailto: string
  readonly switch: SwitchPosition
  /** set when the ledger could not be opened: in use, damaged beyond repair, too new, … */
  readonly trouble: ErrorData | null
  /** set when the switch should be on but could not be: Sheaf runs with it off and reports that */
  readonly switchTrouble: ErrorData | null
  /** the library folder is missing: nothing is downloaded and nothing requeued until it is back */
  readonly libraryTrouble: LibraryTrouble | null
  /** the library folder contains papers that the ledger does not know */
  readonly offersRebuild: boolean
  /** stored states of the screens: sort order, column widths, filters, last place */
  readonly remembered: Readonly<Record<string, unknown>>
}

export interface LibraryTrouble {
  /** its former location, for display */
  readonly folder: string
  /** another library is in its place; false: there is none */
  readonly isAnother: boolean
  /** number of its files in the ledger */
  readonly papers: number
}

export interface RebuiltView {
  readonly works: number
  readonly files: number
  /** lines and files that could not be adopted, with the first of them as a sentence */
  readonly problems: number
  readonly first: string | null
}

// ─── The run bar ─────────────────────────────────────────────────────────────────────────────────

export const RUN_PHASES = ['idle', 'running', 'paused', 'offline', 'asleep', 'stuck'] as const
/** `stuck`: the disk is full or refuses writes; the run resumes when that is over. */
export type RunPhase = (typeof RUN_PHASES)[number]

export interface RunView {
  readonly phase: RunPhase
  /** why it is paused, in a sentence; null while it is not */
  readonly because: string | null
  readonly counts: GroupCounts
  readonly bytesPerSecond: number
  /** bytes per second in the last 60 seconds, oldest first, one value per second */
  readonly recentSpeeds: readonly number[]
  /** the speed limit in bytes per second, or null */
  readonly limit: number | null
  /** an estimate; null without data */
  readonly secondsLeft: number | null
  /** 0…1 of the jobs not postponed; null when there are none */
  readonly progress: number | null
  readonly revision: number
}

// ─── The queue ───────────────────────────────────────────────────────────────────────────────────

export const JOB_GROUPS = ['all', 'waiting', 'active', 'attention', 'done', 'ignored'] as const
/**
 * waiting: planned, paused, or with a known time of the next attempt. active: a worker holds it. attention:
 * failed for good and not ignored. done: in the library, or linked to the same bytes. ignored: skipped.
 */
export type JobGroup = (typeof JOB_GROUPS)[number]

export interface GroupCounts {
  readonly all: number
  readonly waiting: number
  readonly active: number
  readonly attention: number
  readonly done: number
  /** skipped by the user */
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
  /** its best-known identifier: `10.x/y`, `arXiv:2401.00001`, `PMC123`, or the address */
  readonly identifier: string
  readonly canonicalUrl: string
  readonly format: Format
  readonly state: State
  readonly group: Exclude<JobGroup, 'all'>
  /** held by the user: `paused`, `ignored`, `removed`; else null */
  readonly hold: string | null
  /** a worker holds it */
  readonly leased: boolean
  /** the right-paper check was unsure and the user has not decided */
  readonly doubtful: boolean
  readonly reason: string | null
  /** the sentence of the reason, and the next step */
  readonly because: string | null
  readonly hint: string | null
  readonly attempt: number
  readonly nextAttemptAt: number | null
  /** bytes on disk or stored; null when there are none */
  readonly bytes: number | null
  readonly totalBytes: number | null
  readonly bytesPerSecond: number | null
  /** position at which the current stream was resumed; null when it began at zero */
  readonly continuedFrom: number | null
  readonly source: string | null
  readonly host: string | null
  readonly createdAt: number
  readonly updatedAt: number
  /** recorded in the ledger; false when the switch is off, and for a canary's control group */
  readonly recorded: boolean
}

export interface JobPage {
  readonly total: number
  readonly offset: number
  readonly rows: readonly JobView[]
  readonly revision: number
}
