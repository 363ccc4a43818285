/**
 * The view `attempts` of the table `attempt_rows`: one row for each query to a source, each source that was passed
 * over and each request for a file. Sources that an op passed over are one row of the table. This is telemetry,
 * written with the switch on or off; no decision uses it. Addresses are stored without personal data (contact address,
 * keys, tokens).
 */
import { redactText, redactUrl } from '../../contract/redact'
import type { AttemptFacts } from '../../contract/work'
import { OUTCOMES, PROVIDERS, TIERS, type Outcome, type Provider } from '../../contract/words'
import { fenceOf } from './leases'
import type { Reader, SqlRow, Writer } from './ledger'
import {
  isNumbered,
  isOfJob,
  jobOf,
  keyOf,
  MOST_WITH_ADDRESSES,
  numberWords,
  opOf,
  wholeKey,
  wordAt,
  wordOr
} from './history-names'
import type { OpAttempt } from './ops'
import { askNumber, numberOf, numberOrNull, textOrNull, wordOf } from './row-values'
import { skippedTogether } from './skipped-sources'

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

/** Stored in place of an attempt's address when it equals the address of its op. */
const ADDRESS_OF_OP = 1 as const
/** Stored in place of the source of a row that stands for several: its detail lists them (`skipped-sources`). */
const SEVERAL_SOURCES = 0 as const

/**
 * Attempts of one job and one op, in the order in which they were made. Returns how many of them are recorded:
 * fewer than given when the lease is stale; then nothing is written. Without a lease (a job without a row) all
 * are written.
 */
export function insertAttempts(w: Writer, attempts: readonly AttemptRow[], of?: AttemptOf): number {
  const skipped = skippedTogether(attempts).filter(({ list }) => isNumbered(w, list, of?.holder))
  // Each source that was passed over takes an attempt id; their one row has the last of them.
  const before = skipped.length === 0 ? null : lastAttempt(w)
  let written = 0
  attempts.forEach((attempt, at) => {
    const group = skipped.find(({ places }) => places.includes(at))
    if (group !== undefined && group.places.at(-1) !== at) return
    const row = { ...rowOf(w, attempt, of), id: before === null ? null : before + at + 1 }
    if (group === undefined) written += insertRow(w, row, of)
    else
      written +=
        insertRow(w, { ...row, source: SEVERAL_SOURCES, detail: group.list }, of) * group.places.length
  })
  return written
}

/** One attempt: 0 when the lease is stale. */
export function insertAttempt(w: Writer, attempt: AttemptRow, of?: AttemptOf): number {
  return insertRow(w, rowOf(w, attempt, of), of)
}

interface StoredAttempt extends Omit<AttemptRow, 'source' | 'url'> {
  /** null: the next one */
  readonly id: number | null
  readonly source: string | typeof SEVERAL_SOURCES
  readonly url: string | typeof ADDRESS_OF_OP | null
}

function rowOf(w: Writer, attempt: AttemptRow, of: AttemptOf | undefined): StoredAttempt {
  const url = attempt.url === null ? null : redactUrl(attempt.url)
  const isOfOp = of !== undefined && url !== null && isAddressOfOp(w, of.op.opKey, url)
  const detail = attempt.detail === undefined ? {} : { detail: redactText(attempt.detail) }
  return { ...attempt, ...detail, id: null, url: isOfOp ? ADDRESS_OF_OP : url }
}

function insertRow(w: Writer, row: StoredAttempt, of: AttemptOf | undefined): number {
  const source = row.source === SEVERAL_SOURCES ? null : row.source
  const detail = row.detail ?? null
  numberWords(w, [row.runId, source, row.tier, row.reason, detail], of?.holder)
  const url = isNumberedAddress(w, row, of) ? wordOr('?7') : '?7'
  return w.run(
    `INSERT INTO attempt_rows (attempt_id, run, job, work_id, at, source, tier, url, outcome, reason, detail,
       status, elapsed_ms, bytes, op, op_attempt)
     SELECT ?17, ${wordOr('?1')}, ${jobOf('?2')}, ?3, ?4, ${wordOr('?5')}, ${wordOr('?6')}, ${url}, ?8, ${wordOr('?9')},
       ${wordOr('?10')}, ?11, ?12, ?13, ?14, ?15
     WHERE ${of === undefined ? '1' : fenceOf('?2', '?16')}`,
    [
      row.runId,
      of?.holder.jobId ?? row.jobId,
      // The job of the lease has its work in its own row.
      of === undefined ? row.workId : null,
      row.at,
      row.source,
      row.tier,
      row.url,
      row.outcome,
      row.reason,
      detail,
      row.status ?? null,
      Math.round(row.elapsedMs),
      row.bytes ?? null,
      of === undefined ? null : opOf(of.op.opKey),
      of?.op.opAttempt ?? null,
      of?.holder.epoch ?? null,
      row.id
    ]
  )
}

/**
 * The address of a question about many works is stored once, as a word. Word 1 is never such an address: 1 stands for
 * the address of the op.
 */
function isNumberedAddress(w: Writer, { isShared, url }: StoredAttempt, of: AttemptOf | undefined): boolean {
  return isShared === true && typeof url === 'string' && isNumbered(w, url, of?.holder, MOST_WITH_ADDRESSES)
}

function lastAttempt(r: Reader): number {
  return askNumber(r, 'SELECT max(attempt_id) AS n FROM attempt_rows')
}

/** Deletes the attempts of an unrecorded job from the tables in memory. */
export function deleteAttempts(w: Writer, jobId: string): void {
  w.run(`DELETE FROM attempt_rows WHERE ${isOfJob('?1')}`, [jobId])
}

function isAddressOfOp(r: Reader, opKey: string, url: string): boolean {
  const row = r.get(
    `SELECT json_extract(context_json, '$.url') AS url FROM artifact_ops WHERE key = ? AND json_valid(context_json)`,
    [keyOf(opKey)]
  )
  return row?.['url'] === url
}

/** As SQL: the work of a row of `attempts`; for a recorded job it is in the job's row. */
export const WORK_OF_ATTEMPT = `coalesce(attempts.work_id,
  (SELECT planned.work_id FROM artifact_jobs planned WHERE planned.job_id = attempts.job_id))`

/** As SQL: the source of the last attempt of job `j`; the view would be read as a whole for each job. */
export const LAST_SOURCE = `(SELECT CASE t.source WHEN ${String(SEVERAL_SOURCES)}
    THEN json_extract(${wordAt('t.detail')}, '$[#-1][1]') ELSE ${wordAt('t.source')} END
  FROM attempt_rows t WHERE t.job IN (j.job_no, j.job_id) ORDER BY t.attempt_id DESC LIMIT 1)`

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
