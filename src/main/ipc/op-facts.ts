/**
 * A job's ops out of its history: every attempt of every op, the earlier ones too (the ledger's row
 * keeps the latest, an event each of the others), with the requests that name it and the changes of
 * state it led to. Pure; no sentence is made here.
 */
import { opFailure, opResult, type OpFailure, type OpResults } from '../../contract/op-results'
import { OP_KINDS, STATES, type OpKind, type State } from '../../contract/words'
import type { HistoryEntry } from '../sheaf-api'
import { numberIn, objectIn, textIn, wordIn, type Row } from './rows'

export interface OpFacts {
  readonly id: string
  readonly opKey: string
  readonly kind: OpKind
  /** what it was asked about: the address, the plan, the hash */
  readonly context: Row
  readonly attempt: number
  readonly startedAt: number
  readonly finishedAt: number | null
  /** OK, a code of `contract/errors.ts`, ABANDONED, INTERRUPTED; null: no outcome is recorded */
  readonly code: string | null
  /** what was recorded of its end; `resultOf` reads a success, `failure` the others */
  readonly stored: Row
  readonly failure: OpFailure
  readonly replays: number
  readonly epoch: number
  readonly recovery: string | null
  /** the latest attempt of its op: what the ledger's row itself says */
  readonly isLatest: boolean
  /** the next attempt of the same op, which knows what this one left on disk */
  readonly next: OpFacts | null
  /** the row of `attempts` that was written for a HEAD or a STREAM */
  readonly request: Row | null
  /** the rows of `attempts` that were written for a RESOLVE: the sources it asked */
  readonly asked: readonly Row[]
  readonly from: State | null
  readonly to: State | null
  readonly raw: Row
}

export interface Sorted {
  readonly ops: readonly OpFacts[]
  /** rows of `attempts` that are no request for a file: the sources that were asked */
  readonly asked: readonly Row[]
  /** events that say more than a change of state which an op led to */
  readonly events: readonly Row[]
}

export function sortHistory(history: readonly HistoryEntry[]): Sorted {
  const rows = (kind: HistoryEntry['kind']): readonly Row[] =>
    history.filter((entry) => entry.kind === kind).map((entry) => entry.row)
  const events = rows('event')
  const latest = new Map(rows('op').map((row) => [textIn(row, 'op_key') ?? '', row]))
  const drafts = [
    ...events.filter((row) => row['kind'] === 'op').flatMap((row) => formerAttempt(row, latest) ?? []),
    ...rows('op').flatMap((row) => latestAttempt(row) ?? [])
  ].sort((a, b) => a.startedAt - b.startedAt || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))

  const attempts = byOp(rows('attempt'))
  const moves = byOp(events.filter((row) => row['kind'] === 'state'))
  const requests = new Set<Row>()
  const folded = new Set<Row>()
  const withFacts = drafts.map((draft): OpFacts => {
    const own = attempts.get(draft.id) ?? []
    const isRequest = draft.kind !== 'RESOLVE'
    const request = isRequest ? (own[0] ?? null) : null
    if (request !== null) requests.add(request)
    // A replay under a later grant moves the job too; that is not this attempt's doing.
    const led = (moves.get(draft.id) ?? []).filter((row) => numberIn(row, 'lease_epoch') === draft.epoch)
    for (const row of led) folded.add(row)
    return { ...draft, request, asked: isRequest ? [] : own, ...endsOf(led), next: null }
  })
  const byId = new Map(withFacts.map((op) => [op.id, op]))
  return {
    ops: withFacts.map((op) => ({ ...op, next: byId.get(idOf(op.opKey, op.attempt + 1)) ?? null })),
    asked: rows('attempt').filter((row) => !requests.has(row)),
    events: events.filter((row) => row['kind'] !== 'op' && !folded.has(row))
  }
}

const ORDER = OP_KINDS as readonly OpKind[]

type Draft = Omit<OpFacts, 'request' | 'asked' | 'from' | 'to' | 'next'>

const idOf = (opKey: string, attempt: number): string => `${opKey}:${String(attempt)}`

/** Rows by the attempt of the op that they name, in their order. */
function byOp(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const key = textIn(row, 'op_key')
    if (key === null) continue
    const id = idOf(key, numberIn(row, 'op_attempt') ?? 1)
    const own = found.get(id)
    if (own === undefined) found.set(id, [row])
    else own.push(row)
  }
  return found
}

function latestAttempt(row: Row): Draft | null {
  const kind = wordIn(row, 'op_type', OP_KINDS)
  if (kind === null) return null
  const attempt = numberIn(row, 'attempt') ?? 1
  const opKey = textIn(row, 'op_key') ?? ''
  const stored = objectIn(row, 'result_json')
  return {
    id: idOf(opKey, attempt),
    opKey,
    kind,
    context: objectIn(row, 'context_json'),
    attempt,
    startedAt: numberIn(row, 'started_at') ?? 0,
    finishedAt: numberIn(row, 'finished_at'),
    code: textIn(row, 'result_code'),
    stored,
    failure: opFailure(stored),
    replays: numberIn(row, 'replays') ?? 0,
    epoch: numberIn(row, 'lease_epoch') ?? 0,
    recovery: textIn(row, 'recovery'),
    isLatest: true,
    raw: row
  }
}

/** The event names its op; what kind that is, and what it was asked about, the op's own row says. */
function formerAttempt(event: Row, latest: ReadonlyMap<string, Row>): Draft | null {
  const row = objectIn(event, 'detail_json')
  const opKey = textIn(event, 'op_key') ?? ''
  const own = latest.get(opKey) ?? {}
  const kind = wordIn(own, 'op_type', OP_KINDS)
  if (kind === null) return null
  const attempt = numberIn(event, 'op_attempt') ?? 1
  const stored = objectIn(row, 'result')
  return {
    id: idOf(opKey, attempt),
    opKey,
    kind,
    context: objectIn(own, 'context_json'),
    attempt,
    startedAt: numberIn(row, 'started_at') ?? numberIn(event, 'at') ?? 0,
    finishedAt: numberIn(row, 'finished_at'),
    code: textIn(row, 'result_code'),
    stored,
    failure: opFailure(stored),
    replays: 0,
    epoch: numberIn(event, 'lease_epoch') ?? 0,
    recovery: null,
    isLatest: false,
    raw: row
  }
}

/** What it left when it succeeded; null: it is of another kind, did not, or its row cannot be read. */
export function resultOf<K extends OpKind>(op: OpFacts, kind: K): OpResults[K] | null {
  return op.kind === kind && op.code === 'OK' ? opResult(kind, op.stored) : null
}

function endsOf(led: readonly Row[]): Pick<OpFacts, 'from' | 'to'> {
  const first = led[0]
  const last = led.at(-1)
  return {
    from: first === undefined ? null : wordIn(first, 'from_state', STATES),
    to: last === undefined ? null : wordIn(last, 'to_state', STATES)
  }
}
