/**
 * The queries behind docs/design.md §12, one statement each. They only count and list; `insights` interprets
 * the numbers. Jobs in flight are never included.
 */
import { OWN_FAULTS } from '../../contract/errors'
import { DONE_STATES } from '../../contract/states'
import { HAS_RESUMED, IS_BY_HAND } from './insights-rows'
import { LEASE_WAIT_MS } from './job-events'
import type { Reader, SqlRow } from './ledger'
import { askNumber, sqlList } from './row-values'

const DONE = sqlList(DONE_STATES)
const OURS = sqlList(OWN_FAULTS)

const number = (row: SqlRow | null, column: string): number => Number(row?.[column] ?? 0)

export interface Endings {
  readonly done: number
  /** already stored under another work: an end, but neither a success nor a failure of fetching */
  readonly duplicates: number
  readonly noOpenCopy: number
  /** cancelled by the user */
  readonly cancelled: number
  /** failed for good */
  readonly failed: number
}

/**
 * Outcomes of the jobs that ended since then. A failed job with a next attempt is in flight. `+state` here and below:
 * by the index of states, SQLite reads the row of every finished job.
 */
export function endingsSince(r: Reader, since: number): Endings {
  const row = r.get(
    `SELECT
       sum(state = 'DEDUPED') AS done,
       sum(state = 'SKIPPED_DUPLICATE') AS duplicates,
       sum(state = 'FAILED' AND reason = 'NO_OPEN_COPY') AS no_open_copy,
       sum(state = 'FAILED' AND reason = 'CANCELLED') AS cancelled,
       sum(state = 'FAILED' AND coalesce(reason, '') NOT IN ('NO_OPEN_COPY', 'CANCELLED')) AS failed
     FROM artifact_jobs
     WHERE updated_at >= ? AND lease_owner IS NULL AND (+state IN (${DONE})
       OR (+state = 'FAILED' AND next_attempt_at IS NULL))`,
    [since]
  )
  return {
    done: number(row, 'done'),
    duplicates: number(row, 'duplicates'),
    noOpenCopy: number(row, 'no_open_copy'),
    cancelled: number(row, 'cancelled'),
    failed: number(row, 'failed')
  }
}

/** Of job `j`: its file came by hand, so its time is no measure of downloads. */
export const BY_HAND = `EXISTS (SELECT 1 FROM op_rows WHERE job IN (j.job_no, j.job_id) AND ${IS_BY_HAND})`

/** Seconds from the first lease to the end, for downloads that finished since then; ascending. */
export function secondsToComplete(r: Reader, since: number): number[] {
  return column(
    r,
    `SELECT max(0, j.updated_at - min(e.at)) AS value
     FROM artifact_jobs j JOIN event_rows e ON e.job IN (j.job_no, j.job_id) AND e.kind = 'lease'
     WHERE +j.state = 'DEDUPED' AND j.updated_at >= ? AND j.lease_owner IS NULL AND NOT ${BY_HAND}
     GROUP BY +j.job_id ORDER BY value`,
    [since]
  )
}

/** Milliseconds a worker waited for its lease, of the leases granted since then; ascending. */
export function leaseWaitsMs(r: Reader, since: number): number[] {
  return column(
    r,
    `SELECT ${LEASE_WAIT_MS} AS value FROM event_rows
     WHERE kind = 'lease' AND at >= ? AND ${LEASE_WAIT_MS} IS NOT NULL
     ORDER BY value`,
    [since]
  )
}

function column(r: Reader, sql: string, parameters: readonly number[]): number[] {
  const values: number[] = []
  r.each(sql, parameters, (row) => {
    values.push(Number(row['value']))
  })
  return values
}

/**
 * Jobs whose lease was recovered since then: how many ended with an external outcome, and how many with one
 * that only a fault of Sheaf explains. The others are waiting or in progress.
 */
export function recoveriesSince(r: Reader, since: number): { readonly well: number; readonly badly: number } {
  const row = r.get(
    `SELECT
       sum(j.state IN (${DONE}) OR (j.state = 'FAILED' AND j.next_attempt_at IS NULL
         AND coalesce(j.reason, '') NOT IN (${OURS}))) AS well,
       sum(j.state = 'FAILED' AND j.reason IN (${OURS})) AS badly
     FROM artifact_jobs j WHERE j.job_id IN (
       SELECT CASE typeof(e.job) WHEN 'integer' THEN (SELECT n.job_id FROM artifact_jobs n WHERE n.job_no = e.job)
         ELSE e.job END
       FROM event_rows e WHERE e.kind = 'recovered' AND e.at >= ?)`,
    [since]
  )
  return { well: number(row, 'well'), badly: number(row, 'badly') }
}

/** For the ops finished since then: number of executions and of replayed results. */
export function replaysSince(
  r: Reader,
  since: number
): { readonly performed: number; readonly replayed: number } {
  const row = r.get(
    `SELECT sum(attempt) AS performed, sum(replays) AS replayed FROM op_rows WHERE finished_at >= ?`,
    [since]
  )
  return { performed: number(row, 'performed'), replayed: number(row, 'replayed') }
}

export interface ByteCounts {
  /** body bytes of files, with the switch on or off */
  readonly fetched: number
  /** bytes that were already on disk when a stream was resumed */
  readonly savedByResume: number
  /** bytes that were on disk and had to be fetched again */
  readonly fetchedTwice: number
}

export function byteCounts(r: Reader): ByteCounts {
  const ops = r.get(
    `SELECT sum(json_extract(result_json, '$.resumedFrom')) AS saved,
            sum(json_extract(result_json, '$.fetchedTwice')) AS twice
     FROM op_rows WHERE ${HAS_RESUMED}`
  )
  return {
    fetched: askNumber(r, 'SELECT sum(bytes) AS n FROM attempt_rows WHERE bytes IS NOT NULL'),
    savedByResume: number(ops, 'saved'),
    fetchedTwice: number(ops, 'twice')
  }
}

/** As SQL: the job of a row of `attempt_rows`, also when it was recorded later; without a job, the work. */
const ASKED_FOR = `CASE typeof(job) WHEN 'text'
  THEN coalesce((SELECT job_no FROM artifact_jobs WHERE job_id = job), job) ELSE coalesce(job, work_id) END`

/** For each source: the number of jobs that queried it, and the number of files from it. */
export function successBySource(
  r: Reader
): Record<string, { readonly tried: number; readonly succeeded: number }> {
  const tried = r.all(
    `SELECT coalesce(word, source) AS source, sum(n) AS n FROM
       (SELECT source, count(DISTINCT ${ASKED_FOR}) AS n FROM attempt_rows WHERE outcome <> 'skipped' GROUP BY source)
       LEFT JOIN words ON word_no = source
     GROUP BY 1 ORDER BY 1`
  )
  const succeeded = new Map(
    r
      .all(
        `SELECT coalesce(word, source) AS source, n FROM
           (SELECT source, count(*) AS n FROM artifact_rows GROUP BY source)
           LEFT JOIN words ON word_no = source AND typeof(source) = 'integer'`
      )
      .map((row) => [row['source'], Number(row['n'])])
  )
  const names = new Set([...tried.map((row) => row['source']), ...succeeded.keys()])
  const counts: Record<string, { readonly tried: number; readonly succeeded: number }> = {}
  for (const name of names) {
    if (typeof name !== 'string') continue
    const got = succeeded.get(name) ?? 0
    const asked = number(tried.find((row) => row['source'] === name) ?? null, 'n')
    counts[name] = { tried: Math.max(asked, got), succeeded: got }
  }
  return counts
}
