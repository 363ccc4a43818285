/**
 * Rows of `artifact_jobs`: one small function per statement. The allowed transitions are not decided here:
 * every statement that moves a job gets the states it may come from, and the row count tells whether it
 * applied. The lease is compared in the same statement that relies on it.
 */
import { z } from 'zod'
import { ACTIVE_STATES, DONE_STATES, SETTLING_STATES } from '../../contract/states'
import { STATES, type State } from '../../contract/words'
import type { JobRow } from '../../contract/work'
import type { Reader, SqlRow, Writer } from './ledger'
import { sqlList } from './row-values'

const rowSchema = z.object({
  job_id: z.string(),
  work_id: z.string(),
  artifact_id: z.string(),
  canonical_url: z.string(),
  state: z.enum(STATES),
  lease_owner: z.string().nullable(),
  lease_until: z.number().nullable(),
  lease_epoch: z.number(),
  created_at: z.number(),
  updated_at: z.number(),
  idempotency_key: z.string(),
  attempt: z.number(),
  next_attempt_at: z.number().nullable(),
  reason: z.string().nullable(),
  reason_detail: z.string().nullable(),
  priority: z.number(),
  run_id: z.string().nullable(),
  host: z.string().nullable(),
  hold: z.string().nullable(),
  began_at: z.number().nullable(),
  expected_sha256: z.string().nullable()
})

export function jobOfRow(row: SqlRow): JobRow {
  const r = rowSchema.parse(row)
  return {
    jobId: r.job_id,
    workId: r.work_id,
    artifactId: r.artifact_id,
    canonicalUrl: r.canonical_url,
    state: r.state,
    leaseOwner: r.lease_owner,
    leaseUntil: r.lease_until,
    leaseEpoch: r.lease_epoch,
    createdAt: r.created_at,
    updatedAt: r.updated_at,
    idempotencyKey: r.idempotency_key,
    attempt: r.attempt,
    nextAttemptAt: r.next_attempt_at,
    reason: r.reason,
    reasonDetail: r.reason_detail,
    priority: r.priority,
    runId: r.run_id,
    host: r.host,
    hold: r.hold,
    beganAt: r.began_at,
    expectedSha256: r.expected_sha256
  }
}

const LEASABLE = sqlList(['PLANNED', 'FAILED', ...ACTIVE_STATES, ...SETTLING_STATES])
const DONE = sqlList(DONE_STATES)

/**
 * A job that may be leased now: not held by the user, without a lease, and due. A failed job is due only when
 * it has a time that has passed; the others also when no time is set.
 */
const DUE = `hold IS NULL AND lease_owner IS NULL AND state IN (${LEASABLE})
  AND CASE WHEN state = 'FAILED' THEN next_attempt_at IS NOT NULL AND next_attempt_at <= :now
           ELSE next_attempt_at IS NULL OR next_attempt_at <= :now END`

export interface NewJob {
  readonly jobId: string
  readonly workId: string
  readonly artifactId: string
  readonly canonicalUrl: string
  readonly idempotencyKey: string
  readonly priority: number
  readonly runId: string | null
  readonly now: number
}

/**
 * As SQL: the number by which history rows name a new job. Jobs are deleted in memory only, with their
 * history.
 */
export const NEXT_JOB_NUMBER = '(SELECT coalesce(max(job_no), 0) + 1 FROM artifact_jobs)'

/** False when the job already exists (by id, key or identity). */
export function insertJob(w: Writer, job: NewJob): boolean {
  return (
    w.run(
      `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
         idempotency_key, priority, run_id, job_no)
       VALUES (?, ?, ?, ?, 'PLANNED', ?, ?, ?, ?, ?, ${NEXT_JOB_NUMBER}) ON CONFLICT DO NOTHING`,
      [
        job.jobId,
        job.workId,
        job.artifactId,
        job.canonicalUrl,
        job.now,
        job.now,
        job.idempotencyKey,
        job.priority,
        job.runId
      ]
    ) === 1
  )
}

/**
 * A job whose file was found in the library: inserted in its final state, with the id that follows from its
 * key. False when it already exists.
 */
export function insertFoundJob(
  w: Writer,
  job: NewJob & { readonly state: 'DEDUPED' | 'SKIPPED_DUPLICATE' }
): boolean {
  if (!insertJob(w, job)) return false
  return (
    w.run(`UPDATE artifact_jobs SET state = ? WHERE job_id = ? AND state = 'PLANNED' AND lease_epoch = 0`, [
      job.state,
      job.jobId
    ]) === 1
  )
}

/** Sets the hash that a repair of this job must match; null: any file of the right paper. */
export function expectHash(w: Writer, jobId: string, sha256: string | null): number {
  return w.run('UPDATE artifact_jobs SET expected_sha256 = ? WHERE job_id = ?', [sha256, jobId])
}

export function jobById(r: Reader, jobId: string): JobRow | null {
  const row = r.get('SELECT * FROM artifact_jobs WHERE job_id = ?', [jobId])
  return row && jobOfRow(row)
}

/** Those of these jobs that have a row; null: all. */
export function jobIdsAmong(r: Reader, jobIds: readonly string[] | null): string[] {
  const rows =
    jobIds === null
      ? r.all('SELECT job_id FROM artifact_jobs')
      : r.all('SELECT job_id FROM artifact_jobs WHERE job_id IN (SELECT value FROM json_each(?))', [
          JSON.stringify(jobIds)
        ])
  return rows.map((row) => String(row['job_id']))
}

/** Job ids with this prefix, at most `limit`. */
export function jobIdsWithPrefix(r: Reader, prefix: string, limit: number): string[] {
  return r
    .all(
      'SELECT job_id FROM artifact_jobs WHERE job_id >= ?1 AND substr(job_id, 1, ?2) = ?1 ORDER BY job_id LIMIT ?3',
      [prefix, prefix.length, limit]
    )
    .map((row) => String(row['job_id']))
}

/** The jobs of one artifact, oldest first: more than one only after an import. */
export function jobsOfArtifact(r: Reader, artifactId: string): JobRow[] {
  return r
    .all('SELECT * FROM artifact_jobs WHERE artifact_id = ? ORDER BY created_at, job_id', [artifactId])
    .map(jobOfRow)
}

export function jobsOfWork(r: Reader, workId: string): JobRow[] {
  return r
    .all('SELECT * FROM artifact_jobs WHERE work_id = ? ORDER BY created_at, job_id', [workId])
    .map(jobOfRow)
}

/** Jobs that may be leased now, by priority, then age. */
export function dueJobs(r: Reader, now: number, limit: number): JobRow[] {
  return r
    .all(
      `SELECT * FROM artifact_jobs WHERE ${DUE.replaceAll(':now', '?')}
       ORDER BY priority DESC, created_at, rowid LIMIT ?`,
      [now, now, limit]
    )
    .map(jobOfRow)
}

/** Does the ledger have any job? */
export function isAnyRecorded(r: Reader): boolean {
  return r.get('SELECT 1 AS yes FROM artifact_jobs LIMIT 1') !== null
}

/** May any job be leased now? */
export function isAnyDue(r: Reader, now: number): boolean {
  const sql = `SELECT 1 AS yes FROM artifact_jobs WHERE ${DUE.replaceAll(':now', '?')} LIMIT 1`
  return r.get(sql, [now, now]) !== null
}

/** The next instant at which a job becomes due, or null. */
export function nextDueAt(r: Reader): number | null {
  const row = r.get(
    `SELECT min(next_attempt_at) AS at FROM artifact_jobs
     WHERE next_attempt_at IS NOT NULL AND hold IS NULL AND lease_owner IS NULL AND state IN (${LEASABLE})`
  )
  return typeof row?.['at'] === 'number' ? row['at'] : null
}

export interface Grant {
  readonly jobId: string
  readonly owner: string
  readonly until: number
  readonly now: number
}

/**
 * Grants a job to `owner` if it has no lease (or a stale one) and is due. The epoch grows with every grant; a
 * job between FINALIZE and its end keeps its state, every other becomes LEASED. A job that starts from
 * PLANNED or FAILED counts one more attempt. Returns the granted row, or null.
 */
export function grantLease(w: Writer, grant: Grant): JobRow | null {
  const changed = w.run(
    `UPDATE artifact_jobs SET
       attempt = attempt + (state IN ('PLANNED', 'FAILED')),
       began_at = CASE WHEN state IN ('PLANNED', 'FAILED') THEN ? ELSE began_at END,
       state = CASE WHEN state IN (${sqlList(SETTLING_STATES)}) THEN state ELSE 'LEASED' END,
       lease_owner = ?, lease_until = ?, lease_epoch = lease_epoch + 1,
       next_attempt_at = NULL, reason = NULL, reason_detail = NULL, updated_at = ?
     WHERE job_id = ? AND hold IS NULL AND state IN (${LEASABLE})
       AND (lease_owner IS NULL OR lease_until <= ?)
       AND CASE WHEN state = 'FAILED' THEN next_attempt_at IS NOT NULL AND next_attempt_at <= ?
                ELSE next_attempt_at IS NULL OR next_attempt_at <= ? END`,
    [grant.now, grant.owner, grant.until, grant.now, grant.jobId, grant.now, grant.now, grant.now]
  )
  return changed === 1 ? jobById(w, grant.jobId) : null
}

/**
 * A lease holder, identified by the fencing token. An expired lease still belongs to its holder
 * until the token grows: by a grant, a hold, a cancellation or a requeue.
 */
export interface Holder {
  readonly jobId: string
  readonly owner: string
  readonly epoch: number
}

/** End of the lease of this holder; null: it has none, or the job has ended. */
export function heldUntil(r: Reader, holder: Holder): number | null {
  const row = r.get(
    `SELECT lease_until FROM artifact_jobs
     WHERE job_id = ? AND lease_epoch = ? AND lease_owner = ? AND state NOT IN (${DONE}, 'FAILED')`,
    [holder.jobId, holder.epoch, holder.owner]
  )
  return typeof row?.['lease_until'] === 'number' ? row['lease_until'] : null
}

/** Returns 1 when the holder has the lease, which now ends at `until`; 0 when the token has grown since. */
export function renewLease(w: Writer, holder: Holder, until: number): number {
  return w.run(
    `UPDATE artifact_jobs SET lease_owner = ?, lease_until = max(coalesce(lease_until, 0), ?)
     WHERE job_id = ? AND lease_epoch = ? AND (lease_owner = ? OR lease_owner IS NULL)
       AND state NOT IN (${DONE}, 'FAILED')`,
    [holder.owner, until, holder.jobId, holder.epoch, holder.owner]
  )
}

/** Releases the job unchanged, leasable from `notBefore` on (null: at once). */
export function releaseLease(w: Writer, holder: Holder, notBefore: number | null, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, next_attempt_at = ?, updated_at = ?
     WHERE job_id = ? AND lease_epoch = ? AND lease_owner = ?`,
    [notBefore, now, holder.jobId, holder.epoch, holder.owner]
  )
}

export interface Move {
  readonly holder: Holder
  readonly to: State
  readonly from: readonly State[]
  readonly now: number
  readonly leaseUntil: number | null
  readonly reason?: string | null
  readonly reasonDetail?: string | null
  readonly nextAttemptAt?: number | null
  readonly host?: string | null
}

/** Moves a job of this holder; returns the row count. A final state (done, failed) releases the lease. */
export function moveJob(w: Writer, move: Move): number {
  const ends = move.leaseUntil === null
  return w.run(
    `UPDATE artifact_jobs SET state = ?, lease_owner = ?, lease_until = ?, updated_at = ?,
       reason = ?, reason_detail = ?, next_attempt_at = ?, host = coalesce(?, host)
     WHERE job_id = ? AND lease_epoch = ? AND (lease_owner = ? OR lease_owner IS NULL)
       AND state IN (${move.from.map(() => '?').join(', ')})`,
    [
      move.to,
      ends ? null : move.holder.owner,
      move.leaseUntil,
      move.now,
      move.reason ?? null,
      move.reasonDetail ?? null,
      move.nextAttemptAt ?? null,
      move.host ?? null,
      move.holder.jobId,
      move.holder.epoch,
      move.holder.owner,
      ...move.from
    ]
  )
}

/**
 * As SQL, with the parameters job id and fencing number: is this the job's latest grant? A worker's
 * statements on other tables contain it; those on the job's own row compare its columns.
 */
export const FENCE = fenceOf('?', '?')

/** The same with other parameters, so that a value already in the statement is journalled once. */
export function fenceOf(job: string, epoch: string): string {
  return `EXISTS (SELECT 1 FROM artifact_jobs fenced WHERE fenced.job_id = ${job} AND fenced.lease_epoch = ${epoch})`
}

/** The same of a job that a row names by its number. */
export function fenceOfNumber(job: string, epoch: string): string {
  return `EXISTS (SELECT 1 FROM artifact_jobs fenced WHERE typeof(${job}) = 'integer' AND fenced.job_no = ${job} AND fenced.lease_epoch = ${epoch})`
}

/** Expired leases, and all leases of owners known to be dead. */
export function staleLeases(r: Reader, now: number, isDead: (owner: string) => boolean): JobRow[] {
  const owners = r
    .all('SELECT DISTINCT lease_owner FROM artifact_jobs WHERE lease_owner IS NOT NULL')
    .map((row) => String(row['lease_owner']))
  const dead = owners.filter(isDead)
  return r
    .all(
      `SELECT * FROM artifact_jobs WHERE lease_owner IS NOT NULL
         AND (lease_until <= ? OR lease_owner IN (${dead.map(() => '?').join(', ')}))
       ORDER BY +rowid`,
      [now, ...dead]
    )
    .map(jobOfRow)
}

/** Makes a job leasable again, whatever its state; the epoch stays as it is. */
export function clearLease(w: Writer, jobId: string, epoch: number, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, updated_at = ?
     WHERE job_id = ? AND lease_epoch = ?`,
    [now, jobId, epoch]
  )
}

/** Below every priority that a user can set: for jobs during whose parsing the process died. */
export const TRIED_LAST = -1_000_000

export function putLast(w: Writer, jobId: string, epoch: number): number {
  return w.run('UPDATE artifact_jobs SET priority = ? WHERE job_id = ? AND lease_epoch = ?', [
    TRIED_LAST,
    jobId,
    epoch
  ])
}

/**
 * Resets a job by the user's request, or because its file is gone. This is the only way out of a done state,
 * and it fences a worker that might still hold the job.
 */
export function requeueJob(w: Writer, jobId: string, from: readonly State[], now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET state = 'PLANNED', lease_owner = NULL, lease_until = NULL,
       lease_epoch = lease_epoch + 1, reason = NULL, reason_detail = NULL, next_attempt_at = NULL,
       attempt = 0, hold = NULL, expected_sha256 = NULL, updated_at = ?
     WHERE job_id = ? AND state IN (${from.map(() => '?').join(', ')})`,
    [now, jobId, ...from]
  )
}

/** Deletes an unrecorded job that was planned only for a file supplied by the user. */
export function deleteJob(w: Writer, jobId: string): void {
  w.run('DELETE FROM artifact_jobs WHERE job_id = ?', [jobId])
}

/** Makes a failed job due now (the user's retry); its state stays FAILED until it is leased. */
export function makeDue(w: Writer, jobId: string, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET next_attempt_at = ?, attempt = 0, hold = NULL, updated_at = ?
     WHERE job_id = ? AND state = 'FAILED'`,
    [now, now, jobId]
  )
}

/**
 * Holds or frees a job. A hold removes the lease and increases the fencing number, so that a former worker
 * records nothing more, even if its lease was cleared before. The bytes on disk stay.
 */
export function holdJob(w: Writer, jobId: string, hold: string | null, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET hold = ?1, updated_at = ?2,
       lease_epoch = lease_epoch + (?1 IS NOT NULL),
       lease_owner = CASE WHEN ?1 IS NULL THEN lease_owner END,
       lease_until = CASE WHEN ?1 IS NULL THEN lease_until END
     WHERE job_id = ?3 AND hold IS NOT ?1 AND state NOT IN (${DONE})`,
    [hold, now, jobId]
  )
}

/** Fails a job without asking its worker, whose lease ends: the epoch grows. */
export function failUnheld(w: Writer, jobId: string, reason: string, detail: string, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET state = 'FAILED', reason = ?, reason_detail = ?, next_attempt_at = NULL,
       lease_owner = NULL, lease_until = NULL, lease_epoch = lease_epoch + 1, updated_at = ?
     WHERE job_id = ? AND state NOT IN (${DONE})`,
    [reason, detail, now, jobId]
  )
}

/** Every job that has not ended, for holds and for matching parts to their jobs. */
export function openJobIds(r: Reader): string[] {
  return r
    .all(`SELECT job_id FROM artifact_jobs WHERE state NOT IN (${DONE}) ORDER BY rowid`)
    .map((row) => String(row['job_id']))
}

export function jobIdsIn(r: Reader, states: readonly State[]): string[] {
  return r
    .all(`SELECT job_id FROM artifact_jobs WHERE state IN (${sqlList(states)}) ORDER BY +rowid`)
    .map((row) => String(row['job_id']))
}

/** Makes an unfinished job leasable at once, whatever it waited for: the user supplies its file. */
export function freeJob(w: Writer, jobId: string, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET hold = NULL, next_attempt_at = CASE WHEN state = 'FAILED' THEN ? ELSE NULL END,
       updated_at = ? WHERE job_id = ? AND lease_owner IS NULL AND state NOT IN (${DONE})`,
    [now, now, jobId]
  )
}

/** Jobs leased by `owner`, expired or not. */
export function leasesOf(r: Reader, owner: string): JobRow[] {
  return r.all('SELECT * FROM artifact_jobs WHERE lease_owner = ? ORDER BY +rowid', [owner]).map(jobOfRow)
}

/** Every job with a lease, live or stale. */
export function leasedJobs(r: Reader): string[] {
  return r
    .all('SELECT job_id FROM artifact_jobs WHERE lease_owner IS NOT NULL ORDER BY +rowid')
    .map((row) => String(row['job_id']))
}

/** Time of the last update of a leased job or of one of its ops; null when nothing is leased. */
export function lastUpdateOfLeased(r: Reader): number | null {
  const row = r.get(
    `SELECT max(max(j.updated_at, coalesce((SELECT max(coalesce(o.finished_at, o.started_at)) FROM op_rows o
       WHERE o.job IN (j.job_no, j.job_id)), 0))) AS at
     FROM artifact_jobs j WHERE j.lease_owner IS NOT NULL`
  )
  return typeof row?.['at'] === 'number' ? row['at'] : null
}
