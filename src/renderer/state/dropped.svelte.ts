/**
 * Dropped reference files, links and text that wait for the Add papers screen, which removes them from here.
 */
class Dropped {
  #files = $state.raw<readonly File[]>([])
  #over = $state(false)

  /** number of waiting items */
  get count(): number {
    return this.#files.length
  }
  /** an accepted item is dragged over the window */
  get over(): boolean {
    return this.#over
  }

  give(files: readonly File[]): void {
    this.#files = [...this.#files, ...files]
  }
  take(): File[] {
    const files = [...this.#files]
    if (files.length > 0) this.#files = []
    return files
  }
  hold(over: boolean): void {
    this.#over = over
  }
}

export const dropped = new Dropped()
