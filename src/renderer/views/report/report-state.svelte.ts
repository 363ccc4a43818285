/** The shown report: counted when the screen opens, and again some time after a change. */
import type { ReportFile, ReportView } from '../../../contract/retrieval-report'
import { ask, errorOf, listen, type Failure } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { onJobsChanged } from '../../state/jobs-changed'
import { lists } from '../../state/lists.svelte'
import { toasts } from '../../state/toasts.svelte'
import { REPORT } from '../../text/report'
import { together } from '../../together'

const LEAST_PAUSE_MS = 3_000
/** Counting takes at most a twentieth of the time. */
const PAUSE_PER_WORK = 20

export class ReportState {
  #view = $state.raw<ReportView | null>(null)
  #problem = $state.raw<Failure | null>(null)
  #saving = $state(false)
  #timer: ReturnType<typeof setTimeout> | null = null
  #pauseMs = LEAST_PAUSE_MS
  #isOver = false

  get view(): ReportView | null {
    return this.#view
  }
  get problem(): Failure | null {
    return this.#problem
  }
  get saving(): boolean {
    return this.#saving
  }

  /** Follows main's events until the returned function is called. */
  attend(): () => void {
    void this.load()
    const soon = (): void => {
      this.#timer ??= setTimeout(() => void this.load(), this.#pauseMs)
    }
    const stop = together([listen('lists', soon), onJobsChanged(soon)])
    return () => {
      this.#isOver = true
      if (this.#timer !== null) clearTimeout(this.#timer)
      stop()
    }
  }

  async load(): Promise<void> {
    const began = performance.now()
    try {
      const view = await ask('report.get', lists.part)
      if (this.#isOver) return
      this.#view = view
      this.#problem = null
    } catch (error) {
      this.#problem = errorOf(error)
    }
    this.#timer = null
    this.#pauseMs = Math.max(LEAST_PAUSE_MS, PAUSE_PER_WORK * (performance.now() - began))
  }

  async save(format: ReportFile): Promise<void> {
    this.#saving = true
    const saved = await attempt(() => ask('report.export', { ...lists.part, format }))
    this.#saving = false
    if (saved !== null) toasts.done(REPORT.saved(saved.file))
  }
}
