/**
 * Runs while a job is due, sleeps until the next one is, and stops when paused or closed; for the app and
 * `sheaf serve`. One run at a time; a run that ends early (a changed setting) is followed by another. An
 * error of a run is reported, and the loop waits before it tries again.
 */
import { isSheafError, SheafError } from '../contract/errors'
import type { Clock } from './platform/host'
import type { Sheaf } from './sheaf-api'

export interface RunLoopParts {
  readonly sheaf: Sheaf
  readonly clock: Clock
  readonly paused: boolean
  /** something about `phase` may have changed */
  readonly onChange: () => void
  readonly onFault: (error: unknown) => void
}

/** Maximum sleep, so that a clock that jumped is noticed. */
const LONGEST_SLEEP_MS = 60_000
const AFTER_FAULT_MS = 10_000
/** Delay after a run that ended at once although a job is due: doubled each time, up to this. */
const AFTER_NOTHING_MS = 50
const LONGEST_AFTER_NOTHING_MS = 10_000
const NO_TIME_MS = 500

export class RunLoop {
  readonly #parts: RunLoopParts
  #isPaused: boolean
  #isClosed = false
  /** aborts the active run */
  #run: AbortController | null = null
  #sleep: AbortController | null = null
  #looping: Promise<void> | null = null
  #ended: Promise<unknown> = Promise.resolve()
  #afterNothingMs = AFTER_NOTHING_MS

  constructor(parts: RunLoopParts) {
    this.#parts = parts
    this.#isPaused = parts.paused
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  get isRunning(): boolean {
    return this.#run !== null
  }

  begin(): void {
    this.#looping ??= this.#loop()
  }

  start(): void {
    this.#isPaused = false
    this.wake()
    this.#parts.onChange()
  }

  /** Resolves when nothing runs any more. */
  async pause(): Promise<void> {
    this.#isPaused = true
    this.#parts.onChange()
    this.#run?.abort(new SheafError('PAUSED', 'You paused it.'))
    await this.#ended
    this.#parts.onChange()
  }

  wake(): void {
    this.#sleep?.abort()
    this.#parts.sheaf.lookAgain()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#run?.abort(new SheafError('PAUSED', 'Sheaf is closing.'))
    this.#sleep?.abort()
    await this.#looping
  }

  async #loop(): Promise<void> {
    while (!this.#isOver()) {
      const waitMs = this.#isPaused ? LONGEST_SLEEP_MS : this.#untilDueMs()
      if (waitMs > 0) await this.#sleepFor(waitMs)
      else await this.#runOnce()
    }
  }

  #isOver(): boolean {
    return this.#isClosed
  }

  #untilDueMs(): number {
    const { sheaf, clock } = this.#parts
    const due = sheaf.dueAt()
    return due === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, (due - clock.now()) * 1000)
  }

  async #runOnce(): Promise<void> {
    const controller = new AbortController()
    this.#run = controller
    this.#parts.onChange()
    const { clock } = this.#parts
    const began = clock.monotonicMs()
    const running = this.#parts.sheaf.run({ skipReconcile: true }, controller.signal).then(
      () => false,
      (error: unknown) => {
        if (controller.signal.aborted) return false
        this.#parts.onFault(error)
        return true
      }
    )
    this.#ended = running
    const faulted = await running
    this.#run = null
    this.#parts.onChange()
    await this.#sleepFor(faulted ? AFTER_FAULT_MS : this.#restMs(clock.monotonicMs() - began))
  }

  /**
   * Due jobs may be leased by another process: runs that find only such jobs must not follow one another at
   * once.
   */
  #restMs(ranMs: number): number {
    if (ranMs > NO_TIME_MS || this.#untilDueMs() > 0) this.#afterNothingMs = AFTER_NOTHING_MS
    const rest = this.#afterNothingMs
    this.#afterNothingMs = Math.min(LONGEST_AFTER_NOTHING_MS, rest * 2)
    return rest
  }

  async #sleepFor(ms: number): Promise<void> {
    if (this.#isClosed) return
    const controller = new AbortController()
    this.#sleep = controller
    try {
      await this.#parts.clock.sleep(ms, controller.signal)
    } catch (error) {
      if (isSheafError(error)) throw error
      // Being woken is the normal end of this sleep.
    } finally {
      this.#sleep = null
    }
  }
}
