/**
 * Does something once, a while after it was first asked for, instead of looking at intervals whether there is
 * something to do: an idle app is woken by no timer. Calls until then are covered by the one that is coming.
 */
import type { Clock } from './host'

export class Soon {
  readonly #clock: Clock
  readonly #afterMs: number
  readonly #work: () => void
  #stop: (() => void) | null = null
  #isClosed = false

  constructor(clock: Clock, afterMs: number, work: () => void) {
    this.#clock = clock
    this.#afterMs = afterMs
    this.#work = work
  }

  call(): void {
    if (this.#isClosed || this.#stop !== null) return
    // `every` does not keep the process alive, unlike `sleep`.
    const stop = this.#clock.every(this.#afterMs, () => {
      stop()
      this.#stop = null
      this.#work()
    })
    this.#stop = stop
  }

  /** For good; what was asked for and is not done yet is dropped. */
  close(): void {
    this.#isClosed = true
    this.#stop?.()
    this.#stop = null
  }
}
