/** A clock that moves only when a test advances it; sleepers wake in the order of their time. */
import type { Clock } from '../../../src/main/platform/host'

export class FakeClock implements Clock {
  private ms = 1_700_000_000_000
  private sleepers: { readonly at: number; readonly wake: () => void }[] = []

  now(): number {
    return this.ms / 1000
  }
  monotonicMs(): number {
    return this.ms
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
      this.sleepers.push({ at: this.ms + ms, wake: resolve })
    })
  }
  every(): () => void {
    return () => undefined
  }
  /** Wakes sleepers due within `ms`, each at its time, and lets their continuations settle. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms
    for (;;) {
      await settle()
      this.sleepers.sort((a, b) => a.at - b.at)
      const next = this.sleepers[0]
      if (next === undefined || next.at > end) break
      this.sleepers.shift()
      this.ms = Math.max(this.ms, next.at)
      next.wake()
    }
    this.ms = end
    await settle()
  }
  jump(ms: number): void {
    this.ms += ms
  }
}

/** Microtasks and immediates run before the next turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
