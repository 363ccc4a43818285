/** Inputs and findings of a reconcile. */
import type { ReconcileLine } from '../../contract/lines'
import type { Ledger } from '../ledger/ledger'
import type { Library } from '../library/library'
import type { Host } from '../platform/host'
import type { ReadingMark } from '../platform/reading-mark'
import type { TakenIn } from './library-care'

export interface ReconcileParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly library: Library
  /** jobs that this process works on now: their parts and leases are left alone */
  readonly isActive: (jobId: string) => boolean
  /** jobs whose paper this process is renaming now */
  readonly renaming: Set<string>
  /** throws LIBRARY_MISSING: while the library is missing, a missing file proves nothing */
  readonly assertLibrary: () => Promise<void>
  /** the works for which the last process was parsing text when it ended */
  readonly mark: ReadingMark
  /** owners known to be dead, such as the one whose lock was taken over */
  readonly deadOwners: ReadonlySet<string>
}

export interface HowToReconcile {
  readonly verifyHashes: boolean
  /** at a start and during a run: check the names of all stored files, and the sizes of some */
  readonly quick?: boolean
  /** how many sizes a quick check compares; a library of at most this size is checked in full */
  readonly filesInTurn?: number
  readonly why: string
  /** Called with the number of checked files and their total. May be called very often. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface Ask extends HowToReconcile {
  readonly signal: AbortSignal
  /** what was adopted into the ledger just before */
  readonly taken?: TakenIn
}

/** Ids or paths, by kind of finding. */
export type Findings = Record<Exclude<keyof Required<ReconcileLine>, 'type' | 'ids'>, string[]>
