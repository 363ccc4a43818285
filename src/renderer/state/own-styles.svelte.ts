/** The user's own citation styles: for the citation dialog, the settings, and drops. */
import { MOST_STYLE_FILE_BYTES, type OwnStyle, type OwnStylesView } from '../../contract/citation-styles'
import { ask } from '../bridge'
import { STYLES } from '../text/styles'
import { attempt } from './app.svelte'
import { toasts } from './toasts.svelte'

class OwnStyles {
  #own = $state.raw<readonly OwnStyle[]>([])

  get all(): readonly OwnStyle[] {
    return this.#own
  }

  async load(): Promise<void> {
    this.#take(await attempt(() => ask('styles.list', {})))
  }

  /** The style added through the system's dialog; null when cancelled. */
  async choose(): Promise<string | null> {
    return this.#take(await attempt(() => ask('styles.choose', {})))
  }

  async give(file: File): Promise<string | null> {
    if (file.size > MOST_STYLE_FILE_BYTES) {
      toasts.warn(STYLES.tooLarge(file.name))
      return null
    }
    const bytes = new Uint8Array(await file.arrayBuffer())
    return this.#take(await attempt(() => ask('styles.give', { name: file.name, bytes })))
  }

  async remove(id: string): Promise<void> {
    this.#take(await attempt(() => ask('styles.remove', { id })))
  }

  #take(view: OwnStylesView | null): string | null {
    if (view === null) return null
    this.#own = view.own
    const added = view.own.find(({ id }) => id === view.added)
    if (added !== undefined) toasts.done(STYLES.added(added.title))
    return view.added
  }
}

export const ownStyles = new OwnStyles()
