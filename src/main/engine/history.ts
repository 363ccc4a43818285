/**
 * A job's history: its ops with their attempts and replays, the sources and candidates that were
 * tried, lease grants and state changes, in order.
 */
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
}

export function historyOf(r: Reader, jobId: string): HistoryEntry[] {
  const rows = withKeys({
    ops: opRowsOfJob(r, jobId),
    attempts: attemptRowsOfJob(r, jobId),
    events: eventsOfJob(r, jobId)
  })
  const ops = rows.ops.map((row) => entry('op', Number(row['started_at']), row))
  const attempts = rows.attempts.map((row) => entry('attempt', Number(row['at']), row))
  const events = rows.events.map((row) => entry('event', Number(row['at']), row))
  // Array.prototype.sort is stable: entries of the same instant keep the order above.
  return [...events, ...ops, ...attempts].sort((a, b) => a.at - b.at)
}

function entry(kind: HistoryEntry['kind'], at: number, row: SqlRow): HistoryEntry {
  return { at, kind, row }
}
