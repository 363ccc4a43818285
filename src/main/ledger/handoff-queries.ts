/** Jobs that need a person, oldest first: those that failed for good, and those for which a file is in question. */
import { NOT_HANDED_OFF } from '../../contract/handoff'
import { DONE_STATES } from '../../contract/states'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { IN_LIST } from './lists'
import { sqlList, numberOf, textOf, textOrNull } from './row-values'

export interface HandOffAsk {
  /** the id of a named list; null: of all */
  readonly list: number | null
  readonly offset: number
  readonly limit: number
}

export interface HandedOffJob {
  readonly jobId: string
  readonly workId: string
  readonly canonicalUrl: string
  /** null: it has not failed; a file is in question */
  readonly reason: string | null
  /** epoch seconds */
  readonly updatedAt: number
}

/** Attention, as the queue has it (`queue-queries.ts`), of PDFs, without what a browser cannot help with. */
const NEEDS_A_PERSON = `j.artifact_id LIKE '%#pdf' AND j.state NOT IN (${sqlList(DONE_STATES)})
  AND coalesce(j.hold, '') NOT IN ('ignored', 'removed')
  AND ((j.state = 'FAILED' AND j.next_attempt_at IS NULL
        AND coalesce(j.reason, 'INTERNAL') NOT IN (${sqlList(NOT_HANDED_OFF)}))
    OR EXISTS (SELECT 1 FROM watched_files f WHERE f.job_id = j.job_id AND f.outcome = 'asked'))`

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
