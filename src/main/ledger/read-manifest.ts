/**
 * Reads a foreign `manifest.sqlite3`. The file is hostile: two plain tables are read and nothing that could
 * execute (no view, virtual table or generated column; triggers never fire, since nothing is written), with
 * limits on rows, text and memory. Runs in a thread (`manifest-thread.ts`), which is terminated on timeout or
 * abort, since SQLite itself cannot be interrupted by a signal.
 */
import { fail, messageOf } from '../../contract/errors'
import { Database } from './database'
import type { Reader, SqlRow } from './ledger'
import {
  JOB_COLUMNS,
  jobOf,
  MORE_JOB_COLUMNS,
  MORE_OP_COLUMNS,
  OP_COLUMNS,
  opOf,
  problem,
  type Manifest,
  type ManifestJob,
  type ManifestOp,
  type ManifestProblem
} from './manifest-rows'
import type { SqlEngine } from './sql-engine'
import { clearLogFlag } from './sqlite-wal'

export interface ManifestLimits {
  /** rows of both tables together */
  readonly rows: number
  /** characters of all accepted values */
  readonly chars: number
  /** number of problems reported individually */
  readonly problems: number
}

/** Sheaf is built for ledgers of 100,000 jobs and 600,000 ops; these limits are several times that. */
export const MANIFEST_LIMITS: ManifestLimits = {
  rows: 5_000_000,
  chars: 1_000_000_000,
  problems: 10_000
}

/** Throws NOT_A_MANIFEST for any other file. */
export function readManifestBytes(engine: SqlEngine, bytes: Uint8Array, limits = MANIFEST_LIMITS): Manifest {
  let database: Database
  try {
    database = new Database(engine, withoutWal(bytes))
  } catch (error) {
    return fail('NOT_A_MANIFEST', `The file is no SQLite database: ${messageOf(error)}.`, { cause: error })
  }
  try {
    database.distrust()
    const columns = assertManifest(database)
    const check = database.quickCheck()
    if (check !== 'ok') fail('NOT_A_MANIFEST', `The file is a damaged SQLite database: ${check}.`)
    return readRows(database.reader, columns, limits)
  } finally {
    database.close()
  }
}

/** DocsToKG uses WAL mode. */
function withoutWal(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  clearLogFlag(copy)
  return copy
}

interface Columns {
  readonly jobs: readonly string[]
  readonly ops: readonly string[]
}

/** The columns to read. Nothing of the file is evaluated before its schema is checked here. */
function assertManifest(database: Database): Columns {
  return {
    jobs: plainColumns(database.reader, 'artifact_jobs', JOB_COLUMNS, Object.keys(MORE_JOB_COLUMNS)),
    ops: plainColumns(database.reader, 'artifact_ops', OP_COLUMNS, Object.keys(MORE_OP_COLUMNS))
  }
}

function plainColumns(
  reader: Reader,
  table: string,
  wanted: readonly string[],
  more: readonly string[]
): readonly string[] {
  const entries = reader.all(
    `SELECT type, rootpage, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE AND type <> 'index'`,
    [table]
  )
  const entry = entries[0]
  if (entry === undefined) return fail('NOT_A_MANIFEST', `The file has no table ${table}.`)
  const isPlain =
    entries.length === 1 &&
    entry['type'] === 'table' &&
    Number(entry['rootpage']) > 0 &&
    /^\s*CREATE\s+TABLE\b/i.test(String(entry['sql']))
  if (!isPlain) {
    return fail(
      'NOT_A_MANIFEST',
      isOwnLedger(reader)
        ? 'The file is a ledger of Sheaf itself. Export it where it belongs with sheaf export --format manifest-sqlite, and import that file.'
        : `${table} in the file is no plain table, and nothing else is read.`
    )
  }
  const columns = reader.all(`SELECT name, hidden FROM pragma_table_xinfo('${table}')`)
  const computed = columns.find((column) => column['hidden'] !== 0)
  if (computed !== undefined) {
    return fail(
      'NOT_A_MANIFEST',
      `The file's table ${table} computes its column ${String(computed['name'])}, and only plain tables are read.`
    )
  }
  const there = new Set(columns.map((column) => column['name']))
  const missing = wanted.filter((column) => !there.has(column))
  if (missing.length > 0) {
    return fail('NOT_A_MANIFEST', `The file's table ${table} has no column ${missing.join(', ')}.`)
  }
  return [...wanted, ...more.filter((column) => there.has(column))]
}

/** Of schema 20 or later, where `artifact_ops` is a view. */
function isOwnLedger(reader: Reader): boolean {
  return reader.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'op_rows'`) !== null
}

function readRows(reader: Reader, columns: Columns, limits: ManifestLimits): Manifest {
  const problems: ManifestProblem[] = []
  const jobs: ManifestJob[] = []
  const ops: ManifestOp[] = []
  const known = new Set<string>()
  const counted = countUpTo(limits)
  reader.each(`SELECT ${columns.jobs.join(', ')} FROM artifact_jobs`, [], (row) => {
    counted(row, problems)
    const job = jobOf(row, problems)
    if (job === null) return
    jobs.push(job)
    known.add(job.jobId)
  })
  reader.each(`SELECT ${columns.ops.join(', ')} FROM artifact_ops`, [], (row) => {
    counted(row, problems)
    const op = opOf(row, problems)
    if (op === null) return
    if (known.has(op.jobId)) ops.push(op)
    else problems.push(problem('artifact_ops', row, `no job ${op.jobId} was taken`))
  })
  // Sorted here: SQLite would have to sort within its memory limit.
  jobs.sort((a, b) => a.createdAt - b.createdAt || compare(a.jobId, b.jobId))
  ops.sort((a, b) => a.startedAt - b.startedAt || compare(a.opKey, b.opKey))
  return { jobs, ops, problems }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function countUpTo(limits: ManifestLimits): (row: SqlRow, problems: readonly unknown[]) => void {
  let rows = 0
  let chars = 0
  return (row, problems) => {
    rows += 1
    for (const value of Object.values(row)) if (typeof value === 'string') chars += value.length
    if (rows > limits.rows || chars > limits.chars) {
      fail('NOT_A_MANIFEST', `The file holds more than Sheaf takes over (row ${String(rows)}).`)
    }
    if (problems.length > limits.problems) {
      fail('NOT_A_MANIFEST', `More than ${String(limits.problems)} rows of the file cannot be taken.`)
    }
  }
}
