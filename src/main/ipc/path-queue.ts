/**
 * Paths that come one after another, for a reader that takes them as they come. It ends by itself when nothing came
 * for a while, so that what reads can be put away; a push after that is refused.
 */
export class PathQueue implements AsyncIterable<string> {
  readonly #paths: string[] = []
  /** resolves after the time to wait for another path; rejects never */
  readonly #linger: () => Promise<void>
  #isEnded = false
  #wake: (() => void) | null = null

  /** Its reader waits for another path: what came before was read. */
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

  /** What was not taken yet is left out. */
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
