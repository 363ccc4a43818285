/** Jobs that need the user, oldest first: those that failed for good, and those with a file in question. */
import { NOT_HANDED_OFF } from '../../contract/handoff'
import { DONE_STATES } from '../../contract/states'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { IN_LIST } from './lists'
import { sqlList, numberOf, textOf, textOrNull } from './row-values'

export interface HandOffAsk {
  /** the id of a named list; null: all jobs */
  readonly list: number | null
  readonly offset: number
  readonly limit: number
}

export interface HandedOffJob {
  readonly jobId: string
  readonly workId: string
  readonly canonicalUrl: string
  /** null: it has not failed, but a file is in question */
  readonly reason: string | null
  /** epoch seconds */
  readonly updatedAt: number
}

/** PDFs that were not set aside or removed. */
const IS_MISSED = `j.artifact_id LIKE '%#pdf' AND coalesce(j.hold, '') NOT IN ('ignored', 'removed')`
/** A failure without a next attempt that a browser may solve. */
const HAS_FAILED = `j.state = 'FAILED' AND j.next_attempt_at IS NULL
  AND coalesce(j.reason, 'INTERNAL') NOT IN (${sqlList(NOT_HANDED_OFF)})`
/**
 * The queue's group "attention" (`queue-queries.ts`) for PDFs, without failures that a browser cannot solve.
 */
const NEEDS_A_PERSON = `${IS_MISSED} AND j.state NOT IN (${sqlList(DONE_STATES)})
  AND ((${HAS_FAILED})
    OR EXISTS (SELECT 1 FROM watched_files f WHERE f.job_id = j.job_id AND f.outcome = 'asked'))`

/** Has this job failed so that only the user can bring its file? */
export function isForPerson(r: Reader, jobId: string): boolean {
  const row = r.get(`SELECT 1 FROM artifact_jobs j WHERE j.job_id = ? AND ${IS_MISSED} AND ${HAS_FAILED}`, [
    jobId
  ])
  return row !== null
}

export function handOffPage(
  r: Reader,
  ask: HandOffAsk
): { readonly total: number; readonly jobs: readonly HandedOffJob[] } {
  const inList = ask.list === null ? '' : `AND j.work_id IN (${IN_LIST})`
  const parameters: SqlValue[] = ask.list === null ? [] : [ask.list]
  const total = r.get(
    `SELECT count(*) AS n FROM artifact_jobs j WHERE ${NEEDS_A_PERSON} ${inList}`,
    parameters
  )
  const rows = r.all(
    `SELECT j.job_id, j.work_id, j.canonical_url, CASE j.state WHEN 'FAILED' THEN j.reason END AS reason, j.updated_at
     FROM artifact_jobs j
     WHERE ${NEEDS_A_PERSON} ${inList} ORDER BY j.created_at, j.rowid LIMIT ? OFFSET ?`,
    [...parameters, ask.limit, ask.offset]
  )
  return { total: Number(total?.['n']), jobs: rows.map(jobOf) }
}

const jobOf = (row: SqlRow): HandedOffJob => ({
  jobId: textOf(row, 'job_id'),
  workId: textOf(row, 'work_id'),
  canonicalUrl: textOf(row, 'canonical_url'),
  reason: textOrNull(row, 'reason'),
  updatedAt: numberOf(row, 'updated_at')
})
