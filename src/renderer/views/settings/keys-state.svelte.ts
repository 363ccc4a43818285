/** Which keys of services are set, and where they are stored. */
import type { KeyName, KeysView } from '../../../contract/keys'
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'

export class KeysState {
  #view = $state.raw<KeysView | null>(null)

  get view(): KeysView | null {
    return this.#view
  }

  async load(): Promise<void> {
    await this.#take(() => ask('keys.list', {}))
  }
  /** Whether the key was stored. */
  set(service: KeyName, value: string): Promise<boolean> {
    return this.#take(() => ask('keys.set', { service, value }))
  }
  async remove(service: KeyName): Promise<void> {
    await this.#take(() => ask('keys.remove', { service }))
  }

  async #take(work: () => Promise<KeysView>): Promise<boolean> {
    const view = await attempt(work)
    if (view !== null) this.#view = view
    return view !== null
  }
}
