/**
 * Exports DocsToKG's `manifest.sqlite3`. Its two tables keep their columns and their order (schema version
 * 3); our additional columns follow. Source: schema_migration.py of paul-heyse/DocsToKG, commit bbbbd971.
 */
import { redactText } from '../../contract/redact'
import { STATES } from '../../contract/words'
import type { Files } from '../platform/files'
import { Database } from './database'
import type { Reader, SqlValue } from './ledger'
import { JOB_COLUMNS, MORE_JOB_COLUMNS, MORE_OP_COLUMNS, OP_COLUMNS } from './manifest-rows'
import { placeholders, sqlList } from './row-values'
import { loadSqlEngine } from './sql-engine'

/** The bytes of an SQLite file with all jobs and ops. */
export async function exportManifest(files: Files, reader: Reader): Promise<Uint8Array> {
  const engine = await loadSqlEngine((path) => files.readWhole(path))
  const database = new Database(engine, null)
  try {
    database.transact((writer) => {
      for (const statement of manifestSchema()) writer.run(statement)
      const jobs = [...JOB_COLUMNS, ...Object.keys(MORE_JOB_COLUMNS)]
      copyRows(reader, 'artifact_jobs', jobs, 'created_at, job_id', (sql, row) => writer.run(sql, row))
      const ops = [...OP_COLUMNS, ...Object.keys(MORE_OP_COLUMNS)]
      copyRows(reader, 'artifact_ops', ops, 'started_at, op_key', (sql, row) => writer.run(sql, row))
    })
    return database.bytes()
  } finally {
    database.close()
  }
}

function manifestSchema(): string[] {
  const more = (columns: Readonly<Record<string, string>>): string =>
    Object.entries(columns)
      .map(([name, type]) => `, ${name} ${type}`)
      .join('')
  return [
    'CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
    `INSERT INTO _meta (key, value) VALUES ('schema_version', '3')`,
    `CREATE TABLE artifact_jobs (job_id TEXT PRIMARY KEY, work_id TEXT NOT NULL, artifact_id TEXT NOT NULL,
      canonical_url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'PLANNED', lease_owner TEXT, lease_until REAL,
      created_at REAL NOT NULL, updated_at REAL NOT NULL, idempotency_key TEXT NOT NULL
      ${more(MORE_JOB_COLUMNS)}, UNIQUE (work_id, artifact_id, canonical_url), UNIQUE (idempotency_key),
      CHECK (state IN (${sqlList(STATES)})))`,
    'CREATE INDEX idx_artifact_jobs_state ON artifact_jobs (state)',
    'CREATE INDEX idx_artifact_jobs_lease ON artifact_jobs (lease_until)',
    `CREATE TABLE artifact_ops (op_key TEXT PRIMARY KEY, job_id TEXT NOT NULL, op_type TEXT NOT NULL,
      started_at REAL NOT NULL, finished_at REAL, result_code TEXT, result_json TEXT
      ${more(MORE_OP_COLUMNS)},
      FOREIGN KEY (job_id) REFERENCES artifact_jobs (job_id) ON DELETE CASCADE)`,
    'CREATE INDEX idx_artifact_ops_job ON artifact_ops (job_id)'
  ]
}

function copyRows(
  reader: Reader,
  table: string,
  columns: readonly string[],
  order: string,
  insert: (sql: string, row: readonly SqlValue[]) => void
): void {
  const names = columns.join(', ')
  const sql = `INSERT INTO ${table} (${names}) VALUES (${placeholders(columns)})`
  reader.each(`SELECT ${names} FROM ${table} ORDER BY ${order}`, [], (row) => {
    insert(
      sql,
      columns.map((column) => withoutSecrets(row[column] ?? null))
    )
  })
}

/** The file is meant to be shared: personal data is removed from addresses, also inside of JSON. */
function withoutSecrets(value: SqlValue): SqlValue {
  return typeof value === 'string' ? redactText(value) : value
}
