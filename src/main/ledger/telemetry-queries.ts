/**
 * The telemetry queries: events of jobs, ops and attempts, and totals. Only columns without personal data: no
 * titles, no free text of servers, no lease owners, no paths. `…Times` give, of the rows since an instant, the
 * columns that decide which events a row is and when they happened; `…Rows` give rows whole. `id` is a row of a
 * view, and `row_no` the row of the table that it is read from, of which others may be read, too.
 */
import { OWN_FAULTS } from '../../contract/errors'
import { WORK_OF_ATTEMPT } from './attempts'
import { keyOfText, wholeKey } from './history-names'
import type { Reader, SqlRow } from './ledger'
import { askNumber, sqlList } from './row-values'

type Times = (r: Reader, since: number, row: (row: SqlRow) => void) => void
type Rows = (r: Reader, rowNos: readonly number[], row: (row: SqlRow) => void) => void

const SLICE_ROWS = 20_000
const NUMBERED = 'IN (SELECT value FROM json_each(?))'

/** Rows of a view some at a time: all of them in order would be sorted in memory first. */
function eachSlice(
  r: Reader,
  table: string,
  ask: { readonly sql: string; readonly also?: readonly number[]; readonly row: (row: SqlRow) => void }
): void {
  const last = askNumber(r, `SELECT max(rowid) AS n FROM ${table}`)
  for (let from = 0; from < last; from += SLICE_ROWS)
    r.each(ask.sql, [from, from + SLICE_ROWS, ...(ask.also ?? [])], ask.row)
}

const TIMES_IN_DETAIL = `json_extract(e.detail_json, '$.started_at') AS started_at,
       json_extract(e.detail_json, '$.finished_at') AS finished_at`

export const eventTimes: Times = (r, since, row) => {
  const sql = `SELECT e.row_no, e.event_id AS id, e.at, e.kind, e.to_state, ${TIMES_IN_DETAIL}
     FROM job_events e WHERE e.row_no > ? AND e.row_no <= ? AND e.at >= ? ORDER BY e.event_id`
  eachSlice(r, 'event_rows', { sql, also: [since], row })
}

export const eventRows: Rows = (r, rowNos, row) => {
  r.each(
    `SELECT e.event_id AS id, e.job_id, e.at, e.kind, e.from_state, e.to_state, e.lease_epoch,
       j.work_id, j.run_id, json_extract(e.detail_json, '$.wait_ms') AS wait_ms,
       f.op_key, f.op_type, coalesce(CASE e.kind WHEN 'op' THEN e.op_attempt END,
         json_extract(e.detail_json, '$.attempt')) AS attempt, ${TIMES_IN_DETAIL},
       json_extract(e.detail_json, '$.result_code') AS result_code
     FROM job_events e LEFT JOIN artifact_jobs j ON j.job_id = e.job_id
     LEFT JOIN artifact_ops f ON e.kind = 'op'
       AND f.key = ${keyOfText(`coalesce(${wholeKey('e')}, json_extract(e.detail_json, '$.op_key'))`)}
     WHERE e.row_no ${NUMBERED} ORDER BY e.event_id`,
    [JSON.stringify(rowNos)],
    row
  )
}

/** Ops that began or ended since then, in the state of their last attempt. */
export const opTimes: Times = (r, since, row) => {
  const sql = `SELECT op_no AS row_no, op_no AS id, started_at, finished_at, replays FROM op_rows
     WHERE op_no > ? AND op_no <= ? AND (started_at >= ? OR finished_at >= ?) ORDER BY op_no`
  eachSlice(r, 'op_rows', { sql, also: [since, since], row })
}

export const opRows: Rows = (r, rowNos, row) => {
  r.each(
    `SELECT o.rowid AS id, o.op_key, o.job_id, o.op_type, o.started_at, o.finished_at, o.result_code,
       o.attempt, o.replays, o.lease_epoch, o.recovery, j.work_id, j.run_id
     FROM artifact_ops o LEFT JOIN artifact_jobs j ON j.job_id = o.job_id
     WHERE o.rowid ${NUMBERED} ORDER BY o.rowid`,
    [JSON.stringify(rowNos)],
    row
  )
}

export const attemptTimes: Times = (r, since, row) => {
  const sql = `SELECT row_no, attempt_id AS id, at FROM attempts
     WHERE row_no > ? AND row_no <= ? AND at >= ? ORDER BY attempt_id`
  eachSlice(r, 'attempt_rows', { sql, also: [since], row })
}

export const attemptRows: Rows = (r, rowNos, row) => {
  r.each(
    `SELECT attempt_id AS id, run_id, job_id, ${WORK_OF_ATTEMPT} AS work_id, at, source, tier, url, outcome,
       reason, status, elapsed_ms, bytes
     FROM attempts WHERE row_no ${NUMBERED} ORDER BY attempt_id`,
    [JSON.stringify(rowNos)],
    row
  )
}

const RECONCILIATIONS = `SELECT reconciliation_id AS row_no, reconciliation_id AS id, at,
       json_extract(findings_json, '$.stale_leases') AS stale_leases,
       json_extract(findings_json, '$.abandoned_ops') AS abandoned_ops,
       json_extract(findings_json, '$.relinked') AS relinked,
       json_extract(findings_json, '$.requeued') AS requeued
     FROM reconciliations WHERE json_valid(findings_json) AND`

export const reconcileTimes: Times = (r, since, row) => {
  r.each(`${RECONCILIATIONS} at >= ? ORDER BY reconciliation_id`, [since], row)
}

export const reconcileRows: Rows = (r, rowNos, row) => {
  r.each(
    `${RECONCILIATIONS} reconciliation_id ${NUMBERED} ORDER BY reconciliation_id`,
    [JSON.stringify(rowNos)],
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
