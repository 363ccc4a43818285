/** State of screens kept across restarts: sort order, column widths, filters, last place. */
import { jsonOf } from '../../contract/unknown-values'
import { ask } from '../bridge'

class Remembered {
  #values = $state.raw<Readonly<Record<string, unknown>>>({})
  readonly #pending = new Map<string, ReturnType<typeof setTimeout>>()

  /** Sets the stored values; called once before anything is shown. */
  prime(values: Readonly<Record<string, unknown>>): void {
    this.#values = values
  }

  /** The value under `key` if `is` accepts it, else `otherwise`. */
  get<T>(key: string, is: (value: unknown) => value is T, otherwise: T): T {
    const value = this.#values[key]
    return is(value) ? value : otherwise
  }

  /** Stores a plain value after a short delay, so that dragging a column costs one write. */
  set(key: string, value: string | number | boolean | null | object): void {
    this.#values = { ...this.#values, [key]: value }
    clearTimeout(this.#pending.get(key))
    this.#pending.set(
      key,
      setTimeout(() => {
        this.#pending.delete(key)
        // Plain JSON: a proxy cannot be sent, and a lost column width needs no message.
        ask('app.remember', { key, value: jsonOf(value) }).catch(() => undefined)
      }, 400)
    )
  }
}

export const remembered = new Remembered()
export const isString = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value)
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
