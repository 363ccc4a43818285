/**
 * A job's history: its ops with their attempts and replays, the sources and candidates that were
 * tried, lease grants and state changes, in order, each with a sentence that explains it to a person.
 */
import { ERRORS } from '../../contract/errors'
import { attemptRowsOfJob } from '../ledger/attempts'
import { eventsOfJob } from '../ledger/job-events'
import type { Reader, SqlRow } from '../ledger/ledger'

import { opRowsOfJob } from '../ledger/ops'
import { withKeys } from './rows-without-keys'

export interface HistoryEntry {
  readonly at: number
  readonly kind: 'op' | 'attempt' | 'event'
  /** the ledger's columns */
  readonly row: SqlRow
  /** the entry in plain words */
  readonly sentence: string
}

export function historyOf(r: Reader, jobId: string): HistoryEntry[] {
  const rows = withKeys({
    ops: opRowsOfJob(r, jobId),
    attempts: attemptRowsOfJob(r, jobId),
    events: eventsOfJob(r, jobId)
  })
  const ops = rows.ops.map((row) => entry('op', Number(row['started_at']), row, sayOp(row)))
  const attempts = rows.attempts.map((row) => entry('attempt', Number(row['at']), row, sayAttempt(row)))
  const events = rows.events.map((row) => entry('event', Number(row['at']), row, sayEvent(row)))
  // Array.prototype.sort is stable: what happened at one instant stays in the order above.
  return [...events, ...ops, ...attempts].sort((a, b) => a.at - b.at)
}

function entry(kind: HistoryEntry['kind'], at: number, row: SqlRow, sentence: string): HistoryEntry {
  return { at, kind, row, sentence }
}

function sayOp(row: SqlRow): string {
  const name = `${String(row['op_type'])}, attempt ${String(row['attempt'])}`
  const replays = Number(row['replays'])
  const replayed = replays === 0 ? '' : ` Replayed ${String(replays)} times: the stored result was used.`
  const recovery = row['recovery'] === null ? '' : ` After an interruption: ${String(row['recovery'])}.`
  const code = row['result_code']
  if (row['finished_at'] === null) return `${name}: under way, or its outcome is unknown.`
  if (code === 'OK') return `${name}: done.${recovery}${replayed}`
  if (code === 'ABANDONED') return `${name}: in flight when Sheaf stopped; its outcome is unknown.`
  if (code === 'INTERRUPTED') return `${name}: stopped; every byte was kept.`
  return `${name}: ${sentenceOfCode(String(code))}`
}

function sayAttempt(row: SqlRow): string {
  const who = `${String(row['source'])}${row['url'] === null ? '' : ` (${String(row['url'])})`}`
  if (row['outcome'] === 'success') return `${who}: answered.`
  const why =
    row['detail'] ?? (row['reason'] === null ? row['outcome'] : sentenceOfCode(String(row['reason'])))
  return `${who}: ${String(why)}`
}

function sayEvent(row: SqlRow): string {
  switch (row['kind']) {
    case 'planned':
      return 'Added.'
    case 'lease':
      return `Started (lease ${String(row['lease_epoch'])}).`
    case 'state':
      return `${String(row['from_state'])} → ${String(row['to_state'])}.`
    case 'recovered':
      return 'Interrupted; it will continue.'
    case 'renewed':
      return 'Still at work; the lease was renewed.'
    case 'released':
      return 'Stopped before the end; every byte was kept.'
    case 'retry':
      return 'Retried by you.'
    case 'held':
      return 'Paused by you.'
    case 'freed':
      return 'Resumed by you.'
    case 'cancelled':
      return 'Cancelled by you.'
    case 'ignored':
      return 'Skipped by you.'
    case 'unignored':
      return 'Unskipped by you.'
    case 'requeued':
      return 'Its file was missing or damaged; it is queued again.'
    case 'same_work':
      return 'It is the same work as one that is in the queue.'
    case 'named':
      return 'Another identifier of the work became known; its sources are asked again.'
    case 'removed':
      return 'Removed by you.'
    case 'restored':
      return 'The removal was undone.'
    case 'op':
      return 'An earlier attempt of an op.'
    default:
      return String(row['kind'])
  }
}

function sentenceOfCode(code: string): string {
  return Object.entries(ERRORS).find(([known]) => known === code)?.[1].sentence ?? code
}
