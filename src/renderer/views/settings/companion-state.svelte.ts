/** The browser companion's port and token, as main has them. */
import type { CompanionView } from '../../../contract/companion'
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { copyText } from '../../state/file-actions'
import { toasts } from '../../state/toasts.svelte'
import { COMPANION_TEXT } from '../../text/companion'

export class CompanionState {
  #view = $state.raw<CompanionView | null>(null)

  get view(): CompanionView | null {
    return this.#view
  }

  async load(): Promise<void> {
    this.#view = (await attempt(() => ask('companion.get', {}))) ?? this.#view
  }

  async copyToken(): Promise<void> {
    const token = this.#view?.token
    if (token != null) await copyText(token, COMPANION_TEXT.copied)
  }

  async renewToken(): Promise<void> {
    const next = await attempt(() => ask('companion.newToken', {}))
    if (next === null) return
    this.#view = next
    toasts.done(COMPANION_TEXT.renewed, COMPANION_TEXT.renewedHint)
  }

  async showFolder(): Promise<void> {
    await attempt(() => ask('companion.showFolder', {}))
  }
}
