/**
 * Rows of a setting that is a table, while they are being written. Blank rows do not count; nothing is
 * taken while one row is wrong. Made while its component is: it follows the value in force by an effect.
 */
import { untrack } from 'svelte'
import type { FieldProps } from './draft.svelte'

type Keyed<R> = R & { readonly key: number }

interface Source<V, R> {
  readonly field: () => Pick<FieldProps<V>, 'value' | 'onchange' | 'onhold' | 'onwrong'>
  readonly rowsOf: (value: V) => readonly R[]
  readonly isBlank: (row: R) => boolean
  /** `others`: the rest of the rows */
  readonly wrongOf: (row: R, others: readonly R[]) => string | null
  /** what the filled rows mean, none of them wrong */
  readonly valueOf: (rows: readonly R[]) => V
}

export class DraftRows<V, R extends object> {
  #rows = $state.raw<readonly Keyed<R>[]>([])
  #nextKey = 0
  /** the value that the rows stand for, as JSON */
  #shown = ''
  #isWrong = false
  readonly #source: Source<V, R>

  constructor(source: Source<V, R>) {
    this.#source = source
    $effect.pre(() => {
      const { value } = source.field()
      untrack(() => {
        this.#follow(value)
      })
    })
  }

  get rows(): readonly Keyed<R>[] {
    return this.#rows
  }

  /** What is wrong with a row; null for nothing, and for a blank one. */
  wrongOf(row: Keyed<R>): string | null {
    const { isBlank, wrongOf } = this.#source
    if (isBlank(row)) return null
    return wrongOf(
      row,
      this.#rows.filter((other) => other.key !== row.key)
    )
  }

  edit(key: number, part: Partial<R>): void {
    this.#take(this.#rows.map((row) => (row.key === key ? { ...row, ...part } : row)))
  }

  remove(key: number): void {
    this.#take(this.#rows.filter((row) => row.key !== key))
  }

  add(blank: R): void {
    this.#rows = [...this.#rows, this.#keyed(blank)]
  }

  #keyed(row: R): Keyed<R> {
    return { ...row, key: this.#nextKey++ }
  }

  /** Shows a value that was changed elsewhere or refused. A text that is being corrected is left alone. */
  #follow(value: V): void {
    const now = JSON.stringify(value)
    if (this.#isWrong || now === this.#shown) return
    this.#shown = now
    this.#rows = this.#source.rowsOf(value).map((row) => this.#keyed(row))
  }

  #take(changed: readonly Keyed<R>[]): void {
    this.#rows = changed
    const { onchange, onhold, onwrong } = this.#source.field()
    const filled = changed.filter((row) => !this.#source.isBlank(row))
    const wrong = filled.map((row) => this.wrongOf(row)).find((one) => one !== null) ?? null
    this.#isWrong = wrong !== null
    onwrong(wrong)
    if (wrong !== null) {
      onhold()
      return
    }
    const value = this.#source.valueOf(filled)
    this.#shown = JSON.stringify(value)
    onchange(value)
  }
}
