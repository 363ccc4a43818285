/**
 * The named lists, and the one that is chosen: every screen that shows papers then shows those of this
 * list. Remembered over a restart, for the own library and for the sample apart.
 */
import type { ListView } from '../../contract/list-views'
import { ask, listen } from '../bridge'
import { app } from './app.svelte'
import { isString, remembered } from './remembered.svelte'

class Lists {
  /** null: main was not asked yet, or could not say */
  #all = $state.raw<readonly ListView[] | null>(null)

  get all(): readonly ListView[] {
    return this.#all ?? []
  }
  /** Its name; null: all papers are shown. */
  get chosen(): string | null {
    const name = remembered.get(this.#key, isString, '')
    if (name === '') return null
    return this.#all === null || this.#all.some((list) => list.name === name) ? name : null
  }
  /** What a question to main says of it. */
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
      // Without a ledger there are none; what is wrong with it is said elsewhere.
      this.#all = null
    }
  }

  /** Keeps them fresh; returns how to stop. */
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
