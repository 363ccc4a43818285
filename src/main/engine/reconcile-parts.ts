/** What a reconcile works with, and what it finds. */
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
  /** throws LIBRARY_MISSING: a file that is missing proves nothing while its library is */
  readonly assertLibrary: () => Promise<void>
  /** for which works the last process was reading when it ended */
  readonly mark: ReadingMark
  /** owners known to be dead, such as the one whose lock was taken over */
  readonly deadOwners: ReadonlySet<string>
}

export interface HowToReconcile {
  readonly verifyHashes: boolean
  /** at a start and while a run goes on: the names of all stored files, and the sizes of some */
  readonly quick?: boolean
  /** how many sizes a quick one checks; a library that is no larger is looked at whole */
  readonly filesInTurn?: number
  readonly why: string
  /** Called as stored files have been looked at: how many, of how many. May be called very often. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface Ask extends HowToReconcile {
  readonly signal: AbortSignal
  /** what was taken into the ledger just before */
  readonly taken?: TakenIn
}

/** Ids or paths, by kind of finding. */
export type Findings = Record<Exclude<keyof Required<ReconcileLine>, 'type' | 'ids'>, string[]>
