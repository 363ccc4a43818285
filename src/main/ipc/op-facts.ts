/**
 * A job's ops out of its history: every attempt of every op, the earlier ones too (the ledger's row
 * keeps the latest, an event each of the others), with the request that belongs to it and the change
 * of state it led to. Pure; no sentence is made here.
 */
import { OP_KINDS, STATES, type OpKind, type State } from '../../contract/words'
import type { HistoryEntry } from '../sheaf-api'
import { numberIn, objectIn, textIn, wordIn, type Row } from './rows'

export interface OpFacts {
  readonly id: string
  readonly kind: OpKind
  /** what it was asked about: the address, the plan, the hash */
  readonly context: Row
  readonly attempt: number
  readonly startedAt: number
  readonly finishedAt: number | null
  /** OK, a code of `contract/errors.ts`, ABANDONED, INTERRUPTED; null: no outcome is recorded */
  readonly code: string | null
  readonly result: Row
  readonly replays: number
  readonly epoch: number
  readonly recovery: string | null
  /** the latest attempt of its op: what the ledger's row itself says */
  readonly isLatest: boolean
  /** the next attempt of the same op, which knows what this one left on disk */
  readonly next: OpFacts | null
  /** the row of `attempts` that was written for it */
  readonly request: Row | null
  readonly from: State | null
  readonly to: State | null
  readonly raw: Row
}

export interface Sorted {
  readonly ops: readonly OpFacts[]
  /** rows of `attempts` that belong to no op's own request: the sources that were asked */
  readonly asked: readonly Row[]
  /** events that say more than a change of state which an op led to */
  readonly events: readonly Row[]
}

/** What tells two instants of the same transaction or the next one apart, in seconds. */
const NEAR = 0.5

export function sortHistory(history: readonly HistoryEntry[]): Sorted {
  const rows = (kind: HistoryEntry['kind']): readonly Row[] =>
    history.filter((entry) => entry.kind === kind).map((entry) => entry.row)
  const events = rows('event')
  const contexts = new Map(
    rows('op').map((row) => [textIn(row, 'op_key') ?? '', objectIn(row, 'context_json')])
  )
  const drafts = [
    ...events.filter((row) => row['kind'] === 'op').flatMap((row) => formerAttempt(row, contexts) ?? []),
    ...rows('op').flatMap((row) => latestAttempt(row) ?? [])
  ].sort((a, b) => a.startedAt - b.startedAt || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))

  const claimed = new Set<Row>()
  const moves = events.filter((row) => row['kind'] === 'state')
  const folded = new Set<Row>()
  const withFacts = drafts.map((draft): OpFacts => {
    const request = requestOf(draft, drafts, rows('attempt'), claimed)
    const moved = movesOf(draft, moves, folded)
    return { ...draft, request, ...moved, next: null }
  })
  const ops = withFacts.map((op) => ({
    ...op,
    next:
      withFacts.find((one) => one.id === `${op.raw['op_key'] as string}:${String(op.attempt + 1)}`) ?? null
  }))
  return {
    ops,
    asked: rows('attempt').filter((row) => !claimed.has(row)),
    events: events.filter((row) => row['kind'] !== 'op' && !folded.has(row))
  }
}

const ORDER = OP_KINDS as readonly OpKind[]

type Draft = Omit<OpFacts, 'request' | 'from' | 'to' | 'next'>

function latestAttempt(row: Row): Draft | null {
  const kind = wordIn(row, 'op_type', OP_KINDS)
  if (kind === null) return null
  const attempt = numberIn(row, 'attempt') ?? 1
  return {
    id: `${textIn(row, 'op_key') ?? ''}:${String(attempt)}`,
    kind,
    context: objectIn(row, 'context_json'),
    attempt,
    startedAt: numberIn(row, 'started_at') ?? 0,
    finishedAt: numberIn(row, 'finished_at'),
    code: textIn(row, 'result_code'),
    result: objectIn(row, 'result_json'),
    replays: numberIn(row, 'replays') ?? 0,
    epoch: numberIn(row, 'lease_epoch') ?? 0,
    recovery: textIn(row, 'recovery'),
    isLatest: true,
    raw: row
  }
}

function formerAttempt(event: Row, contexts: ReadonlyMap<string, Row>): Draft | null {
  const row = objectIn(event, 'detail_json')
  const kind = wordIn(row, 'op_type', OP_KINDS)
  if (kind === null) return null
  const attempt = numberIn(row, 'attempt') ?? 1
  const key = textIn(row, 'op_key') ?? ''
  return {
    id: `${key}:${String(attempt)}`,
    kind,
    context: contexts.get(key) ?? {},
    attempt,
    startedAt: numberIn(row, 'started_at') ?? numberIn(event, 'at') ?? 0,
    finishedAt: numberIn(row, 'finished_at'),
    code: textIn(row, 'result_code'),
    result: objectIn(row, 'result'),
    replays: 0,
    epoch: numberIn(event, 'lease_epoch') ?? 0,
    recovery: null,
    isLatest: false,
    raw: row
  }
}

/** HEAD and STREAM write one row of `attempts` right after their end; it is theirs. */
function requestOf(
  op: Draft,
  all: readonly Draft[],
  attempts: readonly Row[],
  claimed: Set<Row>
): Row | null {
  const url = textIn(op.context, 'url')
  if (url === null || (op.kind !== 'HEAD' && op.kind !== 'STREAM')) return null
  const nextAt = Math.min(
    ...all
      .filter((one) => one !== op && one.context['url'] === url && one.startedAt > op.startedAt)
      .map((one) => one.startedAt),
    Number.MAX_VALUE
  )
  const until = Math.min(nextAt, (op.finishedAt ?? Number.MAX_VALUE) + NEAR)
  const found = attempts.find((row) => {
    const at = numberIn(row, 'at') ?? 0
    return row['url'] === url && !claimed.has(row) && at >= op.startedAt && at <= until
  })
  if (found === undefined) return null
  claimed.add(found)
  return found
}

/** Where each kind leads when it succeeds; STREAM is entered before it begins. */
const LEADS_TO: Readonly<Record<OpKind, readonly State[]>> = {
  RESOLVE: [],
  HEAD: ['HEAD_DONE'],
  STREAM: [],
  FINALIZE: ['FINALIZED'],
  INDEX: ['INDEXED'],
  DEDUPE: ['DEDUPED', 'SKIPPED_DUPLICATE']
}

function movesOf(
  op: Draft,
  moves: readonly Row[],
  folded: Set<Row>
): { readonly from: State | null; readonly to: State | null } {
  const mine = moves.filter((row) => {
    if (folded.has(row) || numberIn(row, 'lease_epoch') !== op.epoch) return false
    const at = numberIn(row, 'at') ?? 0
    const to = wordIn(row, 'to_state', STATES)
    if (to === null) return false
    if (op.kind === 'STREAM') return isWayIn(to) && at <= op.startedAt && op.startedAt - at <= NEAR * 4
    return op.finishedAt !== null && LEADS_TO[op.kind].includes(to) && Math.abs(at - op.finishedAt) <= NEAR
  })
  for (const row of mine) folded.add(row)
  // A stream that broke goes back through LEASED; that it broke says it already.
  const back = moves.find(
    (row) =>
      !folded.has(row) &&
      numberIn(row, 'lease_epoch') === op.epoch &&
      row['to_state'] === 'LEASED' &&
      op.finishedAt !== null &&
      op.code !== 'OK' &&
      Math.abs((numberIn(row, 'at') ?? 0) - op.finishedAt) <= NEAR
  )
  if (back !== undefined) folded.add(back)
  const [first] = mine
  const last = mine.at(-1)
  return {
    from: first === undefined ? null : wordIn(first, 'from_state', STATES),
    to: last === undefined ? null : wordIn(last, 'to_state', STATES)
  }
}

/** The steps by which a stream is entered. The one before it, HEAD_DONE, is HEAD's when HEAD was asked. */
function isWayIn(to: State): boolean {
  return to === 'RESUME_OK' || to === 'STREAMING'
}
