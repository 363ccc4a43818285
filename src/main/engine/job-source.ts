/**
 * Supplies tasks: due jobs of the ledger, or unrecorded works (the switch is off). Fair to hosts: among the
 * jobs of the highest priority, the one whose host is least busy goes first, so that one slow host does not
 * occupy every worker.
 */
import type { JobRow, Work } from '../../contract/work'
import { formatOfArtifact } from '../../contract/words'
import { dueJobs, nextDueAt } from '../ledger/leases'
import { TRIED_LAST } from '../ledger/tried-last'
import type { LedgerTables, Reader } from '../ledger/ledger'
import { workById } from '../ledger/works'
import type { Host } from '../platform/host'
import type { HeldJob, JobStore } from './job-context'
import type { Leases } from './leases'

/** One unit of work that a worker may begin. */
export interface Task {
  readonly job: HeldJob
  readonly work: Work
  /** the host (or publisher) that it will most likely use */
  readonly group: string
  /**
   * builds its job store once the worker's signal exists; the returned function ends the renewal of the lease
   */
  begin(signal: AbortSignal, lost: (error: Error) => void): { readonly jobStore: JobStore; end(): void }
}

export interface JobSource {
  /** The next task that may start now, or null. `busy` returns the number of workers of a group. */
  take(busy: (group: string) => number, askedAtMs: number): Task | null
  /** epoch seconds of the next instant at which a job becomes due, or null */
  nextDueAt(): number | null
}

/** How many due jobs are considered for fairness. */
const WINDOW = 256
const WINDOW_HOLDS_MS = 10_000

export interface LedgerJobSourceDeps {
  readonly host: Host
  readonly ledger: LedgerTables
  readonly leases: Leases
  readonly makeJobStore: (granted: JobRow, signal: AbortSignal) => JobStore
  /** is a worker of this process still finishing this job? */
  readonly isActive: (jobId: string) => boolean
  /** is any job in progress that is not read alone? */
  readonly isOtherActive: () => boolean
}

export function ledgerJobSource(parts: LedgerJobSourceDeps): JobSource {
  let window: JobRow[] = []
  let lookedAt = Number.NEGATIVE_INFINITY
  const look = (): void => {
    window = parts.ledger.read((r) => dueJobs(r, parts.host.clock.now(), WINDOW))
    lookedAt = parts.host.clock.monotonicMs()
  }
  const take: JobSource['take'] = (busy, askedAtMs) => {
    // The query sorts all due jobs: with 100,000 jobs its result is worth keeping for a while.
    const stale = parts.host.clock.monotonicMs() - lookedAt > WINDOW_HOLDS_MS
    if (window.length === 0 || stale) look()
    while (window.length > 0) {
      const chosen = leastBusy(window, busy)
      // This job may crash the process: all others finish first.
      if (chosen.priority <= TRIED_LAST && parts.isOtherActive()) return null
      window = window.filter((job) => job.jobId !== chosen.jobId)
      if (parts.isActive(chosen.jobId)) continue
      const granted = parts.leases.take(chosen.jobId, askedAtMs)
      if (granted !== null) return taskOf(parts, granted)
      if (window.length === 0) look()
    }
    return null
  }
  return { take, nextDueAt: () => parts.ledger.read(nextDueAt) }
}

function leastBusy(window: readonly JobRow[], busy: (group: string) => number): JobRow {
  const highest = window[0]?.priority
  let best: { job: JobRow; load: number } | null = null
  for (const job of window) {
    if (job.priority !== highest) break
    const load = busy(groupOf(job))
    if (best === null || load < best.load) best = { job, load }
    if (load === 0) break
  }
  if (best === null) throw new Error('an empty window was asked for its least busy job')
  return best.job
}

/** The host last requested, else the publisher from the DOI's registrant, else the locator's host. */
export function groupOf(job: Pick<JobRow, 'host' | 'canonicalUrl'>): string {
  if (job.host !== null) return job.host
  const { host, pathname } = new URL(job.canonicalUrl)
  const registrant = /^\/(10\.\d{4,9})\//.exec(pathname)?.[1]
  return host === 'doi.org' && registrant !== undefined ? registrant : host
}

function taskOf(parts: LedgerJobSourceDeps, granted: JobRow): Task {
  return {
    job: heldJob(granted),
    work: parts.ledger.read((r) => workOfJob(r, granted)),
    group: groupOf(granted),
    begin(signal, lost) {
      const holder = { jobId: granted.jobId, owner: parts.leases.owner, epoch: granted.leaseEpoch }
      const jobStore = parts.makeJobStore(granted, signal)
      return { jobStore, end: parts.leases.keep(holder, lost) }
    }
  }
}

/** The work of an imported job may have no row: then only its address is known. */
export function workOfJob(r: Reader, { workId, canonicalUrl }: JobRow): Work {
  return workById(r, workId) ?? { workId, ids: { url: canonicalUrl }, facts: {}, locations: [] }
}

/** A granted job as its worker sees it. */
export function heldJob(job: JobRow): HeldJob {
  return {
    jobId: job.jobId,
    workId: job.workId,
    artifactId: job.artifactId,
    canonicalUrl: job.canonicalUrl,
    format: formatOfArtifact(job.artifactId),
    attempt: job.attempt,
    beganAt: job.beganAt ?? 0,
    isReadAlone: job.priority <= TRIED_LAST,
    expectedSha256: job.expectedSha256
  }
}
