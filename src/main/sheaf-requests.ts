/**
 * What callers pass to Sheaf's API, and the reports that it composes itself: plain data. The operations are in
 * `sheaf-api.ts`.
 */
import type { KeyName } from '../contract/keys'
import type { PlannedLine, ReconcileLine } from '../contract/lines'
import type { Settings } from '../contract/settings'
import type { WorkDraft } from '../contract/work'
import type { Format, State } from '../contract/words'
import type { PlanList } from './engine/lists'
import type { SqlRow } from './ledger/ledger'
import type { Alert } from './insights/alerts'
import type { MeasuresReport } from './insights/measures'
import type { OpenAlexQuery } from './sources/openalex-search'

export interface SheafOptions {
  readonly dataDir: string
  /** absolute */
  readonly libraryDir: string
  readonly settings: Settings
  readonly version: string
  /** how the caller handles damage that was set aside: the command line ends with status 5 */
  readonly onDamage: 'throw' | 'recover'
  /** indexes papers for the search in the background; without it `find` finds nothing */
  readonly search?: boolean
  /** API keys of services, read at every use; absent: there are none */
  readonly keys?: (name: KeyName) => string | null
  /** when a folder that held papers is missing: refuse (LIBRARY_MISSING), or open and pause */
  readonly onMissingLibrary?: 'throw' | 'pause'
  /** the user gives up the former library: this folder becomes the library, whatever it contains */
  readonly newLibrary?: boolean
}

/** OpenAlex search (docs/cli.md, selectors). */
export type TopicSearch = OpenAlexQuery

export interface PlanRequest {
  /** already read from options and files, in the given order; anything but an array is iterated once */
  readonly drafts: Iterable<WorkDraft>
  readonly search?: TopicSearch
  readonly formats: readonly Format[]
  readonly priority?: number
  /** adds the works to a named list; needs the switch on */
  readonly list?: PlanList
}

export interface PlanReport {
  readonly planned: readonly PlannedLine[]
  readonly newJobs: number
  readonly existingJobs: number
  /** works that the user removed: not planned again */
  readonly tombstones: number
  /** unrecorded jobs among them (the switch): they end with this process */
  readonly unrecorded: number
}

export interface RunRequest {
  /** absent: resume existing jobs */
  readonly plan?: PlanRequest
  /** start without reconciling first (for tests) */
  readonly skipReconcile?: boolean
}

export interface JobFilter {
  readonly state?: readonly State[]
  readonly reason?: readonly string[]
  readonly text?: string
  /** only of this named list; NO_SUCH_LIST */
  readonly list?: string
  readonly limit?: number
  readonly offset?: number
  /** a job id: only jobs after it; a later page costs no more than the first */
  readonly after?: string
}

export interface StatusReport {
  readonly byState: Readonly<Record<State, number>>
  readonly byReason: Readonly<Record<string, number>>
  readonly bytesInLibrary: number
  readonly artifacts: number
  readonly lastRun: SqlRow | null
  readonly lastReconcile: ReconcileLine | null
  readonly measures: MeasuresReport
  readonly alerts: readonly Alert[]
  readonly paused: { readonly code: string; readonly sentence: string } | null
}
