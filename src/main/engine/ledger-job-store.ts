/**
 * Records a job in the ledger, or in its tables in memory. All of a worker's writes about its job go through
 * here, and every statement is fenced: after the lease was granted to another worker, nothing more is
 * recorded.
 */
import { ERRORS, fail } from '../../contract/errors'
import type { FinalizedFile } from '../../contract/op-results'
import type { Line } from '../../contract/lines'
import { isDone } from '../../contract/states'
import { artifactIdOf, formatOfArtifact, type State } from '../../contract/words'
import type { ArtifactRow, Identifiers, JobRow, WorkFacts } from '../../contract/work'
import { artifactByFileUrl, artifactById, upsertArtifact, type NewArtifact } from '../ledger/artifacts'
import { insertAttempts, type AttemptRow } from '../ledger/attempts'
import { insertEvent } from '../ledger/job-events'
import { jobsOfArtifact, makeDue } from '../ledger/jobs'
import { releaseLease, type Holder } from '../ledger/leases'
import type { Committed, LedgerTables, Writer } from '../ledger/ledger'
import { forgetLookups } from '../ledger/lookups'
import { lastSuccess, opByKey, voidOps } from '../ledger/ops'
import { dropMovedProvenance, streamHolding } from '../ledger/streamed-provenance'
import { addNames, mergeFacts, pointNames, workById } from '../ledger/works'
import type { Host } from '../platform/host'
import { opKey } from '../works/keys'
import { aliasesOf, areDifferentWorks } from '../works/works'
import { advanceJob, fence, staleGrant, type AdvanceFacts, type LeaseTime } from './advance'
import type { Effects } from './effects'
import type { CanonicalJob, JobStore, ExistingArtifact } from './job-context'
import { finalizedFileOf } from './finalized-file'
import { headContext, streamContext } from './ops/op-contexts'
import { originalOf } from './original-of'
import { recordedEffects } from './recorded-effects'
import { attemptLine } from './attempt-line'
import type { RunStats } from './run-stats'

export interface LedgerJobStoreDeps {
  readonly host: Host
  readonly ledger: LedgerTables
  readonly owner: string
  readonly granted: JobRow
  readonly ttlSeconds: number
  readonly runId: string | null
  readonly signal: AbortSignal
  readonly runStats: RunStats
  readonly emit: (line: Line) => void
  /**
   * For an unrecorded job (docs/design.md §9): where its requests are written. Such a job sees no other job,
   * so that a rerun downloads again, and it buys nothing. null: the job is recorded.
   */
  readonly telemetry: LedgerTables | null
}

export class LedgerJobStore implements JobStore {
  readonly effects: Effects
  readonly holder: Holder
  readonly #parts: LedgerJobStoreDeps
  #state: State
  /** moves of a transaction that may still be rolled back; taken over once it is applied */
  #pending: { readonly from: State; readonly to: State }[] = []

  constructor(parts: LedgerJobStoreDeps) {
    this.#parts = parts
    this.#state = parts.granted.state
    this.holder = { jobId: parts.granted.jobId, owner: parts.owner, epoch: parts.granted.leaseEpoch }
    const effects = recordedEffects({
      host: parts.host,
      ledger: parts.ledger,
      holder: this.holder,
      signal: parts.signal,
      lease: () => this.#lease(),
      origin: { runId: parts.runId, jobId: parts.granted.jobId, workId: parts.granted.workId },
      transact: (change) => this.#transact(change),
      moveWithin: (w, to, facts) => {
        this.#moveWithin(w, to, facts)
      },
      onAttempts: (attempts) => {
        for (const attempt of attempts) parts.emit(attemptLine(parts.granted.jobId, attempt))
      },
      onReplay: () => {
        parts.runStats.replays += 1
      },
      onAttemptRows: (rows) => {
        this.#writeTelemetry(rows)
      },
      report: (line, durable) => {
        if (parts.telemetry === null) this.#emitOnceDurable(line, durable)
      }
    })
    this.effects = parts.telemetry === null ? effects : { ...effects, buy: null }
  }

  get state(): State {
    return this.#state
  }

  advance(to: State): void {
    this.#transact((w) => {
      this.#moveWithin(w, to)
    })
  }

  async endAsDuplicate(artifact: ArtifactRow): Promise<void> {
    const { jobId } = this.holder
    const job = this.#parts.granted
    const committed = this.#transact((w) => {
      upsertArtifact(w, { ...artifact, artifactId: job.artifactId, workId: job.workId, jobId })
      this.#moveWithin(w, 'SKIPPED_DUPLICATE')
    })
    await committed.durable
  }

  async endAsFailed(reason: string, detail: string, nextAttemptAt: number | null): Promise<void> {
    const committed = this.#transact((w) => {
      this.#moveWithin(w, 'FAILED', { reason, reasonDetail: detail, nextAttemptAt })
    })
    await committed.durable
  }

  recordArtifact(w: Writer, artifact: NewArtifact): void {
    const stream = streamHolding(w, this.holder.jobId, artifact.sha256)
    upsertArtifact(w, artifact)
    if (stream === null) return
    if (dropMovedProvenance(w, stream, this.holder) !== 1) staleGrant(this.holder)
  }

  async release(notBefore: number | null): Promise<void> {
    const now = this.#parts.host.clock.now()
    await this.#parts.ledger.commit((w) => {
      if (releaseLease(w, this.holder, notBefore, now) === 1) {
        insertEvent(w, {
          jobId: this.holder.jobId,
          at: now,
          kind: 'released',
          epoch: this.holder.epoch,
          detail: { not_before: notBefore }
        })
      }
    })
  }

  async durable(): Promise<void> {
    await this.#parts.ledger.flush()
  }

  mergeMetadata(learned: { ids: Identifiers; facts: WorkFacts }): ReturnType<JobStore['mergeMetadata']> {
    const { host, granted, ledger } = this.#parts
    const now = host.clock.now()
    return ledger.transact((w) => {
      fence(w, this.holder, this.#lease())
      mergeFacts(w, granted.workId, { ids: learned.ids, facts: learned.facts }, now)
      const { taken } = addNames(w, granted.workId, aliasesOf(learned.ids))
      const own = workById(w, granted.workId)?.ids ?? {}
      const others = this.#knowsOthers ? taken : []
      const found =
        others
          .filter(
            (name) =>
              name.scheme === 'doi' || name.scheme === 'openalex' || !this.#isOther(w, name.workId, own)
          )
          .map((name) => this.#canonicalJob(w, name.workId))
          .find((one) => one !== null) ?? null
      const canonicalJob = found === null ? null : this.#notifyCanonicalJob(w, found, now)
      if (canonicalJob !== null) {
        pointNames(w, granted.workId, canonicalJob.workId)
        insertEvent(w, {
          jobId: granted.jobId,
          at: now,
          kind: 'same_work',
          detail: { work_id: canonicalJob.workId, names: taken.map((name) => `${name.scheme}:${name.value}`) }
        })
      }
      const work = workById(w, granted.workId)
      if (work === null) fail('BROKEN_INVARIANT', `Job ${granted.jobId} speaks of a work that no row knows.`)
      return { work, canonicalJob }
    }).value
  }

  wasRejected(url: string): { readonly reason: string } | null {
    const { ledger, granted } = this.#parts
    const since = granted.beganAt ?? 0
    return ledger.read((r) => {
      for (const [kind, context] of [
        ['STREAM', streamContext(url)],
        ['HEAD', headContext(url)]
      ] as const) {
        const op = opByKey(r, opKey(kind, granted.jobId, context))
        const rejected = op !== null && op.finishedAt !== null && op.finishedAt >= since
        if (rejected && op.resultCode !== null && REJECTIONS.has(op.resultCode))
          return { reason: op.resultCode }
      }
      return null
    })
  }

  voidReadings(because: string): void {
    const { granted, ledger } = this.#parts
    ledger.transact((w) => {
      fence(w, this.holder, this.#lease())
      // The op's next attempt copies this one, with its note, into the history.
      voidOps(w, this.holder, ['RESOLVE'], because)
      forgetLookups(w, granted.workId)
    })
  }

  existingByUrl(url: string): ExistingArtifact | null {
    if (!this.#knowsOthers) return null
    const found = this.#parts.ledger.read((r) => artifactByFileUrl(r, url))
    if (found === null || found.artifactId === this.#parts.granted.artifactId) return null
    return { artifact: found, validator: found.fileValidator ?? null }
  }

  originalOf(sha256: string): ExistingArtifact | null {
    if (!this.#knowsOthers) return null
    const { granted, ledger } = this.#parts
    const artifact = ledger.read((r) => originalOf(r, sha256, granted.artifactId))
    return artifact === null ? null : { artifact, validator: null }
  }

  settled(): FinalizedFile | null {
    return this.#parts.ledger.read((r) => finalizedFileOf(r, this.holder.jobId))
  }

  streamed(): unknown {
    return this.#parts.ledger.read((r) => lastSuccess(r, this.holder.jobId, 'STREAM'))?.result ?? null
  }

  get #knowsOthers(): boolean {
    return this.#parts.telemetry === null
  }

  /** Throws while the ledger takes no writes: then the attempts are not kept in memory, either. */
  #writeTelemetry(rows: readonly AttemptRow[]): void {
    const { telemetry } = this.#parts
    if (telemetry === null || rows.length === 0) return
    telemetry.transact((w) => insertAttempts(w, rows))
  }

  /** The job that was planned first for the same work. */
  #canonicalJob(w: Writer, workId: string): CanonicalJob | null {
    const { granted } = this.#parts
    const format = formatOfArtifact(granted.artifactId)
    const first = jobsOfArtifact(w, artifactIdOf(workId, format))[0]
    if (first === undefined || workId === granted.workId) return null
    const artifact = artifactById(w, first.artifactId)
    return {
      workId,
      artifactId: first.artifactId,
      state: first.state,
      artifact: isDone(first.state) ? artifact : null,
      inHand: !isDone(first.state) && first.state !== 'FAILED' && first.hold === null
    }
  }

  /**
   * A failed canonical job that did not know all names of its work did not query all sources. With a new name
   * it is requeued, and this job waits for it. A name is new only once.
   */
  #notifyCanonicalJob(w: Writer, canonicalJob: CanonicalJob, now: number): CanonicalJob {
    const job = jobsOfArtifact(w, canonicalJob.artifactId)[0]
    if (job?.state !== 'FAILED' || job.hold !== null || job.reason === 'CANCELLED') return canonicalJob
    const ids = workById(w, this.#parts.granted.workId)?.ids ?? {}
    if (!mergeFacts(w, canonicalJob.workId, { ids }, now)) return canonicalJob
    voidOps(w, job, ['RESOLVE'], 'Another name of the work became known.')
    makeDue(w, job.jobId, now)
    insertEvent(w, { jobId: job.jobId, at: now, kind: 'named', from: job.state, detail: { ids } })
    return { ...canonicalJob, inHand: true }
  }

  /** Works with different DOIs stay different works even if they share a weaker name (docs/design.md, G1). */
  #isOther(w: Writer, workId: string, own: Identifiers): boolean {
    return areDifferentWorks(workById(w, workId)?.ids ?? {}, own)
  }

  #moveWithin(w: Writer, to: State, facts: AdvanceFacts = {}): void {
    const { now, until } = this.#lease()
    const from = advanceJob(w, this.holder, to, { now, leaseUntil: until }, facts)
    this.#pending.push({ from, to })
  }

  #transact<T>(change: (w: Writer) => T): Committed<T> {
    this.#pending = []
    const committed = this.#parts.ledger.transact(change)
    this.#reportMoves(committed.durable)
    return committed
  }

  /** Moves are reported once they are on disk; the worker continues at once. */
  #reportMoves(durable: Promise<void>): void {
    const moves = this.#pending
    this.#pending = []
    for (const moved of moves) {
      this.#state = moved.to
      this.#emitOnceDurable({ type: 'state', job_id: this.holder.jobId, ...moved }, durable)
    }
  }

  #emitOnceDurable(line: Line, durable: Promise<void>): void {
    durable.then(
      () => {
        this.#parts.emit(line)
      },
      // The ledger is closed: moves that are not on disk are not reported.
      () => undefined
    )
  }

  #lease(): LeaseTime {
    const now = this.#parts.host.clock.now()
    return { now, until: now + this.#parts.ttlSeconds }
  }
}

/** Codes that reject a candidate for the whole attempt of a job, as opposed to delaying it. */
const REJECTIONS: ReadonlySet<string> = new Set(
  Object.entries(ERRORS).flatMap(([code, entry]) => (entry.family === 'TryNext' ? [code] : []))
)
