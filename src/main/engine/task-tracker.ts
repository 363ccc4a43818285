/**
 * Tracks long tasks: a task ends when its caller ends it, when a setting it depends on changes, or when Sheaf
 * closes, which waits for it. While settings are being applied, no new task begins.
 */
import { SheafError } from '../../contract/errors'

interface Entry {
  readonly isRun: boolean
  readonly ended: Promise<unknown>
  readonly stop: (reason: Error) => void
}

export class TaskTracker {
  readonly #closing: AbortSignal
  readonly #entries = new Set<Entry>()
  /** what new tasks wait for: settings that are being applied */
  #settled: Promise<unknown> = Promise.resolve()

  constructor(closing: AbortSignal) {
    this.#closing = closing
  }

  async during<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    { isRun = false } = {}
  ): Promise<T> {
    await this.#settled
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
  async settle(take: () => Promise<void>): Promise<void> {
    const taking = this.#settled.then(take)
    this.#settled = taking.catch(() => undefined)
    await taking
  }

  async ended(): Promise<void> {
    await Promise.allSettled([...this.#entries].map((entry) => entry.ended))
  }
}
