/**
 * What was dropped on the window and waits for the screen that adds papers: reference files, and links
 * or text as a file of their own. The screen that takes them removes them from here.
 */
class Dropped {
  #files = $state.raw<readonly File[]>([])
  #over = $state(false)

  /** how many wait */
  get count(): number {
    return this.#files.length
  }
  /** something that can be added is held over the window */
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
