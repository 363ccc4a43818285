/**
 * The named lists, and the selected one: every screen then shows only the papers of this list. Kept across
 * restarts, separately for the own library and for the sample.
 */
import type { ListView } from '../../contract/list-views'
import { ask, listen } from '../bridge'
import { app } from './app.svelte'
import { isString, remembered } from './remembered.svelte'

class Lists {
  /** null: not loaded yet, or loading failed */
  #all = $state.raw<readonly ListView[] | null>(null)

  get all(): readonly ListView[] {
    return this.#all ?? []
  }
  /** Name of the selected list; null: all papers. */
  get chosen(): string | null {
    const name = remembered.get(this.#key, isString, '')
    if (name === '') return null
    return this.#all === null || this.#all.some((list) => list.name === name) ? name : null
  }
  /** The part of a request that restricts it to the list. */
  get part(): { readonly list?: string } {
    return this.chosen === null ? {} : { list: this.chosen }
  }
  get #key(): string {
    return `list.${app.view?.workspace ?? 'own'}`
  }

  choose(name: string | null): void {
    remembered.set(this.#key, name ?? '')
  }

  async load(): Promise<void> {
    try {
      this.#all = await ask('lists.all', {})
    } catch {
      // Without a ledger there are no lists; its trouble is shown elsewhere.
      this.#all = null
    }
  }

  /** Keeps them up to date; returns how to stop. */
  follow(): () => void {
    void this.load()
    const off = listen('lists', () => void this.load())
    return () => {
      off()
      this.#all = null
    }
  }
}

export const lists = new Lists()
