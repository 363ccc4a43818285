/**
 * Bytes being received, from the engine's progress lines: per job, and in total for each second. Its size is
 * bounded by the active jobs and sixty numbers.
 */
import type { Line, ProgressLine } from '../../contract/lines'
import type { LiveBytes } from './session-api'

interface Live {
  bytes: number
  totalBytes: number | null
  continuedFrom: number | null
  /** bytes of the current second, and the smoothed speed before it */
  fresh: number
  bytesPerSecond: number
}

const SECONDS = 60
/** Weight of the last second in the smoothed speed. */
const WEIGHT = 0.5
/** After these states a job streams nothing, or starts over. */
const ENDS: ReadonlySet<string> = new Set(['LEASED', 'FINALIZED', 'DEDUPED', 'FAILED', 'SKIPPED_DUPLICATE'])

export class LiveStreams {
  readonly #live = new Map<string, Live>()
  #speeds: number[] = []
  #fresh = 0

  hear(line: Line): void {
    if (line.type === 'progress') this.#progress(line)
    else if (line.type === 'done' || (line.type === 'state' && ENDS.has(line.to)))
      this.#live.delete(line.job_id)
  }

  of(jobId: string): LiveBytes | null {
    return this.#live.get(jobId) ?? null
  }

  all(): readonly (LiveBytes & { readonly jobId: string })[] {
    return [...this.#live].map(([jobId, { bytes, totalBytes, bytesPerSecond, continuedFrom }]) => ({
      jobId,
      bytes,
      totalBytes,
      bytesPerSecond,
      continuedFrom
    }))
  }

  /** Ends a second. `isActive`: does a worker still hold the job? */
  second(isActive: (jobId: string) => boolean): void {
    this.#speeds = [...this.#speeds.slice(1 - SECONDS), this.#fresh]
    this.#fresh = 0
    for (const [jobId, live] of this.#live) {
      if (!isActive(jobId)) {
        this.#live.delete(jobId)
        continue
      }
      live.bytesPerSecond = Math.round(live.bytesPerSecond * (1 - WEIGHT) + live.fresh * WEIGHT)
      live.fresh = 0
    }
  }

  /** oldest first */
  get recentSpeeds(): readonly number[] {
    return this.#speeds
  }

  /** over the last few seconds */
  get bytesPerSecond(): number {
    const last = this.#speeds.slice(-3)
    return last.length === 0 ? 0 : Math.round(last.reduce((sum, one) => sum + one, 0) / last.length)
  }

  /** Nothing was received for a minute, and nothing is active. */
  get isQuiet(): boolean {
    return this.#live.size === 0 && this.#fresh === 0 && this.#speeds.every((one) => one === 0)
  }

  #progress(line: ProgressLine): void {
    const known = this.#live.get(line.job_id)
    // A job that restarts its file counts from there.
    const isSame = known !== undefined && line.bytes >= known.bytes
    const came = line.bytes - (isSame ? known.bytes : (line.from ?? 0))
    this.#fresh += came
    if (isSame) {
      known.bytes = line.bytes
      known.fresh += came
      return
    }
    this.#live.set(line.job_id, {
      bytes: line.bytes,
      totalBytes: line.total ?? null,
      continuedFrom: line.from ?? null,
      fresh: came,
      bytesPerSecond: came
    })
  }
}
