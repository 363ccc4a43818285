/**
 * Computes the run bar: phase, counts, speed, time left, progress. Pure except for the counts of the last two
 * minutes, which are used to estimate the time left. Progress counts only jobs added since the queue was last
 * empty, so that ten new papers beside 100,000 old ones are visible.
 */
import type { GroupCounts, RunPhase, RunView } from '../../contract/views'
import type { LiveBytes } from './session-api'

export interface RunFacts {
  readonly phase: RunPhase
  readonly because: string | null
  readonly counts: GroupCounts
  /** waiting jobs that are held, or due only later */
  readonly later: number
  readonly bytesPerSecond: number
  readonly recentSpeeds: readonly number[]
  readonly limit: number | null
  readonly live: readonly LiveBytes[]
  readonly revision: number
}

/** Shown while no library is open. */
export const NOTHING_RUNS: Omit<RunView, 'revision' | 'limit'> = {
  phase: 'idle',
  because: null,
  counts: { all: 0, waiting: 0, active: 0, attention: 0, done: 0, ignored: 0 },
  bytesPerSecond: 0,
  recentSpeeds: [],
  secondsLeft: null,
  progress: null
}

const REMEMBERED_SECONDS = 120
/** Fewer finished jobs than this do not give a rate. */
const ENOUGH = 2

export class RunBar {
  /** finished jobs for each second */
  #finished: number[] = []
  /** number of finished jobs when the queue was last empty */
  #base = 0

  /** Ends a second. */
  second(counts: GroupCounts): void {
    this.#finished = [...this.#finished.slice(1 - REMEMBERED_SECONDS), finishedOf(counts)]
  }

  view(facts: RunFacts): RunView {
    const { counts } = facts
    const finished = finishedOf(counts)
    const left = counts.active + Math.max(0, counts.waiting - facts.later)
    if (left === 0) this.#base = finished
    // The number of finished jobs decreases when papers are removed from the library.
    const begun = finished - Math.min(this.#base, finished)
    return {
      phase: facts.phase,
      because: facts.because,
      counts: {
        all: counts.all,
        waiting: counts.waiting,
        active: counts.active,
        attention: counts.attention,
        done: counts.done,
        ignored: counts.ignored
      },
      bytesPerSecond: facts.bytesPerSecond,
      recentSpeeds: facts.recentSpeeds,
      limit: facts.limit,
      secondsLeft: facts.phase === 'running' && left > 0 ? this.#secondsLeft(left, finished, facts) : null,
      progress: left > 0 ? begun / (begun + left) : finished > 0 ? 1 : null,
      revision: facts.revision
    }
  }

  #secondsLeft(left: number, finished: number, facts: RunFacts): number | null {
    const oldest = this.#finished[0]
    const gained = oldest === undefined ? 0 : finished - oldest
    if (gained >= ENOUGH) return Math.ceil((left / gained) * this.#finished.length)
    return left <= facts.live.length ? bytesLeft(facts.live) : null
  }
}

/** When all remaining jobs are active: the time of the slowest. */
function bytesLeft(live: readonly LiveBytes[]): number | null {
  const seconds = live.map(({ bytes, totalBytes, bytesPerSecond }) =>
    totalBytes === null || bytesPerSecond === 0 ? null : (totalBytes - bytes) / bytesPerSecond
  )
  const known = seconds.filter((one) => one !== null)
  return known.length === 0 || known.length < live.length ? null : Math.ceil(Math.max(...known))
}

function finishedOf(counts: GroupCounts): number {
  return counts.done + counts.attention
}
