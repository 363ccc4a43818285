/** A ledger as an earlier version left it, migrated to the present schema. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Database } from '../../src/main/ledger/database'
import type { Reader, SqlValue } from '../../src/main/ledger/ledger'
import { setMeta } from '../../src/main/ledger/meta'
import { migrateQuietly, SCHEMA_VERSION, schemaVersion } from '../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../src/main/ledger/sql-engine'
import { repositoryRoot } from './shared'

export interface OldRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

/** `version`: the schema of the rows. */
export async function migratedLedger(version: number, rows: readonly OldRow[]): Promise<Reader> {
  const database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  database.transact((w) => {
    for (let n = 1; n <= version; n += 1) {
      const file = join(repositoryRoot, 'src/main/ledger/schema', `${String(n).padStart(3, '0')}.sql`)
      const statements = readFileSync(file, 'utf8')
        .replace(/--[^\n]*/g, '')
        .split(';')
      for (const statement of statements) if (statement.trim() !== '') w.run(statement)
    }
    setMeta(w, 'schema_version', String(version))
    for (const { table, row } of rows) {
      const columns = Object.keys(row)
      const values = columns.map((column): SqlValue => {
        const value = row[column]
        return typeof value === 'string' || typeof value === 'number' ? value : null
      })
      w.run(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        values
      )
    }
  })
  database.transact((w) => migrateQuietly(w))
  if (schemaVersion(database.reader) !== SCHEMA_VERSION) throw new Error('The ledger was not migrated.')
  return database.reader
}
