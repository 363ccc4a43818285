/** The counters of one run; the summary line is derived from them. */
import type { SummaryLine } from '../../contract/lines'
import { usdOf } from '../../contract/money'

export class RunStats {
  planned = 0
  existing = 0
  done = 0
  duplicates = 0
  failed = 0
  replays = 0
  bytesFetched = 0
  bytesResumed = 0
  /** millionths of a dollar that services billed */
  paidMicros = 0
  readonly byReason = new Map<string, number>()
  readonly bySource = new Map<string, number>()

  count(map: Map<string, number>, key: string): void {
    map.set(key, (map.get(key) ?? 0) + 1)
  }

  summary(elapsedMs: number): SummaryLine {
    return {
      type: 'summary',
      planned: this.planned,
      existing: this.existing,
      done: this.done,
      duplicates: this.duplicates,
      failed: this.failed,
      replays: this.replays,
      bytes_fetched: this.bytesFetched,
      bytes_resumed: this.bytesResumed,
      elapsed_ms: Math.round(elapsedMs),
      by_reason: Object.fromEntries(this.byReason),
      by_source: Object.fromEntries(this.bySource),
      ...(this.paidMicros === 0 ? {} : { paid_usd: usdOf(this.paidMicros) })
    }
  }
}
