/**
 * The job of the open drawer: its detail from main, reloaded when main reports a change (at most four times a
 * second), with live bytes in between. Answers about another job are dropped.
 */
import type { JobDetail } from '../../../contract/job-views'
import { ask, AskError, errorOf, listen, type Failure } from '../../bridge'
import { Delayed } from '../../state/delayed'
import { atMostEvery } from './at-most'
import type { Live } from './live-bytes'

const EVERY_MS = 250
/** How long the previous paper may stay while the next one is loading. */
const STAYS_MS = 150

/** `gone`: there is no such job any more */
type DrawerFailure = Failure & { readonly gone: boolean }

export class DrawerState {
  #detail = $state.raw<JobDetail | null>(null)
  #error = $state.raw<DrawerFailure | null>(null)
  #live = $state.raw<Live | null>(null)
  #jobId: string | null = null
  /** grows with every request; an answer older than the last one applied is dropped */
  #question = 0
  readonly #forget = new Delayed()
  #taken = 0
  readonly #soon = atMostEvery(EVERY_MS, () => void this.#ask())

  get detail(): JobDetail | null {
    return this.#detail
  }
  get error(): DrawerFailure | null {
    return this.#error
  }
  get live(): Live | null {
    return this.#live
  }

  /** Shows this job until another is shown; returns how to unsubscribe from main. */
  show(jobId: string): () => void {
    this.#jobId = jobId
    if (this.#detail?.job.jobId !== jobId) {
      this.#error = null
      this.#live = null
      // The shown detail stays for a moment, so that moving through rows does not flicker.
      this.#forget.restart(STAYS_MS, () => {
        if (this.#detail?.job.jobId !== this.#jobId) this.#detail = null
      })
    }
    this.#soon.stop()
    void this.#ask()
    const off = listen('jobs', ({ changed, live }) => {
      this.#live = live.find((one) => one.jobId === jobId) ?? null
      if (changed === 'many' || changed.includes(jobId)) this.#soon.ask()
    })
    return () => {
      off()
      this.#soon.stop()
      this.#forget.stop()
    }
  }

  refresh(): void {
    this.#soon.ask()
  }

  retry(): void {
    this.#error = null
    void this.#ask()
  }

  /** Applies the detail returned by an action. */
  take(detail: JobDetail): void {
    if (detail.job.jobId !== this.#jobId) return
    this.#taken = ++this.#question
    this.#detail = detail
    this.#error = null
  }

  async #ask(): Promise<void> {
    const jobId = this.#jobId
    if (jobId === null) return
    const question = ++this.#question
    try {
      const detail = await ask('jobs.detail', { jobId })
      if (jobId !== this.#jobId || question < this.#taken) return
      this.#taken = question
      this.#detail = detail
      this.#error = null
    } catch (error) {
      if (jobId !== this.#jobId || question < this.#taken) return
      if (this.#detail?.job.jobId !== jobId) this.#detail = null
      this.#error = { ...errorOf(error), gone: error instanceof AskError && error.code === 'NO_SUCH_JOB' }
    }
  }
}
