/**
 * Jobs that the ledger does not remember (the switch is off, or the canary's control group), shown
 * from what the engine says about them. They are kept until the session closes, and nowhere else.
 */
import { ERRORS } from '../../contract/errors'
import { isErrorCode } from '../../contract/reason-words'
import type { Line } from '../../contract/lines'
import { isDone } from '../../contract/states'
import type { GroupCounts } from '../../contract/views'
import type { EphemeralTask, Sheaf, CatalogPaper } from '../sheaf-api'
import type { EphemeralJob } from './session-api'
import { hostOrNull } from '../../contract/addresses'

type Mutable = { -readonly [K in keyof EphemeralJob]: EphemeralJob[K] }

type ListedFacts = Pick<CatalogPaper, 'title' | 'authors' | 'year' | 'venue' | 'verdict'>

export class EphemeralJobs {
  readonly #jobs = new Map<string, Mutable>()
  readonly #tasks = new Map<string, EphemeralTask>()
  readonly #sheaf: Sheaf
  readonly #now: () => number

  constructor(sheaf: Sheaf, now: () => number) {
    this.#sheaf = sheaf
    this.#now = now
  }

  has(jobId: string): boolean {
    return this.#jobs.has(jobId)
  }

  /** What was planned before and is done already is left alone; the number of new ones. */
  add(tasks: readonly EphemeralTask[]): number {
    const wanted = tasks.filter((task) => {
      const known = this.#jobs.get(task.jobId)
      return known === undefined || known.state === 'FAILED'
    })
    const fresh = wanted.filter((task) => !this.#jobs.has(task.jobId)).length
    for (const task of wanted) {
      this.#tasks.set(task.jobId, task)
      this.#jobs.set(task.jobId, this.#begin(task, this.#jobs.get(task.jobId)?.createdAt ?? this.#now()))
    }
    this.#sheaf.addEphemeral(wanted)
    return fresh
  }

  /** The id of the job that changed, if the line is about one of these. */
  hear(line: Line): string | null {
    if (!('job_id' in line)) return null
    const job = this.#jobs.get(line.job_id)
    if (job === undefined || line.type === 'planned' || line.type === 'progress') return null
    job.updatedAt = this.#now()
    if (line.type === 'state') {
      job.state = line.to
      if (line.to !== 'FAILED') fail(job, null)
    } else if (line.type === 'attempt') {
      job.source = line.source
      job.host = (line.url === null ? null : hostOrNull(line.url)) ?? job.host
    } else if (line.type === 'done') {
      job.state = line.state
      job.storedBytes = line.bytes ?? null
      if (line.source !== undefined) job.source = line.source
      // Cancelling stopped it in the middle: that is not the engine's word but the person's.
      if (job.reason !== 'CANCELLED') fail(job, line.state === 'FAILED' ? (line.reason ?? 'INTERNAL') : null)
    }
    return line.job_id
  }

  /** What the library lists of a paper that arrived: the lines of the engine do not say what it is. */
  learn(jobId: string, paper: ListedFacts): void {
    const job = this.#jobs.get(jobId)
    if (job === undefined) return
    job.title = paper.title ?? job.title
    if (paper.authors.length > 0) job.authors = paper.authors
    job.year = paper.year ?? job.year
    job.venue = paper.venue ?? job.venue
    job.doubtful = paper.verdict !== 'match'
  }

  list(): readonly EphemeralJob[] {
    return [...this.#jobs.values()].map((job) => this.#shown(job))
  }

  artifactOf(jobId: string): string | null {
    return this.#jobs.get(jobId)?.artifactId ?? null
  }

  get size(): number {
    return this.#jobs.size
  }

  retry(jobId: string): boolean {
    const task = this.#tasks.get(jobId)
    const job = this.#jobs.get(jobId)
    if (task === undefined || job === undefined) return false
    if (isDone(job.state) || this.#sheaf.isActive(jobId)) return true
    this.#jobs.set(jobId, { ...this.#begin(task, job.createdAt), attempt: job.attempt + 1 })
    this.#sheaf.addEphemeral([task])
    return true
  }

  cancel(jobId: string): boolean {
    const job = this.#jobs.get(jobId)
    if (job === undefined) return false
    if (isDone(job.state) || (job.state === 'FAILED' && job.reason !== null)) return true
    this.#sheaf.cancelEphemeral(jobId)
    job.state = 'FAILED'
    job.updatedAt = this.#now()
    fail(job, 'CANCELLED')
    return true
  }

  /** A run is over: what it had in hand waits again. */
  settle(): void {
    for (const job of this.#jobs.values()) {
      if (isDone(job.state) || job.state === 'FAILED' || this.#sheaf.isActive(job.jobId)) continue
      job.state = 'PLANNED'
    }
  }

  counts(): Omit<GroupCounts, 'ignored'> {
    const counts = { all: 0, waiting: 0, active: 0, attention: 0, done: 0 }
    for (const job of this.#jobs.values()) {
      counts.all += 1
      if (isDone(job.state)) counts.done += 1
      else if (job.state === 'FAILED') counts[job.reason === null ? 'waiting' : 'attention'] += 1
      else counts[this.#sheaf.isActive(job.jobId) ? 'active' : 'waiting'] += 1
    }
    return counts
  }

  /** Failed, but to be tried again by itself: it has no reason yet. */
  #shown(job: Mutable): EphemeralJob {
    const waits = job.state === 'FAILED' && job.reason === null
    return { ...job, nextAttemptAt: waits ? this.#sheaf.ephemeralNextAt(job.jobId) : null }
  }

  #begin(task: EphemeralTask, createdAt: number): Mutable {
    const { work } = task
    return {
      jobId: task.jobId,
      workId: work.workId,
      artifactId: `${work.workId}#${task.format}`,
      canonicalUrl: task.canonicalUrl,
      format: task.format,
      state: 'PLANNED',
      reason: null,
      reasonDetail: null,
      createdAt,
      updatedAt: this.#now(),
      title: work.facts.title ?? null,
      authors: work.facts.authors ?? [],
      year: work.facts.year ?? null,
      venue: work.facts.venue ?? null,
      source: null,
      host: null,
      attempt: 1,
      nextAttemptAt: null,
      storedBytes: null,
      doubtful: false
    }
  }
}

function fail(job: Mutable, reason: string | null): void {
  job.reason = reason
  job.reasonDetail = reason !== null && isErrorCode(reason) ? ERRORS[reason].sentence : null
}
