/**
 * The Recover screen's state: the interruption, past checks, unknown files, and quarantined files that wait
 * for a decision.
 */
import type { FindingView, RecoverView } from '../../contract/recover-views'
import { ask } from '../bridge'
import { attempt } from './app.svelte'
import { Latest } from './live'
import { toasts } from './toasts.svelte'
import { RECOVER } from '../text/recover'

class RecoverState {
  readonly #latest = new Latest('reconcile')
  #findings = $state.raw<Readonly<Record<number, readonly FindingView[]>>>({})

  get view(): RecoverView | null {
    return this.#latest.value
  }

  /** Findings of a past check, if already loaded. */
  findings(id: number): readonly FindingView[] | null {
    return this.#findings[id] ?? null
  }

  async begin(): Promise<void> {
    this.#latest.prime(await ask('reconcile.state', {}))
  }

  async open(id: number): Promise<void> {
    const found = await attempt(() => ask('reconcile.findings', { id }))
    if (found !== null) this.#findings = { ...this.#findings, [id]: found }
  }

  check(verifyHashes: boolean): Promise<void> {
    return this.#take(() => ask('reconcile.start', { verifyHashes }))
  }

  cancel(): Promise<void> {
    return this.#take(() => ask('reconcile.cancel', {}))
  }

  dismiss(): Promise<void> {
    return this.#take(() => ask('reconcile.dismiss', {}))
  }

  async accept(id: string): Promise<void> {
    await this.#take(() => ask('quarantine.accept', { id }), RECOVER.accepted)
  }

  async reject(id: string): Promise<void> {
    await this.#take(() => ask('quarantine.reject', { id }), RECOVER.rejected)
  }

  async reveal(index: number): Promise<void> {
    await attempt(() => ask('reconcile.revealUnknown', { index }))
  }

  async #take(work: () => Promise<RecoverView>, said: string | null = null): Promise<void> {
    const view = await attempt(work)
    if (view === null) return
    this.#latest.prime(view)
    if (said !== null) toasts.done(said)
  }
}

export const recover = new RecoverState()
