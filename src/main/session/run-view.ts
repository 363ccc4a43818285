/**
 * The run bar, figured out: phase, counts, speed, time left, progress. Pure but for the memory of the
 * last two minutes, from which the time left is guessed. Progress counts only jobs added since
 * the queue was last empty, so that ten new papers beside 100,000 old ones move the line.
 */
import type { GroupCounts, RunPhase, RunView } from '../../contract/views'
import type { LiveBytes } from './session-api'

export interface RunFacts {
  readonly phase: RunPhase
  readonly because: string | null
  readonly counts: GroupCounts
  /** of those that wait: held, or due only later */
  readonly later: number
  readonly bytesPerSecond: number
  readonly recentSpeeds: readonly number[]
  readonly limit: number | null
  readonly live: readonly LiveBytes[]
  readonly revision: number
}

/** While no library is open. */
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
/** Fewer than this in the remembered time are too few for a rate. */
const ENOUGH = 2

export class RunBar {
  /** how many were finished, second by second */
  #finished: number[] = []
  /** how many were finished when nothing was left to do last */
  #base = 0

  /** A second is over. */
  second(counts: GroupCounts): void {
    this.#finished = [...this.#finished.slice(1 - REMEMBERED_SECONDS), finishedOf(counts)]
  }

  view(facts: RunFacts): RunView {
    const { counts } = facts
    const finished = finishedOf(counts)
    const left = counts.active + Math.max(0, counts.waiting - facts.later)
    if (left === 0) this.#base = finished
    // Taken out of the library, finished ones become fewer.
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

/** When all that is left is on its way: the slowest of them. */
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
