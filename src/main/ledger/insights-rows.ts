/**
 * The rows behind the figures of Insights, one statement a table. A statement returns its rows as columns: one JSON
 * list of numbers for each, since a row object for each of a million rows costs four times as much. It reads a range
 * of row numbers, or the rows of some jobs or works. Tables are read without their views, which name every job.
 */
import { MANUAL } from '../../contract/words'
import { OWN_FAULTS } from '../../contract/errors'
import { DONE_STATES } from '../../contract/states'
import { ofWork } from './artifact-rows'
import { typeNumber } from './history-names'
import { leaseWaitOf } from './job-events'
import type { Reader, SqlRow, SqlValue } from './ledger'
import { askNumber, listOf, numberOf, sqlList, textOf } from './row-values'

export const HOUR = 3_600

const DONE = sqlList(DONE_STATES)

/** Names of the tables as a listener to written rows hears them. */
export const COUNTED_TABLES = {
  ops: 'op_rows',
  leases: 'event_rows',
  attempts: 'attempt_rows',
  filed: 'artifact_rows',
  jobs: 'artifact_jobs'
} as const
export type CountedTable = keyof typeof COUNTED_TABLES

export type Rows =
  { readonly after: number; readonly upTo: number } | { readonly of: readonly (number | string)[] }

/** Rows name a job or a source by number or by its text; here a text has a negative number. */
export class Names {
  readonly #numbers = new Map<string, number>()
  readonly #texts: string[] = []

  numberOf(name: unknown): number {
    if (typeof name === 'number') return name
    const text = String(name)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#texts.push(text)
    this.#numbers.set(text, -this.#texts.length)
    return -this.#texts.length
  }

  textOf(number: number): string | null {
    return this.#texts[-number - 1] ?? null
  }
}

export interface NameTables {
  readonly jobs: Names
  readonly sources: Names
}

/** Of the ops that ended within an hour. */
class OpHour {
  performed = 0
  replayed = 0
  /** bytes that were already on disk when a stream was resumed */
  saved = 0
  /** bytes that were on disk and had to be fetched again */
  twice = 0
}
export interface OpPart {
  readonly hours: ReadonlyMap<number, Readonly<OpHour>>
  /** jobs with a file that the user supplied or accepted */
  readonly byHand: readonly number[]
}

const IS_STREAMED = `op_type = ${String(typeNumber('STREAM'))} AND result_code = 'OK'`
const HOUR_OF_END = `CAST(finished_at / ${String(HOUR)} AS INTEGER)`
// Texts are searched first: most results and contexts have neither, and parsing them takes as long as all the rest.
export const HAS_RESUMED = `${IS_STREAMED} AND (instr(result_json, 'resumedFrom') > 0 OR instr(result_json, 'fetchedTwice') > 0)
  AND typeof(result_json) = 'text' AND json_valid(result_json)`
/** The file was supplied or accepted by the user. The op says so: an accepted file keeps the source it was fetched from. */
export const IS_BY_HAND = `${IS_STREAMED} AND instr(context, '${MANUAL}') > 0 AND json_valid(context)
  AND json_extract(context, '$.url') LIKE '${MANUAL}%'`

export function opPart(r: Reader, rows: Rows, names: NameTables): OpPart {
  const row = columns(
    r,
    rows,
    'op_no',
    'job',
    (where) => `
    SELECT json_group_array(${HOUR_OF_END}) AS hours, json_group_array(attempt) AS attempts,
      json_group_array(replays) AS replays,
      json_group_array(json_array(${HOUR_OF_END}, json_extract(result_json, '$.resumedFrom'),
        json_extract(result_json, '$.fetchedTwice'))) FILTER (WHERE ${HAS_RESUMED}) AS resumed,
      json_group_array(job) FILTER (WHERE ${IS_BY_HAND}) AS by_hand
    FROM op_rows WHERE ${where} AND finished_at IS NOT NULL`
  )
  const hours = new Map<number, OpHour>()
  const ofHour = (hour: number): OpHour => {
    const known = hours.get(hour) ?? new OpHour()
    hours.set(hour, known)
    return known
  }
  const [ends, attempts, replays] = ['hours', 'attempts', 'replays'].map((column) => numbersOf(row, column))
  ends?.forEach((hour, at) => {
    const of = ofHour(hour)
    of.performed += attempts?.[at] ?? 0
    of.replayed += replays?.[at] ?? 0
  })
  for (const [hour, saved, twice] of tuples(row, 'resumed')) {
    const of = ofHour(Number(hour))
    of.saved += Number(saved)
    of.twice += Number(twice)
  }
  return { hours, byHand: listOf(row, 'by_hand').map((job) => names.jobs.numberOf(job)) }
}

export interface LeasePart {
  readonly jobs: Int32Array
  readonly at: Float64Array
  /** milliseconds; NaN when not recorded */
  readonly waits: Float64Array
}

export function leasePart(r: Reader, rows: Rows, names: NameTables): LeasePart {
  const row = columns(
    r,
    rows,
    'event_id',
    'job',
    (where) => `
    SELECT json_group_array(job) AS jobs, json_group_array(at) AS at, json_group_array(detail_json) AS details
    FROM event_rows WHERE ${where} AND kind = 'lease'`
  )
  return {
    jobs: Int32Array.from(listOf(row, 'jobs'), (job) => names.jobs.numberOf(job)),
    at: numbersOf(row, 'at'),
    waits: Float64Array.from(listOf(row, 'details'), leaseWaitOf)
  }
}

/** The attempts of one work within an hour whose job has no row. */
export interface LooseAttempts {
  readonly hour: number
  /** the job, or the work where no job is named */
  readonly asked: number
  readonly namesJob: boolean
  readonly firstAt: number
  readonly doneAt: number | null
  readonly bytes: number
  readonly largest: number
  /** something was fetched, or was found to fetch */
  readonly hadCopy: boolean
  readonly sources: ReadonlySet<number>
}
export interface AttemptPart {
  /** of recorded jobs, without sources that were skipped; equal pairs of one job once for each hour */
  readonly jobs: Int32Array
  readonly sources: Int32Array
  readonly hours: Int32Array
  readonly bytes: ReadonlyMap<number, number>
  readonly loose: readonly LooseAttempts[]
}

export function attemptPart(r: Reader, rows: Rows, names: NameTables): AttemptPart {
  const row = columns(
    r,
    rows,
    'attempt_id',
    'job',
    (where) => `
    SELECT json_group_array(job) AS jobs, json_group_array(source) AS sources,
      json_group_array(CAST(at / ${String(HOUR)} AS INTEGER)) AS hours, json_group_array(bytes) AS bytes
    FROM attempt_rows WHERE ${where} AND outcome <> 'skipped'`
  )
  const [hours, fetched] = [numbersOf(row, 'hours'), numbersOf(row, 'bytes')]
  const [jobs, sources] = [listOf(row, 'jobs'), listOf(row, 'sources')]
  const bytes = new Map<number, number>()
  const asked = { jobs: new Array<number>(), sources: new Array<number>(), hours: new Array<number>() }
  let before: number | null = null
  hours.forEach((hour, at) => {
    const more = fetched[at] ?? 0
    if (more > 0) bytes.set(hour, (bytes.get(hour) ?? 0) + more)
    const job = jobs[at]
    // The look-up, the head and the file of one source follow each other.
    const isSame =
      before !== null && jobs[before] === job && sources[before] === sources[at] && hours[before] === hour
    before = at
    if (isSame || typeof job !== 'number') return
    asked.jobs.push(job)
    asked.sources.push(names.sources.numberOf(sources[at]))
    asked.hours.push(hour)
  })
  return {
    jobs: Int32Array.from(asked.jobs),
    sources: Int32Array.from(asked.sources),
    hours: Int32Array.from(asked.hours),
    bytes,
    loose: looseAttempts(r, rows, names)
  }
}

/** Attempts that name no recorded job by number. There are none unless papers were fetched without being recorded. */
function looseAttempts(r: Reader, rows: Rows, names: NameTables): readonly LooseAttempts[] {
  const any = r.get(
    `SELECT EXISTS (SELECT 1 FROM attempt_rows WHERE job >= '') OR EXISTS (SELECT 1 FROM attempt_rows WHERE job IS NULL)
       AS n`
  )
  if (any?.['n'] !== 1) return []
  const found = new Map<string, LooseAttempts>()
  const { sql, parameters } = condition(rows, 'attempt_id', 'job')
  r.each(
    `SELECT job, work_id, source, at, elapsed_ms, outcome, bytes FROM attempt_rows
     WHERE ${sql} AND (job IS NULL OR job >= '') ORDER BY attempt_id`,
    parameters,
    (row) => {
      const asked = names.jobs.numberOf(row['job'] ?? row['work_id'])
      const hour = Math.trunc(numberOf(row, 'at') / HOUR)
      const key = `${String(asked)} ${String(hour)}`
      found.set(key, withAttempt(found.get(key), { row, hour, asked, names }))
    }
  )
  return [...found.values()]
}

function withAttempt(
  before: LooseAttempts | undefined,
  { row, hour, asked, names }: { row: SqlRow; hour: number; asked: number; names: NameTables }
): LooseAttempts {
  const at = numberOf(row, 'at')
  const bytes = Number(row['bytes'] ?? 0)
  const outcome = textOf(row, 'outcome')
  const sources = new Set(before?.sources)
  if (outcome !== 'skipped') sources.add(names.sources.numberOf(row['source']))
  return {
    hour,
    asked,
    namesJob: row['job'] !== null,
    firstAt: before?.firstAt ?? at - numberOf(row, 'elapsed_ms') / 1000,
    doneAt: outcome === 'success' && bytes > 0 ? at : (before?.doneAt ?? null),
    bytes: (before?.bytes ?? 0) + bytes,
    largest: Math.max(before?.largest ?? 0, bytes),
    hadCopy: before?.hadCopy === true || (outcome !== 'no_pdf' && outcome !== 'skipped'),
    sources
  }
}

export interface FiledPart {
  readonly files: readonly { readonly hour: number; readonly source: string | null; readonly files: number }[]
}

export function filedPart(r: Reader, rows: Rows): FiledPart {
  const { sql, parameters } = condition(rows, 'rowid', 'work_id')
  const listed =
    'of' in rows ? `json_each(CAST(? AS TEXT)) JOIN artifacts ON ${ofWork('json_each.value')}` : null
  const found = r.all(
    `SELECT CAST(finalized_at / ${String(HOUR)} AS INTEGER) AS hour, source, count(*) AS n
     FROM ${listed ?? `artifacts WHERE ${sql}`} GROUP BY 1, 2`,
    parameters
  )
  return {
    files: found.map((row) => ({
      hour: numberOf(row, 'hour'),
      source: typeof row['source'] === 'string' ? row['source'] : null,
      files: numberOf(row, 'n')
    }))
  }
}

export interface EndedJobs {
  readonly hour: number
  readonly isDuplicate: boolean
  readonly reason: string
  /** false: the job is on hold (paused, ignored or removed) */
  readonly isOpen: boolean
  readonly jobs: number
}
export interface JobPart {
  readonly done: Int32Array
  readonly doneAt: Float64Array
  readonly ended: readonly EndedJobs[]
  /** jobs that other rows may name by text, each with its number (with that of the text, if it has none) */
  readonly named: ReadonlyMap<number, number>
}

/** The pluses keep SQLite from reading all jobs by their state for each part. */
export function jobPart(r: Reader, rows: Rows, names: NameTables): JobPart {
  const row = columns(
    r,
    rows,
    'rowid',
    'work_id',
    (where) => `
    SELECT json_group_array(coalesce(job_no, job_id)) FILTER (WHERE state = 'DEDUPED') AS done,
      json_group_array(updated_at) FILTER (WHERE state = 'DEDUPED') AS done_at,
      json_group_array(json_array(CAST(updated_at / ${String(HOUR)} AS INTEGER), state = 'SKIPPED_DUPLICATE',
        coalesce(reason, 'INTERNAL'), hold IS NULL)) FILTER (WHERE state <> 'DEDUPED') AS ended
    FROM artifact_jobs WHERE ${where} AND (+state IN (${DONE})
      OR (+state = 'FAILED' AND next_attempt_at IS NULL))`
  )
  const ended = new Map<string, EndedJobs>()
  for (const facts of tuples(row, 'ended')) {
    const [hour, isDuplicate, reason, isOpen] = facts
    const key = JSON.stringify(facts)
    ended.set(key, {
      hour: Number(hour),
      isDuplicate: isDuplicate === 1,
      reason: String(reason),
      isOpen: isOpen === 1,
      jobs: (ended.get(key)?.jobs ?? 0) + 1
    })
  }
  return {
    done: Int32Array.from(listOf(row, 'done'), (job) => names.jobs.numberOf(job)),
    doneAt: numbersOf(row, 'done_at'),
    ended: [...ended.values()],
    named: namedJobs(r, rows, names)
  }
}

const NAMED_IN = ['attempt_rows', 'event_rows', 'op_rows']

/** Jobs of these rows that a row from before they were recorded names by text. */
function namedJobs(r: Reader, rows: Rows, names: NameTables): Map<number, number> {
  const isAny = NAMED_IN.map((table) => `EXISTS (SELECT 1 FROM ${table} WHERE job >= '')`).join(' OR ')
  const named = new Map<number, number>()
  if (r.get(`SELECT ${isAny} AS n`)?.['n'] !== 1) return named
  const { sql, parameters } = condition(rows, 'j.rowid', 'j.work_id')
  const isNamed = NAMED_IN.map((table) => `EXISTS (SELECT 1 FROM ${table} WHERE job = j.job_id)`).join(' OR ')
  r.each(
    `SELECT j.job_id, j.job_no FROM artifact_jobs j WHERE ${sql} AND (${isNamed})`,
    parameters,
    (row) => {
      const text = names.jobs.numberOf(row['job_id'])
      named.set(text, row['job_no'] === null ? text : names.jobs.numberOf(row['job_no']))
    }
  )
  return named
}

/** Numbers and ids of the jobs of some works: other rows name a job by either. */
export function jobsOfWorks(r: Reader, works: readonly string[]): readonly (number | string)[] {
  const names: (number | string)[] = []
  const { sql, parameters } = condition({ of: works }, 'rowid', 'work_id')
  r.each(`SELECT job_id, job_no FROM artifact_jobs WHERE ${sql}`, parameters, (row) => {
    names.push(textOf(row, 'job_id'))
    if (row['job_no'] !== null) names.push(numberOf(row, 'job_no'))
  })
  return names
}

/** Jobs whose lease was recovered since then; of these jobs only. They are few. */
export function recoveredJobs(
  r: Reader,
  since: number,
  { of, names }: { readonly of: readonly (number | string)[] | null; readonly names: NameTables }
): number[] {
  const { sql, parameters } = of === null ? { sql: '1', parameters: [] } : condition({ of }, '', 'job')
  // The plus keeps SQLite from scanning all events by job for DISTINCT.
  return r
    .all(`SELECT DISTINCT +job AS job FROM event_rows WHERE kind = 'recovered' AND at >= ? AND ${sql}`, [
      since,
      ...parameters
    ])
    .map((row) => names.jobs.numberOf(row['job']))
}

/** How a job ended that was recovered: badly is what only a fault of Sheaf explains; null: it has not ended. */
export function endOfRecovered(r: Reader, job: number, names: NameTables): 'well' | 'badly' | null {
  const row = r.get(
    `SELECT state IN (${DONE}) AS done, state = 'FAILED' AND next_attempt_at IS NULL AS failed,
       coalesce(reason, '') IN (${sqlList(OWN_FAULTS)}) AS ours
     FROM artifact_jobs WHERE ${job < 0 ? 'job_id' : 'job_no'} = ?`,
    [job < 0 ? names.jobs.textOf(job) : job]
  )
  if (row?.['done'] === 1) return 'well'
  if (row?.['failed'] !== 1) return null
  return row['ours'] === 1 ? 'badly' : 'well'
}

/** The name of a source. */
export function sourceName(r: Reader, source: number, names: NameTables): string {
  if (source < 0) return names.sources.textOf(source) ?? ''
  const row = r.get('SELECT word FROM words WHERE word_no = ?', [source])
  return row === null ? String(source) : textOf(row, 'word')
}

export function lastRow(r: Reader, table: CountedTable): number {
  return askNumber(r, `SELECT max(rowid) AS n FROM ${COUNTED_TABLES[table]}`)
}

interface Condition {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

function condition(rows: Rows, rowNumber: string, name: string): Condition {
  return 'of' in rows
    ? {
        sql: `${name} IN (SELECT value FROM json_each(CAST(? AS TEXT)))`,
        parameters: [JSON.stringify(rows.of)]
      }
    : { sql: `${rowNumber} > ? AND ${rowNumber} <= ?`, parameters: [rows.after, rows.upTo] }
}

function columns(
  r: Reader,
  rows: Rows,
  rowNumber: string,
  name: string,
  statement: (where: string) => string
): SqlRow {
  const { sql, parameters } = condition(rows, rowNumber, name)
  return r.get(statement(sql), parameters) ?? {}
}

/** What is no number is 0. */
function numbersOf(row: SqlRow, column: string): Float64Array {
  const values = listOf(row, column)
  const numbers = new Float64Array(values.length)
  values.forEach((value, at) => {
    if (typeof value === 'number') numbers[at] = value
  })
  return numbers
}

function tuples(row: SqlRow, column: string): unknown[][] {
  return listOf(row, column).filter((value) => Array.isArray(value))
}
