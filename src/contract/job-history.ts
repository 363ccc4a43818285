/**
 * A job's history as facts: every attempt of every op, the sources that were asked, and the events beside
 * them, each with the keys that join them. `renderer/text` makes the sentences. Instants are seconds since
 * the epoch. `raw` is the ledger's row, shown on demand.
 */
import type { OpFailure, OpResults } from './op-results'
import type { OpKind, Outcome, State, Tier } from './words'

export type RawRow = Readonly<Record<string, unknown>>

/** A source or a server that was asked, and what came of it: a row of `attempts`. */
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

/** A success as its op recorded it; the kind says which. */
export type OpResult = { readonly [K in OpKind]: { readonly kind: K; readonly value: OpResults[K] } }[OpKind]

export interface OpFacts {
  /** op key and attempt */
  readonly id: string
  readonly opKey: string
  readonly kind: OpKind
  /** the address it was asked about; `manual:…` names what the user brought */
  readonly url: string | null
  /** of a RESOLVE: the tier and the sum of its question */
  readonly plan: string | null
  readonly attempt: number
  readonly startedAt: number
  readonly finishedAt: number | null
  /** OK, a code of `errors.ts`, ABANDONED, INTERRUPTED; null: no outcome is recorded */
  readonly code: string | null
  /** of a success; null: it did not succeed, or its row cannot be read */
  readonly result: OpResult | null
  /** of every other end */
  readonly failure: OpFailure
  readonly replays: number
  readonly epoch: number
  readonly recovery: string | null
  /** the row of `attempts` that was written for a HEAD or a STREAM */
  readonly request: AskedFacts | null
  /** the rows of `attempts` that were written for a RESOLVE: the sources it asked */
  readonly asked: readonly AskedFacts[]
  /** the change of state it led to */
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

/** Bytes of a file that is not whole. */
export interface PartBytes {
  readonly bytes: number
  readonly totalBytes: number | null
}

/** What the rows do not say. */
export interface HistoryContext {
  readonly now: number
  /** this computer's name, as it is in the owner of a lease */
  readonly hostname: string
  /** a worker holds the job at this moment */
  readonly isActive: boolean
  /** bytes coming in at this moment */
  readonly live:
    (PartBytes & { readonly bytesPerSecond: number; readonly continuedFrom: number | null }) | null
  /** unfinished bytes on disk */
  readonly part: PartBytes | null
}

export interface JobHistory {
  /** in the order in which they were started */
  readonly ops: readonly OpFacts[]
  /** sources that were asked, those that an op names too */
  readonly asked: readonly AskedFacts[]
  /** all events but changes of state that an op led to */
  readonly events: readonly EventFacts[]
  readonly context: HistoryContext
}

/** What an op left when it succeeded; null: it is of another kind, or did not. */
export function resultOf<K extends OpKind>(op: OpFacts, kind: K): OpResults[K] | null
export function resultOf(op: OpFacts, kind: OpKind): OpResults[OpKind] | null {
  return op.result?.kind === kind ? op.result.value : null
}

/** The next attempt of the same op, which knows what this one left on disk. */
export function nextAttempt(ops: readonly OpFacts[], op: OpFacts): OpFacts | null {
  return ops.find((one) => one.opKey === op.opKey && one.attempt === op.attempt + 1) ?? null
}
