/**
 * Handles Ctrl-C, SIGTERM and a closed terminal. The first signal stops everything cleanly within two
 * seconds. A second one, or a longer stop, ends the process at once, which is safe at any instant; the next
 * start recovers.
 */
import { STOP_SIGNALS } from '../platform/stop-signals'

const TIMEOUT_MS = 1_900

/** The reason of the stop. */
export class Interrupted extends Error {
  constructor(readonly by: string) {
    super(`stopped by ${by}`)
    this.name = 'Interrupted'
  }
}

interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

export interface StopSwitch {
  readonly signal: AbortSignal
  /** Stops everything like a signal; a second call ends the process. */
  stop(by: string): void
  /** Stops listening; signals then have their default effect. */
  release(): void
}

export function stopSwitch(
  process: SignalSource,
  onFirst: (by: string) => void,
  endNow: () => void
): StopSwitch {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | null = null
  const stop = (by: string): void => {
    if (controller.signal.aborted) {
      endNow()
      return
    }
    timer = setTimeout(endNow, TIMEOUT_MS)
    timer.unref()
    onFirst(by)
    controller.abort(new Interrupted(by))
  }
  const listeners = STOP_SIGNALS.map((name) => {
    const listener = (): void => {
      stop(name)
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  return {
    signal: controller.signal,
    stop,
    release() {
      if (timer) clearTimeout(timer)
      for (const [name, listener] of listeners) process.off(name, listener)
    }
  }
}
