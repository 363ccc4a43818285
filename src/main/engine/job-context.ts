/**
 * What a worker needs for one job under one lease. Ops receive it whole and use only what they need.
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
  /** when the present attempt began: later records belong to it */
  readonly beganAt: number
  /** the process died before while it parsed text for this job: it is left out of batches */
  readonly isReadAlone?: boolean
  /** a repair must produce exactly these bytes; null: any file of the right paper */
  readonly expectedSha256: string | null
}

/** An artifact that arrived through another job, as needed to link to it. */
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
  /** Releases the unfinished job, leasable from `notBefore` on. Every byte stays. */
  release(notBefore: number | null): Promise<void>
  /** Resolves when all that was recorded until now is on disk. */
  durable(): Promise<void>
  /**
   * Stores what sources said about the work. Returns the merged work, and the older job of the same work, if
   * any.
   */
  mergeMetadata(learned: { ids: Identifiers; facts: WorkFacts }): {
    readonly work: Work
    readonly canonicalJob: CanonicalJob | null
  }
  /** Was this candidate rejected for good in the present attempt of the job (before a crash)? */
  wasRejected(url: string): { readonly reason: string } | null
  /** Discards the recorded answers of sources about the work: they are queried again. */
  voidReadings(because: string): void
  existingByUrl(url: string): ExistingArtifact | null
  /** the artifact of another work that has these bytes and is not itself a duplicate */
  originalOf(sha256: string): ExistingArtifact | null
  /**
   * The file that FINALIZE placed, for a job found between FINALIZE and its end; null when its record is
   * missing.
   */
  settled(): FinalizedFile | null
  /** The result of the last successful STREAM; work after a crash resumes from it. */
  streamed(): unknown
}

/** The job that was planned first, under another name, for the same work. */
export interface CanonicalJob {
  readonly workId: string
  readonly artifactId: string
  readonly state: State
  readonly artifact: ArtifactRow | null
  /** a worker holds it, or will without the user's action */
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
  /** API keys of services */
  readonly keyOf: (name: KeyName) => string | null
  /** parses pages in a child process */
  readonly pages: PageReader
  readonly emit: (line: Line) => void
  readonly runStats: RunStats
  /** serializes finalization per hash: two jobs with the same bytes do not race */
  readonly hashLock: KeyedLock
}

export interface JobContext {
  readonly job: HeldJob
  /** the present facts; sources add to them */
  work: Work
  readonly jobStore: JobStore
  readonly services: Services
  /** aborted on pause, quit, sleep, cancel or a lost lease; its reason says which */
  readonly signal: AbortSignal
  readonly cookies: CookieJar
  readonly landingPages: OaLocation[]
  readonly failedUrls: string[]
  /** time spent waiting for hosts: not counted against the work's time limit */
  waitedMs: number
  /** called when the job starts to look for copies, and when it has reached a file */
  readonly looks?: (isLooking: boolean) => void
  /** how often in this run the engine paused because of this job */
  readonly stoodStill?: number
}
