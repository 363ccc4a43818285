/** Callbacks without arguments. */
export class Listeners {
  readonly #all = new Set<() => void>()

  /** Returns what removes the callback again. */
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
