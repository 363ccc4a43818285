/**
 * The content of a field while it is being written: the text as it is, the value it means when it means
 * one, and what is wrong with it when it does not. A wrong text is never taken.
 */

/** What every field of a setting is given, and what it reports. */
export interface FieldProps<T> {
  readonly value: T
  readonly describedby?: string
  readonly disabled?: boolean
  readonly onchange: (value: T) => void
  /** the text means nothing that is allowed: a change that still waits to be saved is held */
  readonly onhold: () => void
  /** what is wrong, whenever that changes */
  readonly onwrong: (wrong: string | null) => void
}

interface Source<T> {
  /** the value in force */
  readonly value: () => T
  readonly write: (value: T) => string
  /** undefined when the text means nothing that is allowed */
  readonly read: (text: string) => T | undefined
  readonly allowed: () => string
  readonly field: () => Pick<FieldProps<T>, 'onchange' | 'onhold' | 'onwrong'>
}

export class Draft<T> {
  #typed = $state<string | null>(null)
  readonly #source: Source<T>

  constructor(source: Source<T>) {
    this.#source = source
  }

  get text(): string {
    return this.#typed ?? this.#source.write(this.#source.value())
  }

  /** The sentence about what is allowed, while something else is entered. */
  get wrong(): string | null {
    if (this.#typed === null || this.#source.read(this.#typed) !== undefined) return null
    return this.#source.allowed()
  }

  type(text: string): void {
    this.#typed = text
    const value = this.#source.read(text)
    const { onchange, onhold, onwrong } = this.#source.field()
    if (value === undefined) onhold()
    else onchange(value)
    onwrong(this.wrong)
  }

  /** The user left the field: a value that was taken is shown the way it is kept. */
  settle(): void {
    if (this.wrong === null) this.#typed = null
  }

  revert(): void {
    const { onhold, onwrong } = this.#source.field()
    onhold()
    this.#typed = null
    onwrong(null)
  }
}
