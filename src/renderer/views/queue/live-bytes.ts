/** The bytes of a job: while it is active, as main sends them between two reloads; else as they are stored. Pure. */
import type { Events } from '../../../contract/events'
import type { JobView } from '../../../contract/views'

export type Live = Events['jobs']['live'][number]

interface JobBytes {
  readonly have: number | null
  readonly total: number | null
  readonly perSecond: number | null
  /** 0 to 1; null while the total is not known */
  readonly share: number | null
}

export function bytesOfJob(job: JobView | null | undefined, live: Live | null | undefined): JobBytes {
  const now = job?.group === 'active' ? live : null
  const have = now?.bytes ?? job?.bytes ?? null
  const total = now?.totalBytes ?? job?.totalBytes ?? null
  const perSecond = now?.bytesPerSecond ?? job?.bytesPerSecond ?? null
  return { have, total, perSecond, share: have !== null && total !== null && total > 0 ? have / total : null }
}
