/**
 * Rows of `artifact_jobs`: adding and finding jobs, and the user's operations on them. One small function per
 * statement; every statement that changes a state gets the states it may come from, and the row count tells
 * whether it applied. Leases and what their holders do: `leases.ts`.
 */
import { z } from 'zod'
import { DONE_STATES } from '../../contract/states'
import { formatOfArtifact, STATES, type State } from '../../contract/words'
import type { JobRow } from '../../contract/work'
import type { Reader, SqlRow, SqlValue, Writer } from './ledger'
import { placeholders, sqlList, textsOf } from './row-values'

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

const DONE = sqlList(DONE_STATES)

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
  return textsOf(rows, 'job_id')
}

/** Job ids with this prefix, at most `limit`. */
export function jobIdsWithPrefix(r: Reader, prefix: string, limit: number): string[] {
  const rows = r.all(
    'SELECT job_id FROM artifact_jobs WHERE job_id >= ?1 AND substr(job_id, 1, ?2) = ?1 ORDER BY job_id LIMIT ?3',
    [prefix, prefix.length, limit]
  )
  return textsOf(rows, 'job_id')
}

/** The jobs of one artifact, oldest first: more than one only after an import. */
export function jobsOfArtifact(r: Reader, artifactId: string): JobRow[] {
  const { sql, parameters } = ofArtifact(artifactId)
  return r
    .all(`SELECT * FROM artifact_jobs j WHERE ${sql} ORDER BY j.created_at, j.job_id`, parameters)
    .map(jobOfRow)
}

/**
 * As SQL: jobs of an artifact, in rows of `artifact_jobs j`. The work is what stands before the last `#` of the id, or
 * an index of the few others knows the job (schema 25).
 */
export function ofArtifact(artifactId: string): {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
} {
  const isOther = `(substr(j.artifact_id, 1, length(j.work_id) + 1) <> j.work_id || '#'
    OR instr(substr(j.artifact_id, length(j.work_id) + 2), '#') > 0)`
  return {
    sql: `((j.work_id = ? AND j.artifact_id = ?) OR (j.artifact_id = ? AND ${isOther}))`,
    parameters: [artifactId.slice(0, Math.max(0, artifactId.lastIndexOf('#'))), artifactId, artifactId]
  }
}

export function isOfPdf(job: Pick<JobRow, 'artifactId'>): boolean {
  return formatOfArtifact(job.artifactId) === 'pdf'
}

export function jobsOfWork(r: Reader, workId: string): JobRow[] {
  return r
    .all('SELECT * FROM artifact_jobs WHERE work_id = ? ORDER BY created_at, job_id', [workId])
    .map(jobOfRow)
}

/** Does the ledger have any job? */
export function isAnyRecorded(r: Reader): boolean {
  return r.get('SELECT 1 AS yes FROM artifact_jobs LIMIT 1') !== null
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
     WHERE job_id = ? AND state IN (${placeholders(from)})`,
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
  return textsOf(
    r.all(`SELECT job_id FROM artifact_jobs WHERE state NOT IN (${DONE}) ORDER BY rowid`),
    'job_id'
  )
}

export function jobIdsIn(r: Reader, states: readonly State[]): string[] {
  return textsOf(
    r.all(`SELECT job_id FROM artifact_jobs WHERE state IN (${sqlList(states)}) ORDER BY +rowid`),
    'job_id'
  )
}

/** Makes an unfinished job leasable at once, whatever it waited for: the user supplies its file. */
export function freeJob(w: Writer, jobId: string, now: number): number {
  return w.run(
    `UPDATE artifact_jobs SET hold = NULL, next_attempt_at = CASE WHEN state = 'FAILED' THEN ? ELSE NULL END,
       updated_at = ? WHERE job_id = ? AND lease_owner IS NULL AND state NOT IN (${DONE})`,
    [now, now, jobId]
  )
}
