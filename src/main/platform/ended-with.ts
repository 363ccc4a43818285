/** Waits and exchanges that end with another signal, or by themselves. */
/** Ends a wait that is no longer needed. One shared object, since each new Error would capture a stack. */
export const OVER = new Error('The wait is over.')

/**
 * A controller that aborts with a signal, like `AbortSignal.any` at a twentieth of the cost: that one keeps
 * weak references and sets of sources, and a paper needs about thirty of them.
 */
export interface Ended {
  readonly controller: AbortController
  /** Stops listening to the signal. Call it when the controlled work has ended. */
  readonly free: () => void
}

export function endedWith(signal: AbortSignal): Ended {
  const controller = new AbortController()
  if (signal.aborted) {
    controller.abort(signal.reason)
    return { controller, free: () => undefined }
  }
  const end = (): void => {
    controller.abort(signal.reason)
  }
  signal.addEventListener('abort', end, { once: true })
  return {
    controller,
    free: () => {
      signal.removeEventListener('abort', end)
    }
  }
}
