/** Lists and counts of `artifact_jobs` for the queue's display. Read-only. */
import { z } from 'zod'
import { STATES, type State } from '../../contract/words'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { IN_LIST } from './lists'
import { placeholders, textsOf } from './row-values'
import { tableOf } from '../../contract/tables'

export interface JobQuery {
  readonly states: readonly string[]
  readonly reasons: readonly string[]
  /** the id of a named list; null: all jobs */
  readonly list: number | null
  readonly text: string | null
  readonly limit: number
  readonly offset: number
  /** only jobs after this one in list order; null: from the start */
  readonly after: string | null
}

/** Rows for a list: the ledger's columns with the work's title, authors and year. */
export function listJobs(r: Reader, query: JobQuery): SqlRow[] {
  const where: string[] = []
  const parameters: SqlValue[] = []
  const among = (column: string, values: readonly string[]): void => {
    if (values.length === 0) return
    where.push(`${column} IN (${placeholders(values)})`)
    parameters.push(...values)
  }
  among('j.state', query.states)
  among('j.reason', query.reasons)
  if (query.list !== null) {
    where.push(`j.work_id IN (${IN_LIST})`)
    parameters.push(query.list)
  }
  if (query.text !== null) {
    where.push(
      `(j.job_id LIKE ? OR j.canonical_url LIKE ? OR j.work_id LIKE ? OR w.title LIKE ? OR w.authors_json LIKE ?)`
    )
    const like = `%${query.text}%`
    parameters.push(like, like, like, like, like)
  }
  if (query.after !== null) {
    where.push('(j.created_at, j.rowid) > (SELECT created_at, rowid FROM artifact_jobs WHERE job_id = ?)')
    parameters.push(query.after)
  }
  return r.all(
    `SELECT j.*, w.title, w.authors_json, w.year, w.venue FROM artifact_jobs j LEFT JOIN works w USING (work_id)
     ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
     ORDER BY j.created_at, j.rowid LIMIT ? OFFSET ?`,
    [...parameters, query.limit, query.offset]
  )
}

/** `list`: only jobs of the named list of this id. */
export function countByState(r: Reader, list: number | null = null): Record<State, number> {
  const counts = tableOf(STATES, () => 0)
  const [where, parameters] = ofList(list)
  for (const row of r.all(
    `SELECT state, count(*) AS n FROM artifact_jobs WHERE ${where} GROUP BY state`,
    parameters
  )) {
    counts[z.enum(STATES).parse(row['state'])] = Number(row['n'])
  }
  return counts
}

export function countByReason(r: Reader, list: number | null = null): Record<string, number> {
  const [where, parameters] = ofList(list)
  return Object.fromEntries(
    r
      .all(
        `SELECT reason, count(*) AS n FROM artifact_jobs
         WHERE state = 'FAILED' AND reason IS NOT NULL AND ${where} GROUP BY reason ORDER BY n DESC, reason`,
        parameters
      )
      .map((row) => [String(row['reason']), Number(row['n'])])
  )
}

/** The condition for jobs of a named list, with its parameters; for null, all jobs. */
function ofList(list: number | null): [string, SqlValue[]] {
  return list === null ? ['1 = 1', []] : [`work_id IN (${IN_LIST})`, [list]]
}

/** Failed jobs that were not ignored, with one of these reasons, or any when none is given. */
export function failedJobIds(r: Reader, reasons: readonly string[], list: number | null = null): string[] {
  const [where, parameters] = ofList(list)
  const among = reasons.length === 0 ? '' : `AND reason IN (${placeholders(reasons)})`
  const rows = r.all(
    `SELECT job_id FROM artifact_jobs WHERE state = 'FAILED' AND hold IS NOT 'ignored' ${among} AND ${where} ORDER BY rowid`,
    [...reasons, ...parameters]
  )
  return textsOf(rows, 'job_id')
}
