/** The rejection reason of a promise that waits under this signal. */
export function abortError({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('The operation was aborted.', { cause: reason })
}

/** Settles like the promise; rejects with the signal's reason as soon as that aborts. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal))
      return
    }
    const aborted = (): void => {
      reject(abortError(signal))
    }
    signal.addEventListener('abort', aborted, { once: true })
    promise
      .finally(() => {
        signal.removeEventListener('abort', aborted)
      })
      .then(resolve, reject)
  })
}
