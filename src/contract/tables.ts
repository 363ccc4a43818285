/** Closed lists of words, and tables with one entry per word. Pure. */

export function isOneOf<W>(words: readonly W[], value: unknown): value is W {
  return words.some((word) => word === value)
}

/** The same as a guard, for stored values. */
export const oneOf =
  <W extends string>(words: readonly W[]) =>
  (value: unknown): value is W =>
    isOneOf(words, value)

/** The keys of one of our tables, whose type names all of them. Not for untrusted objects. */
export function keysOf<T extends object>(table: T): readonly (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[]
}

export function tableOf<W extends string, V>(words: readonly W[], valueOf: (word: W) => V): Record<W, V> {
  return Object.fromEntries(words.map((word) => [word, valueOf(word)])) as Record<W, V>
}
