/**
 * One limit for all downloads together. Each chunk is charged after it arrived: the reader then waits until
 * the limit allows it, and the pause stops the socket by itself. Charges are served in order.
 */
import type { Clock } from '../platform/host'

/** Share of a second that may be taken at once after a pause. */
const BURST_SECONDS = 0.1

export class Bandwidth {
  /** when everything taken so far is within the limit, on the monotonic clock */
  private earnedAtMs = 0

  constructor(
    /** may change; earlier charges keep their former limit */
    public bytesPerSecond: number | null,
    private readonly clock: Clock
  ) {}

  /** Charges `bytes` and returns how long to wait; usually 0, and always 0 without a limit. */
  take(bytes: number): number {
    if (this.bytesPerSecond === null) return 0
    const now = this.clock.monotonicMs()
    const from = Math.max(this.earnedAtMs, now - BURST_SECONDS * 1000)
    this.earnedAtMs = from + (bytes / this.bytesPerSecond) * 1000
    return Math.max(0, this.earnedAtMs - now)
  }
}
