/** Closed lists of words, and tables with one entry for each word. Pure. */

export function isOneOf<W>(words: readonly W[], value: unknown): value is W {
  return words.some((word) => word === value)
}

/** The keys of a table of ours, whose type names all of them. Not for what comes from outside. */
export function keysOf<T extends object>(table: T): readonly (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[]
}

export function tableOf<W extends string, V>(words: readonly W[], valueOf: (word: W) => V): Record<W, V> {
  return Object.fromEntries(words.map((word) => [word, valueOf(word)])) as Record<W, V>
}
