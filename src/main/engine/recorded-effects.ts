/**
 * Recorded effects: at most one recorded success per key. The intent is recorded before and the outcome
 * after, each in a transaction that first compares the fencing number. A recorded failure is not a result; an
 * op without an outcome is unknown, and its effect receives that fact (docs/design.md §6).
 */
import { asSheafError, isSheafError, messageOf, SheafError } from '../../contract/errors'
import type { OpLine } from '../../contract/lines'
import type { State } from '../../contract/words'
import type { AttemptFacts } from '../../contract/work'
import { insertAttempts, type AttemptRow } from '../ledger/attempts'
import { insertEvent } from '../ledger/job-events'
import type { Holder } from '../ledger/leases'
import type { Committed, LedgerTables, Writer } from '../ledger/ledger'
import {
  ABANDONED,
  INTERRUPTED,
  MAX_RESULT_BYTES,
  OK,
  beginOp,
  countReplay,
  finishOp,
  opByKey,
  type OpAttempt,
  type OpRow
} from '../ledger/ops'
import type { Host } from '../platform/host'
import { canonicalJson, opKey } from '../works/keys'
import { fence, staleGrant, type AdvanceFacts, type LeaseTime } from './advance'
import type { Effect, Effects, Ran } from './effects'
import { buy } from './purchases'

export interface RecordedEffectsParts {
  readonly host: Host
  readonly ledger: LedgerTables
  readonly holder: Holder
  readonly signal: AbortSignal
  /** the time now, and the deadline of a lease renewed now */
  readonly lease: () => LeaseTime
  /** the run, the job and its work, as named in rows of `attempts` */
  readonly origin: { readonly runId: string | null; readonly jobId: string; readonly workId: string }
  /** applies a change; moves made in it are reported once they are on disk */
  readonly transact: <T>(change: (w: Writer) => T) => Committed<T>
  /** moves the job inside the given transaction */
  readonly moveWithin: (w: Writer, to: State, facts: AdvanceFacts) => void
  readonly onAttempts: (attempts: readonly AttemptFacts[]) => void
  /** called in the transaction that writes these rows; if it throws, they are not written */
  readonly onAttemptRows: (rows: readonly AttemptRow[]) => void
  readonly onReplay: () => void
  /** called once the row is on disk */
  readonly report: (line: OpLine, durable: Promise<void>) => void
}

export function recordedEffects(parts: RecordedEffectsParts): Effects {
  return { run: (effect) => runEffect(parts, effect), buy: (wanted) => buy(parts, wanted) }
}

async function runEffect<T>(parts: RecordedEffectsParts, effect: Effect<T>): Promise<Ran<T>> {
  const { ledger, holder } = parts
  const key = opKey(effect.kind, holder.jobId, effect.context)
  const known = ledger.read((r) => opByKey(r, key))
  const stored = await storedSuccess(effect, known)
  if (stored !== null) return replay(parts, effect, key, known, stored.result)
  const begun = effect.oneStep === true ? begin(parts, effect, key, known) : await intend(parts, effect, key)
  const { attempt } = begun
  const unknown = known !== null && (known.finishedAt === null || known.resultCode === ABANDONED)
  try {
    const performed = await effect.perform({ attempt, unknown })
    record(parts, effect, key, {
      kind: 'success',
      begun,
      code: OK,
      result: performed.result,
      recovery: performed.recovery ?? null,
      bytes: performed.bytes,
      attempts: performed.attempts ?? []
    })
    parts.host.probe(`${effect.kind}: recorded`)
    return { result: performed.result, replayed: false }
  } catch (error) {
    if (isSheafError(error, 'LEASE_LOST')) throw error
    recordFailure(parts, effect, key, begun, error)
    throw error
  }
}

async function storedSuccess<T>(effect: Effect<T>, known: OpRow | null): Promise<{ result: T } | null> {
  if (known?.resultCode !== OK || known.finishedAt === null) return null
  const result = effect.revive(known.result)
  if (result === null) return null
  const holds = effect.stillHolds === undefined || (await effect.stillHolds(result, known.finishedAt))
  return holds ? { result } : null
}

function replay<T>(
  parts: RecordedEffectsParts,
  effect: Effect<T>,
  key: string,
  known: OpRow | null,
  result: T
): Ran<T> {
  const op = { opKey: key, opAttempt: known?.attempt ?? 1 }
  const committed = parts.transact((w) => {
    fence(w, parts.holder, parts.lease())
    if (countReplay(w, key, parts.holder) !== 1) staleGrant(parts.holder)
    enter(parts, effect, w, op)
    const to = effect.leadsTo?.(result) ?? null
    if (to !== null) parts.moveWithin(w, to, { op })
  })
  parts.onReplay()
  parts.report(opLine(parts, effect, key, op.opAttempt, OK, true), committed.durable)
  return { result, replayed: true }
}

/** A started attempt. */
interface Begun {
  readonly attempt: number
  /** writes its intent; null: it is in the ledger already */
  readonly write: ((w: Writer) => void) | null
}

/** Starts an attempt whose intent is written with its outcome. */
function begin<T>(parts: RecordedEffectsParts, effect: Effect<T>, key: string, known: OpRow | null): Begun {
  const startedAt = parts.host.clock.now()
  if (effect.kind === 'INDEX' || effect.kind === 'DEDUPE') parts.host.probe(`${effect.kind}: begun`)
  return {
    attempt: (known?.attempt ?? 0) + 1,
    write: (w) => {
      writeIntent(parts, effect, w, { key, startedAt })
    }
  }
}

/** Writes the intent in a transaction of its own: a new row, or a new attempt of an op without a success. */
async function intend<T>(parts: RecordedEffectsParts, effect: Effect<T>, key: string): Promise<Begun> {
  const { host, holder } = parts
  const committed = parts.transact((w) => {
    fence(w, holder, parts.lease())
    return writeIntent(parts, effect, w, { key, startedAt: host.clock.now() })
  })
  if (effect.intentFirst === true) {
    await committed.durable
    host.probe('FINALIZE: intent durable')
  } else if (effect.kind === 'RESOLVE' || effect.kind === 'HEAD' || effect.kind === 'STREAM') {
    host.probe(`${effect.kind}: intent applied`)
  }
  return { attempt: committed.value, write: null }
}

/** Returns the attempt's number. */
function writeIntent<T>(
  parts: RecordedEffectsParts,
  effect: Effect<T>,
  w: Writer,
  { key, startedAt }: { readonly key: string; readonly startedAt: number }
): number {
  const { host, holder } = parts
  const before = opByKey(w, key)
  if (before !== null) noteFormerAttempt(w, host.clock.now(), before)
  const begun = beginOp(w, {
    opKey: key,
    jobId: holder.jobId,
    kind: effect.kind,
    contextJson: canonicalJson(effect.context),
    leaseEpoch: holder.epoch,
    now: startedAt
  })
  if (begun !== 1) staleGrant(holder)
  const attempt = (before?.attempt ?? 0) + 1
  enter(parts, effect, w, { opKey: key, opAttempt: attempt })
  return attempt
}

function enter<T>(parts: RecordedEffectsParts, effect: Effect<T>, w: Writer, op: OpAttempt): void {
  for (const { to, host } of effect.enters ?? [])
    parts.moveWithin(w, to, { op, ...(host === undefined ? {} : { host }) })
}

/** The row holds the latest attempt only; earlier ones move to the history. */
export function noteFormerAttempt(w: Writer, now: number, before: OpRow): void {
  insertEvent(w, {
    jobId: before.jobId,
    at: now,
    kind: 'op',
    epoch: before.leaseEpoch,
    op: { opKey: before.opKey, opAttempt: before.attempt },
    detail: {
      started_at: before.startedAt,
      finished_at: before.finishedAt,
      result_code: before.resultCode,
      result: before.result
    }
  })
}

interface Ended {
  readonly begun: Begun
  readonly code: string
  readonly recovery: 'adopted' | 'continued' | 'redone' | null
  readonly bytes: number | undefined
  readonly attempts: readonly AttemptFacts[]
}

/** The outcome: a success with the op's own result, or a failure with its facts. */
type Outcome<T> =
  | (Ended & { readonly kind: 'success'; readonly result: T })
  | (Ended & { readonly kind: 'failure'; readonly result: Readonly<Record<string, unknown>> })

function record<T>(parts: RecordedEffectsParts, effect: Effect<T>, key: string, outcome: Outcome<T>): void {
  const { host, holder } = parts
  const { begun } = outcome
  const op = { opKey: key, opAttempt: begun.attempt }
  const committed = parts.transact((w) => {
    fence(w, holder, parts.lease())
    begun.write?.(w)
    const finished = finishOp(w, {
      opKey: key,
      kind: effect.kind,
      contextJson: canonicalJson(effect.context),
      leaseEpoch: holder.epoch,
      resultCode: outcome.code,
      resultJson: resultJson(
        outcome.kind === 'success' ? (effect.toStored?.(outcome.result) ?? outcome.result) : outcome.result
      ),
      recovery: outcome.recovery,
      now: host.clock.now()
    })
    if (finished !== 1) {
      throw new SheafError('LEASE_LOST', `The attempt of ${effect.kind} was taken over by another grant.`)
    }
    const at = host.clock.now()
    const rows = outcome.attempts.map((attempt) => ({ ...parts.origin, at, ...attempt }))
    if (insertAttempts(w, rows, { holder, op }) !== rows.length) staleGrant(holder)
    parts.onAttemptRows(rows)
    if (outcome.kind === 'failure') return
    effect.alsoRecord?.(w, outcome.result)
    const to = effect.leadsTo?.(outcome.result) ?? null
    if (to !== null) parts.moveWithin(w, to, { op })
  })
  parts.onAttempts(outcome.attempts)
  const line = opLine(parts, effect, key, begun.attempt, outcome.code, false)
  parts.report(outcome.bytes === undefined ? line : { ...line, bytes: outcome.bytes }, committed.durable)
}

function recordFailure<T>(
  parts: RecordedEffectsParts,
  effect: Effect<T>,
  key: string,
  begun: Begun,
  error: unknown
): void {
  const stopped = parts.signal.aborted
  const { code, facts, message } = asSheafError(error)
  const because = stopped ? messageOf(parts.signal.reason) : message
  const request = effect.failedAttempt?.(error) ?? null
  try {
    record(parts, effect, key, {
      kind: 'failure',
      begun,
      code: stopped ? INTERRUPTED : code,
      result: { because, ...facts },
      recovery: null,
      bytes: undefined,
      attempts: request === null ? [] : [request]
    })
  } catch (refused) {
    // The disk is full, or the lease was lost meanwhile: the op stays unknown, which is correct.
    parts.host.log.debug('The end of an op could not be recorded', { op: key, because: messageOf(refused) })
    if (isSheafError(refused, 'LEASE_LOST')) throw refused
  }
}

/** At most 20 kB and always valid JSON (docs/design.md §3); a string is never truncated. */
function resultJson(result: unknown): string {
  const text = JSON.stringify(result ?? null)
  if (Buffer.byteLength(text) <= MAX_RESULT_BYTES) return text
  return JSON.stringify({ kept: false, because: 'The result was longer than the ledger keeps.' })
}

function opLine<T>(
  parts: RecordedEffectsParts,
  effect: Effect<T>,
  key: string,
  attempt: number,
  code: string,
  replayed: boolean
): OpLine {
  return {
    type: 'op',
    job_id: parts.holder.jobId,
    op_key: key,
    op_type: effect.kind,
    attempt,
    result_code: code,
    replayed
  }
}
