/** Work that must not overlap: each piece begins once the one before it has ended, with a result or an error. */
export class OneAtATime {
  #ended: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#ended.then(work)
    this.#ended = mine.catch(() => undefined)
    return mine
  }

  /** Resolves when all work given until now has ended. */
  ended(): Promise<unknown> {
    return this.#ended
  }
}
