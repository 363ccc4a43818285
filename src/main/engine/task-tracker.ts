/**
 * Tracks long tasks: a task ends when its caller ends it, when a setting it depends on changes, or when Sheaf
 * closes, which waits for it. While settings are being applied, no new task begins.
 */
import { SheafError } from '../../contract/errors'
import { OneAtATime } from '../platform/one-at-a-time'

interface Entry {
  readonly isRun: boolean
  readonly ended: Promise<unknown>
  readonly stop: (reason: Error) => void
}

export class TaskTracker {
  readonly #closing: AbortSignal
  readonly #entries = new Set<Entry>()
  /** settings that are being applied: new tasks wait for them */
  readonly #settling = new OneAtATime()

  constructor(closing: AbortSignal) {
    this.#closing = closing
  }

  async during<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    { isRun = false } = {}
  ): Promise<T> {
    await this.#settling.ended()
    const controller = new AbortController()
    const working = work(AbortSignal.any([signal, this.#closing, controller.signal]))
    const entry: Entry = {
      isRun,
      ended: working,
      stop: (reason) => {
        controller.abort(reason)
      }
    }
    this.#entries.add(entry)
    try {
      return await working
    } finally {
      this.#entries.delete(entry)
    }
  }

  async stop(which: 'runs' | 'all'): Promise<void> {
    const stopped = [...this.#entries].filter((entry) => entry.isRun || which === 'all')
    for (const entry of stopped) entry.stop(new SheafError('PAUSED', 'A setting was changed.'))
    await Promise.allSettled(stopped.map((entry) => entry.ended))
  }

  /** Applies settings, one change after another; new tasks wait meanwhile. */
  settle(take: () => Promise<void>): Promise<void> {
    return this.#settling.run(take)
  }

  async ended(): Promise<void> {
    await Promise.allSettled([...this.#entries].map((entry) => entry.ended))
  }
}
