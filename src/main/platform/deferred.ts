/** A promise with its resolve and reject functions, like `Promise.withResolvers` from Node 22 on. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => undefined
  let reject: Deferred<T>['reject'] = () => undefined
  const promise = new Promise<T>((resolving, rejecting) => {
    resolve = resolving
    reject = rejecting
  })
  return { promise, resolve, reject }
}
