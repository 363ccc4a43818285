/**
 * Validates the rows of a foreign `manifest.sqlite3`, value by value. Invariant: a row is returned only when
 * every value has passed its schema, a refused row is reported, and no value is longer than our own ledger
 * would store. Pure.
 */
import { z } from 'zod'
import { OP_KINDS, STATES, type OpKind, type State } from '../../contract/words'
import { isObjectPath, isPaperPath, isSha256 } from '../platform/recorded-path'
import type { SqlRow } from './ledger'
import { cutAt } from '../../contract/limits'

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

/** A row that was refused, or changed. */
export interface ManifestProblem {
  readonly table: 'artifact_jobs' | 'artifact_ops'
  /** its job_id or op_key, as far as it has one */
  readonly key: string
  readonly because: string
  /** the row's content; long values shortened */
  readonly row: SqlRow
}

export interface Manifest {
  readonly jobs: readonly ManifestJob[]
  readonly ops: readonly ManifestOp[]
  readonly problems: readonly ManifestProblem[]
}

export const JOB_COLUMNS = [
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
export const OP_COLUMNS = [
  'op_key',
  'job_id',
  'op_type',
  'started_at',
  'finished_at',
  'result_code',
  'result_json'
] as const
/** Our columns, which follow theirs. */
export const MORE_JOB_COLUMNS = {
  lease_epoch: 'INTEGER',
  attempt: 'INTEGER',
  next_attempt_at: 'REAL',
  reason: 'TEXT',
  priority: 'INTEGER',
  run_id: 'TEXT'
} as const
export const MORE_OP_COLUMNS = { attempt: 'INTEGER', replays: 'INTEGER', lease_epoch: 'INTEGER' } as const

/** DocsToKG keeps results up to this length and truncates longer ones. */
const MOST_RESULT_CHARS = 20_000
const KEPT_RESULT_CHARS = 8_000
const MOST_SHOWN_CHARS = 300

/** Ids are compared, printed and made into file names: printable ASCII without spaces. */
const id = z.string().regex(/^[!-~]{1,300}$/, 'is not an id (1 to 300 printable characters, no spaces)')
const name = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^\P{Cc}*$/u, 'has control characters')
const address = z
  .string()
  .max(8_000)
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'is no web address')
const instant = z.number().min(0).max(32_503_680_000)
const count = z.number().int().min(0).max(1_000_000_000)

const jobSchema = z.object({
  job_id: id,
  work_id: name,
  artifact_id: name,
  canonical_url: address,
  state: z.enum(STATES),
  created_at: instant,
  updated_at: instant,
  idempotency_key: id,
  reason: z.string().max(100).nullish(),
  attempt: count.nullish(),
  next_attempt_at: instant.nullish()
})
const opSchema = z.object({
  op_key: id,
  job_id: id,
  op_type: z.enum(OP_KINDS),
  started_at: instant,
  finished_at: instant.nullable(),
  result_code: z.string().max(100).nullable(),
  result_json: z.string().nullable(),
  attempt: count.nullish(),
  replays: count.nullish()
})

/** The lease is dropped: its owner is another installation. Null: the row was added to the problems. */
export function jobOf(row: SqlRow, problems: ManifestProblem[]): ManifestJob | null {
  const read = jobSchema.safeParse(row)
  if (!read.success) {
    problems.push(problem('artifact_jobs', row, sentenceOf(read.error, row)))
    return null
  }
  const job = read.data
  return {
    jobId: job.job_id,
    workId: job.work_id,
    artifactId: job.artifact_id,
    canonicalUrl: job.canonical_url,
    state: job.state,
    createdAt: job.created_at,
    updatedAt: job.updated_at,
    idempotencyKey: job.idempotency_key,
    reason: job.reason ?? null,
    attempt: job.attempt ?? 0,
    nextAttemptAt: job.next_attempt_at ?? null
  }
}

export function opOf(row: SqlRow, problems: ManifestProblem[]): ManifestOp | null {
  const read = opSchema.safeParse(row)
  if (!read.success) {
    problems.push(problem('artifact_ops', row, sentenceOf(read.error, row)))
    return null
  }
  const op: ManifestOp = {
    opKey: read.data.op_key,
    jobId: read.data.job_id,
    opType: read.data.op_type,
    startedAt: read.data.started_at,
    finishedAt: read.data.finished_at,
    resultCode: read.data.result_code,
    resultJson: read.data.result_json,
    attempt: read.data.attempt ?? 1,
    replays: read.data.replays ?? 0
  }
  const flaw = op.resultJson === null ? null : flawOf(op.resultJson)
  if (op.resultJson === null || flaw === null) return op
  // Such a result cannot be replayed: the op becomes one with an unknown outcome, and keeps the original as
  // text.
  const because = `its result ${flaw}: taken over as an op whose outcome is unknown`
  problems.push(problem('artifact_ops', row, because))
  const kept = { imported_code: op.resultCode, imported_text: op.resultJson.slice(0, KEPT_RESULT_CHARS) }
  return { ...op, resultCode: 'ABANDONED', resultJson: JSON.stringify(kept) }
}

export function problem(table: ManifestProblem['table'], row: SqlRow, because: string): ManifestProblem {
  const key = row[table === 'artifact_jobs' ? 'job_id' : 'op_key']
  const shown = Object.entries(row).map(([column, value]) => [column, shortened(value)] as const)
  return { table, key: String(shortened(key) ?? ''), because, row: Object.fromEntries(shown) }
}

/** Files in results must have names that Sheaf would have given them. */
const resultSchema = z
  .looseObject({
    sha256: z.string().refine(isSha256).optional(),
    path: z
      .string()
      .refine((path) => isObjectPath(path))
      .optional(),
    paperPath: z.string().refine(isPaperPath).optional()
  })
  .or(z.array(z.unknown()))
  .or(z.union([z.string(), z.number(), z.boolean(), z.null()]))

/** The defect of a result, or null. */
function flawOf(text: string): string | null {
  if (text.length > MOST_RESULT_CHARS) return 'is too long'
  try {
    return resultSchema.safeParse(JSON.parse(text)).success ? null : 'names a file that is not in the library'
  } catch {
    return 'is no JSON (cut?)'
  }
}

function shortened(value: SqlRow[string] | undefined): SqlRow[string] {
  if (typeof value === 'string') return cutAt(value, MOST_SHOWN_CHARS)
  return value instanceof Uint8Array ? `${String(value.length)} bytes` : (value ?? null)
}

function sentenceOf(error: z.ZodError, row: SqlRow): string {
  const [issue] = error.issues
  const column = String(issue?.path[0] ?? 'row')
  const shown = JSON.stringify(shortened(row[column]))
  return `its ${column} ${shown} is not allowed here: ${issue?.message ?? 'unknown'}`
}
