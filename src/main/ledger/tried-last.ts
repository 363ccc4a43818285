/**
 * Jobs that are tried last because the process died while it read for them. One that came to an end since
 * was read without harm: it has its priority again, and its deaths no longer count (`deathsWhileReading`).
 */
import { isOfJob } from './history-names'
import { TRIED_LAST } from './jobs'
import type { Writer } from './ledger'

/** Gives back the priority that the job had before. Returns the rows written: none for a stale grant. */
export function restorePriority(w: Writer, jobId: string, epoch: number): number {
  return w.run(
    `UPDATE artifact_jobs SET priority = coalesce((SELECT json_extract(detail_json, '$.priority')
       FROM job_events WHERE ${isOfJob('?1')} AND kind = 'recovered'
         AND json_extract(detail_json, '$.priority') > ?3 ORDER BY event_id DESC LIMIT 1), 0)
     WHERE job_id = ?1 AND lease_epoch = ?2 AND priority <= ?3`,
    [jobId, epoch, TRIED_LAST]
  )
}
