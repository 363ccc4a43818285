/** The figures beside the rail's names: papers in the library, and what waits on the Recover screen. */
import { ask } from '../bridge'
import { Latest } from './live'

class RailFigures {
  readonly #library = new Latest('library')
  readonly #reconcile = new Latest('reconcile')
  #papers = $state.raw<number | null>(null)
  #askedFor = -1

  get papers(): number | null {
    const revision = this.#library.value?.revision ?? 0
    if (revision !== this.#askedFor) {
      this.#askedFor = revision
      queueMicrotask(() => void this.#count())
    }
    return this.#papers
  }

  get toRecover(): number {
    return this.#reconcile.value?.needsAttention ?? 0
  }

  async begin(): Promise<void> {
    try {
      this.#reconcile.prime(await ask('reconcile.state', {}))
    } catch {
      // The Recover screen itself says what is wrong; here a figure is missing, no more.
    }
  }

  async #count(): Promise<void> {
    try {
      const page = await ask('library.list', {
        query: {},
        sort: 'added',
        direction: 'down',
        offset: 0,
        limit: 1
      })
      this.#papers = page.all
    } catch {
      this.#papers = null
    }
  }
}

export const railFigures = new RailFigures()
