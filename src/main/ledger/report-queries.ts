/** The queries of a retrieval report: for each work its job, its file, and the sources queried. */
import type { State } from '../../contract/words'
import type { StoredArtifact } from './artifacts'
import type { Reader } from './ledger'
import { recordedWork } from './recorded-work'
import { numberOrNull, textOf } from './row-values'

export interface WorkForReport {
  readonly workId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  readonly doi: string | null
  readonly artifact: StoredArtifact | null
  readonly state: State | null
  /** a code of `contract/errors.ts` */
  readonly reason: string | null
  readonly updatedAt: number | null
  readonly removedAt: number | null
  /** in the order of their first query */
  readonly asked: readonly string[]
  /** time of the last query; null when there was none */
  readonly lastAskedAt: number | null
}

export function workForReport(r: Reader, workId: string): WorkForReport {
  const { title, authors, year, venue, doi, job, artifact, tombstone } = recordedWork(r, workId)
  const asked = r.all(
    `SELECT source, min(attempt_id) AS first, max(at) AS last FROM attempts
     WHERE job IN (SELECT job_no FROM artifact_jobs WHERE work_id = ?1
         UNION ALL SELECT job_id FROM artifact_jobs WHERE work_id = ?1)
       AND outcome <> 'skipped' AND source NOT IN ('manual', 'given') GROUP BY source ORDER BY first`,
    [workId]
  )
  return {
    workId,
    title,
    authors,
    year,
    venue,
    doi,
    artifact,
    state: job?.state ?? null,
    reason: job?.reason ?? null,
    updatedAt: job?.updatedAt ?? null,
    removedAt: tombstone?.removedAt ?? null,
    asked: asked.map((row) => textOf(row, 'source')),
    lastAskedAt: asked.reduce<number | null>((last, row) => {
      const at = numberOrNull(row, 'last')
      return at !== null && (last === null || at > last) ? at : last
    }, null)
  }
}

/** Every work that has a job, oldest first, for a report without a list. */
export function plannedWorks(r: Reader): string[] {
  return r
    .all(
      'SELECT work_id, min(created_at) AS first FROM artifact_jobs GROUP BY work_id ORDER BY first, work_id'
    )
    .map((row) => textOf(row, 'work_id'))
}
