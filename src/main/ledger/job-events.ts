/**
 * Rows of the view `job_events` of the table `event_rows`: events of a job besides its ops. State changes that
 * follow an event of the same lease are in its row. With its ops and attempts they form its history, complete enough
 * to explain what happened and why (docs/design.md §3).
 */
import { DONE_STATES } from '../../contract/states'
import { isObject } from '../../contract/unknown-values'
import type { State } from '../../contract/words'
import type { Reader, SqlRow, Writer } from './ledger'
import { isOfJob, isPlainWord, jobOf, numberWords, opOf, shortKey, wholeKey, wordOr } from './history-names'
import type { OpAttempt } from './ops'
import { askNumber, sqlList } from './row-values'

export const EVENT_KINDS = [
  'planned',
  'lease',
  'renewed',
  'state',
  'recovered',
  'released',
  'retry',
  'held',
  'freed',
  'cancelled',
  'ignored',
  'unignored',
  'requeued',
  'adopted',
  'op',
  'same_work',
  'named',
  'removed',
  'restored'
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export interface NewEvent {
  readonly jobId: string
  readonly at: number
  readonly kind: EventKind
  readonly from?: State
  readonly to?: State
  readonly epoch?: number
  /** the op and attempt that the event is about, or that caused it */
  readonly op?: OpAttempt
  readonly detail?: Readonly<Record<string, unknown>>
}

export function insertEvent(w: Writer, event: NewEvent): void {
  numberWords(w, [event.from, event.to])
  if (addMove(w, event)) return
  const detail = shortDetail(event)
  if (detail !== null) numberWords(w, [detail.word])
  const numbers = detail?.numbers ?? []
  const inDetail = numbers.map((_, n) => `, ?${String(n + 10)}`).join('')
  // Seven event ids are left free, for state changes that are added to this row later.
  w.run(
    `INSERT INTO event_rows (event_id, job, at, kind, from_state, to_state, lease_epoch, detail_json, op, op_attempt, moves)
     VALUES ((SELECT coalesce(max(event_id), 0) + ${String(MOST_MOVES + 1)} FROM event_rows), ${jobOf('?1')}, ?2, ?3,
       ${wordOr('?4')}, ${wordOr('?5')}, ?6, ${detail === null ? '?7' : `json_array(${wordOr('?7')}${inDetail})`},
       ?8, ?9, '')`,
    [
      event.jobId,
      event.at,
      event.kind,
      event.from ?? null,
      event.to ?? null,
      event.epoch ?? null,
      detail?.word ?? (event.detail === undefined ? null : JSON.stringify(event.detail)),
      event.op === undefined ? null : opOf(event.op.opKey),
      event.op?.opAttempt ?? null,
      ...numbers
    ]
  )
}

/** State changes that one row has besides its own event. */
const MOST_MOVES = 7

/**
 * A state change that says no more than its op is added to the last row of its job, if that has the same lease:
 * milliseconds since the row's own event, from, to, and the op, with its attempt where it is not the first.
 * False when the event must be a row of its own.
 */
function addMove(w: Writer, { jobId, at, kind, from, to, epoch, op, detail }: NewEvent): boolean {
  const ms = Math.round(at * 1000)
  if (kind !== 'state' || from === undefined || to === undefined || epoch === undefined) return false
  if (detail !== undefined || ms / 1000 !== at || (op !== undefined && !hasHexKey(op))) return false
  const byOp = op === undefined ? [] : [shortKey(op.opKey), ...(op.opAttempt === 1 ? [] : [op.opAttempt])]
  const parameters = byOp.map((_, n) => `, ?${String(n + 6)}`).join('')
  const added = w.run(
    `UPDATE event_rows SET moves = moves || CASE moves WHEN '' THEN '' ELSE ',' END ||
       json_array(CAST(?2 AS INTEGER) - CAST(round(at * 1000) AS INTEGER), ${wordOr('?3')}, ${wordOr('?4')}${parameters})
     WHERE event_id = (SELECT max(last.event_id) FROM event_rows last WHERE last.job = ${jobOf('?1')})
       AND lease_epoch IS ?5 AND round(at * 1000) / 1000.0 = at
       AND length(moves) - length(replace(moves, '[', '')) < ${String(MOST_MOVES)}`,
    [jobId, ms, from, to, epoch, ...byOp]
  )
  return added === 1
}

function hasHexKey({ opKey, opAttempt }: OpAttempt): boolean {
  return /^[0-9a-f]{12}/.test(opKey) && isShortNumber(opAttempt)
}

interface ShortDetail {
  /** of the few that recur: the process, or the file that a plan came from */
  readonly word: string
  readonly numbers: readonly number[]
}

/** What is stored of a detail that the view puts together again; null: the detail as it is. */
function shortDetail({ kind, detail = {} }: NewEvent): ShortDetail | null {
  const names = DETAIL_NAMES[kind]
  if (names === undefined || Object.keys(detail).join() !== names) return null
  const [word, ...numbers] = Object.values(detail)
  return typeof word === 'string' && isPlainWord(word) && numbers.every(isShortNumber)
    ? { word, numbers }
    : null
}

/** As SQL, on rows of `event_rows`: milliseconds a worker waited for its lease. */
export const LEASE_WAIT_MS = `json_extract(detail_json, CASE substr(detail_json, 1, 1) WHEN '[' THEN '$[2]' ELSE '$.wait_ms' END)`

/** The same of the detail as it is stored; NaN where there is none. */
export function leaseWaitOf(detail: unknown): number {
  const parsed: unknown = typeof detail === 'string' ? JSON.parse(detail) : null
  const wait: unknown = Array.isArray(parsed) ? parsed[2] : isObject(parsed) ? parsed['wait_ms'] : null
  return typeof wait === 'number' ? wait : Number.NaN
}

const DETAIL_NAMES: Readonly<Partial<Record<EventKind, string>>> = {
  lease: 'owner,attempt,wait_ms',
  planned: 'name,line'
}

/** A number that every writer of JSON prints in the same way. */
function isShortNumber(value: unknown): value is number {
  return typeof value === 'number' && /^\d{1,9}(\.\d{1,3})?$/.test(String(value))
}

/** Deletes the events of an unrecorded job that ended or starts over. */
export function deleteEvents(w: Writer, jobId: string): void {
  w.run(`DELETE FROM event_rows WHERE ${isOfJob('?1')}`, [jobId])
}

export function eventsOfJob(r: Reader, jobId: string): SqlRow[] {
  return r.all(
    `SELECT event_id, job_id, at, kind, from_state, to_state, lease_epoch, detail_json,
       ${wholeKey('job_events')} AS op_key, op_attempt
     FROM job_events WHERE ${isOfJob('?1')} ORDER BY event_id`,
    [jobId]
  )
}

/**
 * How often the process died while parsing text for this job, since it last ended or the user requeued it.
 */
export function deathsWhileReading(r: Reader, jobId: string): number {
  return askNumber(
    r,
    `SELECT count(*) AS n FROM job_events WHERE ${isOfJob('?1')} AND kind = 'recovered'
       AND json_extract(detail_json, '$.was_reading') = 1
       AND event_id > coalesce((SELECT max(event_id) FROM job_events
         WHERE ${isOfJob('?1')} AND (kind IN ('retry', 'requeued', 'freed')
           OR kind = 'state' AND to_state IN ('FAILED', ${sqlList(DONE_STATES)}))), 0)`,
    [jobId]
  )
}
