/** A limited number of slots, given in the order of requests. */
import { abortError } from './or-aborted'

export class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Resolves once the caller has a slot, which it gives back. Rejects only with the signal's reason. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(abortError(signal))
      }
      this.#waiting.push(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Passes the slot to the next request that waits, or frees it. */
  give(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free += 1
    else next()
  }
}
