/**
 * Ctrl-C, SIGTERM and a closed terminal. Once: everything is asked to stop, cleanly and within two
 * seconds. Twice, or when it takes longer: the process ends at once, which is safe at any instant;
 * the next start recovers.
 */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const TIMEOUT_MS = 1_900

/** Why the work was asked to stop. */
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
  /** Asks everything to stop, as a signal would; the second time it ends the process. */
  stop(by: string): void
  /** Stops listening; a signal then has its usual effect. */
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
