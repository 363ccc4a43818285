/**
 * A job's history as facts: every attempt of every op, the queried sources, and other events, each with the
 * keys that join them. `renderer/text` makes the sentences. Instants are seconds since the epoch. `raw` is
 * the ledger's row, shown on demand.
 */
import type { OpFailure, OpResults } from './op-results'
import type { OpKind, Outcome, State, Tier } from './words'

export type RawRow = Readonly<Record<string, unknown>>

/** A query to a source or server with its result: a row of `attempts`. */
export interface AskedFacts {
  readonly id: string
  readonly at: number
  readonly source: string
  readonly tier: Tier | null
  readonly outcome: Outcome | null
  readonly reason: string | null
  readonly detail: string | null
  readonly url: string | null
  readonly status: number | null
  readonly elapsedMs: number | null
  readonly raw: RawRow
}

/** A success as its op recorded it, by kind. */
export type OpResult = { readonly [K in OpKind]: { readonly kind: K; readonly value: OpResults[K] } }[OpKind]

export interface OpFacts {
  /** op key and attempt */
  readonly id: string
  readonly opKey: string
  readonly kind: OpKind
  /** the requested address; `manual:…` for a file supplied by the user */
  readonly url: string | null
  /** of a RESOLVE: the tier and the hash of its query */
  readonly plan: string | null
  readonly attempt: number
  readonly startedAt: number
  readonly finishedAt: number | null
  /** OK, a code of `errors.ts`, ABANDONED, INTERRUPTED; null: no outcome is recorded */
  readonly code: string | null
  /** of a success; null: it did not succeed, or its row cannot be read */
  readonly result: OpResult | null
  /** of every other outcome */
  readonly failure: OpFailure
  readonly replays: number
  readonly epoch: number
  readonly recovery: string | null
  /** the row of `attempts` of a HEAD or STREAM */
  readonly request: AskedFacts | null
  /** the rows of `attempts` of a RESOLVE: the sources it queried */
  readonly asked: readonly AskedFacts[]
  /** the state change that it led to */
  readonly from: State | null
  readonly to: State | null
  readonly raw: RawRow
}

/** A row of `job_events`. */
export interface EventFacts {
  readonly id: string
  readonly at: number
  readonly kind: string
  readonly from: State | null
  readonly to: State | null
  readonly epoch: number | null
  readonly detail: RawRow
  readonly raw: RawRow
}

/** Bytes of an incomplete file. */
export interface PartBytes {
  readonly bytes: number
  readonly totalBytes: number | null
}

/** Facts that are not in the rows. */
export interface HistoryContext {
  readonly now: number
  /** this computer's name, as in the owner of a lease */
  readonly hostname: string
  /** a worker holds the job at this moment */
  readonly isActive: boolean
  /** bytes being received at this moment */
  readonly live:
    (PartBytes & { readonly bytesPerSecond: number; readonly continuedFrom: number | null }) | null
  /** unfinished bytes on disk */
  readonly part: PartBytes | null
}

export interface JobHistory {
  /** in the order in which they were started */
  readonly ops: readonly OpFacts[]
  /** queried sources, including those named by an op */
  readonly asked: readonly AskedFacts[]
  /** all events except state changes caused by an op */
  readonly events: readonly EventFacts[]
  readonly context: HistoryContext
}

/** The result of a successful op of this kind; else null. */
export function resultOf<K extends OpKind>(op: OpFacts, kind: K): OpResults[K] | null
export function resultOf(op: OpFacts, kind: OpKind): OpResults[OpKind] | null {
  return op.result?.kind === kind ? op.result.value : null
}

/** The next attempt of the same op, which records what this one left on disk. */
export function nextAttempt(ops: readonly OpFacts[], op: OpFacts): OpFacts | null {
  return ops.find((one) => one.opKey === op.opKey && one.attempt === op.attempt + 1) ?? null
}
