/**
 * A list of main that is shown from its beginning, and grows when the user asks for more. What was shown stays
 * while it is loaded again; it is loaded again in its present length.
 */
import { MOST_ROWS } from '../../contract/limits'
import { errorOf, type Failure } from '../bridge'
import { MORE_ROWS } from '../text/lists'
import { attempt } from './app.svelte'

type Ask<V> = (offset: number, limit: number) => Promise<V>

export class LongList<V extends { readonly rows: readonly unknown[] }> {
  #view = $state.raw<V | null>(null)
  #failed = $state.raw<Failure | null>(null)
  #length = MORE_ROWS
  readonly #ask: Ask<V>

  constructor(ask: Ask<V>) {
    this.#ask = ask
  }

  get view(): V | null {
    return this.#view
  }
  get failed(): Failure | null {
    return this.#failed
  }

  async load(): Promise<void> {
    try {
      this.#view = await this.#ask(0, Math.min(this.#length, MOST_ROWS))
      this.#failed = null
    } catch (error) {
      this.#failed = errorOf(error)
    }
  }

  /** Another list begins. */
  restart(): void {
    this.#length = MORE_ROWS
  }

  async more(): Promise<void> {
    const rows = this.#view?.rows ?? []
    const page = await attempt(() => this.#ask(rows.length, MORE_ROWS))
    if (page === null) return
    this.#length = rows.length + page.rows.length
    this.#view = { ...page, rows: [...rows, ...page.rows] }
  }
}
