/** The rail's figures for the selected list: number of papers in the library, and of jobs. */
import { ask, listen } from '../bridge'
import { Delayed } from './delayed'
import { onJobsChanged } from './jobs-changed'
import { lists } from './lists.svelte'
import { Latest } from './live'
import { together } from '../together'

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

  /** Counts the jobs of a list until the returned function is called. */
  followList(list: string): () => void {
    const later = new Delayed()
    let isOver = false
    const look = async (): Promise<void> => {
      const counts = await ask('jobs.counts', { list }).catch(() => null)
      if (!isOver) this.#listed = counts?.all ?? null
    }
    const soon = (): void => {
      later.start(JOBS_EVERY_MS, () => void look())
    }
    void look()
    const stop = together([listen('lists', soon), onJobsChanged(soon)])
    return () => {
      isOver = true
      later.stop()
      stop()
      this.#listed = null
    }
  }

  async #count(): Promise<void> {
    try {
      this.#papers = (await ask('library.count', lists.part)).papers
    } catch {
      // The Library screen shows the error; here only a figure is missing.
      this.#papers = null
    }
  }
}

export const railFigures = new RailFigures()
