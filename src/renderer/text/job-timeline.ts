/**
 * The history of a job as entries: what happened, when, why, what was reused after an interruption, and what
 * is in progress, in chronological order. Pure. Invariant: every entry has a row, and every row has an entry,
 * except state changes described by their op.
 */
import type { AskedFacts, EventFacts, JobHistory, OpFacts } from '../../contract/job-history'
import { sentenceOfReason } from '../../contract/reason-words'
import { sourceInSentence } from '../../contract/source-names'
import type { Outcome } from '../../contract/words'
import { eventEntry } from './job-events'
import { checkEntry, OP_TITLES, opEntry } from './job-ops'
import { NO_FACTS, type TimelineEntry } from './timeline-entry'

export function timelineOf(history: JobHistory): TimelineEntry[] {
  const { ops, asked, events, context } = history
  const replays = replayEntries(ops, events)
  const named = new Set(ops.flatMap((op) => op.asked.map((one) => one.id)))
  const blocks: Block[] = [
    ...events
      .filter((event) => !isPassage(event))
      .map((event) => ({ at: event.at, rank: 0, entries: [eventEntry(event, context)] })),
    ...replays.map((moment) => ({ at: moment.at, rank: 1, entries: [moment] })),
    ...ops.map((op) => ({
      at: op.startedAt,
      rank: 2,
      entries: [opEntry(op, history), ...op.asked.map(askedEntry), ...checkEntry(op)]
    })),
    ...asked
      .filter((one) => !named.has(one.id))
      .map((one) => ({ at: one.at, rank: 3, entries: [askedEntry(one)] }))
  ]
  // At one instant related entries stay together: first in the order of the blocks, then by time.
  return blocks
    .sort((a, b) => a.at - b.at || a.rank - b.rank)
    .flatMap((block) => block.entries)
    .sort((a, b) => a.at - b.at)
}

interface Block {
  readonly at: number
  readonly rank: number
  readonly entries: readonly TimelineEntry[]
}

/** An intermediate state that no op describes, or a renewed lease: not shown. */
function isPassage({ kind, to }: EventFacts): boolean {
  if (kind === 'renewed') return true
  if (kind !== 'state') return false
  return to === 'LEASED' || to === 'HEAD_DONE' || to === 'RESUME_OK' || to === 'STREAMING'
}

/** A queried source with its answer. */
function askedEntry(asked: AskedFacts): TimelineEntry {
  const { outcome, source, reason, detail } = asked
  const good = outcome === 'success'
  const passing = outcome === 'retryable' || outcome === 'timeout' || outcome === 'error'
  return {
    ...NO_FACTS,
    id: `attempt:${asked.id}`,
    at: asked.at,
    kind: 'attempt',
    tone: passing ? 'attention' : 'quiet',
    title: sourceAtStart(source),
    detail: detail ?? (reason === null ? (good ? 'Answered.' : '') : sentenceOfReason(reason)),
    marks:
      outcome === null
        ? []
        : [{ text: OUTCOME_WORDS[outcome], tone: good ? 'good' : passing ? 'attention' : 'quiet' }],
    elapsedMs: outcome === 'skipped' ? null : asked.elapsedMs,
    outcome,
    source,
    tier: asked.tier,
    url: asked.url,
    status: asked.status,
    raw: asked.raw
  }
}

/** The name of a source at the start of a sentence. */
function sourceAtStart(source: string): string {
  const name = sourceInSentence(source)
  return /^(?:the|your) /.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : name
}

const OUTCOME_WORDS = {
  success: 'found',
  no_pdf: 'nothing there',
  retryable: 'in trouble',
  nonretryable: 'refused',
  skipped: 'not asked',
  timeout: 'no answer in time',
  error: 'failed'
} as const satisfies Record<Outcome, string>

/**
 * Replayed ops: performed under an earlier lease, with a replay count. The ledger counts replays without
 * their time; the result was used under a later lease that got past the op without performing it.
 */
function replayEntries(ops: readonly OpFacts[], events: readonly EventFacts[]): TimelineEntry[] {
  const grants = events.filter((event) => event.kind === 'lease')
  const byGrant = new Map<EventFacts, OpFacts[]>()
  for (const op of ops) {
    if (op.replays === 0 || op.finishedAt === null) continue
    const later = grants.filter(
      ({ epoch }) => (epoch ?? 0) > op.epoch && gotPast(op, epoch ?? 0, ops, events)
    )
    for (const grant of later.slice(-op.replays)) byGrant.set(grant, [...(byGrant.get(grant) ?? []), op])
  }
  for (const grant of grants) {
    const left = streamedBefore(grant.epoch ?? 0, ops, events)
    if (left !== null) byGrant.set(grant, [...(byGrant.get(grant) ?? []), left])
  }
  return [...byGrant].map(([grant, used]) => replayEntry(grant, used))
}

/** A complete file that an earlier lease left in staging: STREAM was skipped without a request. */
function streamedBefore(
  epoch: number,
  ops: readonly OpFacts[],
  events: readonly EventFacts[]
): OpFacts | null {
  const passed = events.some((event) => event.epoch === epoch && event.to === 'STREAMING')
  if (!passed || ops.some((op) => op.kind === 'STREAM' && op.epoch === epoch)) return null
  return ops.findLast((op) => op.kind === 'STREAM' && op.code === 'OK' && op.epoch < epoch) ?? null
}

/** Did the job reach the state after the op under this lease? */
function gotPast(
  op: OpFacts,
  epoch: number,
  ops: readonly OpFacts[],
  events: readonly EventFacts[]
): boolean {
  const repeated = ops.some(
    (one) => one.epoch === epoch && one.kind === op.kind && one.plan === op.plan && one.url === op.url
  )
  if (repeated) return false
  return (
    ops.some((one) => one.epoch === epoch && one.kind !== op.kind) ||
    events.some((event) => event.kind === 'state' && event.epoch === epoch && event.to !== 'LEASED')
  )
}

function replayEntry(grant: EventFacts, used: readonly OpFacts[]): TimelineEntry {
  const kinds = [...new Set(used.map((op) => op.kind))]
  return {
    ...NO_FACTS,
    id: `replay:${String(grant.epoch)}`,
    at: grant.at,
    kind: 'op',
    tone: 'good',
    title: kinds.map((kind) => OP_TITLES[kind]).join(', '),
    detail:
      used.length === 1
        ? 'The stored result was used, no request was sent.'
        : 'Stored results were used, no request was sent.',
    marks: [{ text: 'already done', tone: 'good' }],
    op: kinds.at(-1) ?? null,
    replays: used.length,
    leaseEpoch: grant.epoch,
    raw: { replayed: used.map((op) => ({ op_key: op.opKey, op_type: op.kind, replays: op.replays })) }
  }
}
