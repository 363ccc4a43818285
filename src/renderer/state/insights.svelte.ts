/** The measures, asked for anew when jobs changed, at most every three seconds, while they are looked at. */
import type { InsightsView } from '../../contract/insights-views'
import { ask, errorOf, listen, type Failure } from '../bridge'
import { lists } from './lists.svelte'

const AGAIN_AFTER_MS = 3_000
/** What main had ready was old; it counts anew no more often than its cost allows. */
const STALE_AGAIN_AFTER_MS = 1_000

export class InsightsState {
  #view = $state.raw<InsightsView | null>(null)
  #problem = $state.raw<Failure | null>(null)
  #days = 7
  #timer: ReturnType<typeof setTimeout> | null = null
  #follows = false

  get view(): InsightsView | null {
    return this.#view
  }
  get problem(): Failure | null {
    return this.#problem
  }

  async ask(days: number): Promise<void> {
    this.#days = days
    try {
      const view = await ask('insights.get', { days, ...lists.part })
      if (days !== this.#days) return
      // An equal result redraws nothing.
      if (view.revision !== this.#view?.revision) this.#view = view
      // Main answers at once with what it has; what it counts meanwhile is fetched later.
      if (view.isStale) this.#soon(STALE_AGAIN_AFTER_MS)
      this.#problem = null
    } catch (error) {
      this.#problem = errorOf(error)
    }
  }

  /** Keeps the view fresh; returns how to stop. */
  follow(): () => void {
    this.#follows = true
    const soon = (): void => {
      this.#soon()
    }
    let phase: string | null = null
    const offs = [
      listen('jobs', soon),
      // The end of a run changes figures although no job changes any more.
      listen('run', (run) => {
        if (phase !== null && run.phase !== phase) soon()
        phase = run.phase
      })
    ]
    return () => {
      for (const off of offs) off()
      this.#follows = false
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = null
    }
  }

  #soon(afterMs = AGAIN_AFTER_MS): void {
    if (!this.#follows) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.ask(this.#days)
    }, afterMs)
  }
}
