/**
 * What one worker needs for one job under one lease. Ops get it whole and touch only what they need.
 * `JobStore` records the job: in the ledger or, with the switch off, in its tables in memory.
 */
import type { KeyName } from '../../contract/keys'
import type { FinalizedFile } from '../../contract/op-results'
import type { OaLocation, Work, Identifiers, WorkFacts, ArtifactRow } from '../../contract/work'
import type { Format, State } from '../../contract/words'
import type { FallbackPlan, Settings } from '../../contract/settings'
import type { Line } from '../../contract/lines'
import type { NewArtifact } from '../ledger/artifacts'
import type { Writer } from '../ledger/ledger'
import type { Library } from '../library/library'
import type { CookieJar, Net } from '../net/net'
import type { Host } from '../platform/host'
import type { PageReader } from '../sources/page-reader'
import type { Sources } from '../sources/sources'
import type { Effects } from './effects'
import type { RunStats } from './run-stats'
import type { KeyedLock } from './keyed-lock'
import type { LookUpBatches } from './look-up-batches'

/** The job as its worker sees it. */
export interface HeldJob {
  readonly jobId: string
  readonly workId: string
  readonly artifactId: string
  readonly canonicalUrl: string
  readonly format: Format
  readonly attempt: number
  /** when the present attempt began: what was recorded since is its own */
  readonly beganAt: number
  /** the process died before while it read for it: no batch asks for it */
  readonly isReadAlone?: boolean
  /** a repair must bring these very bytes; null: any file of the right paper */
  readonly expectedSha256: string | null
}

/** What a file that arrived by another job looks like to one that wants to be linked to it. */
export interface ExistingArtifact {
  readonly artifact: ArtifactRow
  readonly validator: string | null
}

export interface JobStore {
  readonly state: State
  readonly effects: Effects
  /** Moves the job along the table; TRANSITION_REFUSED or LEASE_LOST when that is not possible. */
  advance(to: State): void
  /** Ends the job as a duplicate, linked to the artifact that is there. Durable on return. */
  endAsDuplicate(artifact: ArtifactRow): Promise<void>
  /** Writes the row of the job's finished file, in the transaction that records it. */
  recordArtifact(w: Writer, artifact: NewArtifact): void
  /** Fails the job with a reason; with a time it is tried again then. Durable on return. */
  endAsFailed(reason: string, detail: string, nextAttemptAt: number | null): Promise<void>
  /** Gives the job back unfinished, leasable from `notBefore` on. Every byte stays. */
  release(notBefore: number | null): Promise<void>
  /** Resolves when all that was recorded until now is on disk. */
  durable(): Promise<void>
  /** What sources said about the work; returns the work as now known, and the older job for the same work, if any. */
  mergeMetadata(learned: { ids: Identifiers; facts: WorkFacts }): {
    readonly work: Work
    readonly canonicalJob: CanonicalJob | null
  }
  /** Was this candidate rejected for good in the present attempt of the job (before a crash)? */
  wasRejected(url: string): { readonly reason: string } | null
  /** What sources answered about the work is not believed any more: they are asked again. */
  voidReadings(because: string): void
  existingByUrl(url: string): ExistingArtifact | null
  /** the artifact of another work that has these bytes and is not itself a duplicate */
  originalOf(sha256: string): ExistingArtifact | null
  /** The file that FINALIZE placed, for a job found settling; null when its record is missing. */
  settled(): FinalizedFile | null
  /** The result of the last STREAM that succeeded; work after a crash resumes from it. */
  streamed(): unknown
}

/** The same work under an earlier name, with the job that was planned for it first. */
export interface CanonicalJob {
  readonly workId: string
  readonly artifactId: string
  readonly state: State
  readonly artifact: ArtifactRow | null
  /** a worker holds it or will, without the user's help */
  readonly inHand: boolean
}

export interface Services {
  readonly host: Host
  readonly settings: Settings
  readonly plan: FallbackPlan
  readonly net: Net
  readonly sources: Sources
  readonly lookups: LookUpBatches
  readonly library: Library
  /** keys of services */
  readonly keyOf: (name: KeyName) => string | null
  /** reads pages in a process of its own */
  readonly pages: PageReader
  readonly emit: (line: Line) => void
  readonly runStats: RunStats
  /** one finaliser per hash: two jobs with the same bytes do not race */
  readonly hashLock: KeyedLock
}

export interface JobContext {
  readonly job: HeldJob
  /** as known now; sources fill it in on the way */
  work: Work
  readonly jobStore: JobStore
  readonly services: Services
  /** aborted on pause, quit, sleep, cancel or a lost lease; its reason says which */
  readonly signal: AbortSignal
  readonly cookies: CookieJar
  readonly landingPages: OaLocation[]
  readonly failedUrls: string[]
  /** how long it waited for the turns of hosts: not counted in the time allowed for the work */
  waitedMs: number
  /** told when it begins to look for copies, and when it has come to a file */
  readonly looks?: (isLooking: boolean) => void
  /** how often in this run the whole engine stood still for this very job */
  readonly stoodStill?: number
}
