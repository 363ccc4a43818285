/** The figures in the rail, of the list that is chosen: how many papers the library has, and how many jobs the list. */
import { ask, listen } from '../bridge'
import { lists } from './lists.svelte'
import { Latest } from './live'

const JOBS_EVERY_MS = 500

class RailFigures {
  readonly #library = new Latest('library')
  #papers = $state.raw<number | null>(null)
  #listed = $state.raw<number | null>(null)
  #askedFor = ''

  get papers(): number | null {
    const asked = `${String(this.#library.value?.revision ?? 0)} ${JSON.stringify(lists.part)}`
    if (asked !== this.#askedFor) {
      this.#askedFor = asked
      queueMicrotask(() => void this.#count())
    }
    return this.#papers
  }

  /** jobs of the list that is followed */
  get listed(): number | null {
    return this.#listed
  }

  /** Counts the jobs of a list until the function that is returned is called. */
  followList(list: string): () => void {
    let timer: ReturnType<typeof setTimeout> | null = null
    let isOver = false
    const look = async (): Promise<void> => {
      timer = null
      const counts = await ask('jobs.counts', { list }).catch(() => null)
      if (!isOver) this.#listed = counts?.all ?? null
    }
    const soon = (): void => {
      timer ??= setTimeout(() => void look(), JOBS_EVERY_MS)
    }
    void look()
    const offs = [
      listen('lists', soon),
      listen('jobs', ({ changed }) => {
        if (changed === 'many' || changed.length > 0) soon()
      })
    ]
    return () => {
      isOver = true
      if (timer !== null) clearTimeout(timer)
      for (const off of offs) off()
      this.#listed = null
    }
  }

  async #count(): Promise<void> {
    try {
      this.#papers = (await ask('library.count', lists.part)).papers
    } catch {
      // The Library screen itself says what is wrong; here a figure is missing, no more.
      this.#papers = null
    }
  }
}

export const railFigures = new RailFigures()
