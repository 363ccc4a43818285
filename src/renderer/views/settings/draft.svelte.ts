/**
 * The content of a field while it is being written: the person's text as it is, the value it means when
 * it means one, and what is wrong with it when it does not. A wrong text is never taken.
 */
interface Source<T> {
  /** the value in force */
  readonly value: () => T
  readonly write: (value: T) => string
  /** undefined when the text means nothing that is allowed */
  readonly read: (text: string) => T | undefined
  readonly allowed: () => string
  readonly take: (value: T) => void
  /** what was taken a moment ago is not meant any more */
  readonly hold: () => void
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
    if (value === undefined) this.#source.hold()
    else this.#source.take(value)
  }

  /** The person left the field: what was taken is shown the way it is kept. */
  settle(): void {
    if (this.wrong === null) this.#typed = null
  }

  revert(): void {
    this.#source.hold()
    this.#typed = null
  }
}
