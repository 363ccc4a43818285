/** Callbacks without arguments. */
export class Listeners {
  readonly #all = new Set<() => void>()

  /** Returns the function that removes the callback. */
  add(listener: () => void): () => void {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  readonly call = (): void => {
    for (const listener of this.#all) listener()
  }
}
