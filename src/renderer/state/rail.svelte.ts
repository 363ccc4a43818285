/** The figure beside Library in the rail: how many papers there are. */
import { ask } from '../bridge'
import { Latest } from './live'

class RailFigures {
  readonly #library = new Latest('library')
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

  async #count(): Promise<void> {
    try {
      this.#papers = (await ask('library.count', {})).papers
    } catch {
      // The Library screen itself says what is wrong; here a figure is missing, no more.
      this.#papers = null
    }
  }
}

export const railFigures = new RailFigures()
