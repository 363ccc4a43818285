/** The user's .bib files; reloaded when main reports a change. */
import type { BibsView, BibView } from '../../../contract/bibs'
import { ask, errorOf, listen, type Failure } from '../../bridge'
import { attempt } from '../../state/app.svelte'

class BibsState {
  #view = $state.raw<BibsView | null>(null)
  #failed = $state.raw<Failure | null>(null)

  get view(): BibsView | null {
    return this.#view
  }
  get failed(): Failure | null {
    return this.#failed
  }

  /** Follows main's events until the returned function is called. */
  attend(): () => void {
    void this.load()
    return listen('bibs', () => void this.load())
  }

  async load(): Promise<void> {
    try {
      this.#view = await ask('bibs.list', {})
      this.#failed = null
    } catch (error) {
      this.#failed = errorOf(error)
    }
  }

  async link(): Promise<void> {
    this.#view = (await attempt(() => ask('bibs.link', {}))) ?? this.#view
  }

  async unlink(bib: BibView): Promise<void> {
    this.#view = (await attempt(() => ask('bibs.unlink', { id: bib.id }))) ?? this.#view
  }

  async show(bib: BibView): Promise<void> {
    await attempt(() => ask('bibs.show', { id: bib.id }))
  }
}

export const bibs = new BibsState()
