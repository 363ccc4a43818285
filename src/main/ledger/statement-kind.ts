/**
 * Classifies an SQL statement: query, change of rows, or change of the schema. This keeps two promises of the
 * journal: a Reader cannot change anything unnoticed, and a replayed statement has the same effect (no clock,
 * no randomness). Only keywords are examined; SQLite parses.
 */
import { fail } from '../../contract/errors'

/** ask: SELECT and its like. change: INSERT, UPDATE, DELETE. shape: CREATE, DROP, ALTER. */
export type StatementKind = 'ask' | 'change' | 'shape'

export function kindOfStatement(sql: string): StatementKind {
  const words = withoutQuoted(sql)
  const first = /[a-z]+/i.exec(words)?.[0].toUpperCase() ?? ''
  switch (first) {
    case 'SELECT':
    case 'VALUES':
    case 'EXPLAIN':
      return 'ask'
    case 'PRAGMA':
      if (words.includes('=')) return fail('BROKEN_INVARIANT', `A pragma is not for transactions: ${sql}`)
      return 'ask'
    case 'WITH':
      return /\b(INSERT|UPDATE|DELETE|REPLACE)\s+(OR|INTO|FROM|[a-z_"])/i.test(words) ? 'change' : 'ask'
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLACE':
      return 'change'
    case 'CREATE':
    case 'DROP':
    case 'ALTER':
      return 'shape'
    default:
      return fail('BROKEN_INVARIANT', `The ledger does not run such a statement: ${sql}`)
  }
}

/** Throws when a change would have another effect on replay. */
export function assertMeansTheSameTwice(sql: string): void {
  const found =
    /\b(random|randomblob)\s*\(|\bcurrent_(time|date|timestamp)\b|'now'|\blast_insert_rowid\b|\bchanges\s*\(/i.exec(
      sql
    )
  if (found) {
    fail('BROKEN_INVARIANT', `“${found[0]}” gives another answer on replay; make it a parameter: ${sql}`)
  }
}

/** How many `?` a statement has; null when it uses numbered or named parameters. */
export function countParameters(sql: string): number | null {
  const words = withoutQuoted(sql)
  if (/\?\d|[:@$][a-z_]/i.test(words)) return null
  return words.split('?').length - 1
}

/**
 * The positions (from 0) of parameters written as `CAST(? AS TEXT)` or `CAST(?3 AS BLOB)`; empty when the
 * parameters have names.
 */
export function castParameters(sql: string): ReadonlySet<number> {
  const cast = new Set<number>()
  if (!/cast\(\?/i.test(sql)) return cast
  const words = withoutQuoted(sql)
  if (/[:@$][a-z_]/i.test(words)) return cast
  const bare = new Set<number>()
  Array.from(words.matchAll(/\?(\d*)/g)).forEach(({ index, input, 0: mark, 1: number }, place) => {
    const isCast =
      /cast\($/i.test(input.slice(0, index)) && /^ as (text|blob)\)/i.test(input.slice(index + mark.length))
    const at = number === undefined || number === '' ? place : Number(number) - 1
    ;(isCast ? cast : bare).add(at)
  })
  for (const place of bare) cast.delete(place)
  return cast
}

/** The statement without comments and quoted text. */
function withoutQuoted(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'[^']*(?:'|$)|"[^"]*(?:"|$)/g, ' ')
}
