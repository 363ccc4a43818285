/** Resolves or rejects with the promise; rejects with the signal's reason as soon as that aborts. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error)
      return
    }
    const aborted = (): void => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', aborted, { once: true })
    promise
      .finally(() => {
        signal.removeEventListener('abort', aborted)
      })
      .then(resolve, reject)
  })
}
