/**
 * Telemetry events from the ledger: nine kinds, and every attempt. They contain no contact address, key,
 * title, path or lease owner; web addresses are hashed unless requested otherwise.
 */
import { redactUrl } from '../../../contract/redact'
import { DONE_STATES } from '../../../contract/states'
import type { State } from '../../../contract/words'
import type { Reader, SqlRow } from '../../ledger/ledger'
import {
  attemptRowsSince,
  eventRowsSince,
  opRowsSince,
  reconcileRowsSince
} from '../../ledger/telemetry-queries'
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

/** In chronological order. */
export function telemetryEvents(reader: Reader, ask: TelemetryAsk): readonly TelemetryEvent[] {
  const events: TelemetryEvent[] = []
  const add = (event: TelemetryEventName, at: unknown, fields: Fields): void => {
    if (typeof at === 'number' && at >= ask.since) events.push(eventOf(event, at, fields))
  }
  eventRowsSince(reader, ask.since, (row) => {
    for (const one of jobEvents(row)) add(one.event, one.at, one.fields)
  })
  opRowsSince(reader, ask.since, (row) => {
    for (const one of opEvents(row)) add(one.event, one.at, one.fields)
  })
  attemptRowsSince(reader, ask.since, (row) => {
    add('attempt', row['at'], { ...pick(row, ATTEMPT_FIELDS), ...address(row['url'], ask.withUrls) })
  })
  reconcileRowsSince(reader, ask.since, (row) => {
    const counts = Object.fromEntries(FINDINGS.map((name) => [name, countOf(row[name])]))
    if (FINDINGS.some((name) => counts[name] !== 0)) add('crash_recovery_event', row['at'], counts)
  })
  return events.sort((a, b) => a.at - b.at)
}

type Fields = Readonly<Record<string, string | number | null>>
interface Said {
  readonly event: TelemetryEventName
  readonly at: unknown
  readonly fields: Fields
}

const JOB_FIELDS = ['job_id', 'work_id', 'run_id', 'lease_epoch', 'from_state', 'to_state'] as const
const OP_FIELDS = ['job_id', 'work_id', 'run_id', 'lease_epoch', 'op_key', 'op_type', 'attempt'] as const
const ATTEMPT_FIELDS = [
  ...(['job_id', 'work_id', 'run_id', 'source', 'tier', 'outcome', 'reason', 'status'] as const),
  ...(['elapsed_ms', 'bytes'] as const)
]
const FINDINGS = ['stale_leases', 'abandoned_ops', 'relinked', 'requeued'] as const

function jobEvents(row: SqlRow): Said[] {
  const { kind, at } = row
  const fields = pick(row, JOB_FIELDS)
  switch (kind) {
    case 'planned':
    case 'adopted':
      return [{ event: 'job_planned', at, fields }]
    case 'lease':
      return [{ event: 'job_leased', at, fields: { ...fields, ...pick(row, ['wait_ms']) } }]
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

function opEvents(row: SqlRow): Said[] {
  const fields = pick(row, OP_FIELDS)
  const began = row['started_at']
  const ended = row['finished_at']
  const said: Said[] = [{ event: 'operation_started', at: began, fields }]
  if (ended === null || ended === undefined) return said
  const elapsed =
    typeof began === 'number' && typeof ended === 'number' ? Math.round((ended - began) * 1000) : null
  const outcome = { ...pick(row, ['result_code', 'recovery']), elapsed_ms: elapsed }
  said.push({ event: 'operation_completed', at: ended, fields: { ...fields, ...outcome } })
  const { replays } = row
  if (typeof replays === 'number' && replays > 0)
    said.push({ event: 'idempotency_replay', at: ended, fields: { ...fields, replays } })
  return said
}

function eventOf(event: TelemetryEventName, at: number, fields: Fields): TelemetryEvent {
  const known = Object.entries(fields).filter(([, value]) => value !== null)
  return {
    event,
    at,
    time: new Date(at * 1000).toISOString(),
    ...Object.fromEntries(known.map(([name, value]) => [name, name === 'work_id' ? workName(value) : value]))
  }
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
  return Object.fromEntries(
    names.map((name) => {
      const value = row[name]
      return [name, typeof value === 'string' || typeof value === 'number' ? value : null]
    })
  )
}

/** A finding is a count, or a list of what was found. */
function countOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return 0
  const read = jsonOrNull(value)
  return Array.isArray(read) ? read.length : 0
}
