/**
 * Finds what a crashed process left: unfinished runs, leases that are no longer renewed, and the time of its
 * last write. Only the runs are changed here (they are ended); `reconcile.ts` handles leases and parts.
 */
import { leasedJobs, lastUpdateOfLeased } from '../ledger/leases'
import type { Ledger } from '../ledger/ledger'
import { endRun, openRuns } from '../ledger/runs'
import type { Library } from '../library/library'

export interface DeadRuns {
  /** time of the last sign of activity, epoch seconds; null when there is none */
  readonly at: number | null
  /** jobs that it held leases on */
  readonly jobIds: readonly string[]
  readonly runs: number
}

/** Call before this process starts work; null when the last process ended cleanly. */
export async function endDeadRuns(ledger: Ledger, library: Library, now: number): Promise<DeadRuns | null> {
  const runs = ledger.read(openRuns)
  const jobIds = ledger.read(leasedJobs)
  if (runs.length === 0 && jobIds.length === 0) return null
  const leased = new Set(jobIds)
  const signs = [ledger.read(lastUpdateOfLeased), ...runs.map((run) => run.startedAt)]
  for (const part of await library.staging.list()) {
    // Bytes are written many times a second, so the part's modification time is the most precise sign.
    if (leased.has(part.jobId)) signs.push(part.modifiedAt)
  }
  const heard = signs.filter((sign) => sign !== null).filter((sign) => sign <= now + 1)
  const at = heard.length === 0 ? null : Math.max(...heard)
  if (runs.length > 0) {
    await ledger.commit((w) => {
      for (const { runId, startedAt } of runs) {
        endRun(w, { runId, finishedAt: Math.max(startedAt, at ?? now), howItEnded: 'died', summary: null })
      }
    })
  }
  return { at, jobIds, runs: runs.length }
}
