/**
 * The history of a job as a person reads it: what happened, when, why, what was used again after an
 * interruption, and what goes on now, in the order in which it happened. Pure. Invariant:
 * nothing is shown that no row says, and no row is left out but a change of state that its op tells.
 */
import { STATES, OUTCOMES, TIERS } from '../../contract/words'
import type { TimelineEntry } from '../../contract/job-views'
import type { HistoryEntry } from '../sheaf-api'
import { eventEntry } from './event-timeline'
import { sortHistory, type OpFacts } from './op-facts'
import { opEntry, checkEntry, type TimelineContext } from './op-timeline'
import { numberIn, textIn, wordIn, type Row } from './rows'
import { sentenceOfReason, sourceAtStart } from './wording'

export type { TimelineContext }

export function timelineOf(history: readonly HistoryEntry[], around: TimelineContext): TimelineEntry[] {
  const { ops, asked, events } = sortHistory(history)
  const replays = replayEntries(ops, events)
  const named = new Set(ops.flatMap((op) => op.asked))
  const blocks: Block[] = [
    ...events
      .filter((row) => !isPassage(row))
      .map((row) => ({ at: numberIn(row, 'at') ?? 0, rank: 0, moments: [eventEntry(row, around)] })),
    ...replays.map((moment) => ({ at: moment.at, rank: 1, moments: [moment] })),
    ...ops.map((op) => ({
      at: op.startedAt,
      rank: 2,
      moments: [opEntry(op, around), ...op.asked.map(askedEntry), ...checkEntry(op)]
    })),
    ...asked
      .filter((row) => !named.has(row))
      .map((row) => ({ at: numberIn(row, 'at') ?? 0, rank: 3, moments: [askedEntry(row)] }))
  ]
  // What belongs together stays together at one instant: first in the order of the blocks, then by time.
  return blocks
    .sort((a, b) => a.at - b.at || a.rank - b.rank)
    .flatMap((block) => block.moments)
    .sort((a, b) => a.at - b.at)
}

interface Block {
  readonly at: number
  readonly rank: number
  readonly moments: readonly TimelineEntry[]
}

/** A step of a state that is neither an end nor told by an op, or a lease that was renewed: no news. */
function isPassage(row: Row): boolean {
  if (row['kind'] === 'renewed') return true
  if (row['kind'] !== 'state') return false
  const to = wordIn(row, 'to_state', STATES)
  return to === 'LEASED' || to === 'HEAD_DONE' || to === 'RESUME_OK' || to === 'STREAMING'
}

/** A source that was asked, and what it said. */
function askedEntry(row: Row): TimelineEntry {
  const outcome = wordIn(row, 'outcome', OUTCOMES)
  const source = textIn(row, 'source') ?? ''
  const reason = textIn(row, 'reason')
  const detail = textIn(row, 'detail')
  const good = outcome === 'success'
  const passing = outcome === 'retryable' || outcome === 'timeout' || outcome === 'error'
  return {
    id: `attempt:${String(row['attempt_id'])}`,
    at: numberIn(row, 'at') ?? 0,
    kind: 'attempt',
    tone: passing ? 'attention' : 'quiet',
    title: sourceAtStart(source),
    detail: detail ?? (reason === null ? (good ? 'Answered.' : '') : sentenceOfReason(reason)),
    marks:
      outcome === null
        ? []
        : [{ text: OUTCOME_WORDS[outcome], tone: good ? 'good' : passing ? 'attention' : 'quiet' }],
    op: null,
    attempt: null,
    replays: 0,
    elapsedMs: outcome === 'skipped' ? null : numberIn(row, 'elapsed_ms'),
    outcome,
    source,
    tier: wordIn(row, 'tier', TIERS),
    url: textIn(row, 'url'),
    status: numberIn(row, 'status'),
    from: null,
    to: null,
    leaseEpoch: null,
    raw: row
  }
}

const OUTCOME_WORDS = {
  success: 'found',
  no_pdf: 'nothing there',
  retryable: 'in trouble',
  nonretryable: 'refused',
  skipped: 'not asked',
  timeout: 'no answer in time',
  error: 'failed'
} as const satisfies Record<(typeof OUTCOMES)[number], string>

/**
 * What was not asked again: an op that was performed under an earlier grant and counted replays. The
 * ledger counts replays and does not date them; a later grant that got past the op without performing
 * it is where its result was used.
 */
function replayEntries(ops: readonly OpFacts[], events: readonly Row[]): TimelineEntry[] {
  const grants = events.filter((row) => row['kind'] === 'lease')
  const byGrant = new Map<Row, OpFacts[]>()
  for (const op of ops) {
    if (op.replays === 0 || op.finishedAt === null) continue
    const later = grants.filter((grant) => {
      const epoch = numberIn(grant, 'lease_epoch') ?? 0
      return epoch > op.epoch && gotPast(op, epoch, ops, events)
    })
    for (const grant of later.slice(-op.replays)) byGrant.set(grant, [...(byGrant.get(grant) ?? []), op])
  }
  for (const grant of grants) {
    const left = streamedBefore(numberIn(grant, 'lease_epoch') ?? 0, ops, events)
    if (left !== null) byGrant.set(grant, [...(byGrant.get(grant) ?? []), left])
  }
  return [...byGrant].map(([grant, used]) => replayEntry(grant, used))
}

/** A whole file that an earlier grant left in staging: the stream was passed without being asked for. */
function streamedBefore(epoch: number, ops: readonly OpFacts[], events: readonly Row[]): OpFacts | null {
  const passed = events.some(
    (row) => numberIn(row, 'lease_epoch') === epoch && row['to_state'] === 'STREAMING'
  )
  if (!passed || ops.some((op) => op.kind === 'STREAM' && op.epoch === epoch)) return null
  return ops.findLast((op) => op.kind === 'STREAM' && op.code === 'OK' && op.epoch < epoch) ?? null
}

/** Did the work under this grant come to what follows the op? */
function gotPast(op: OpFacts, epoch: number, ops: readonly OpFacts[], events: readonly Row[]): boolean {
  const repeated = ops.some(
    (one) =>
      one.epoch === epoch &&
      one.kind === op.kind &&
      one.context['plan'] === op.context['plan'] &&
      one.context['url'] === op.context['url']
  )
  if (repeated) return false
  return (
    ops.some((one) => one.epoch === epoch && one.kind !== op.kind) ||
    events.some(
      (row) =>
        row['kind'] === 'state' && numberIn(row, 'lease_epoch') === epoch && row['to_state'] !== 'LEASED'
    )
  )
}

function replayEntry(grant: Row, used: readonly OpFacts[]): TimelineEntry {
  const epoch = numberIn(grant, 'lease_epoch')
  const kinds = [...new Set(used.map((op) => op.kind))]
  return {
    id: `replay:${String(epoch)}`,
    at: numberIn(grant, 'at') ?? 0,
    kind: 'op',
    tone: 'good',
    title: kinds.map((kind) => OP_TITLES[kind]).join(', '),
    detail:
      used.length === 1
        ? 'The stored result was used, no request was sent.'
        : 'Stored results were used, no request was sent.',
    marks: [{ text: 'already done', tone: 'good' }],
    op: kinds.at(-1) ?? null,
    attempt: null,
    replays: used.length,
    elapsedMs: null,
    outcome: null,
    source: null,
    tier: null,
    url: null,
    status: null,
    from: null,
    to: null,
    leaseEpoch: epoch,
    raw: { replayed: used.map((op) => ({ op_key: op.opKey, op_type: op.kind, replays: op.replays })) }
  }
}

const OP_TITLES = {
  RESOLVE: 'Search',
  HEAD: 'Check',
  STREAM: 'Download',
  FINALIZE: 'Finalize',
  INDEX: 'Index',
  DEDUPE: 'Dedupe'
} as const
