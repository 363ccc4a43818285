/**
 * The telemetry queries: events of jobs, ops and attempts since an instant, and totals. Only columns without
 * personal data: no titles, no free text of servers, no lease owners, no paths.
 */
import { OWN_FAULTS } from '../../contract/errors'
import { WORK_OF_ATTEMPT } from './attempts'
import { keyOfText, wholeKey } from './history-names'
import type { Reader, SqlRow } from './ledger'
import { askNumber, sqlList } from './row-values'

const SLICE_ROWS = 20_000

/** Rows of a view some at a time: all of them in order would be sorted in memory first. */
function eachSlice(r: Reader, table: string, visit: (from: number, to: number) => void): void {
  const last = askNumber(r, `SELECT max(rowid) AS n FROM ${table}`)
  for (let from = 0; from < last; from += SLICE_ROWS) visit(from, from + SLICE_ROWS)
}

export function eventRowsSince(r: Reader, since: number, row: (row: SqlRow) => void): void {
  eachSlice(r, 'event_rows', (from, to) => {
    r.each(
      `SELECT e.event_id, e.job_id, e.at, e.kind, e.from_state, e.to_state, e.lease_epoch,
       j.work_id, j.run_id, json_extract(e.detail_json, '$.wait_ms') AS wait_ms,
       f.op_key, f.op_type, coalesce(CASE e.kind WHEN 'op' THEN e.op_attempt END,
         json_extract(e.detail_json, '$.attempt')) AS attempt,
       json_extract(e.detail_json, '$.started_at') AS started_at,
       json_extract(e.detail_json, '$.finished_at') AS finished_at,
       json_extract(e.detail_json, '$.result_code') AS result_code
     FROM job_events e LEFT JOIN artifact_jobs j ON j.job_id = e.job_id
     LEFT JOIN artifact_ops f ON e.kind = 'op'
       AND f.key = ${keyOfText(`coalesce(${wholeKey('e')}, json_extract(e.detail_json, '$.op_key'))`)}
     WHERE e.row_no > ? AND e.row_no <= ? AND e.at >= ? ORDER BY e.event_id`,
      [from, to, since],
      row
    )
  })
}

/** Ops that began or ended since then, in the state of their last attempt. */
export function opRowsSince(r: Reader, since: number, row: (row: SqlRow) => void): void {
  r.each(
    `SELECT o.op_key, o.job_id, o.op_type, o.started_at, o.finished_at, o.result_code, o.attempt, o.replays,
       o.lease_epoch, o.recovery, j.work_id, j.run_id
     FROM artifact_ops o LEFT JOIN artifact_jobs j ON j.job_id = o.job_id
     WHERE o.started_at >= ? OR o.finished_at >= ? ORDER BY o.started_at, o.rowid`,
    [since, since],
    row
  )
}

export function attemptRowsSince(r: Reader, since: number, row: (row: SqlRow) => void): void {
  eachSlice(r, 'attempt_rows', (from, to) => {
    r.each(
      `SELECT attempt_id, run_id, job_id, ${WORK_OF_ATTEMPT} AS work_id, at, source, tier, url, outcome, reason, status, elapsed_ms, bytes
       FROM attempts WHERE row_no > ? AND row_no <= ? AND at >= ? ORDER BY attempt_id`,
      [from, to, since],
      row
    )
  })
}

export function reconcileRowsSince(r: Reader, since: number, row: (row: SqlRow) => void): void {
  r.each(
    `SELECT reconciliation_id, at, finished_at, why,
       json_extract(findings_json, '$.stale_leases') AS stale_leases,
       json_extract(findings_json, '$.abandoned_ops') AS abandoned_ops,
       json_extract(findings_json, '$.relinked') AS relinked,
       json_extract(findings_json, '$.requeued') AS requeued
     FROM reconciliations WHERE at >= ? AND json_valid(findings_json) ORDER BY reconciliation_id`,
    [since],
    row
  )
}

/** Time of the last record, epoch seconds; null when there is none. */
export function lastRecordedAt(r: Reader): number | null {
  const row = r.get(
    `SELECT max(at) AS at FROM (SELECT max(at) AS at FROM event_rows UNION ALL SELECT max(at) FROM attempt_rows
       UNION ALL SELECT max(started_at) FROM op_rows UNION ALL SELECT max(finished_at) FROM op_rows)`
  )
  return typeof row?.['at'] === 'number' ? row['at'] : null
}

/** Leases that expired without being released: how many, and since when. */
export function expiredLeases(
  r: Reader,
  now: number
): { readonly count: number; readonly since: number | null } {
  const row = r.get(
    `SELECT count(*) AS n, min(lease_until) AS since FROM artifact_jobs
     WHERE lease_owner IS NOT NULL AND lease_until <= ?`,
    [now]
  )
  return {
    count: Number(row?.['n'] ?? 0),
    since: typeof row?.['since'] === 'number' ? row['since'] : null
  }
}

/** The first row within the period of a measure that contradicts it, epoch seconds. */
export function firstEvidence(
  r: Reader,
  of: 'job_completion' | 'replay_rate' | 'crash_recovery' | 'lease_wait_p99',
  since: number
): number | null {
  const row = r.get(EVIDENCE[of], [since])
  return typeof row?.['at'] === 'number' ? row['at'] : null
}

const EVIDENCE = {
  job_completion: `SELECT min(updated_at) AS at FROM artifact_jobs WHERE updated_at >= ? AND state = 'FAILED'
    AND next_attempt_at IS NULL AND coalesce(reason, '') NOT IN ('NO_OPEN_COPY', 'CANCELLED')`,
  replay_rate: `SELECT min(finished_at) AS at FROM op_rows WHERE finished_at >= ? AND replays > 0`,
  crash_recovery: `SELECT min(e.at) AS at FROM job_events e JOIN artifact_jobs j USING (job_id)
    WHERE e.kind = 'recovered' AND e.at >= ? AND j.state = 'FAILED'
      AND j.reason IN (${sqlList(OWN_FAULTS)})`,
  lease_wait_p99: `SELECT min(at) AS at FROM job_events WHERE kind = 'lease' AND at >= ?
    AND json_extract(detail_json, '$.wait_ms') >= 100`
} as const
