/**
 * Leases of jobs: which job may be leased, the grant, and what a holder may do to its job. One small function
 * per statement; the lease or the fencing number is compared in the same statement that relies on it. The
 * allowed transitions are not decided here: `moveJob` gets the states that a job may come from.
 */
import { ACTIVE_STATES, DONE_STATES, SETTLING_STATES } from '../../contract/states'
import type { State } from '../../contract/words'
import type { JobRow } from '../../contract/work'
import { jobById, jobOfRow } from './jobs'
import type { Reader, Writer } from './ledger'
import { placeholders, sqlList, textsOf } from './row-values'

const DONE = sqlList(DONE_STATES)

const LEASABLE = sqlList(['PLANNED', 'FAILED', ...ACTIVE_STATES, ...SETTLING_STATES])

/**
 * With two parameters, both the time now: a failed job is due only when it has a time that has passed; the others also
 * when no time is set.
 */
const HAS_TIME_COME = `CASE WHEN state = 'FAILED' THEN next_attempt_at IS NOT NULL AND next_attempt_at <= ?
  ELSE next_attempt_at IS NULL OR next_attempt_at <= ? END`

/** A job that may be leased now: not held by the user, without a lease, and due. */
const DUE = `hold IS NULL AND lease_owner IS NULL AND state IN (${LEASABLE}) AND ${HAS_TIME_COME}`

/** Jobs that may be leased now, by priority, then age. */
export function dueJobs(r: Reader, now: number, limit: number): JobRow[] {
  return r
    .all(
      `SELECT * FROM artifact_jobs WHERE ${DUE}
       ORDER BY priority DESC, created_at, rowid LIMIT ?`,
      [now, now, limit]
    )
    .map(jobOfRow)
}

/** May any job be leased now? */
export function isAnyDue(r: Reader, now: number): boolean {
  const sql = `SELECT 1 AS yes FROM artifact_jobs WHERE ${DUE} LIMIT 1`
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
       AND ${HAS_TIME_COME}`,
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
       AND state IN (${placeholders(move.from)})`,
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
  const owners = textsOf(
    r.all('SELECT DISTINCT lease_owner FROM artifact_jobs WHERE lease_owner IS NOT NULL'),
    'lease_owner'
  )
  const dead = owners.filter(isDead)
  return r
    .all(
      `SELECT * FROM artifact_jobs WHERE lease_owner IS NOT NULL
         AND (lease_until <= ? OR lease_owner IN (${placeholders(dead)}))
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

/** Jobs leased by `owner`, expired or not. */
export function leasesOf(r: Reader, owner: string): JobRow[] {
  return r.all('SELECT * FROM artifact_jobs WHERE lease_owner = ? ORDER BY +rowid', [owner]).map(jobOfRow)
}

/** Every job with a lease, live or stale. */
export function leasedJobs(r: Reader): string[] {
  const sql = 'SELECT job_id FROM artifact_jobs WHERE lease_owner IS NOT NULL ORDER BY +rowid'
  return textsOf(r.all(sql), 'job_id')
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
