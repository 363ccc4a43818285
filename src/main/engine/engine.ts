/**
 * The engine's parts, joined once by `sheaf.ts` and passed to the engine's operations (run, preview, attach,
 * remove, reconcile). Its only behaviour is to build the services shared by all jobs. Only `live-settings.ts`
 * replaces the parts that depend on settings; all other modules read them when needed.
 */
import type { KeyName } from '../../contract/keys'
import type { Line } from '../../contract/lines'
import type { FallbackPlan, Settings } from '../../contract/settings'
import type { JobRow } from '../../contract/work'
import type { Ledger } from '../ledger/ledger'
import type { Library } from '../library/library'
import type { Net } from '../net/net'
import type { Host } from '../platform/host'
import type { ReadingMark } from '../platform/reading-mark'
import type { PageReader } from '../sources/page-reader'
import type { Sources } from '../sources/sources'
import type { Gate } from './gate'
import type { Services } from './job-context'
import type { LookUpBatches } from './look-up-batches'
import type { KeyedLock } from './keyed-lock'
import type { Leases } from './leases'
import type { LibraryCare } from './library-care'
import { LedgerJobStore } from './ledger-job-store'
import type { ActiveJob } from './scheduler'
import type { RunStats } from './run-stats'
import type { JobBook, UnrecordedJobs } from './unrecorded-jobs'

/** Size: one member a module; an op gets the few it needs (`JobContext`). */
export interface Engine {
  readonly host: Host
  settings: Settings
  readonly ledger: Ledger
  library: Library
  net: Net
  sources: Sources
  readonly lookups: LookUpBatches
  /** API keys of services */
  readonly keyOf: (name: KeyName) => string | null
  readonly care: LibraryCare
  /** parses pages in a child process */
  readonly pages: PageReader
  /** notes the works whose external text this process is parsing */
  readonly mark: ReadingMark
  readonly leases: Leases
  readonly gate: Gate
  readonly hashLock: KeyedLock
  readonly active: Map<string, ActiveJob>
  /** jobs whose paper is being renamed now */
  readonly renaming: Set<string>
  readonly unrecorded: UnrecordedJobs
  readonly emit: (line: Line) => void
}

/** A view of the engine, not a copy: a changed setting applies from the next read on. */
export function servicesOf(engine: Engine, runStats: RunStats): Services {
  return {
    host: engine.host,
    emit: engine.emit,
    hashLock: engine.hashLock,
    keyOf: engine.keyOf,
    lookups: engine.lookups,
    pages: engine.pages,
    runStats,
    get settings(): Settings {
      return engine.settings
    },
    get plan(): FallbackPlan {
      return engine.settings['sources.plan']
    },
    get net(): Net {
      return engine.net
    },
    get sources(): Sources {
      return engine.sources
    },
    get library(): Library {
      return engine.library
    }
  }
}

/** `book` granted the job: the engine's own book, or that of unrecorded jobs. */
export function jobStoreOf(
  engine: Engine,
  granted: JobRow,
  run: {
    readonly runId: string | null
    readonly runStats: RunStats
    readonly signal: AbortSignal
    readonly book?: JobBook
  }
): LedgerJobStore {
  const { ledger, leases } = run.book ?? engine
  return new LedgerJobStore({
    host: engine.host,
    ledger,
    telemetry: ledger === engine.ledger ? null : engine.ledger,
    owner: leases.owner,
    granted,
    ttlSeconds: leases.ttlSeconds,
    runId: run.runId,
    signal: run.signal,
    runStats: run.runStats,
    emit: engine.emit
  })
}
