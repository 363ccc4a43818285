/** Things said in passing. They stand in a corner of their own, never over content, and leave by themselves. */
import type { Events } from '../../contract/events'

type Said = Omit<Events['notice'], never> & {
  readonly id: number
  readonly action?: { readonly label: string; readonly run: () => void }
}
export type Toast = Said

const STAYS_MS = 6_000
const MOST = 3

class Toasts {
  #list = $state.raw<readonly Toast[]>([])
  #next = 1

  get list(): readonly Toast[] {
    return this.#list
  }

  say(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++
    this.#list = [...this.#list, { ...toast, id }].slice(-MOST)
    setTimeout(
      () => {
        this.dismiss(id)
      },
      toast.action === undefined ? STAYS_MS : 2 * STAYS_MS
    )
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
