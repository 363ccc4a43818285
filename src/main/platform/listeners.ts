/** Callbacks, with the function that calls all of them. One may be added or removed meanwhile. */
export class Listeners<Args extends readonly unknown[] = []> {
  readonly #all = new Set<(...args: Args) => void>()

  get size(): number {
    return this.#all.size
  }

  /** Returns the function that removes the callback. */
  add(listener: (...args: Args) => void): () => void {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  readonly call = (...args: Args): void => {
    // Of a copy: one that is removed and added again meanwhile is not called again.
    for (const listener of [...this.#all]) if (this.#all.has(listener)) listener(...args)
  }
}
