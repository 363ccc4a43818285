/**
 * The listeners of a session. Notices before the first subscriber are kept for it; other events only say what
 * to reload, and are not kept.
 */
import type { Events } from '../../contract/events'
import { Listeners } from '../platform/listeners'
import type { Tell, Told } from './session-api'

export class SessionEvents {
  readonly reconciled = new Listeners()
  readonly settings = new Listeners()
  readonly #listeners = new Listeners<Told>()
  #kept: Events['notice'][] = []

  on(tell: Tell): () => void {
    const stop = this.#listeners.add(tell)
    for (const notice of this.#kept.splice(0)) tell('notice', notice)
    return stop
  }

  readonly tell: Tell = this.#listeners.call

  /** Sent now, or to the first subscriber. */
  notice(text: string, hint: string | null): void {
    const notice = { tone: 'attention', text, hint } as const
    if (this.#listeners.size === 0) this.#kept.push(notice)
    else this.tell('notice', notice)
  }
}
