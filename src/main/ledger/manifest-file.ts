/**
 * DocsToKG's `manifest.sqlite3`: taken in and given out. Its two tables keep their columns and their
 * order (schema version 3); ours have more columns, which follow behind. What must stay true: a row
 * that cannot be taken is reported with all it holds, never dropped silently, and an import
 * changes nothing that the ledger knows already.
 * Source: schema_migration.py of paul-heyse/DocsToKG, commit bbbbd971.
 */
import { fail } from '../../contract/errors'
import { OP_KINDS, STATES, type OpKind, type State } from '../../contract/words'
import type { Files } from '../platform/files'
import { Database } from './database'
import { messageOf } from './disk-trouble'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { numberOf, numberOrNull, textOf, textOrNull, wordOf } from './row-values'
import { loadSqlEngine } from './sql-engine'

export interface ManifestJob {
  readonly jobId: string
  readonly workId: string
  readonly artifactId: string
  readonly canonicalUrl: string
  readonly state: State
  readonly createdAt: number
  readonly updatedAt: number
  readonly idempotencyKey: string
  readonly reason: string | null
  readonly attempt: number
  readonly nextAttemptAt: number | null
}

export interface ManifestOp {
  readonly opKey: string
  readonly jobId: string
  readonly opType: OpKind
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly resultCode: string | null
  /** valid JSON, or null */
  readonly resultJson: string | null
  readonly attempt: number
  readonly replays: number
}

/** A row that was not taken, or not as it stood. */
export interface ManifestProblem {
  readonly table: 'artifact_jobs' | 'artifact_ops'
  /** its job_id or op_key, as far as it has one */
  readonly key: string
  readonly because: string
  /** all the row holds */
  readonly row: SqlRow
}

export interface Manifest {
  readonly jobs: readonly ManifestJob[]
  readonly ops: readonly ManifestOp[]
  readonly problems: readonly ManifestProblem[]
}

const JOB_COLUMNS = [
  'job_id',
  'work_id',
  'artifact_id',
  'canonical_url',
  'state',
  'lease_owner',
  'lease_until',
  'created_at',
  'updated_at',
  'idempotency_key'
] as const
const OP_COLUMNS = [
  'op_key',
  'job_id',
  'op_type',
  'started_at',
  'finished_at',
  'result_code',
  'result_json'
] as const
const MORE_JOB_COLUMNS = {
  lease_epoch: 'INTEGER',
  attempt: 'INTEGER',
  next_attempt_at: 'REAL',
  reason: 'TEXT',
  priority: 'INTEGER',
  run_id: 'TEXT'
} as const
const MORE_OP_COLUMNS = { attempt: 'INTEGER', replays: 'INTEGER', lease_epoch: 'INTEGER' } as const

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

/** Throws NOT_A_MANIFEST for any other file. */
export async function readManifest(files: Files, bytes: Uint8Array): Promise<Manifest> {
  const engine = await loadSqlEngine((path) => files.readWhole(path))
  let database: Database
  try {
    database = new Database(engine, withoutWal(bytes))
  } catch (error) {
    return fail('NOT_A_MANIFEST', `The file is no SQLite database: ${messageOf(error)}.`, { cause: error })
  }
  try {
    assertManifest(database)
    return readRows(database.reader)
  } finally {
    database.close()
  }
}

function manifestSchema(): string[] {
  const more = (columns: Readonly<Record<string, string>>): string =>
    Object.entries(columns)
      .map(([name, type]) => `, ${name} ${type}`)
      .join('')
  const states = STATES.map((state) => `'${state}'`).join(', ')
  return [
    'CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
    `INSERT INTO _meta (key, value) VALUES ('schema_version', '3')`,
    `CREATE TABLE artifact_jobs (job_id TEXT PRIMARY KEY, work_id TEXT NOT NULL, artifact_id TEXT NOT NULL,
      canonical_url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'PLANNED', lease_owner TEXT, lease_until REAL,
      created_at REAL NOT NULL, updated_at REAL NOT NULL, idempotency_key TEXT NOT NULL
      ${more(MORE_JOB_COLUMNS)}, UNIQUE (work_id, artifact_id, canonical_url), UNIQUE (idempotency_key),
      CHECK (state IN (${states})))`,
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
  const places = columns.map(() => '?').join(', ')
  const sql = `INSERT INTO ${table} (${names}) VALUES (${places})`
  reader.each(`SELECT ${names} FROM ${table} ORDER BY ${order}`, [], (row) => {
    insert(
      sql,
      columns.map((column) => row[column] ?? null)
    )
  })
}

/**
 * DocsToKG works in WAL mode, which a database in memory cannot follow. The two version bytes say so;
 * with 1 the file reads as of its last checkpoint. Source: sqlite.org/fileformat2.html §1.3.3.
 */
function withoutWal(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  if (copy.length > 20 && copy[18] === 2) copy.fill(1, 18, 20)
  return copy
}

function assertManifest(database: Database): void {
  const check = database.quickCheck()
  if (check !== 'ok') fail('NOT_A_MANIFEST', `The file is a damaged SQLite database: ${check}.`)
  for (const [table, wanted] of [
    ['artifact_jobs', JOB_COLUMNS],
    ['artifact_ops', OP_COLUMNS]
  ] as const) {
    const rows = database.reader.all(`SELECT name FROM pragma_table_info('${table}')`)
    const there = new Set(rows.map((row) => textOf(row, 'name')))
    if (there.size === 0) fail('NOT_A_MANIFEST', `The file has no table ${table}.`)
    const missing = wanted.filter((column) => !there.has(column))
    if (missing.length > 0) {
      fail('NOT_A_MANIFEST', `The file's table ${table} has no column ${missing.join(', ')}.`)
    }
  }
}

function readRows(reader: Reader): Manifest {
  const problems: ManifestProblem[] = []
  const jobs: ManifestJob[] = []
  const ops: ManifestOp[] = []
  const known = new Set<string>()
  reader.each('SELECT * FROM artifact_jobs ORDER BY created_at, job_id', [], (row) => {
    const job = tryRow('artifact_jobs', 'job_id', row, problems, () => jobOf(row))
    if (job === null) return
    jobs.push(job)
    known.add(job.jobId)
  })
  reader.each('SELECT * FROM artifact_ops ORDER BY started_at, op_key', [], (row) => {
    const op = tryRow('artifact_ops', 'op_key', row, problems, () => opOf(row, problems))
    if (op === null) return
    if (known.has(op.jobId)) ops.push(op)
    else problems.push({ table: 'artifact_ops', key: op.opKey, because: `no job ${op.jobId} was taken`, row })
  })
  return { jobs, ops, problems }
}

function tryRow<T>(
  table: ManifestProblem['table'],
  keyColumn: string,
  row: SqlRow,
  problems: ManifestProblem[],
  read: () => T
): T | null {
  try {
    return read()
  } catch (error) {
    problems.push({ table, key: String(row[keyColumn] ?? ''), because: messageOf(error), row })
    return null
  }
}

/** The lease stays behind: whoever held it is not here. */
function jobOf(row: SqlRow): ManifestJob {
  return {
    jobId: textOf(row, 'job_id'),
    workId: textOf(row, 'work_id'),
    artifactId: textOf(row, 'artifact_id'),
    canonicalUrl: textOf(row, 'canonical_url'),
    state: wordOf(row, 'state', STATES),
    createdAt: numberOf(row, 'created_at'),
    updatedAt: numberOf(row, 'updated_at'),
    idempotencyKey: textOf(row, 'idempotency_key'),
    reason: optional(row, 'reason', textOrNull),
    attempt: optional(row, 'attempt', numberOrNull) ?? 0,
    nextAttemptAt: optional(row, 'next_attempt_at', numberOrNull)
  }
}

function opOf(row: SqlRow, problems: ManifestProblem[]): ManifestOp {
  const op: ManifestOp = {
    opKey: textOf(row, 'op_key'),
    jobId: textOf(row, 'job_id'),
    opType: wordOf(row, 'op_type', OP_KINDS),
    startedAt: numberOf(row, 'started_at'),
    finishedAt: numberOrNull(row, 'finished_at'),
    resultCode: textOrNull(row, 'result_code'),
    resultJson: textOrNull(row, 'result_json'),
    attempt: optional(row, 'attempt', numberOrNull) ?? 1,
    replays: optional(row, 'replays', numberOrNull) ?? 0
  }
  if (op.resultJson === null || isJson(op.resultJson)) return op
  // DocsToKG cuts long results in the middle (defect 04). Such a result cannot be replayed: the op
  // becomes one whose outcome is unknown, and keeps what stood there as text.
  const because = 'its result is no JSON (cut?): taken over as an op whose outcome is unknown'
  problems.push({ table: 'artifact_ops', key: op.opKey, because, row })
  const kept = { imported_code: op.resultCode, imported_text: op.resultJson.slice(0, 8000) }
  return { ...op, resultCode: 'ABANDONED', resultJson: JSON.stringify(kept) }
}

function optional<T>(row: SqlRow, column: string, read: (row: SqlRow, column: string) => T): T | null {
  return row[column] === undefined ? null : read(row, column)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
