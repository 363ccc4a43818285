/**
 * A job's history from the ledger's rows: every attempt of every op, including earlier ones (the ledger's row
 * holds the latest, events the others), with its requests and the state changes it led to. Pure. Rows of a
 * foreign or damaged ledger yield fewer facts and throw nothing.
 */
import type { AskedFacts, EventFacts, JobHistory, OpFacts, OpResult } from '../../contract/job-history'
import { opFailure, opResult, type OpResults } from '../../contract/op-results'
import { OP_KINDS, OUTCOMES, STATES, TIERS, type OpKind } from '../../contract/words'
import { addTo } from '../platform/add-to'
import type { HistoryEntry } from '../sheaf-api'
import { objectIn, wordIn, type Row } from './rows'
import { numberIn, textIn } from '../../contract/unknown-values'

export function historyFacts(history: readonly HistoryEntry[]): Omit<JobHistory, 'context'> {
  const rows = (kind: HistoryEntry['kind']): readonly Row[] =>
    history.filter((entry) => entry.kind === kind).map((entry) => entry.row)
  const events = rows('event')
  const latest = new Map(rows('op').map((row) => [textIn(row, 'op_key') ?? '', row]))
  const drafts = [
    ...events.filter((row) => row['kind'] === 'op').flatMap((row) => formerAttempt(row, latest) ?? []),
    ...rows('op').flatMap((row) => latestAttempt(row) ?? [])
  ].sort((a, b) => a.startedAt - b.startedAt || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))

  const attempts = rows('attempt').map((row) => ({ row, facts: askedFacts(row) }))
  const attemptsOf = byOp(attempts, ({ row }) => row)
  const movesOf = byOp(
    events.filter((row) => row['kind'] === 'state'),
    (row) => row
  )
  const requests = new Set<AskedFacts>()
  const folded = new Set<Row>()
  const ops = drafts.map((draft): OpFacts => {
    const own = (attemptsOf.get(draft.id) ?? []).map((one) => one.facts)
    const isRequest = draft.kind !== 'RESOLVE'
    const request = isRequest ? (own[0] ?? null) : null
    if (request !== null) requests.add(request)
    // A replay under a later lease also moves the job; that is not caused by this attempt.
    const led = (movesOf.get(draft.id) ?? []).filter((row) => numberIn(row, 'lease_epoch') === draft.epoch)
    for (const row of led) folded.add(row)
    return { ...draft, request, asked: isRequest ? [] : own, ...endsOf(led) }
  })
  return {
    ops,
    asked: attempts.map((one) => one.facts).filter((facts) => !requests.has(facts)),
    events: events.filter((row) => row['kind'] !== 'op' && !folded.has(row)).map(eventFacts)
  }
}

const ORDER: readonly OpKind[] = OP_KINDS

type Draft = Omit<OpFacts, 'request' | 'asked' | 'from' | 'to'>

const idOf = (opKey: string, attempt: number): string => `${opKey}:${String(attempt)}`

/** Groups entries by the op attempt that their rows name, in order. */
function byOp<T>(entries: readonly T[], rowOf: (entry: T) => Row): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const entry of entries) {
    const row = rowOf(entry)
    const key = textIn(row, 'op_key')
    if (key === null) continue
    addTo(found, idOf(key, numberIn(row, 'op_attempt') ?? 1), entry)
  }
  return found
}

function latestAttempt(row: Row): Draft | null {
  const kind = wordIn(row, 'op_type', OP_KINDS)
  if (kind === null) return null
  const attempt = numberIn(row, 'attempt') ?? 1
  const opKey = textIn(row, 'op_key') ?? ''
  return {
    ...askedAbout(row),
    id: idOf(opKey, attempt),
    opKey,
    kind,
    attempt,
    startedAt: numberIn(row, 'started_at') ?? 0,
    finishedAt: numberIn(row, 'finished_at'),
    ...endOf(kind, textIn(row, 'result_code'), objectIn(row, 'result_json')),
    replays: numberIn(row, 'replays') ?? 0,
    epoch: numberIn(row, 'lease_epoch') ?? 0,
    recovery: textIn(row, 'recovery'),
    raw: row
  }
}

/** The event names its op; the op's own row contains its kind and context. */
function formerAttempt(event: Row, latest: ReadonlyMap<string, Row>): Draft | null {
  const row = objectIn(event, 'detail_json')
  const opKey = textIn(event, 'op_key') ?? ''
  const own = latest.get(opKey) ?? {}
  const kind = wordIn(own, 'op_type', OP_KINDS)
  if (kind === null) return null
  const attempt = numberIn(event, 'op_attempt') ?? 1
  return {
    ...askedAbout(own),
    id: idOf(opKey, attempt),
    opKey,
    kind,
    attempt,
    startedAt: numberIn(row, 'started_at') ?? numberIn(event, 'at') ?? 0,
    finishedAt: numberIn(row, 'finished_at'),
    ...endOf(kind, textIn(row, 'result_code'), objectIn(row, 'result')),
    replays: 0,
    epoch: numberIn(event, 'lease_epoch') ?? 0,
    recovery: null,
    raw: row
  }
}

function askedAbout(row: Row): Pick<OpFacts, 'url' | 'plan'> {
  const context = objectIn(row, 'context_json')
  return { url: textIn(context, 'url'), plan: textIn(context, 'plan') }
}

function endOf(kind: OpKind, code: string | null, stored: Row): Pick<OpFacts, 'code' | 'result' | 'failure'> {
  return { code, result: code === 'OK' ? READERS[kind](stored) : null, failure: opFailure(stored) }
}

const READERS: { readonly [K in OpKind]: (stored: Row) => OpResult | null } = {
  RESOLVE: (stored) => asResult('RESOLVE', opResult('RESOLVE', stored)),
  HEAD: (stored) => asResult('HEAD', opResult('HEAD', stored)),
  STREAM: (stored) => asResult('STREAM', opResult('STREAM', stored)),
  FINALIZE: (stored) => asResult('FINALIZE', opResult('FINALIZE', stored)),
  INDEX: (stored) => asResult('INDEX', opResult('INDEX', stored)),
  DEDUPE: (stored) => asResult('DEDUPE', opResult('DEDUPE', stored)),
  RENAME: (stored) => asResult('RENAME', opResult('RENAME', stored))
}

function asResult<K extends OpKind>(
  kind: K,
  value: OpResults[K] | null
): { readonly kind: K; readonly value: OpResults[K] } | null {
  return value === null ? null : { kind, value }
}

function askedFacts(row: Row): AskedFacts {
  return {
    id: String(row['attempt_id']),
    at: numberIn(row, 'at') ?? 0,
    source: textIn(row, 'source') ?? '',
    tier: wordIn(row, 'tier', TIERS),
    outcome: wordIn(row, 'outcome', OUTCOMES),
    reason: textIn(row, 'reason'),
    detail: textIn(row, 'detail'),
    url: textIn(row, 'url'),
    status: numberIn(row, 'status'),
    elapsedMs: numberIn(row, 'elapsed_ms'),
    raw: row
  }
}

function eventFacts(row: Row): EventFacts {
  return {
    id: String(row['event_id']),
    at: numberIn(row, 'at') ?? 0,
    kind: String(row['kind']),
    from: wordIn(row, 'from_state', STATES),
    to: wordIn(row, 'to_state', STATES),
    epoch: numberIn(row, 'lease_epoch'),
    detail: objectIn(row, 'detail_json'),
    raw: row
  }
}

function endsOf(led: readonly Row[]): Pick<OpFacts, 'from' | 'to'> {
  const first = led[0]
  const last = led.at(-1)
  return {
    from: first === undefined ? null : wordIn(first, 'from_state', STATES),
    to: last === undefined ? null : wordIn(last, 'to_state', STATES)
  }
}
