/**
 * Assigns rows of schema 10 and before, which name no op, to the one attempt of an op that they fit by the
 * job's own times. A row that fits none or several stays as it is. Done when a history is read: as a
 * migration it took 6 s for 3,000 papers, too long for a start. Pure; a row that names its op is not changed.
 */
import type { OpKind, State } from '../../contract/words'
import type { SqlRow } from '../ledger/ledger'
import { isObject, jsonOrNull } from '../../contract/unknown-values'

/** Maximum distance, in seconds, of rows written by the same or the next transaction. */
const ONE_STEP = 0.5
/** The download's states were entered at most this many seconds before it began. */
const WAY_IN = 2

interface Span {
  readonly op: Readonly<Record<'op_key' | 'op_attempt', SqlRow[string]>>
  readonly kind: unknown
  readonly from: number
  readonly until: number | null
  readonly code: unknown
  readonly epoch: unknown
  readonly url: unknown
  readonly plan: string
}

export interface HistoryRows {
  readonly ops: readonly SqlRow[]
  readonly attempts: readonly SqlRow[]
  readonly events: readonly SqlRow[]
}

export function withKeys({ ops, attempts, events }: HistoryRows): HistoryRows {
  const isOld = (row: SqlRow): boolean => row['op_key'] === null
  const areOld = attempts.some(isOld) || events.some((row) => row['kind'] === 'op' && isOld(row))
  if (!areOld) return { ops, attempts, events }
  const byKey = new Map(ops.map((row) => [row['op_key'], row]))
  const named = events.map((row) => (row['kind'] === 'op' && isOld(row) ? formerNamed(row) : row))
  const spans = [
    ...ops.map(latestSpan),
    ...named.filter((row) => row['kind'] === 'op').flatMap((row) => formerSpan(row, byKey) ?? [])
  ]
  const given = (row: SqlRow, fits: (span: Span) => boolean): SqlRow => {
    const found = isOld(row) ? spans.filter(fits) : []
    return found.length === 1 ? { ...row, ...found[0]?.op } : row
  }
  return {
    ops,
    attempts: attempts.map((row) => given(row, (span) => made(span, row))),
    events: named.map((row) => (row['kind'] === 'state' ? given(row, (span) => ledTo(span, row)) : row))
  }
}

/**
 * Was the row written by this op? RESOLVE queries its sources while in flight; other requests are recorded
 * right after their op.
 */
function made(span: Span, row: SqlRow): boolean {
  const at = Number(row['at'])
  const until = span.until ?? Number.MAX_VALUE
  if (at < span.from || at > until + ONE_STEP) return false
  if (span.kind === 'RESOLVE') return at <= until && span.plan.startsWith(`${String(row['tier'])}:`)
  if ((span.kind !== 'HEAD' && span.kind !== 'STREAM') || span.url !== row['url']) return false
  if (row['outcome'] !== 'success') return span.code === row['reason']
  return (
    (span.code === 'OK' || span.code === 'ABANDONED') && (span.kind === 'STREAM') === (row['bytes'] !== null)
  )
}

const ENTERED_BY: Readonly<Partial<Record<State, OpKind>>> = {
  HEAD_DONE: 'HEAD',
  RESUME_OK: 'STREAM',
  STREAMING: 'STREAM',
  FINALIZED: 'FINALIZE',
  INDEXED: 'INDEX',
  DEDUPED: 'DEDUPE',
  SKIPPED_DUPLICATE: 'DEDUPE'
}

/**
 * Did this op lead to the state? A state is entered when its op has succeeded, the download's own states just
 * before it begins.
 */
function ledTo(span: Span, row: SqlRow): boolean {
  const by = Object.entries(ENTERED_BY).find(([state]) => state === row['to_state'])?.[1]
  if (span.kind !== by || span.epoch !== row['lease_epoch']) return false
  const at = Number(row['at'])
  if (by === 'STREAM') return at <= span.from && span.from - at <= WAY_IN
  return span.until !== null && Math.abs(span.until - at) <= ONE_STEP
}

function latestSpan(row: SqlRow): Span {
  return {
    op: { op_key: row['op_key'] ?? null, op_attempt: row['attempt'] ?? null },
    kind: row['op_type'],
    from: Number(row['started_at']),
    until: typeof row['finished_at'] === 'number' ? row['finished_at'] : null,
    code: row['result_code'],
    epoch: row['lease_epoch'],
    ...askedOf(row)
  }
}

function formerSpan(event: SqlRow, byKey: ReadonlyMap<unknown, SqlRow>): Span | null {
  const op = byKey.get(event['op_key'])
  if (op === undefined) return null
  const detail = parsed(event['detail_json'])
  return {
    op: { op_key: event['op_key'] ?? null, op_attempt: event['op_attempt'] ?? null },
    kind: op['op_type'],
    from: Number(detail['started_at']),
    until: typeof detail['finished_at'] === 'number' ? detail['finished_at'] : null,
    code: detail['result_code'],
    epoch: event['lease_epoch'],
    ...askedOf(op)
  }
}

/** The event's detail says which op it belongs to. */
function formerNamed(event: SqlRow): SqlRow {
  const { op_key: key, attempt } = parsed(event['detail_json'])
  return typeof key === 'string' && typeof attempt === 'number'
    ? { ...event, op_key: key, op_attempt: attempt }
    : event
}

function askedOf(op: SqlRow): Pick<Span, 'url' | 'plan'> {
  const { url, plan } = parsed(op['context_json'])
  return { url, plan: typeof plan === 'string' ? plan : '' }
}

/** Tolerates any content of the column. */
function parsed(column: unknown): Readonly<Record<string, unknown>> {
  const value = typeof column === 'string' ? jsonOrNull(column) : null
  return isObject(value) ? value : {}
}
