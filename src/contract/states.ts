/**
 * The one transition table (docs/design.md §5). The engine executes it, the tests walk it, a stepper draws
 * it, and nothing else decides what may follow what. It is pure data and two questions about it.
 */
import type { State } from './words'
import { isOneOf, keysOf } from './tables'

/** Done states are ends for a worker: only the removal of the paper, or a lost file, puts the job back. */
export const DONE_STATES = ['DEDUPED', 'SKIPPED_DUPLICATE'] as const satisfies readonly State[]

/** States with a lease: held now, or stale and not reclaimed yet. */
export const ACTIVE_STATES = [
  'LEASED',
  'HEAD_DONE',
  'RESUME_OK',
  'STREAMING'
] as const satisfies readonly State[]

/** Past the file's final name. A job found here is leased without leaving its state. */
export const SETTLING_STATES = ['FINALIZED', 'INDEXED'] as const satisfies readonly State[]

export const TRANSITIONS: Readonly<Record<State, readonly State[]>> = {
  PLANNED: ['LEASED', 'FAILED'],
  LEASED: ['LEASED', 'HEAD_DONE', 'SKIPPED_DUPLICATE', 'FAILED'],
  HEAD_DONE: ['LEASED', 'RESUME_OK', 'STREAMING', 'SKIPPED_DUPLICATE', 'FAILED'],
  RESUME_OK: ['LEASED', 'STREAMING', 'FAILED'],
  STREAMING: ['LEASED', 'FINALIZED', 'SKIPPED_DUPLICATE', 'FAILED'],
  FINALIZED: ['INDEXED', 'SKIPPED_DUPLICATE', 'FAILED'],
  INDEXED: ['DEDUPED', 'SKIPPED_DUPLICATE', 'FAILED'],
  DEDUPED: [],
  FAILED: ['LEASED'],
  SKIPPED_DUPLICATE: []
}

/**
 * The one way back, and not a worker's: when the file of a finished job is gone from disk (reconcile)
 * or its owner took it out and wants it again, the job starts over. The epoch grows, so that a former holder is fenced.
 */
export const REOPENABLE = [
  'FINALIZED',
  'INDEXED',
  'DEDUPED',
  'SKIPPED_DUPLICATE'
] as const satisfies readonly State[]

export function mayFollow(from: State, to: State): boolean {
  return TRANSITIONS[from].includes(to)
}

export function isDone(state: State): boolean {
  return isOneOf(DONE_STATES, state)
}

/** Every state from which `to` may be reached: the WHERE clause of the one UPDATE that moves a job. */
export function statesBefore(to: State): State[] {
  return keysOf(TRANSITIONS).filter((from) => mayFollow(from, to))
}
