/**
 * Migrates the schema to the version of this Sheaf. Idempotent; each version is a numbered file that is never
 * edited later. Runs inside a transaction like every other change, so that it is journalled and a half-done
 * migration cannot exist.
 */
import { fail } from '../../contract/errors'
import type { Log } from '../platform/log'
import type { Reader, Writer } from './ledger'
import { getMeta, setMeta } from './meta'
import schema001 from './schema/001.sql?raw'
import schema002 from './schema/002.sql?raw'
import schema003 from './schema/003.sql?raw'
import schema004 from './schema/004.sql?raw'
import schema005 from './schema/005.sql?raw'
import schema006 from './schema/006.sql?raw'
import schema007 from './schema/007.sql?raw'
import schema008 from './schema/008.sql?raw'
import schema009 from './schema/009.sql?raw'
import schema010 from './schema/010.sql?raw'
import schema011 from './schema/011.sql?raw'
import schema012 from './schema/012.sql?raw'
import schema013 from './schema/013.sql?raw'
import schema014 from './schema/014.sql?raw'
import schema015 from './schema/015.sql?raw'
import schema016 from './schema/016.sql?raw'
import schema017 from './schema/017.sql?raw'
import schema018 from './schema/018.sql?raw'
import schema019 from './schema/019.sql?raw'
import schema020 from './schema/020.sql?raw'
import schema021 from './schema/021.sql?raw'
import schema022 from './schema/022.sql?raw'
import schema023 from './schema/023.sql?raw'
import schema024 from './schema/024.sql?raw'
import schema025 from './schema/025.sql?raw'
import schema026 from './schema/026.sql?raw'
import schema027 from './schema/027.sql?raw'
import schema028 from './schema/028.sql?raw'

const SCHEMAS: readonly string[] = [
  schema001,
  schema002,
  schema003,
  schema004,
  schema005,
  schema006,
  schema007,
  schema008,
  schema009,
  schema010,
  schema011,
  schema012,
  schema013,
  schema014,
  schema015,
  schema016,
  schema017,
  schema018,
  schema019,
  schema020,
  schema021,
  schema022,
  schema023,
  schema024,
  schema025,
  schema026,
  schema027,
  schema028
]
export const SCHEMA_VERSION = SCHEMAS.length

/** 0 for a database without a Sheaf schema. */
export function schemaVersion(reader: Reader): number {
  const there = reader.get(`SELECT 1 AS yes FROM sqlite_master WHERE type = 'table' AND name = '_meta'`)
  return there === null ? 0 : Number(getMeta(reader, 'schema_version') ?? 0)
}

/** Throws LEDGER_TOO_NEW for a ledger that a later Sheaf wrote. */
export function assertNotTooNew(reader: Reader): void {
  const found = schemaVersion(reader)
  if (found > SCHEMA_VERSION) {
    fail(
      'LEDGER_TOO_NEW',
      `The ledger has schema version ${found}; this Sheaf knows versions up to ${SCHEMA_VERSION}.`
    )
  }
}

/** Logs each successful call, whether or not the schema changed. */
export function migrate(writer: Writer, log: Log): { from: number; to: number } {
  const from = migrateQuietly(writer)
  log.info('Idempotency schema migrated successfully', { from, to: SCHEMA_VERSION })
  return { from, to: SCHEMA_VERSION }
}

/** Migrates the schema; returns its former version. */
export function migrateQuietly(writer: Writer): number {
  assertNotTooNew(writer)
  const from = schemaVersion(writer)
  for (const schema of SCHEMAS.slice(from)) {
    for (const statement of statementsOf(schema)) if (!isDone(writer, statement)) writer.run(statement)
  }
  if (from < SCHEMA_VERSION) setMeta(writer, 'schema_version', String(SCHEMA_VERSION))
  return from
}

/**
 * SQLite has `IF NOT EXISTS` for tables, indexes and views, not for columns: one that is there is not added again;
 * nor is a table dropped or emptied whose name a view has by now.
 */
function isDone(reader: Reader, statement: string): boolean {
  const [, dropped] = /^(?:DROP TABLE (?=\w+$)|DELETE FROM )(\w+)/.exec(statement) ?? []
  if (dropped !== undefined)
    return reader.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [dropped]) === null
  const [, table, column] = /^ALTER TABLE (\w+) ADD COLUMN (\w+)/.exec(statement) ?? []
  if (table === undefined || column === undefined) return false
  return reader.get('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', [table, column]) !== null
}

/** Our schema files contain no `;` and no `--` inside of quotes. */
function statementsOf(schema: string): string[] {
  return schema
    .replace(/--[^\n]*/g, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
