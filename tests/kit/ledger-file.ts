/**
 * The ledger on disk, read by SQLite without Sheaf's code: the snapshot as any tool opens it. It has only
 * commits that a snapshot includes, so close the ledger first.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import initSqlJs, { type Database, type SqlValue } from 'sql.js'

export type LedgerRow = Readonly<Record<string, SqlValue>>

export interface LedgerFile {
  rows(sql: string, ...parameters: SqlValue[]): readonly LedgerRow[]
  /** the first column of the first row */
  value(sql: string, ...parameters: SqlValue[]): SqlValue
  close(): void
}

/** Opens `ledger.sqlite` of a data folder (or any SQLite file) for reading. */
export async function openLedgerFile(path: string): Promise<LedgerFile> {
  const file = path.endsWith('.sqlite') || path.endsWith('.sqlite3') ? path : join(path, 'ledger.sqlite')
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')
  const engine = await initSqlJs({ locateFile: () => wasm })
  const database: Database = new engine.Database(readFileSync(file))
  const rows = (sql: string, ...parameters: SqlValue[]): LedgerRow[] => {
    const statement = database.prepare(sql)
    try {
      statement.bind(parameters)
      const found: LedgerRow[] = []
      while (statement.step()) found.push(statement.getAsObject())
      return found
    } finally {
      statement.free()
    }
  }
  return {
    rows,
    value: (sql, ...parameters) => Object.values(rows(sql, ...parameters)[0] ?? {})[0] ?? null,
    close: () => {
      database.close()
    }
  }
}
