/**
 * Ops, in the table `op_rows` and read through the view `artifact_ops`: one key, at most one recorded success. A row
 * without a result is an op whose outcome is unknown: `finished_at` is null, or the code says that it was abandoned.
 */
import { z } from 'zod'
import { OP_KINDS, RECOVERIES, type OpKind, type Recovery } from '../../contract/words'
import { contextBeside, contextOf, isOfJob, jobOf, keyOf, typeNumber } from './history-names'
import { FENCE, fenceOf, fenceOfNumber } from './leases'
import type { Reader, SqlRow, Writer } from './ledger'
import { CURRENT_LIBRARY_NUMBER } from './libraries'
import { packedResult } from './packed-results'
import { askNumber } from './row-values'
import { WHOLE_RESULT } from './streamed-provenance'

/** The only code of success. Every other code is a failure, or one of the notes below. */
export const OK = 'OK'
/** Reconcile found it in flight without a holder: a note, not a result (docs/design.md §6). */
export const ABANDONED = 'ABANDONED'
/** Stopped cleanly by pause, quit or sleep: to be repeated. */
export const INTERRUPTED = 'INTERRUPTED'

/** Ops whose results do not hold any more when the file is gone. */
export const OPS_OF_FILE = ['STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'] as const satisfies readonly OpKind[]

/** docs/design.md §3: a result is at most 20 kB and always valid JSON. */
export const MAX_RESULT_BYTES = 20_000

/** One attempt of one op, to which rows of `attempts` and `job_events` belong. */
export interface OpAttempt {
  readonly opKey: string
  readonly opAttempt: number
}

export interface OpRow {
  readonly opKey: string
  readonly jobId: string
  readonly kind: OpKind
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly resultCode: string | null
  readonly result: unknown
  readonly attempt: number
  readonly replays: number
  readonly leaseEpoch: number
  readonly recovery: Recovery | null
}

const rowSchema = z.object({
  op_key: z.string(),
  job_id: z.string(),
  op_type: z.enum(OP_KINDS),
  started_at: z.number(),
  finished_at: z.number().nullable(),
  result_code: z.string().nullable(),
  result_json: z.string().nullable(),
  attempt: z.number(),
  replays: z.number(),
  lease_epoch: z.number(),
  recovery: z.enum(RECOVERIES).nullable()
})

function opOfRow(row: SqlRow): OpRow {
  const r = rowSchema.parse(row)
  return {
    opKey: r.op_key,
    jobId: r.job_id,
    kind: r.op_type,
    startedAt: r.started_at,
    finishedAt: r.finished_at,
    resultCode: r.result_code,
    result: r.result_json === null ? null : (JSON.parse(r.result_json) as unknown),
    attempt: r.attempt,
    replays: r.replays,
    leaseEpoch: r.lease_epoch,
    recovery: r.recovery
  }
}

/** Columns of a row called `o`, with its complete result. */
const COLUMNS = `op_key, job_id, op_type, started_at, finished_at, result_code, ${WHOLE_RESULT} AS result_json,
  attempt, replays, lease_epoch, recovery, context_json`

export function opByKey(r: Reader, opKey: string): OpRow | null {
  const row = r.get(`SELECT ${COLUMNS} FROM artifact_ops o WHERE key = ?`, [keyOf(opKey)])
  return row && opOfRow(row)
}

/** The job's ops with their complete results, in the order in which they were begun. */
export function opRowsOfJob(r: Reader, jobId: string): SqlRow[] {
  return r.all(`SELECT ${COLUMNS} FROM artifact_ops o WHERE ${isOfJob('?1')} ORDER BY started_at, rowid`, [
    jobId
  ])
}

export function opsOfJob(r: Reader, jobId: string): OpRow[] {
  return opRowsOfJob(r, jobId).map(opOfRow)
}

/** The latest success of a kind, or null: from where a job past FINALIZE continues. */
export function lastSuccess(r: Reader, jobId: string, kind: OpKind): OpRow | null {
  // Sorted here: for `ORDER BY … LIMIT` SQLite opens a table of its own, which costs more than the rest.
  let last: SqlRow | null = null
  for (const row of r.all(
    `SELECT ${COLUMNS} FROM artifact_ops o
     WHERE ${isOfJob('?1')} AND op_type = ?2 AND result_code = '${OK}'`,
    [jobId, kind]
  ))
    if (last === null || endOf(row) > endOf(last)) last = row
  return last && opOfRow(last)
}

/** When the latest success of a kind ended; null: there is none. Its result, which costs far more, is not read. */
export function lastSuccessAt(r: Reader, jobId: string, kind: OpKind): number | null {
  const sql = `SELECT max(finished_at) AS at FROM op_rows
    WHERE ${isOfJob('?1')} AND op_type = ?2 AND result_code = '${OK}'`
  const at = r.get(sql, [jobId, typeNumber(kind)])?.['at']
  return typeof at === 'number' ? at : null
}

function endOf(row: SqlRow): number {
  return Number(row['finished_at'] ?? 0)
}

export interface Intent {
  readonly opKey: string
  readonly jobId: string
  readonly kind: OpKind
  readonly contextJson: string
  readonly leaseEpoch: number
  readonly now: number
}

/**
 * As SQL, for an op whose row is there: its context, or the whole of the given one when a damaged ledger lost the row
 * that says it.
 */
function contextAgain(context: string): string {
  return `CASE WHEN typeof(context) = 'integer'
      AND NOT EXISTS (SELECT 1 FROM op_rows other WHERE other.op_no = op_rows.op_no + op_rows.context)
    THEN ${context} ELSE context END`
}

/** Records the intent: a new row, or a new attempt of an op without a success. 0: the lease is stale. */
export function beginOp(w: Writer, intent: Intent): number {
  return w.run(
    `INSERT INTO op_rows (key, job, op_type, started_at, attempt, lease_epoch, context)
     SELECT ?1, ${jobOf('?2')}, ?3, ?4, 1, ?5, ${contextBeside(intent.kind, '?2', '?6')} WHERE ${fenceOf('?2', '?5')}
     ON CONFLICT (key) DO UPDATE SET job = excluded.job, started_at = excluded.started_at, finished_at = NULL,
       result_code = NULL, result_json = NULL, recovery = NULL, attempt = attempt + 1,
       lease_epoch = excluded.lease_epoch, context = ${contextAgain('?6')}`,
    [
      keyOf(intent.opKey),
      intent.jobId,
      typeNumber(intent.kind),
      intent.now,
      intent.leaseEpoch,
      contextOf(intent.kind, intent.contextJson)
    ]
  )
}

export interface Finish {
  readonly opKey: string
  readonly kind: OpKind
  /** as the intent had it */
  readonly contextJson: string
  readonly leaseEpoch: number
  readonly resultCode: string
  readonly resultJson: string
  readonly recovery: Recovery | null
  readonly now: number
}

/** Records the outcome of the attempt that this lease began; 0 when it began none, or is stale. */
export function finishOp(w: Writer, finish: Finish): number {
  const { kind, contextJson, resultJson } = finish
  const packed = finish.resultCode === OK ? packedResult(kind, contextJson, resultJson) : null
  return w.run(
    `UPDATE op_rows SET finished_at = ?1, result_code = ?2, result_json = CAST(?3 AS ${packed === null ? 'TEXT' : 'BLOB'}),
       recovery = ?4
     WHERE key = ?5 AND lease_epoch = ?6 AND finished_at IS NULL AND ${fenceOfNumber('op_rows.job', '?6')}`,
    [
      finish.now,
      finish.resultCode,
      packed ?? resultJson,
      finish.recovery,
      keyOf(finish.opKey),
      finish.leaseEpoch
    ]
  )
}

/** 0: the lease is stale, and the replay is not counted. */
export function countReplay(
  w: Writer,
  opKey: string,
  holder: { readonly jobId: string; readonly epoch: number }
): number {
  return w.run(`UPDATE op_rows SET replays = replays + 1 WHERE key = ? AND ${FENCE}`, [
    keyOf(opKey),
    holder.jobId,
    holder.epoch
  ])
}

/** Ops in flight, each with the holder of its job's lease and whether that lease is live. */
export function opsInFlight(
  r: Reader
): { op: OpRow; leaseOwner: string | null; leaseUntil: number | null; jobEpoch: number | null }[] {
  return r
    .all(
      `SELECT o.*, j.lease_owner AS j_owner, j.lease_until AS j_until, j.lease_epoch AS j_epoch
       FROM artifact_ops o LEFT JOIN artifact_jobs j USING (job_id)
       WHERE o.finished_at IS NULL ORDER BY o.started_at`
    )
    .map((row) => ({
      op: opOfRow(row),
      leaseOwner: row['j_owner'] === null ? null : String(row['j_owner']),
      leaseUntil: row['j_until'] === null ? null : Number(row['j_until']),
      jobEpoch: row['j_epoch'] === null ? null : Number(row['j_epoch'])
    }))
}

/** Renames in the current library that were begun and have no outcome, each with the chosen name. */
export function renamesInFlight(r: Reader): { readonly jobId: string; readonly context: unknown }[] {
  return r
    .all(
      // The few open ops first, by their index: without MATERIALIZED, SQLite scans the library's artifacts.
      `WITH open AS MATERIALIZED (SELECT rowid AS place, job_id, context_json FROM artifact_ops
         WHERE finished_at IS NULL AND op_type = 'RENAME')
       SELECT o.job_id, o.context_json FROM open o JOIN artifact_jobs j USING (job_id)
       JOIN artifacts a ON a.artifact_id = j.artifact_id AND a.library IS ${CURRENT_LIBRARY_NUMBER}
       ORDER BY o.place`
    )
    .map((row) => ({
      jobId: String(row['job_id']),
      context: row['context_json'] === null ? null : (JSON.parse(String(row['context_json'])) as unknown)
    }))
}

export function abandonOp(w: Writer, opKey: string, resultJson: string, now: number): number {
  return w.run(
    `UPDATE op_rows SET finished_at = ?, result_code = '${ABANDONED}', result_json = ?
     WHERE key = ? AND finished_at IS NULL`,
    [now, resultJson, keyOf(opKey)]
  )
}

/**
 * The user paused the job during these ops: they were stopped on purpose and did not die. A FINALIZE keeps an
 * unknown outcome until it is checked.
 */
export function interruptOps(w: Writer, jobId: string, because: string, now: number): number {
  return w.run(
    `UPDATE op_rows SET finished_at = ?2, result_code = '${INTERRUPTED}', result_json = json_object('because', ?3)
     WHERE ${isOfJob('?1')} AND finished_at IS NULL AND op_type IN (${numbersOf(['RESOLVE', 'HEAD', 'STREAM'])})`,
    [jobId, now, because]
  )
}

function numbersOf(kinds: readonly OpKind[]): string {
  return kinds.map(typeNumber).join(', ')
}

/** Deletes the ops of an unrecorded job that ended or starts over. */
export function deleteOps(w: Writer, jobId: string): void {
  w.run(`DELETE FROM op_rows WHERE ${isOfJob('?1')}`, [jobId])
}

/**
 * Voids successes whose result no longer holds: the row stays, with a note why. `epoch` is the fencing number when a
 * worker does this to its own job; 0 rows: its lease is stale. Without it the user or a check does.
 */
export function voidOps(
  w: Writer,
  job: { readonly jobId: string; readonly epoch?: number },
  kinds: readonly OpKind[],
  because: string
): number {
  const fence = job.epoch === undefined ? '' : ` AND ${fenceOf('?1', '?3')}`
  return w.run(
    `UPDATE op_rows SET result_code = '${ABANDONED}',
       result_json = json_object('because', ?2, 'was', json(coalesce(
         (SELECT shown.result_json FROM artifact_ops shown WHERE shown.rowid = op_rows.op_no), 'null')))
     WHERE ${isOfJob('?1')} AND op_type IN (${numbersOf(kinds)}) AND result_code = '${OK}'${fence}`,
    [job.jobId, because, ...(job.epoch === undefined ? [] : [job.epoch])]
  )
}

/**
 * FINALIZE intents that name a target path: they may explain an unknown file in the library. For ops with row
 * numbers above `after` and up to `upTo`: a slice, so that no caller waits for all.
 */
export function finalizeIntents(
  r: Reader,
  after: number,
  upTo: number
): { jobId: string; context: unknown; code: string | null; result: unknown }[] {
  return r
    .all(
      `SELECT job_id, context_json, result_code, result_json FROM artifact_ops
       WHERE rowid > ? AND rowid <= ? AND op_type = 'FINALIZE'`,
      [after, upTo]
    )
    .map((row) => ({
      jobId: String(row['job_id']),
      context: row['context_json'] === null ? null : (JSON.parse(String(row['context_json'])) as unknown),
      code: row['result_code'] === null ? null : String(row['result_code']),
      result: row['result_json'] === null ? null : (JSON.parse(String(row['result_json'])) as unknown)
    }))
}

/** The largest row number of an op; 0 when there are none. */
export function lastOpRow(r: Reader): number {
  return askNumber(r, 'SELECT max(op_no) AS n FROM op_rows')
}
