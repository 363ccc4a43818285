/**
 * A queue of paths for one reader. It ends by itself after an idle time, so that the reader can be ended; a
 * later push is refused.
 */
export class PathQueue implements AsyncIterable<string> {
  readonly #paths: string[] = []
  /** resolves after the idle time; never rejects */
  readonly #linger: () => Promise<void>
  #isEnded = false
  #wake: (() => void) | null = null

  /** The reader is waiting for another path: all earlier ones were read. */
  get isIdle(): boolean {
    return this.#isEnded || (this.#wake !== null && this.#paths.length === 0)
  }

  constructor(linger: () => Promise<void>) {
    this.#linger = linger
  }

  /** False when it has ended. */
  push(path: string): boolean {
    if (this.#isEnded) return false
    this.#paths.push(path)
    this.#wake?.()
    return true
  }

  /** Drops the remaining paths. */
  end(): void {
    this.#isEnded = true
    this.#paths.length = 0
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      if (this.#isEnded) return
      const path = this.#paths.shift()
      if (path !== undefined) {
        yield path
        continue
      }
      const came = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await Promise.race([came, this.#linger()])
      this.#wake = null
      if (this.#paths.length > 0) continue
      this.end()
      return
    }
  }
}
