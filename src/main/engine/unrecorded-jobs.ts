/**
 * Unrecorded jobs (the switch is off, or a canary's control group): the ledger's tables in memory, opened
 * when the first such job is planned. They are planned, leased and executed by the same code as all others;
 * only their requests are written to the ledger, as telemetry. They end with the process.
 */
import type { PlannedLine } from '../../contract/lines'
import { hasFailedForGood, isDone } from '../../contract/states'
import type { Format, State } from '../../contract/words'
import type { WorkDraft } from '../../contract/work'
import { deleteArtifact } from '../ledger/artifacts'
import { deleteAttempts } from '../ledger/attempts'
import { deleteEvents } from '../ledger/job-events'
import { deleteJob, jobById, jobIdsAmong, requeueJob } from '../ledger/jobs'
import type { LedgerTables, Reader, Writer } from '../ledger/ledger'
import { openMemoryLedger, type MemoryLedger } from '../ledger/memory-ledger'
import { deleteOps } from '../ledger/ops'
import { ownerName, type Host } from '../platform/host'
import { Listeners } from '../platform/listeners'
import { Leases } from './leases'
import { planWork } from './ops/plan-work'

/** A set of job tables with its leases. The engine itself is the book of recorded jobs. */
export interface JobBook {
  readonly ledger: LedgerTables
  readonly leases: Leases
}

interface HowToPlan {
  readonly formats: readonly Format[]
  readonly priority: number
  /** an existing job in one of these states starts over, unless a worker holds it */
  readonly startsOver: readonly State[]
}

export class UnrecordedJobs {
  readonly #host: Host
  readonly #ttlSeconds: number
  readonly #listeners = new Listeners<[book: JobBook]>()
  #opening: Promise<JobBook> | null = null
  #ledger: MemoryLedger | null = null
  #book: JobBook | null = null

  constructor(host: Host, ttlSeconds: number) {
    this.#host = host
    this.#ttlSeconds = ttlSeconds
  }

  /** null until the first one was planned */
  get book(): JobBook | null {
    return this.#book
  }

  /** Calls the listener once, when the first one is planned. */
  onOpened(listener: (book: JobBook) => void): void {
    this.#listeners.add(listener)
  }

  read<T>(ask: (reader: Reader) => T): T | null {
    return this.#book?.ledger.read(ask) ?? null
  }

  has(jobId: string): boolean {
    return this.read((r) => jobById(r, jobId)) !== null
  }

  async plan(drafts: readonly WorkDraft[], how: HowToPlan): Promise<PlannedLine[]> {
    return this.planIn(await this.open(), drafts, how)
  }

  /**
   * One line per work and format; `existing` when this process planned it before and it does not start over.
   */
  planIn({ ledger }: JobBook, drafts: readonly WorkDraft[], how: HowToPlan): PlannedLine[] {
    const now = this.#host.clock.now()
    // For unrecorded jobs, no run, list, removal or reference is recorded, either.
    const context = { now, runId: null, priority: how.priority, hasTombstones: false, keepsReferences: false }
    return ledger.transact((w) =>
      drafts.flatMap((draft) =>
        planWork(w, draft, how.formats, context).map((line) => {
          const isAnother = line.existing && startOver(w, line.job_id, how.startsOver, now)
          return isAnother ? { ...line, existing: false } : line
        })
      )
    ).value
  }

  /** Drops jobs that are recorded by now (all, or these), so that the queue shows them once. */
  dropRecorded(recorded: LedgerTables, among: readonly string[] | null = null): void {
    const own = this.read((r) => jobIdsAmong(r, among)) ?? []
    if (own.length === 0) return
    for (const jobId of recorded.read((r) => jobIdsAmong(r, own)))
      // A job held by a worker is checked again when it ends.
      if (this.read((r) => jobById(r, jobId))?.leaseOwner === null) this.drop(jobId)
  }

  /** Drops the history of a finished job, which was kept only to resume it; its row stays. */
  forgetHistory(jobId: string): void {
    this.#book?.ledger.transact((w) => {
      const job = jobById(w, jobId)
      if (job !== null && (isDone(job.state) || hasFailedForGood(job))) deleteHistory(w, jobId)
    })
  }

  /** Drops a job altogether. */
  drop(jobId: string): void {
    this.#book?.ledger.transact((w) => {
      const job = jobById(w, jobId)
      if (job === null) return
      deleteHistory(w, jobId)
      deleteArtifact(w, job.artifactId)
      deleteJob(w, jobId)
    })
  }

  open(): Promise<JobBook> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  close(): void {
    this.#book = null
    this.#ledger?.close()
    this.#ledger = null
  }

  async #open(): Promise<JobBook> {
    const ledger = await openMemoryLedger(this.#host)
    // No other process sees these leases and they are not renewed, so none is ever taken over.
    const leases = new Leases({
      host: this.#host,
      ledger,
      owner: ownerName(this.#host.identity),
      ttlSeconds: this.#ttlSeconds
    })
    this.#ledger = ledger
    this.#book = { ledger, leases }
    this.#listeners.call(this.#book)
    return this.#book
  }
}

/** Resets jobs without their history; a job held by a worker is left unchanged. */
function startOver(w: Writer, jobId: string, from: readonly State[], now: number): boolean {
  const job = jobById(w, jobId)
  if (job === null || job.leaseOwner !== null || !from.includes(job.state)) return false
  deleteHistory(w, jobId)
  deleteArtifact(w, job.artifactId)
  return requeueJob(w, jobId, from, now) === 1
}

function deleteHistory(w: Writer, jobId: string): void {
  deleteOps(w, jobId)
  deleteEvents(w, jobId)
  deleteAttempts(w, jobId)
}
