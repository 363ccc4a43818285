/**
 * The queue screen's queries in SQL: pages, counts and names of jobs under a filter. `queue-index.ts` gives
 * the same answers from memory once it has read everything; this file is its reference, and answers until
 * then. It defines the groups.
 */
import { DONE_STATES } from '../../contract/states'
import type { GroupCounts, JobGroup, JobSort } from '../../contract/views'
import { ACCEPTED_BY_PERSON, STATES } from '../../contract/words'
import { LAST_SOURCE } from './attempts'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { askNumber, placeholders, sqlList, textsOf, wordOf } from './row-values'
import { IN_LIST_NAMED } from './lists'

/** In the order of the state column. */
export const GROUP_NAMES = [
  'active',
  'waiting',
  'attention',
  'done',
  'ignored'
] as const satisfies readonly JobGroup[]

export type GroupName = (typeof GROUP_NAMES)[number]

export interface QueueQuery {
  readonly group: JobGroup
  readonly reasons?: readonly string[] | undefined
  readonly source?: string | undefined
  readonly text?: string | undefined
  readonly runId?: string | undefined
  /** the name of a list */
  readonly list?: string | undefined
}

export interface QueueAsk {
  readonly query: QueueQuery
  readonly sort: JobSort
  readonly direction: 'up' | 'down'
  readonly offset: number
  readonly limit: number
}

export interface QueuePage {
  readonly total: number
  /** the ledger's columns of the job; title, authors_json, year, venue, ids_json of its work; source, bytes, doubtful */
  readonly rows: readonly SqlRow[]
}

export interface QueueTotals extends GroupCounts {
  /** waiting jobs that are held, or due only after `SOON_SECONDS` */
  readonly later: number
  /** jobs that need attention, by reason, the most frequent first */
  readonly byReason: readonly { readonly reason: string; readonly count: number }[]
}

/** A job due within this time counts as active. */
export const SOON_SECONDS = 45

const DONE = sqlList(DONE_STATES)
const OPEN_STATES = STATES.filter((state) => !DONE_STATES.some((done) => done === state))
/** For the index by state: `NOT IN` reads every job. */
const OPEN = sqlList(OPEN_STATES)

/** See JOB_GROUPS. */
const GROUP = `CASE
  WHEN j.state IN (${DONE}) THEN 'done'
  WHEN j.hold IN ('ignored', 'removed') THEN 'ignored'
  WHEN j.state = 'FAILED' THEN CASE WHEN j.next_attempt_at IS NULL THEN 'attention' ELSE 'waiting' END
  WHEN j.lease_owner IS NOT NULL THEN 'active'
  ELSE 'waiting' END`

/** The source of the file, else the last source queried. */
export const SOURCE = `coalesce(
  (SELECT a.source FROM artifacts a WHERE a.artifact_id = j.artifact_id),
  ${LAST_SOURCE})`
const BYTES = '(SELECT a.bytes FROM artifacts a WHERE a.artifact_id = j.artifact_id)'
/** 1: the right-paper check was unsure and the user has not decided. */
const DOUBTFUL = `(SELECT a.verdict <> 'match' AND coalesce(a.because, '') <> '${ACCEPTED_BY_PERSON}' FROM artifacts a WHERE a.artifact_id = j.artifact_id)`
/** The text that a filter is matched against. */
export const TEXT = `coalesce(w.title, '') || char(10) || coalesce(w.authors_json, '') || char(10) ||
  coalesce(w.venue, '') || char(10) || coalesce(w.ids_json, '') || char(10) || j.canonical_url`

const JOBS = 'FROM artifact_jobs j'
const FROM = `${JOBS} LEFT JOIN works w USING (work_id)`
const COLUMNS = `j.*, w.title, w.authors_json, w.year, w.venue, w.ids_json, ${SOURCE} AS source, ${BYTES} AS bytes,
  ${DOUBTFUL} AS doubtful`

const KEYS: Readonly<Record<JobSort, string>> = {
  added: 'j.created_at',
  title: 'lower(w.title)',
  year: 'w.year',
  state: `CASE ${GROUP} WHEN 'active' THEN 0 WHEN 'waiting' THEN 1 WHEN 'attention' THEN 2
    WHEN 'done' THEN 3 ELSE 4 END`,
  source: SOURCE,
  host: 'j.host',
  updated: 'j.updated_at'
}

const OF_WORKS: readonly JobSort[] = ['title', 'year']

/** Joins the works only when the query needs them: the join takes ten times as long as reading the jobs. */
function fromOf(query: QueueQuery): string {
  return query.text === undefined ? JOBS : FROM
}

/** Unknown values sort last in either direction. */
export function pageOfJobs(r: Reader, ask: QueueAsk): QueuePage {
  const { sql, parameters } = conditionOf(ask.query)
  const from = fromOf(ask.query)
  const total = askNumber(r, `SELECT count(*) AS n ${from} WHERE ${sql}`, parameters)
  // Select the ids first, then their rows: sorting whole rows would load every column of every job.
  const states = ask.sort === 'added' ? statesOf(ask.query, sql) : null
  const first = states === null ? null : firstAdded(r, ask, states)
  return { total, rows: rowsByNumber(r, first ?? sortedJobs(r, ask)) }
}

function sortedJobs(r: Reader, ask: QueueAsk): number[] {
  const { sql, parameters } = conditionOf(ask.query)
  const from = OF_WORKS.includes(ask.sort) ? FROM : fromOf(ask.query)
  const way = ask.direction === 'up' ? 'ASC' : 'DESC'
  const key = KEYS[ask.sort]
  return r
    .all(
      `SELECT j.rowid AS row_number ${from} WHERE ${sql}
       ORDER BY (${key}) IS NULL, ${key} ${way}, j.rowid ${way} LIMIT ? OFFSET ?`,
      [...parameters, ask.limit, ask.offset]
    )
    .map((row) => Number(row['row_number']))
}

/** The states of which a query wants every job; null: it wants only some of them. */
function statesOf(query: QueueQuery, sql: string): readonly string[] | null {
  if (sql === EVERYTHING) return STATES
  return sql === conditionOf({ group: 'done' }).sql && query.group === 'done' ? DONE_STATES : null
}

/** Longer lists are sorted as usual. */
export const FIRST_ADDED = 1_000
const PRIORITIES = 20

/**
 * The first page of the app's start, without a scan of every job: the index by state, priority and age has
 * the first jobs of each state and priority in this order. null: there are too many priorities.
 */
function firstAdded(
  r: Reader,
  { direction, offset, limit }: QueueAsk,
  states: readonly string[]
): number[] | null {
  const many = offset + limit
  if (many > FIRST_ADDED) return null
  const way = direction === 'up' ? 'ASC' : 'DESC'
  const found: { readonly rowid: number; readonly at: number }[] = []
  for (const state of states) {
    let priority: SqlValue | undefined = Number.MAX_SAFE_INTEGER
    for (let nth = 0; ; nth += 1) {
      priority = r.get(
        `SELECT priority FROM artifact_jobs WHERE state = ? AND priority < ? ORDER BY priority DESC LIMIT 1`,
        [state, priority]
      )?.['priority']
      if (priority === undefined) break
      if (nth >= PRIORITIES) return null
      const rows = r.all(
        `SELECT rowid AS row_number, created_at FROM artifact_jobs WHERE state = ? AND priority = ?
         ORDER BY created_at ${way}, rowid ${way} LIMIT ?`,
        [state, priority, many]
      )
      for (const row of rows) found.push({ rowid: Number(row['row_number']), at: Number(row['created_at']) })
    }
  }
  const sign = direction === 'up' ? 1 : -1
  found.sort((a, b) => sign * (a.at - b.at || a.rowid - b.rowid))
  return found.slice(offset, many).map(({ rowid }) => rowid)
}

export function idsOfQuery(r: Reader, query: QueueQuery): string[] {
  const { sql, parameters } = conditionOf(query)
  const rows = r.all(
    `SELECT j.job_id ${fromOf(query)} WHERE ${sql} ORDER BY j.created_at, j.rowid`,
    parameters
  )
  return textsOf(rows, 'job_id')
}

/** The ids of jobs by the row numbers of themselves or of their works; null: one of these jobs is gone. */
export function changedJobs(
  r: Reader,
  { jobs, works }: { readonly jobs: readonly number[]; readonly works: readonly number[] }
): readonly string[] | null {
  const ids = (sql: string, of: readonly number[]): string[] =>
    textsOf(r.all(`SELECT job_id FROM artifact_jobs WHERE ${sql}`, of), 'job_id')
  const named = ids(`rowid IN (${placeholders(jobs)})`, jobs)
  if (named.length < jobs.length) return null
  const ofWorks = ids(`work_id IN (SELECT work_id FROM works WHERE rowid IN (${placeholders(works)}))`, works)
  return [...new Set([...named, ...ofWorks])]
}

/** The counted jobs: those with a text, of a list. */
export type Among = Pick<QueueQuery, 'text' | 'list'>

/** Totals over these jobs, with each group counted by itself. */
export function countGroups(r: Reader, among: Among, now: number): QueueTotals {
  const query = { ...among, group: 'all' } as const
  const { sql, parameters } = conditionOf(query)
  const from = fromOf(query)
  // Most of a large queue is done: an index counts those, and only the others are scanned.
  const done = askNumber(r, `SELECT count(*) AS n ${from} WHERE j.state IN (${DONE}) AND ${sql}`, parameters)
  const rows = r.all(
    `SELECT ${GROUP} AS grp, j.reason,
       j.hold IS NOT NULL OR coalesce(j.next_attempt_at > ?, 0) AS later, count(*) AS n
     ${from} WHERE j.state IN (${OPEN}) AND ${sql}
     GROUP BY 1, 2, 3`,
    [now + SOON_SECONDS, ...parameters]
  )
  return totalsOf([
    { group: 'done', reason: null, later: false, count: done },
    ...rows.map((row) => ({
      group: wordOf(row, 'grp', GROUP_NAMES),
      reason: row['reason'] === null ? null : String(row['reason']),
      later: row['later'] === 1,
      count: Number(row['n'])
    }))
  ])
}

export interface Counted {
  readonly group: GroupName
  readonly reason: string | null
  readonly later: boolean
  readonly count: number
}

/** Pure: the sums depend only on the counts. */
export function totalsOf(counted: readonly Counted[]): QueueTotals {
  const sums = { all: 0, waiting: 0, active: 0, attention: 0, done: 0, ignored: 0, later: 0 }
  const reasons: { readonly reason: string; readonly count: number }[] = []
  for (const { group, reason, later, count } of counted) {
    sums.all += count
    sums[group] += count
    if (group === 'waiting' && later) sums.later += count
    if (group === 'attention') reasons.push({ reason: reason ?? 'INTERNAL', count })
  }
  return { ...sums, byReason: totalsOfReasons(reasons) }
}

/** Each reason once, the most frequent first. Pure. */
export function totalsOfReasons(counted: QueueTotals['byReason']): QueueTotals['byReason'] {
  const reasons = new Map<string, number>()
  for (const { reason, count } of counted) reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  return [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

/** The rows of these jobs, by their row numbers, in that order. */
export function rowsByNumber(r: Reader, rowids: readonly number[]): SqlRow[] {
  if (rowids.length === 0) return []
  const found = new Map<number, SqlRow>()
  for (const row of r.all(
    `SELECT j.rowid AS row_number, ${COLUMNS} ${FROM} WHERE j.rowid IN (${placeholders(rowids)})`,
    rowids
  )) {
    found.set(Number(row['row_number']), row)
  }
  return rowids.map((rowid) => found.get(rowid)).filter((row) => row !== undefined)
}

/** One job as a row of the queue; null when there is none. */
export function queueRow(r: Reader, jobId: string): SqlRow | null {
  return r.get(`SELECT ${COLUMNS} ${FROM} WHERE j.job_id = ?`, [jobId])
}

/** The condition of a list without a filter. */
const EVERYTHING = '1'

function conditionOf(query: QueueQuery): { readonly sql: string; readonly parameters: SqlValue[] } {
  const all: string[] = [EVERYTHING]
  const parameters: SqlValue[] = []
  const must = (sql: string, ...values: SqlValue[]): void => {
    all.push(sql)
    parameters.push(...values)
  }
  if (query.group === 'done') must(`j.state IN (${DONE})`)
  else if (query.group !== 'all') must(`j.state IN (${OPEN}) AND ${GROUP} = ?`, query.group)
  if (query.reasons !== undefined && query.reasons.length > 0) {
    must(`j.reason IN (${placeholders(query.reasons)})`, ...query.reasons)
  }
  if (query.source !== undefined) must(`${SOURCE} = ?`, query.source)
  if (query.runId !== undefined) must('j.run_id = ?', query.runId)
  if (query.list !== undefined) must(`j.work_id IN (${IN_LIST_NAMED})`, query.list)
  for (const word of wordsOf(query.text)) must(`instr(lower(${TEXT}), ?) > 0`, word)
  return { sql: all.join(' AND '), parameters }
}

/** Every word must be found. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}
