/**
 * The transition table (docs/design.md §5). The engine executes it, the tests iterate over it, the stepper
 * draws it, and nothing else decides transitions. Pure data with two queries.
 */
import type { State } from './words'
import { isOneOf, keysOf } from './tables'

/** Done states are final for a worker: only the removal of the paper, or a lost file, resets the job. */
export const DONE_STATES = ['DEDUPED', 'SKIPPED_DUPLICATE'] as const satisfies readonly State[]

/** States with a lease: held now, or stale and not recovered yet. */
export const ACTIVE_STATES = [
  'LEASED',
  'HEAD_DONE',
  'RESUME_OK',
  'STREAMING'
] as const satisfies readonly State[]

/** After FINALIZE. A job in one of these states is leased without a state change. */
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
 * The only way back, not used by workers: when the file of a finished job is gone from disk (reconcile), or
 * the user removed it and wants it again, the job starts over. The epoch grows, so that a former holder is
 * fenced.
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

/** A failed job that no worker tries again by itself. */
export function hasFailedForGood(job: {
  readonly state: State
  readonly nextAttemptAt: number | null
}): boolean {
  return job.state === 'FAILED' && job.nextAttemptAt === null
}

/** Every state from which `to` can be reached: the WHERE clause of the UPDATE that moves a job. */
export function statesBefore(to: State): State[] {
  return keysOf(TRANSITIONS).filter((from) => mayFollow(from, to))
}
