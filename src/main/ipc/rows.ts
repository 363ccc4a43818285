/**
 * Reads the ledger's rows tolerantly: a row of a foreign or damaged ledger must not break a screen. Pure.
 */
import { isObject, jsonOrNull, textsOf, type UnknownFields } from '../../contract/unknown-values'

export type Row = UnknownFields

/** A JSON column as an object; {} when it is none. */
export function objectIn(row: Row, column: string): Row {
  const value = parsed(row[column])
  return isObject(value) ? value : {}
}

export function textsIn(row: Row, column: string): readonly string[] {
  return textsOf(parsed(row[column]))
}

export function wordIn<W extends string>(row: Row, column: string, words: readonly W[]): W | null {
  const value = row[column]
  return words.find((word) => word === value) ?? null
}

/** A JSON column's text, or an already parsed value. */
const parsed = (value: unknown): unknown => (typeof value === 'string' ? jsonOrNull(value) : value)
