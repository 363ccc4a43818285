/**
 * Converts row values to our types, and back. Values from the ledger are validated: a value of the wrong type
 * is a broken invariant, reported with its column. JSON columns contain JSON.
 */
import { fail } from '../../contract/errors'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { isObject } from '../../contract/unknown-values'
import { cutAt } from '../../contract/limits'

export function textOf(row: SqlRow, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : wrong(column, 'text', value)
}

export function textOrNull(row: SqlRow, column: string): string | null {
  const value = row[column]
  return value === null || typeof value === 'string' ? value : wrong(column, 'text or null', value)
}

export function numberOf(row: SqlRow, column: string): number {
  const value = row[column]
  return typeof value === 'number' ? value : wrong(column, 'a number', value)
}

export function numberOrNull(row: SqlRow, column: string): number | null {
  const value = row[column]
  return value === null || typeof value === 'number' ? value : wrong(column, 'a number or null', value)
}

/** The number that a statement gives as `n`; 0 when it gives none. */
export function askNumber(r: Reader, sql: string, parameters: readonly SqlValue[] = []): number {
  return Number(r.get(sql, parameters)?.['n'] ?? 0)
}

/** The texts of one column. */
export function textsOf(rows: readonly SqlRow[], column: string): string[] {
  return rows.map((row) => textOf(row, column))
}

/** A word of one of the closed lists of `contract/words.ts`. */
export function wordOf<W extends string>(row: SqlRow, column: string, words: readonly W[]): W {
  const value = row[column]
  const word = words.find((known) => known === value)
  return word ?? wrong(column, `one of ${words.join(', ')}`, value)
}

/** A JSON column. Only one module writes it, so its type is that of the writer. */
export function jsonOf(row: SqlRow, column: string): unknown {
  const text = textOf(row, column)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    return fail('BROKEN_INVARIANT', `The ledger's column ${column} is no JSON: ${text.slice(0, 80)}`, {
      cause: error
    })
  }
}

export function objectOf(row: SqlRow, column: string): Record<string, unknown> {
  const value = jsonOf(row, column)
  return isObject(value) ? value : wrong(column, 'a JSON object', value)
}

export function listOf(row: SqlRow, column: string): unknown[] {
  const value = jsonOf(row, column)
  return Array.isArray(value) ? value : wrong(column, 'a JSON list', value)
}

/** JSON for a column; `undefined` cannot be stored. */
export function toJson(value: object): string {
  return JSON.stringify(value)
}

const MOST_SHOWN_CHARS = 200

function wrong(column: string, wanted: string, value: unknown): never {
  const shown = value === undefined ? 'nothing' : cutAt(JSON.stringify(value), MOST_SHOWN_CHARS)
  return fail('BROKEN_INVARIANT', `The ledger's column ${column} should hold ${wanted}, not ${shown}.`)
}

/** `?, ?`: as many parameters for SQL's IN. */
export const placeholders = (values: readonly unknown[]): string => values.map(() => '?').join(', ')

/** `'A', 'B'`: words of our own for SQL's IN. */
export const sqlList = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')
