/**
 * The columns of the queue in memory: one slot per job, one array per column, words stored once. Many rows
 * are read with a single SQLite result, since reading each value separately would dominate the time.
 */
import { jobGroupOf } from '../../contract/job-group'
import type { JobSort } from '../../contract/views'
import { STATES, type State } from '../../contract/words'
import type { Reader, SqlRow } from './ledger'
import type { Comparing } from './queue-order'
import { GROUP_NAMES, SOURCE, type GroupName } from './queue-queries'
import { fail } from '../../contract/errors'
import { isOneOf } from '../../contract/tables'
import { listOf } from './row-values'

type Row = readonly [
  rowid: number,
  jobId: string,
  state: State,
  hold: string | null,
  leased: 0 | 1,
  reason: string | null,
  nextAt: number | null,
  createdAt: number,
  updatedAt: number,
  host: string | null,
  runId: string | null,
  source: string | null,
  workRow: number | null,
  year: number | null,
  title: string | null,
  rest: string
]

const ROWS = `SELECT json_group_array(json_array(j.rowid, j.job_id, j.state, j.hold, j.lease_owner IS NOT NULL,
    j.reason, j.next_attempt_at, j.created_at, j.updated_at, j.host, j.run_id, ${SOURCE}, w.rowid, w.year, w.title,
    coalesce(w.authors_json, '') || char(10) || coalesce(w.venue, '') || char(10) || coalesce(w.ids_json, '')
      || char(10) || j.canonical_url)) AS rows
  FROM artifact_jobs j LEFT JOIN works w USING (work_id)`

export interface ReadRows {
  readonly rows: readonly Row[]
  /** slots of jobs that existed before */
  readonly known: readonly number[]
  /** row numbers that no longer exist */
  readonly gone: readonly number[]
  readonly last: number
}

export class QueueRows {
  size = 0
  capacity = 1_024
  readonly words = new Words()
  readonly jobId: string[] = []
  /** title, then the other searchable text, in lower case */
  readonly text: string[] = []
  readonly #hasTitle: boolean[] = []
  rowid = new Float64Array(this.capacity)
  alive = new Uint8Array(this.capacity)
  group = new Uint8Array(this.capacity)
  held = new Uint8Array(this.capacity)
  nextAt = new Float64Array(this.capacity)
  createdAt = new Float64Array(this.capacity)
  updatedAt = new Float64Array(this.capacity)
  reason = new Int32Array(this.capacity)
  host = new Int32Array(this.capacity)
  run = new Int32Array(this.capacity)
  source = new Int32Array(this.capacity)
  year = new Int32Array(this.capacity)
  /** the row number of the job's work; 0: none */
  work = new Float64Array(this.capacity)
  readonly #slots = new Map<number, number>()
  readonly #works = new Map<number, number | number[]>()
  readonly #fresh = new Set<number>()

  /** The next rows after row number `after`. */
  readAfter(r: Reader, after: number, limit: number): ReadRows {
    const row = r.get(
      `${ROWS} WHERE j.rowid IN (SELECT rowid FROM artifact_jobs WHERE rowid > ? ORDER BY rowid LIMIT ?)`,
      [after, limit]
    )
    const rows = parsed(row)
    const last = rows.reduce((most, [rowid]) => Math.max(most, rowid), after)
    return { rows, known: [], gone: [], last }
  }

  read(r: Reader, rowids: readonly number[]): ReadRows {
    const rows = parsed(
      r.get(`${ROWS} WHERE j.rowid IN (SELECT value FROM json_each(?))`, [JSON.stringify(rowids)])
    )
    const there = new Set(rows.map(([rowid]) => rowid))
    return {
      rows,
      known: rowids.flatMap((rowid) => this.#slots.get(rowid) ?? []),
      gone: rowids.filter((rowid) => !there.has(rowid)),
      last: 0
    }
  }

  /** Adds the rows; returns the slots of all that changed. */
  take(read: ReadRows): number[] {
    const slots = read.rows.map((row) => this.#put(row))
    for (const rowid of read.gone) {
      const slot = this.#slots.get(rowid)
      if (slot === undefined) continue
      this.alive[slot] = 0
      slots.push(slot)
    }
    return slots
  }

  isNew(slot: number): boolean {
    return this.#fresh.has(slot)
  }

  forgetNew(): void {
    this.#fresh.clear()
  }

  slotsOfWork(workRow: number): readonly number[] {
    const found = this.#works.get(workRow)
    if (found === undefined) return []
    return typeof found === 'number' ? [found] : found
  }

  groupNumber(name: GroupName): number {
    return GROUP_NAMES.indexOf(name)
  }

  groupName(group: number): GroupName {
    return GROUP_NAMES[group] ?? 'waiting'
  }

  /** The sort key of a row; null when unknown. */
  key(sort: JobSort, slot: number): number | string | null {
    switch (sort) {
      case 'added':
        return this.createdAt[slot] ?? 0
      case 'updated':
        return this.updatedAt[slot] ?? 0
      case 'state':
        return this.group[slot] ?? 0
      case 'year':
        return this.year[slot] === NO_YEAR ? null : (this.year[slot] ?? null)
      case 'title':
        return this.#hasTitle[slot] === true ? (this.text[slot] ?? '') : null
      case 'source':
        return this.words.word(this.source[slot] ?? 0)
      case 'host':
        return this.words.word(this.host[slot] ?? 0)
    }
  }

  /** By key, then by row number; unknown keys last. */
  comparing(sort: JobSort): Comparing {
    return (a, b) => {
      const one = this.key(sort, a)
      const other = this.key(sort, b)
      if (one === other) return (this.rowid[a] ?? 0) - (this.rowid[b] ?? 0)
      if (one === null) return 1
      if (other === null) return -1
      return one < other ? -1 : 1
    }
  }

  /** Number of leading entries of an order that have a key. */
  knownUpTo(sort: JobSort, order: Int32Array): number {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.key(sort, order[middle] ?? 0) === null) high = middle
      else low = middle + 1
    }
    return low
  }

  #put(row: Row): number {
    const [
      rowid,
      jobId,
      state,
      hold,
      leased,
      reason,
      nextAt,
      createdAt,
      updatedAt,
      host,
      runId,
      source,
      ...facts
    ] = row
    const [workRow, year, title, rest] = facts
    const slot = this.#slotOf(rowid, workRow)
    this.jobId[slot] = jobId
    this.text[slot] = `${title ?? ''}\n${rest}`.toLowerCase()
    this.#hasTitle[slot] = title !== null
    this.rowid[slot] = rowid
    this.alive[slot] = 1
    this.group[slot] = GROUP_NAMES.indexOf(
      jobGroupOf({ state, hold, leased: leased === 1, nextAttemptAt: nextAt })
    )
    this.held[slot] = hold === null ? 0 : 1
    this.nextAt[slot] = nextAt ?? 0
    this.createdAt[slot] = createdAt
    this.updatedAt[slot] = updatedAt
    this.reason[slot] = this.words.number(reason)
    this.host[slot] = this.words.number(host)
    this.run[slot] = this.words.number(runId)
    this.source[slot] = this.words.number(source)
    this.year[slot] = year ?? NO_YEAR
    this.work[slot] = workRow ?? 0
    return slot
  }

  #slotOf(rowid: number, workRow: number | null): number {
    const known = this.#slots.get(rowid)
    if (known !== undefined) {
      // A row number may be reused by a job of another work.
      if (workRow !== null && !this.slotsOfWork(workRow).includes(known)) this.#noteWork(workRow, known)
      return known
    }
    if (this.size === this.capacity) this.#grow()
    const slot = this.size
    this.size += 1
    this.#slots.set(rowid, slot)
    this.#fresh.add(slot)
    if (workRow !== null) this.#noteWork(workRow, slot)
    return slot
  }

  #noteWork(workRow: number, slot: number): void {
    const others = this.#works.get(workRow)
    if (others === undefined) this.#works.set(workRow, slot)
    else this.#works.set(workRow, typeof others === 'number' ? [others, slot] : [...others, slot])
  }

  #grow(): void {
    this.capacity *= 2
    const { capacity } = this
    const grown = <A extends Float64Array | Int32Array | Uint8Array>(larger: A, column: A): A => {
      larger.set(column)
      return larger
    }
    this.rowid = grown(new Float64Array(capacity), this.rowid)
    this.alive = grown(new Uint8Array(capacity), this.alive)
    this.group = grown(new Uint8Array(capacity), this.group)
    this.held = grown(new Uint8Array(capacity), this.held)
    this.nextAt = grown(new Float64Array(capacity), this.nextAt)
    this.createdAt = grown(new Float64Array(capacity), this.createdAt)
    this.updatedAt = grown(new Float64Array(capacity), this.updatedAt)
    this.reason = grown(new Int32Array(capacity), this.reason)
    this.host = grown(new Int32Array(capacity), this.host)
    this.run = grown(new Int32Array(capacity), this.run)
    this.source = grown(new Int32Array(capacity), this.source)
    this.year = grown(new Int32Array(capacity), this.year)
    this.work = grown(new Float64Array(capacity), this.work)
  }
}

const NO_YEAR = -0x80000000

/** The rows of one result. A row of another shape is a broken invariant, like a column of the wrong type. */
function parsed(row: SqlRow | null): readonly Row[] {
  if (row === null) return []
  const rows = listOf(row, 'rows')
  return rows.every(isRow)
    ? rows
    : fail('BROKEN_INVARIANT', 'A row of the queue has a value of the wrong kind.')
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number'
const isTextOrNull = (value: unknown): boolean => value === null || isText(value)
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value)

/**
 * One check per column of `Row`; hand-written for speed, since a large queue has 100,000 rows when it opens.
 */
const COLUMNS: readonly ((value: unknown) => boolean)[] = [
  isNumber,
  isText,
  (state) => isOneOf(STATES, state),
  isTextOrNull,
  (leased) => leased === 0 || leased === 1,
  isTextOrNull,
  isNumberOrNull,
  isNumber,
  isNumber,
  isTextOrNull,
  isTextOrNull,
  isTextOrNull,
  isNumberOrNull,
  isNumberOrNull,
  isTextOrNull,
  isText
]

function isRow(value: unknown): value is Row {
  return (
    Array.isArray(value) && value.length === COLUMNS.length && COLUMNS.every((fits, at) => fits(value[at]))
  )
}

/** Words shared by many rows, each with a number; 0: none. */
class Words {
  readonly #words: (string | null)[] = [null]
  readonly #numbers = new Map<string, number>()

  number(word: string | null): number {
    if (word === null) return 0
    const known = this.#numbers.get(word)
    if (known !== undefined) return known
    this.#numbers.set(word, this.#words.length)
    this.#words.push(word)
    return this.#words.length - 1
  }

  /** -1 when no row has it */
  find(word: string): number {
    return this.#numbers.get(word) ?? -1
  }

  word(number: number): string | null {
    return this.#words[number] ?? null
  }
}
