/**
 * A snapshot: an ordinary SQLite file that any tool opens, whose `_meta.journal_seq` says which commit
 * it includes. Opening one trusts nothing: sql.js notices garbage only at the first query and some
 * damage not even then, hence SQLite's own check, and a number that must be there.
 */
import { Database } from './database'
import { messageOf } from './disk-trouble'
import { getMeta } from './meta'
import type { SqlEngine } from './sql-engine'

export const SNAPSHOT = 'ledger.sqlite'
export const PREVIOUS = 'ledger.sqlite.previous'
/** A complete snapshot that does not count yet. */
export const NEXT = 'ledger.sqlite.next'

export interface OpenSnapshot {
  readonly database: Database
  /** the last commit it includes */
  readonly seq: number
}

/** The sentence says what is wrong with the bytes. */
export type SnapshotReading =
  ({ readonly kind: 'sound' } & OpenSnapshot) | { readonly kind: 'damaged'; readonly because: string }

export function openSnapshot(engine: SqlEngine, bytes: Uint8Array): SnapshotReading {
  let database: Database
  try {
    database = new Database(engine, bytes)
  } catch (error) {
    return { kind: 'damaged', because: messageOf(error) }
  }
  try {
    const check = database.quickCheck()
    const text = check === 'ok' ? getMeta(database.reader, 'journal_seq') : null
    const seq = text === null ? NaN : Number(text)
    if (Number.isSafeInteger(seq) && seq >= 0) return { kind: 'sound', database, seq }
    database.close()
    return { kind: 'damaged', because: check === 'ok' ? 'it does not say which commit it includes' : check }
  } catch (error) {
    database.close()
    return { kind: 'damaged', because: messageOf(error) }
  }
}

/** The bytes of a snapshot of this database, which includes all commits up to `seq`. */
export function snapshotBytes(database: Database, seq: number): Uint8Array {
  database.writeUnrecorded(
    `INSERT INTO _meta (key, value) VALUES ('journal_seq', ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [String(seq)]
  )
  return database.bytes()
}
