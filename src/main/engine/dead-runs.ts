/**
 * What a process left that ended without saying goodbye, as the next one finds it: runs without an
 * end, leases that are no longer renewed, and when it last wrote. Only runs are changed here (they are
 * ended); leases and parts are reconcile's business.
 */
import { leasedJobs, lastUpdateOfLeased } from '../ledger/jobs'
import type { Ledger } from '../ledger/ledger'
import { endRun, openRuns } from '../ledger/runs'
import type { Library } from '../library/library'

export interface DeadRuns {
  /** the last sign of life, epoch seconds; null when there is none */
  readonly at: number | null
  /** jobs it held leases of */
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
    // Bytes are written many times a second: the file's own time is the best witness there is.
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
