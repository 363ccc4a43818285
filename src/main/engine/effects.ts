/**
 * An effect is the code that an op wraps; `Effects` runs it at most once per recorded success (docs/design.md
 * §6). Implemented in `recorded-effects.ts`.
 */
import type { OpKind, Recovery, State } from '../../contract/words'
import type { AttemptFacts } from '../../contract/work'
import type { Writer } from '../ledger/ledger'
import type { KeyObject } from '../works/keys'
import type { Bought, Wanted } from './purchases'

export type Context = KeyObject

/** What an effect gets when it runs. It first checks what already exists. */
export interface Circumstances {
  readonly attempt: number
  /** an earlier attempt was begun and has no outcome: check disk or service for what happened */
  readonly unknown: boolean
}

export interface Performed<T> {
  readonly result: T
  /** what a probe found about an earlier attempt of unknown outcome */
  readonly recovery?: Recovery
  /** number of body bytes received, for the `op` line */
  readonly bytes?: number
  /** its source queries and requests, recorded with the outcome under the op's key */
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
  /** Parses a stored result; null when it cannot be used any more. */
  readonly revive: (stored: unknown) => T | null
  /** The part of the result to store when other rows contain the rest; absent: all of it. */
  readonly toStored?: (result: T) => object
  /** Whether a stored success still matches disk and network. Absent: always. */
  readonly stillHolds?: (result: T, finishedAt: number) => Promise<boolean> | boolean
  /**
   * A short op without side effects: intent and outcome share one transaction. A crash in between leaves no
   * row, and the op is repeated under the same key, as one of unknown outcome would be.
   */
  readonly oneStep?: boolean
  /** FINALIZE: the intent is on disk before the effect runs. */
  readonly intentFirst?: boolean
  /** States entered in the transaction of the intent, or of the replay; absent: none. */
  readonly enters?: readonly Entered[]
  readonly perform: (circumstances: Circumstances) => Promise<Performed<T>>
  /** The request that failed with this error; null: no attempt is recorded. */
  readonly failedAttempt?: (error: unknown) => AttemptFacts | null
  /** Further rows of the success, written in the transaction that records it. */
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
  /** Resolves when a paid request may be sent. Null: nothing is recorded, so nothing may be bought. */
  readonly buy: ((wanted: Wanted) => Promise<Bought>) | null
}
