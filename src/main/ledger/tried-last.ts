/**
 * Jobs that are tried last because the process died while it parsed text for them. A job that has ended since
 * then was parsed without a crash: its priority is restored, and its deaths no longer count
 * (`deathsWhileReading`).
 */
import { isOfJob } from './history-names'
import type { Writer } from './ledger'

/** Below every priority that a user can set: for jobs during whose parsing the process died. */
export const TRIED_LAST = -1_000_000

/** Returns the number of rows: 0 for a stale lease. */
export function putLast(w: Writer, jobId: string, epoch: number): number {
  return w.run('UPDATE artifact_jobs SET priority = ? WHERE job_id = ? AND lease_epoch = ?', [
    TRIED_LAST,
    jobId,
    epoch
  ])
}

/** Restores the former priority of the job. Returns the number of rows: 0 for a stale lease. */
export function restorePriority(w: Writer, jobId: string, epoch: number): number {
  return w.run(
    `UPDATE artifact_jobs SET priority = coalesce((SELECT json_extract(detail_json, '$.priority')
       FROM job_events WHERE ${isOfJob('?1')} AND kind = 'recovered'
         AND json_extract(detail_json, '$.priority') > ?3 ORDER BY event_id DESC LIMIT 1), 0)
     WHERE job_id = ?1 AND lease_epoch = ?2 AND priority <= ?3`,
    [jobId, epoch, TRIED_LAST]
  )
}
