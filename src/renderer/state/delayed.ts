/** One call that is made later: it can be put off, kept waiting, and taken back. */
export class Delayed {
  #timer: ReturnType<typeof setTimeout> | null = null

  /** Calls `work` after `ms`, instead of the call that waits. */
  restart(ms: number, work: () => void): void {
    this.stop()
    this.start(ms, work)
  }

  /** Calls `work` after `ms`, unless a call waits already. */
  start(ms: number, work: () => void): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      work()
    }, ms)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
