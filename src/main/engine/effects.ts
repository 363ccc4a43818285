/**
 * An effect is the code an op wraps; `Effects` is what runs it at most once per recorded success
 * (docs/design.md §6): `recorded-effects.ts`.
 */
import type { OpKind, Recovery, State } from '../../contract/words'
import type { AttemptFacts } from '../../contract/work'
import type { Writer } from '../ledger/ledger'
import type { KeyObject } from '../works/keys'
import type { Bought, Wanted } from './purchases'

export type Context = KeyObject

/** What an effect knows when it is performed: it begins by looking at what is already there. */
export interface Circumstances {
  readonly attempt: number
  /** an earlier attempt was begun and has no outcome: ask the world what happened */
  readonly unknown: boolean
}

export interface Performed<T> {
  readonly result: T
  /** what a probe found about an earlier attempt of unknown outcome */
  readonly recovery?: Recovery
  /** body bytes received, for the `op` line */
  readonly bytes?: number
  /** questions to sources and requests that it made: written with the outcome, under the op's key */
  readonly attempts?: readonly AttemptFacts[]
}

/** A state that the job enters on its way into an op. */
export interface Entered {
  readonly to: State
  readonly host?: string
}

export interface Effect<T> {
  readonly kind: OpKind
  readonly context: Context
  /** Turns a stored result back into its type; null when it cannot be used any more. */
  readonly revive: (stored: unknown) => T | null
  /** What is written of the result, when other rows say the rest; absent: all of it. */
  readonly toStored?: (result: T) => object
  /** Whether a stored success is still true of disk and network. Absent: it always is. */
  readonly stillHolds?: (result: T, finishedAt: number) => Promise<boolean> | boolean
  /**
   * Harmless and short: intent and outcome are one transaction. A crash in between leaves no row, and the op is
   * done again under the same key, as one of unknown outcome would be.
   */
  readonly oneStep?: boolean
  /** FINALIZE: the intent is on disk before anything is performed. */
  readonly intentFirst?: boolean
  /** States entered in the transaction of the intent, or of the replay; absent: none. */
  readonly enters?: readonly Entered[]
  readonly perform: (circumstances: Circumstances) => Promise<Performed<T>>
  /** The request that failed with this error; null: nothing is to be said of it. */
  readonly failedAttempt?: (error: unknown) => AttemptFacts | null
  /** Further rows that belong to the success: written in the very transaction that records it. */
  readonly alsoRecord?: (writer: Writer, result: T) => void
  /** The state that the success leads to, moved in the same transaction; absent: none. */
  readonly leadsTo?: (result: T) => State | null
}

export interface Ran<T> {
  readonly result: T
  readonly replayed: boolean
}

export interface Effects {
  run<T>(effect: Effect<T>): Promise<Ran<T>>
  /** Resolves when a paid request may leave. Null: nothing is remembered, so nothing may be paid for. */
  readonly buy: ((wanted: Wanted) => Promise<Bought>) | null
}
