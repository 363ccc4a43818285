/**
 * The JSON lines of the command line (docs/cli.md, "Output"): names and fields are a contract with scripts.
 * Adding a field is allowed, changing one is not. The engine uses them as its own reports.
 */
import { z } from 'zod'
import { FINDING_KINDS } from './recover-views'
import { tableOf } from './tables'
import type { Identifiers } from './work'
import type { OpKind, Outcome, PaperVerdict, Provider, State, Tier } from './words'

export interface PlannedLine {
  readonly type: 'planned'
  readonly work_id: string
  readonly job_id: string
  readonly canonical_url: string
  readonly title: string | null
  /** true when the job existed before */
  readonly existing: boolean
  /** set when the user removed the work: `removed on DATE, by you` */
  readonly tombstone?: string
}
export interface StateLine {
  readonly type: 'state'
  readonly job_id: string
  readonly from: State
  readonly to: State
}
export interface OpLine {
  readonly type: 'op'
  readonly job_id: string
  readonly op_key: string
  readonly op_type: OpKind
  readonly attempt: number
  readonly result_code: string
  readonly replayed: boolean
  readonly bytes?: number
}
export interface AttemptLine {
  readonly type: 'attempt'
  /** empty in a preview, which creates no jobs */
  readonly job_id: string
  /** in a preview: the work whose sources were queried */
  readonly work_id?: string
  readonly source: string
  readonly tier: Tier | null
  readonly url: string | null
  readonly outcome: Outcome
  readonly reason: string | null
  readonly status?: number
  readonly elapsed_ms: number
}
export interface CandidateLine {
  readonly type: 'candidate'
  readonly work_id: string
  readonly source: Provider
  readonly tier: Tier
  /** 1 would be fetched first */
  readonly rank: number
  readonly url: string
  readonly version?: string
  readonly license?: string
  /** price of a request for it; absent: free */
  readonly price_usd?: number
}
/** With `--dry-run`: the file that a run would most likely fetch for one paper. */
export interface ExpectedLine {
  readonly type: 'expected'
  readonly work_id: string
  /** null: no open copy is known; the other fields are then absent */
  readonly source: Provider | null
  readonly host?: string
  readonly version?: string
  readonly license?: string
  /** size of the file, where the source names it */
  readonly bytes?: number
  /** how long the file waits for its host, after the papers named before it */
  readonly wait_ms?: number
  readonly price_usd?: number
}
/** The forecast of a plan from its look-ups. */
export interface ForecastFacts {
  readonly works: number
  /** papers with an open copy */
  readonly expected: number
  /** how long it takes according to the hosts' limits */
  readonly finish_ms: number
  readonly paid_usd: number
}
export interface ForecastLine extends ForecastFacts {
  readonly type: 'forecast'
}
export interface ProgressLine {
  readonly type: 'progress'
  readonly job_id: string
  readonly bytes: number
  readonly total?: number
  /** bytes already on disk when this stream was resumed; absent when it began at zero */
  readonly from?: number
}
export interface DoneLine {
  readonly type: 'done'
  readonly job_id: string
  readonly work_id: string
  readonly state: State
  /** absolute path of the readable name, or of the object */
  readonly path?: string
  readonly sha256?: string
  readonly bytes?: number
  readonly source?: string
  readonly reason?: string
}
export const RENAME_RESULTS = ['renamed', 'would_rename', 'unchanged', 'kept', 'failed'] as const
export type RenameResult = (typeof RENAME_RESULTS)[number]
/**
 * Why a paper keeps its name: the file under it is not the stored one; the stored one is missing or damaged;
 * its job is active; the ledger does not know it.
 */
export type KeptBecause = 'CHANGED_FILE' | 'NO_FILE' | 'IN_WORK' | 'NOT_RECORDED'
/** A paper under the naming template: what `library rename` did to it. Names are relative to the library. */
export interface RenamedLine {
  readonly type: 'renamed'
  readonly work_id: string
  readonly job_id: string | null
  /** null: it has no readable name */
  readonly from: string | null
  /** null: no other name was chosen */
  readonly to: string | null
  readonly result: RenameResult
  /** with `kept` one of `KeptBecause`, with `failed` a code of docs/errors.md */
  readonly because?: string
}
const count = z.int().nonnegative()
export const reconcileLineSchema = z.object({
  type: z.literal('reconcile'),
  ...tableOf(FINDING_KINDS, () => count),
  /** papers of a former library that cannot be reached; absent in records of earlier versions */
  unreachable: count.optional(),
  /** what each count stands for */
  ids: z.record(z.string(), z.array(z.string()).readonly()).readonly().optional()
})
export type ReconcileLine = Readonly<z.output<typeof reconcileLineSchema>>

export interface SummaryLine {
  readonly type: 'summary'
  /** jobs that are new */
  readonly planned: number
  /** jobs that were there already */
  readonly existing: number
  readonly done: number
  readonly duplicates: number
  readonly failed: number
  readonly replays: number
  /** body bytes received in this run */
  readonly bytes_fetched: number
  /** bytes that were already on disk and did not have to be fetched again */
  readonly bytes_resumed: number
  readonly elapsed_ms: number
  readonly by_reason: Readonly<Record<string, number>>
  readonly by_source: Readonly<Record<string, number>>
  /** the forecast from this run's look-ups, for comparison; absent when nothing was looked up */
  readonly forecast?: ForecastFacts
  /** what services billed in this run; absent when nothing */
  readonly paid_usd?: number
}
/** One file of `sheaf import`. Without `work_id` it was not filed. */
export interface ImportedLine {
  readonly type: 'imported'
  /** absolute path of the original */
  readonly file: string
  readonly job_id?: string
  readonly work_id?: string
  /** how it was recognised: an identifier printed in it, its metadata, its name, its title, its bytes */
  readonly by: ImportedBy | null
  /** `rejected`: not a whole PDF of a paper, `reason` says why */
  readonly verdict: PaperVerdict | 'rejected'
  /** null when it could not be read */
  readonly sha256: string | null
  readonly outcome: 'filed' | 'duplicate' | 'existing' | 'unsure' | 'refused'
  /** absolute path in the library */
  readonly path?: string
  readonly reason?: string
  readonly because: string
  /** the possible work of an uncertain file; `--accept` files it under that */
  readonly proposal?: Identifiers & { readonly work_id?: string; readonly title?: string }
}
/** One file of the watched download folder. `other`: no job waits for it; it is left alone. */
export interface CaughtLine {
  readonly type: 'caught'
  /** absolute path of the file, which stays unchanged */
  readonly file: string
  /** null when it was not read */
  readonly sha256: string | null
  readonly outcome: 'attached' | 'asked' | 'other'
  /** the job of its paper, or possible paper */
  readonly job_id?: string
  readonly work_id?: string
  /** absolute path in the library */
  readonly path?: string
  readonly because: string
}
export type ImportedBy = 'doi' | 'arxiv' | 'pmcid' | 'xmp' | 'info' | 'name' | 'title' | 'hash' | 'person'

export interface ErrorLine {
  readonly type: 'error'
  readonly code: string
  readonly message: string
  readonly hint: string
  /** the works it mentions, when there are several */
  readonly works?: readonly string[]
}

export type Line =
  | PlannedLine
  | StateLine
  | OpLine
  | AttemptLine
  | CandidateLine
  | ExpectedLine
  | ForecastLine
  | ProgressLine
  | DoneLine
  | ReconcileLine
  | SummaryLine
  | ErrorLine
