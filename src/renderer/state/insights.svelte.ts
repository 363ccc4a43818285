/** The measures, reloaded when jobs changed, at most every three seconds, while they are visible. */
import type { InsightsView } from '../../contract/insights-views'
import { ask, errorOf, listen, type Failure } from '../bridge'
import { Delayed } from './delayed'
import { lists } from './lists.svelte'
import { together } from '../together'

const AGAIN_AFTER_MS = 3_000
/** Main returned an old result; it recounts no more often than the cost allows. */
const STALE_AGAIN_AFTER_MS = 1_000

export class InsightsState {
  #view = $state.raw<InsightsView | null>(null)
  #problem = $state.raw<Failure | null>(null)
  #days = 7
  readonly #later = new Delayed()
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
      // An equal result causes no redraw.
      if (view.revision !== this.#view?.revision) this.#view = view
      // Main returns what it has at once; a recount is fetched later.
      if (view.isStale) this.#soon(STALE_AGAIN_AFTER_MS)
      this.#problem = null
    } catch (error) {
      this.#problem = errorOf(error)
    }
  }

  /** Keeps the view up to date; returns how to stop. */
  follow(): () => void {
    this.#follows = true
    const soon = (): void => {
      this.#soon()
    }
    let phase: string | null = null
    const stop = together([
      listen('jobs', soon),
      // The end of a run changes figures even if no job changes any more.
      listen('run', (run) => {
        if (phase !== null && run.phase !== phase) soon()
        phase = run.phase
      })
    ])
    return () => {
      stop()
      this.#follows = false
      this.#later.stop()
    }
  }

  #soon(afterMs = AGAIN_AFTER_MS): void {
    if (!this.#follows) return
    this.#later.start(afterMs, () => void this.ask(this.#days))
  }
}
