/**
 * The listeners of a session. Notices before the first subscriber are kept for it; other events only say what
 * to reload, and are not kept.
 */
import type { EventName } from '../../contract/event-names'
import type { Events } from '../../contract/events'
import { Listeners } from '../platform/listeners'
import type { Tell } from './session-api'

export class SessionEvents {
  readonly reconciled = new Listeners()
  readonly settings = new Listeners()
  readonly #listeners = new Set<Tell>()
  #kept: Events['notice'][] = []

  on(tell: Tell): () => void {
    this.#listeners.add(tell)
    for (const notice of this.#kept.splice(0)) tell('notice', notice)
    return () => {
      this.#listeners.delete(tell)
    }
  }

  tell<N extends EventName>(name: N, payload: Events[N]): void {
    for (const tell of this.#listeners) tell(name, payload)
  }

  /** Sent now, or to the first subscriber. */
  notice(text: string, hint: string | null): void {
    const notice = { tone: 'attention', text, hint } as const
    if (this.#listeners.size === 0) this.#kept.push(notice)
    else this.tell('notice', notice)
  }
}
