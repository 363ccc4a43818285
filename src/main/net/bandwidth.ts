/**
 * One limit for all downloads together. Bytes are paid for after they came: the reader waits until
 * what it took has been earned back, which stops the socket by itself. Debts are paid in order.
 */
import type { Clock } from '../platform/host'

/** At most this much of a second may be taken at once after a pause. */
const BURST_SECONDS = 0.1

export class Bandwidth {
  /** when everything taken so far has been earned, on the monotonic clock */
  private earnedAtMs = 0

  constructor(
    /** may change; what was taken before is paid for as it was */
    public bytesPerSecond: number | null,
    private readonly clock: Clock
  ) {}

  /** Takes `bytes` and says how long to wait for them; 0 most of the time, and always without a limit. */
  take(bytes: number): number {
    if (this.bytesPerSecond === null) return 0
    const now = this.clock.monotonicMs()
    const from = Math.max(this.earnedAtMs, now - BURST_SECONDS * 1000)
    this.earnedAtMs = from + (bytes / this.bytesPerSecond) * 1000
    return Math.max(0, this.earnedAtMs - now)
  }
}
