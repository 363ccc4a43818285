/**
 * Toasts. They have an area of their own, never cover content, and disappear by themselves. Of several areas
 * only the newest shows them: a dialog hides everything else from view and from screen readers.
 */
import type { Events } from '../../contract/events'

type Toast = Events['notice'] & {
  readonly id: number
  readonly action?: { readonly label: string; readonly run: () => void }
}

const STAYS_MS = 6_000
const MOST = 3

class Toasts {
  #list = $state.raw<readonly Toast[]>([])
  #places = $state.raw<readonly symbol[]>([])
  #next = 1

  get list(): readonly Toast[] {
    return this.#list
  }

  /** The toasts of an area: all, or none while another area is above it. */
  at(place: symbol): readonly Toast[] {
    return this.#places.at(-1) === place ? this.#list : []
  }

  /** Adds an area above the others; call the returned function to remove it. */
  addPlace(place: symbol): () => void {
    this.#places = [...this.#places, place]
    return () => {
      this.#places = this.#places.filter((one) => one !== place)
    }
  }

  say(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++
    // An error without a next step has an empty hint.
    const hint = toast.hint === '' ? null : toast.hint
    this.#list = [...this.#list, { ...toast, hint, id }].slice(-MOST)
    setTimeout(
      () => {
        this.dismiss(id)
      },
      toast.action === undefined ? STAYS_MS : 2 * STAYS_MS
    )
  }

  /** Something was done. */
  done(text: string, hint: string | null = null): void {
    this.say({ tone: 'good', text, hint })
  }
  note(text: string, hint: string | null = null): void {
    this.say({ tone: 'quiet', text, hint })
  }
  /** Something was not done. */
  warn(text: string, hint: string | null = null): void {
    this.say({ tone: 'attention', text, hint })
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
