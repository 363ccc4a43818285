/**
 * A job that is not recorded: the switch is off (docs/design.md §9). The same ops run on it; its state lives
 * in this object only, and of the ledger it touches nothing but `attempts`. A rerun downloads again.
 */
import { fail } from '../../contract/errors'
import type { Line } from '../../contract/lines'
import { opResult } from '../../contract/op-results'
import { mayFollow, statesBefore } from '../../contract/states'
import type { State } from '../../contract/words'
import type { AttemptFacts, Identifiers, Work, WorkFacts } from '../../contract/work'
import { insertAttempt } from '../ledger/attempts'
import type { Ledger } from '../ledger/ledger'
import type { Host } from '../platform/host'
import { attemptLine } from './attempt-line'
import type { Effect, Effects, Performed, Ran } from './effects'
import type { HeldJob, JobStore } from './job-context'

export interface EphemeralJobStoreDeps {
  readonly host: Host
  readonly ledger: Ledger
  readonly job: HeldJob
  readonly work: Work
  readonly runId: string | null
  readonly emit: (line: Line) => void
}

/** How a plain job ended, or that it waits for another attempt. */
export type EphemeralEnd =
  | { readonly kind: 'open'; readonly notBefore: number | null }
  | {
      readonly kind: 'failed'
      readonly reason: string
      readonly detail: string
      readonly nextAttemptAt: number | null
    }

export class EphemeralJobStore implements JobStore {
  readonly effects: Effects
  end: EphemeralEnd | null = null
  readonly #parts: EphemeralJobStoreDeps
  readonly #rejected = new Map<string, string>()
  #state: State = 'LEASED'
  #work: Work
  #paperPath: string | null = null

  constructor(parts: EphemeralJobStoreDeps) {
    this.#parts = parts
    this.#work = parts.work
    this.effects = { run: (effect) => this.#run(effect), buy: null }
  }

  get state(): State {
    return this.#state
  }

  advance(to: State): void {
    const from = this.#state
    if (!mayFollow(from, to)) {
      const allowed = statesBefore(to).join(', ')
      fail(
        'TRANSITION_REFUSED',
        `Job ${this.#parts.job.jobId} cannot become ${to}: it is ${from}, and only ${allowed} may.`
      )
    }
    this.#state = to
    this.#parts.emit({ type: 'state', job_id: this.#parts.job.jobId, from, to })
  }

  endAsDuplicate(): Promise<void> {
    this.advance('SKIPPED_DUPLICATE')
    return Promise.resolve()
  }

  endAsFailed(reason: string, detail: string, nextAttemptAt: number | null): Promise<void> {
    this.advance('FAILED')
    this.end = { kind: 'failed', reason, detail, nextAttemptAt }
    return Promise.resolve()
  }

  recordArtifact(): void {
    // Nothing is remembered.
  }

  release(notBefore: number | null): Promise<void> {
    this.end = { kind: 'open', notBefore }
    return Promise.resolve()
  }

  durable(): Promise<void> {
    return this.#parts.ledger.flush()
  }

  #recordAttempts(attempts: readonly AttemptFacts[]): void {
    if (attempts.length === 0) return
    const { ledger, host, runId, job, emit } = this.#parts
    const origin = { runId, jobId: job.jobId, workId: job.workId, at: host.clock.now() }
    ledger.transact((w) => {
      for (const attempt of attempts) insertAttempt(w, { ...origin, ...attempt })
    })
    for (const { url, outcome, reason } of attempts)
      if (url !== null && outcome === 'nonretryable') this.#rejected.set(url, reason ?? 'NOT_PDF')
    for (const attempt of attempts) emit(attemptLine(job.jobId, attempt))
  }

  mergeMetadata(learned: { ids: Identifiers; facts: WorkFacts }): ReturnType<JobStore['mergeMetadata']> {
    this.#work = {
      ...this.#work,
      ids: { ...learned.ids, ...this.#work.ids },
      facts: { ...learned.facts, ...this.#work.facts }
    }
    return { work: this.#work, canonicalJob: null }
  }

  wasRejected(url: string): { readonly reason: string } | null {
    const reason = this.#rejected.get(url)
    return reason === undefined ? null : { reason }
  }

  voidReadings(): void {
    // Nothing is replayed: every reading is a new one.
  }

  existingByUrl(): null {
    return null
  }

  originalOf(): null {
    return null
  }

  streamed(): null {
    return null
  }

  settled(): null {
    return null
  }

  /** Where FINALIZE put the paper; null before it did. */
  get paperPath(): string | null {
    return this.#paperPath
  }

  async #run<T>(effect: Effect<T>): Promise<Ran<T>> {
    for (const { to } of effect.enters ?? []) this.advance(to)
    const { result, attempts } = await this.#perform(effect)
    this.#recordAttempts(attempts ?? [])
    if (effect.kind === 'FINALIZE') this.#paperPath = opResult('FINALIZE', result)?.paperPath ?? null
    const to = effect.leadsTo?.(result) ?? null
    if (to !== null) this.advance(to)
    return { result, replayed: false }
  }

  async #perform<T>(effect: Effect<T>): Promise<Performed<T>> {
    try {
      return await effect.perform({ attempt: 1, unknown: false })
    } catch (error) {
      const request = effect.failedAttempt?.(error) ?? null
      if (request !== null) this.#recordAttempts([request])
      throw error
    }
  }
}
