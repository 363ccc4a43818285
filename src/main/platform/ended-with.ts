/** Waits and exchanges that end with a signal of someone else, or by themselves. */
/** Ends a wait that is not needed any more. One for all: a reason of its own would note the stack each time. */
export const OVER = new Error('The wait is over.')

/**
 * A controller that ends with a signal, as `AbortSignal.any` would make one at twenty times the cost: that
 * one keeps weak references and sets of sources, and a paper needs some thirty of them.
 */
export interface Ended {
  readonly controller: AbortController
  /** The signal is not listened to any more. To be called when what was controlled is over. */
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
