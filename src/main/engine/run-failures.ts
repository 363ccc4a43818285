/** Which of its jobs a run counts and reports as failed. */
import type { PlannedLine } from '../../contract/lines'
import { jobById } from '../ledger/jobs'
import { failedLine } from './done-line'
import type { Engine } from './engine'
import type { Ending } from './job-endings'
import type { RunStats } from './run-stats'

/** Counts the failures of this run, and of requested jobs that had failed before. Each is reported once. */
export function countFailures(
  engine: Engine,
  runStats: RunStats,
  endings: ReadonlyMap<string, Ending>,
  asked: readonly PlannedLine[]
): void {
  const failed = (reason: string): void => {
    runStats.failed += 1
    runStats.count(runStats.byReason, reason)
  }
  for (const [jobId, ending] of endings) {
    if (ending.kind !== 'failed') continue
    failed(ending.reason)
    // A job with a next attempt was not reported as failed so far; for this run it is over.
    if (ending.nextAttemptAt !== null) sayFailed(engine, jobId, workOf(engine, jobId, asked), ending.reason)
  }
  for (const line of asked) {
    if (endings.has(line.job_id) || !line.existing) continue
    const job = engine.ledger.read((r) => jobById(r, line.job_id))
    if (line.tombstone !== undefined) {
      failed('REMOVED')
      sayFailed(engine, line.job_id, line.work_id, 'REMOVED')
    } else if (job?.state === 'FAILED') {
      failed(job.reason ?? 'INTERNAL')
      sayFailed(engine, line.job_id, line.work_id, job.reason ?? 'INTERNAL')
    }
  }
}

function workOf(engine: Engine, jobId: string, asked: readonly PlannedLine[]): string {
  return (
    asked.find((line) => line.job_id === jobId)?.work_id ??
    engine.ledger.read((r) => jobById(r, jobId))?.workId ??
    engine.unrecorded.read((r) => jobById(r, jobId))?.workId ??
    ''
  )
}

function sayFailed(engine: Engine, jobId: string, workId: string, reason: string): void {
  engine.emit(failedLine({ jobId, workId }, reason))
}
