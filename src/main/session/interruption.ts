/**
 * The facts of an interruption for the banner: the last sign of activity, what was repaired, and which
 * downloads continue. Read-only; the engine has already ended the dead runs.
 */
import type { ReconcileLine } from '../../contract/lines'
import type { InterruptionView } from '../../contract/recover-views'
import type { DeadRuns, Sheaf } from '../sheaf-api'

type Download = InterruptionView['downloads'][number]

export interface WhatHappened {
  readonly dead: DeadRuns | null
  /** of the reconcile at the start; null when there was none */
  readonly line: ReconcileLine | null
  readonly downloads: readonly Download[]
  readonly damage: string | null
}

/** null when nothing was interrupted and nothing damaged. */
export function interruptionOf({ dead, line, downloads, damage }: WhatHappened): InterruptionView | null {
  const leases = line?.stale_leases ?? 0
  const wasInterrupted = dead !== null || leases > 0
  if (!wasInterrupted && damage === null) return null
  return { wasInterrupted, at: dead?.at ?? null, leases, downloads, damage }
}

/** Partial downloads on disk, of the jobs that had a lease at the interruption. */
export async function keptDownloads(sheaf: Sheaf, jobIds: readonly string[]): Promise<Download[]> {
  const downloads: Download[] = []
  for (const jobId of jobIds.slice(0, 200)) {
    const part = await sheaf.part(jobId)
    if (part === null || part.bytes === 0) continue
    const title = sheaf.jobRow(jobId)?.['title']
    downloads.push({
      jobId,
      title: typeof title === 'string' ? title : null,
      bytes: part.bytes,
      totalBytes: part.totalBytes
    })
  }
  return downloads
}
