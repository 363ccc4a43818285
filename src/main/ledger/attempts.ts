/**
 * The view `attempts` of the table `attempt_rows`: one row for each query to a source and each request for a
 * file. This is telemetry, written with the switch on or off; no decision uses it. Addresses are stored
 * without personal data (contact address, keys, tokens).
 */
import { redactText, redactUrl } from '../../contract/redact'
import type { AttemptFacts } from '../../contract/work'
import { OUTCOMES, PROVIDERS, TIERS, type Outcome, type Provider } from '../../contract/words'
import { fenceOf } from './leases'
import type { Reader, SqlRow, Writer } from './ledger'
import { isOfJob, jobOf, keyOf, numberWords, opOf, wholeKey, wordOr } from './history-names'
import type { OpAttempt } from './ops'
import { numberOf, numberOrNull, textOrNull, wordOf } from './row-values'

export interface AttemptOrigin {
  readonly runId: string | null
  readonly jobId: string | null
  readonly workId: string | null
  /** epoch seconds */
  readonly at: number
}
export type AttemptRow = AttemptOrigin & AttemptFacts

/** The grant under which a request was made, and the op that made it. */
export interface AttemptOf {
  readonly holder: { readonly jobId: string; readonly epoch: number }
  readonly op: OpAttempt
}

/**
 * 0 when the lease is stale; then nothing is written. Without a lease (a job without a row) it is always
 * written.
 */
export function insertAttempt(writer: Writer, attempt: AttemptRow, of?: AttemptOf): number {
  const url = attempt.url === null ? null : redactUrl(attempt.url)
  const detail = attempt.detail === undefined ? null : redactText(attempt.detail)
  numberWords(writer, [attempt.runId, attempt.source, attempt.tier, attempt.reason, detail], of?.holder)
  return writer.run(
    `INSERT INTO attempt_rows (run, job, work_id, at, source, tier, url, outcome, reason, detail,
       status, elapsed_ms, bytes, op, op_attempt)
     SELECT ${wordOr('?1')}, ${jobOf('?2')}, ?3, ?4, ${wordOr('?5')}, ${wordOr('?6')}, ?7, ?8, ${wordOr('?9')},
       ${wordOr('?10')}, ?11, ?12, ?13, ?14, ?15
     WHERE ${of === undefined ? '1' : fenceOf('?2', '?16')}`,
    [
      attempt.runId,
      of?.holder.jobId ?? attempt.jobId,
      // The job of the lease has its work in its own row.
      of === undefined ? attempt.workId : null,
      attempt.at,
      attempt.source,
      attempt.tier,
      of !== undefined && url !== null && isAddressOfOp(writer, of.op.opKey, url) ? ADDRESS_OF_OP : url,
      attempt.outcome,
      attempt.reason,
      detail,
      attempt.status ?? null,
      Math.round(attempt.elapsedMs),
      attempt.bytes ?? null,
      of === undefined ? null : opOf(of.op.opKey),
      of?.op.opAttempt ?? null,
      ...(of === undefined ? [] : [of.holder.epoch])
    ]
  )
}

/** Deletes the attempts of an unrecorded job from the tables in memory. */
export function deleteAttempts(w: Writer, jobId: string): void {
  w.run(`DELETE FROM attempt_rows WHERE ${isOfJob('?1')}`, [jobId])
}

/** Stored in place of an attempt's address when it equals the address of its op. */
const ADDRESS_OF_OP = 1

function isAddressOfOp(r: Reader, opKey: string, url: string): boolean {
  const row = r.get(
    `SELECT json_extract(context, '$.url') AS url FROM op_rows WHERE key = ? AND json_valid(context)`,
    [keyOf(opKey)]
  )
  return row?.['url'] === url
}

/** As SQL: the work of a row of `attempts`; for a recorded job it is in the job's row. */
export const WORK_OF_ATTEMPT = `coalesce(attempts.work_id,
  (SELECT planned.work_id FROM artifact_jobs planned WHERE planned.job_id = attempts.job_id))`

const COLUMNS = `attempt_id, run_id, job_id, ${WORK_OF_ATTEMPT} AS work_id, at, source, tier, url, outcome, reason,
  detail, status, elapsed_ms, bytes, ${wholeKey('attempts')} AS op_key, op_attempt`

/** The rows with all names resolved, in the order in which they were made. */
export function attemptRowsOfJob(r: Reader, jobId: string): SqlRow[] {
  return r.all(`SELECT ${COLUMNS} FROM attempts WHERE ${isOfJob('?1')} ORDER BY attempt_id`, [jobId])
}

/** In the order in which they were made. */
export function attemptsOfJob(reader: Reader, jobId: string): AttemptRow[] {
  return attemptRowsOfJob(reader, jobId).map(attemptOf)
}

export function attemptsOfRun(reader: Reader, runId: string): AttemptRow[] {
  return reader
    .all(`SELECT ${COLUMNS} FROM attempts WHERE run_id = ? ORDER BY attempt_id`, [runId])
    .map(attemptOf)
}

export interface SourceOutcomes {
  readonly source: Provider
  readonly outcome: Outcome
  readonly reason: string | null
  readonly count: number
  readonly elapsedMs: number
  readonly bytes: number
}

/** Counts of outcomes by source, since an instant (epoch seconds). */
export function outcomesBySource(reader: Reader, since = 0): SourceOutcomes[] {
  return reader
    .all(
      `SELECT source, outcome, reason, count(*) AS n, sum(elapsed_ms) AS elapsed_ms,
         coalesce(sum(bytes), 0) AS bytes
       FROM attempts WHERE at >= ? GROUP BY source, outcome, reason ORDER BY source, outcome, reason`,
      [since]
    )
    .map((row) => ({
      source: wordOf(row, 'source', PROVIDERS),
      outcome: wordOf(row, 'outcome', OUTCOMES),
      reason: textOrNull(row, 'reason'),
      count: numberOf(row, 'n'),
      elapsedMs: numberOf(row, 'elapsed_ms'),
      bytes: numberOf(row, 'bytes')
    }))
}

function attemptOf(row: SqlRow): AttemptRow {
  const detail = textOrNull(row, 'detail')
  const status = numberOrNull(row, 'status')
  const bytes = numberOrNull(row, 'bytes')
  return {
    runId: textOrNull(row, 'run_id'),
    jobId: textOrNull(row, 'job_id'),
    workId: textOrNull(row, 'work_id'),
    at: numberOf(row, 'at'),
    source: wordOf(row, 'source', PROVIDERS),
    tier: textOrNull(row, 'tier') === null ? null : wordOf(row, 'tier', TIERS),
    url: textOrNull(row, 'url'),
    outcome: wordOf(row, 'outcome', OUTCOMES),
    reason: textOrNull(row, 'reason'),
    ...(detail === null ? {} : { detail }),
    ...(status === null ? {} : { status }),
    elapsedMs: numberOf(row, 'elapsed_ms'),
    ...(bytes === null ? {} : { bytes })
  }
}
