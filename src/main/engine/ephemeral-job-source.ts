/**
 * Works that are not recorded (the switch is off), in the order in which they were asked for. The
 * queue outlives a run: what a run did not bring to an end waits for the next one, and more may be
 * added while one goes on. It lives in memory only, and ends with the process.
 */
import type { Line } from '../../contract/lines'
import type { Work } from '../../contract/work'
import type { Format } from '../../contract/words'
import type { Ledger } from '../ledger/ledger'
import type { Host } from '../platform/host'
import type { HeldJob } from './job-context'
import { EphemeralJobStore } from './ephemeral-job-store'
import { groupOf, type Task, type JobSource } from './job-source'

export interface EphemeralTask {
  readonly work: Work
  readonly jobId: string
  readonly canonicalUrl: string
  readonly format: Format
}

interface Waiting extends EphemeralTask {
  attempt: number
  notBefore: number
}

export class EphemeralQueue {
  /** by job id, in the order in which they came */
  readonly #waiting = new Map<string, Waiting>()
  /** removed while a worker held it: it is not queued again */
  readonly #cancelled = new Set<string>()

  get size(): number {
    return this.#waiting.size
  }

  /** What waits already is not added a second time; a new wish for it makes it due at once. */
  add(tasks: readonly EphemeralTask[]): void {
    for (const task of tasks) {
      this.#cancelled.delete(task.jobId)
      this.#waiting.set(task.jobId, { ...task, attempt: 1, notBefore: 0 })
    }
  }

  /** Takes a task out, or keeps one that is under way from coming back. */
  cancel(jobId: string): void {
    if (!this.#waiting.delete(jobId)) this.#cancelled.add(jobId)
  }

  /** The first ones that are due and not under way, without taking them. */
  due(now: number, most: number, isActive: (jobId: string) => boolean): Waiting[] {
    const found: Waiting[] = []
    for (const task of this.#waiting.values()) {
      if (task.notBefore > now || isActive(task.jobId)) continue
      found.push(task)
      if (found.length === most) break
    }
    return found
  }

  take(task: Waiting): void {
    this.#waiting.delete(task.jobId)
    this.#cancelled.delete(task.jobId)
  }

  /** Queued again, unless it was cancelled or requested again meanwhile. */
  requeued(task: Waiting): void {
    if (this.#cancelled.delete(task.jobId) || this.#waiting.has(task.jobId)) return
    this.#waiting.set(task.jobId, task)
  }

  nextAt(jobId: string): number | null {
    return this.#waiting.get(jobId)?.notBefore ?? null
  }

  nextDueAt(): number | null {
    let next: number | null = null
    for (const { notBefore } of this.#waiting.values()) {
      if (next === null || notBefore < next) next = notBefore
      if (next === 0) break
    }
    return next
  }
}

export interface EphemeralJobSourceDeps {
  readonly host: Host
  readonly ledger: Ledger
  readonly runId: string
  readonly emit: (line: Line) => void
  readonly plain: EphemeralQueue
  readonly active: ReadonlyMap<string, unknown>
}

/** How many waiting tasks are looked at for the sake of fairness to hosts. */
const WINDOW = 256

/** A supply whose tasks come back when they ended unfinished or may be tried again. */
export function ephemeralJobSource(parts: EphemeralJobSourceDeps): JobSource {
  const { plain, active } = parts
  return {
    take(busy) {
      const due = plain.due(parts.host.clock.now(), WINDOW, (jobId) => active.has(jobId))
      const first = due.sort((a, b) => busy(groupOfTask(a)) - busy(groupOfTask(b)))[0]
      if (first === undefined) return null
      plain.take(first)
      return taskOf(parts, first)
    },
    nextDueAt: () => plain.nextDueAt()
  }
}

function groupOfTask(task: EphemeralTask): string {
  return groupOf({ host: null, canonicalUrl: task.canonicalUrl })
}

function taskOf(parts: EphemeralJobSourceDeps, task: Waiting): Task {
  const job: HeldJob = {
    jobId: task.jobId,
    workId: task.work.workId,
    artifactId: `${task.work.workId}#${task.format}`,
    canonicalUrl: task.canonicalUrl,
    format: task.format,
    attempt: task.attempt,
    beganAt: 0,
    expectedSha256: null
  }
  return {
    job,
    work: task.work,
    group: groupOfTask(task),
    begin() {
      const jobStore = new EphemeralJobStore({ ...parts, job, work: task.work })
      return {
        jobStore,
        end() {
          const ended = jobStore.end
          if (ended === null) return
          const again = ended.kind === 'open' ? (ended.notBefore ?? 0) : ended.nextAttemptAt
          if (again === null) return
          parts.plain.requeued({
            ...task,
            attempt: task.attempt + (ended.kind === 'failed' ? 1 : 0),
            notBefore: again
          })
        }
      }
    }
  }
}
