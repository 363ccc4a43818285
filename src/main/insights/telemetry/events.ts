/**
 * Telemetry events from the ledger: nine kinds, and every attempt. They contain no contact address, key,
 * title, path or lease owner; web addresses are hashed unless requested otherwise. In memory are 28 bytes of
 * each event, which are its time and where it is, and the events of one window.
 */
import { redactUrl } from '../../../contract/redact'
import { DONE_STATES } from '../../../contract/states'
import type { State } from '../../../contract/words'
import type { Reader, SqlRow } from '../../ledger/ledger'
import {
  attemptRows,
  attemptTimes,
  eventRows,
  eventTimes,
  opRows,
  opTimes,
  reconcileRows,
  reconcileTimes
} from '../../ledger/telemetry-queries'
import { GrowingNumbers } from './growing-numbers'
import { jsonOrNull } from '../../../contract/unknown-values'
import { sha256Hex } from '../../platform/sha256'

export const TELEMETRY_EVENTS = [
  'job_planned',
  'job_leased',
  'job_state_changed',
  'lease_renewed',
  'lease_released',
  'operation_started',
  'operation_completed',
  'crash_recovery_event',
  'idempotency_replay',
  'attempt'
] as const
export type TelemetryEventName = (typeof TELEMETRY_EVENTS)[number]

/** The fields of all events, in the order of the columns of a table. */
export const TELEMETRY_FIELDS = [
  ...['event', 'at', 'time', 'job_id', 'work_id', 'run_id', 'lease_epoch', 'from_state', 'to_state'],
  ...['wait_ms', 'op_key', 'op_type', 'attempt', 'result_code', 'recovery', 'replays', 'source', 'tier'],
  ...['outcome', 'reason', 'status', 'elapsed_ms', 'bytes', 'url_sha256', 'url', 'stale_leases'],
  ...['abandoned_ops', 'relinked', 'requeued']
] as const

export interface TelemetryEvent {
  readonly event: TelemetryEventName
  /** epoch seconds */
  readonly at: number
  readonly [field: string]: string | number | null
}

export interface TelemetryAsk {
  /** epoch seconds; 0: everything */
  readonly since: number
  /** unhashed addresses, without personal data */
  readonly withUrls: boolean
}

/** States that end a job, and its lease. */
const ENDS: readonly unknown[] = [...DONE_STATES, 'FAILED'] satisfies readonly State[]

export interface Timeline {
  readonly count: number
  /** in chronological order, to be read once */
  readonly events: Iterable<TelemetryEvent>
}

/** Where events come from; at the same instant in this order. */
const ORIGINS = [
  { times: eventTimes, rows: eventRows, said: jobEvents },
  { times: opTimes, rows: opRows, said: opEvents },
  { times: attemptTimes, rows: attemptRows, said: attemptEvents },
  { times: reconcileTimes, rows: reconcileRows, said: findingEvents }
] as const

const WINDOW_EVENTS = 10_000
/** More events than one row is. */
const MOST_OF_A_ROW = 4

/**
 * The rows are read twice: once for the times of all events, and then in their order, a window at a time. An
 * event that the ledger no longer has by then is left out.
 */
export function telemetryTimeline(
  read: <T>(ask: (reader: Reader) => T) => T,
  ask: TelemetryAsk,
  windowEvents = WINDOW_EVENTS
): Timeline {
  const times = new GrowingNumbers()
  const places = new GrowingNumbers()
  const rowNos = new GrowingNumbers()
  read((r) => {
    for (const [origin, { times: rowsSince, said }] of ORIGINS.entries())
      rowsSince(r, ask.since, (row) => {
        const first = firstPlace(row, origin)
        for (const [n, { at }] of said(row, ask).entries()) {
          if (typeof at !== 'number' || at < ask.since) continue
          times.push(at)
          places.push(first + n)
          rowNos.push(Number(row['row_no']))
        }
      })
  })
  const order = new Uint32Array(times.length).map((_, index) => index)
  order.sort((a, b) => times.at(a) - times.at(b) || a - b)
  return { count: order.length, events: inOrder() }

  function* inOrder(): Generator<TelemetryEvent> {
    for (let from = 0; from < order.length; from += windowEvents) {
      const wanted = Array.from(order.subarray(from, from + windowEvents), (index) => ({
        place: places.at(index),
        rowNo: rowNos.at(index)
      }))
      for (const event of read((r) => eventsAt(r, wanted, ask))) if (event !== null) yield event
    }
  }
}

interface Place {
  /** one number for the row, the origin, and which event of the row it is */
  readonly place: number
  readonly rowNo: number
}

const firstPlace = (row: SqlRow, origin: number): number =>
  (Number(row['id']) * ORIGINS.length + origin) * MOST_OF_A_ROW
const originOf = ({ place }: Place): number => Math.floor(place / MOST_OF_A_ROW) % ORIGINS.length

/** The event at each place; null when it is gone. */
function eventsAt(
  r: Reader,
  wanted: readonly Place[],
  ask: TelemetryAsk
): readonly (TelemetryEvent | null)[] {
  const found = wanted.map((): TelemetryEvent | null => null)
  const indexOf = new Map(wanted.map(({ place }, index) => [place, index]))
  for (const [origin, { rows, said }] of ORIGINS.entries()) {
    const rowNos = new Set(wanted.filter((one) => originOf(one) === origin).map(({ rowNo }) => rowNo))
    if (rowNos.size === 0) continue
    rows(r, [...rowNos], (row) => {
      const first = firstPlace(row, origin)
      for (const [n, { event, at, fields }] of said(row, ask).entries()) {
        const index = indexOf.get(first + n)
        if (index !== undefined && typeof at === 'number') found[index] = eventOf(event, at, fields())
      }
    })
  }
  return found
}

type Fields = Readonly<Record<string, string | number | null>>
interface Said {
  readonly event: TelemetryEventName
  readonly at: unknown
  readonly fields: () => Fields
}

const JOB_FIELDS = ['job_id', 'work_id', 'run_id', 'lease_epoch', 'from_state', 'to_state'] as const
const OP_FIELDS = ['job_id', 'work_id', 'run_id', 'lease_epoch', 'op_key', 'op_type', 'attempt'] as const
const ATTEMPT_FIELDS = [
  ...(['job_id', 'work_id', 'run_id', 'source', 'tier', 'outcome', 'reason', 'status'] as const),
  ...(['elapsed_ms', 'bytes'] as const)
]
const FINDINGS = ['stale_leases', 'abandoned_ops', 'relinked', 'requeued'] as const

function jobEvents(row: SqlRow): readonly Said[] {
  const { kind, at } = row
  const fields = (): Fields => pick(row, JOB_FIELDS)
  switch (kind) {
    case 'planned':
    case 'adopted':
      return [{ event: 'job_planned', at, fields }]
    case 'lease':
      return [{ event: 'job_leased', at, fields: () => ({ ...fields(), ...pick(row, ['wait_ms']) }) }]
    case 'renewed':
      return [{ event: 'lease_renewed', at, fields }]
    case 'released':
      return [{ event: 'lease_released', at, fields }]
    case 'recovered':
      return [{ event: 'crash_recovery_event', at, fields }]
    case 'op':
      return opEvents(row)
    default: {
      if (row['to_state'] === null) return []
      const changed: Said = { event: 'job_state_changed', at, fields }
      const ends = kind === 'state' && ENDS.includes(row['to_state'])
      return ends ? [changed, { event: 'lease_released', at, fields }] : [changed]
    }
  }
}

function opEvents(row: SqlRow): readonly Said[] {
  const fields = (): Fields => pick(row, OP_FIELDS)
  const began = row['started_at']
  const ended = row['finished_at']
  const said: Said[] = [{ event: 'operation_started', at: began, fields }]
  if (ended === null || ended === undefined) return said
  const elapsed =
    typeof began === 'number' && typeof ended === 'number' ? Math.round((ended - began) * 1000) : null
  const outcome = (): Fields => ({
    ...fields(),
    ...pick(row, ['result_code', 'recovery']),
    elapsed_ms: elapsed
  })
  said.push({ event: 'operation_completed', at: ended, fields: outcome })
  const { replays } = row
  if (typeof replays === 'number' && replays > 0)
    said.push({ event: 'idempotency_replay', at: ended, fields: () => ({ ...fields(), replays }) })
  return said
}

function attemptEvents(row: SqlRow, { withUrls }: TelemetryAsk): readonly Said[] {
  const fields = (): Fields => ({ ...pick(row, ATTEMPT_FIELDS), ...address(row['url'], withUrls) })
  return [{ event: 'attempt', at: row['at'], fields }]
}

function findingEvents(row: SqlRow): readonly Said[] {
  const counts = Object.fromEntries(FINDINGS.map((name) => [name, countOf(row[name])]))
  const hasFound = FINDINGS.some((name) => counts[name] !== 0)
  return hasFound ? [{ event: 'crash_recovery_event', at: row['at'], fields: () => counts }] : []
}

function eventOf(event: TelemetryEventName, at: number, fields: Fields): TelemetryEvent {
  const said: Record<string, string | number | null> = {}
  for (const name in fields) {
    const value = fields[name] ?? null
    if (value !== null) said[name] = name === 'work_id' ? workName(value) : value
  }
  return { event, at, time: new Date(at * 1000).toISOString(), ...said }
}

/** A work identified only by an address is named by the address's hash. */
function workName(value: string | number | null): string | number | null {
  return typeof value === 'string' && /^url:|:\/\//.test(value) ? `url:${sha256Hex(value)}` : value
}

function address(url: unknown, withUrls: boolean): Fields {
  if (typeof url !== 'string') return {}
  const plain = redactUrl(url)
  return { url_sha256: sha256Hex(plain), ...(withUrls ? { url: plain } : {}) }
}

function pick(row: SqlRow, names: readonly string[]): Fields {
  const picked: Record<string, string | number> = {}
  for (const name of names) {
    const value = row[name]
    if (typeof value === 'string' || typeof value === 'number') picked[name] = value
  }
  return picked
}

/** A finding is a count, or a list of what was found. */
function countOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return 0
  const read = jsonOrNull(value)
  return Array.isArray(read) ? read.length : 0
}
