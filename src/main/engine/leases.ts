/**
 * Leases: the right to work on a job until a deadline, with a number that grows at every grant
 * (docs/design.md §7). One heartbeat renews all leases of this process in one commit. A worker with a stale
 * number is aborted; the fence refuses its writes in any case.
 */
import type { SheafError } from '../../contract/errors'
import type { JobRow } from '../../contract/work'
import { insertEvent } from '../ledger/job-events'
import { clearLease, grantLease, leasesOf, renewLease, type Holder } from '../ledger/leases'
import type { LedgerTables } from '../ledger/ledger'
import type { Host } from '../platform/host'
import { lostGrant } from './advance'

interface Held {
  readonly holder: Holder
  readonly lost: (error: SheafError) => void
}

export class Leases {
  readonly #held = new Set<Held>()
  #lastWall: number
  #lastMonotonicMs: number

  readonly owner: string
  /** may change; a running heartbeat keeps its initial interval */
  ttlSeconds: number
  private readonly host: Host
  private readonly ledger: LedgerTables
  private readonly onSleep: (seconds: number) => void

  /** `onSleep` is called when the wall clock ran ahead of the monotonic clock: the machine slept. */
  constructor(parts: {
    readonly host: Host
    readonly ledger: LedgerTables
    readonly owner: string
    readonly ttlSeconds: number
    readonly onSleep?: (seconds: number) => void
  }) {
    this.host = parts.host
    this.ledger = parts.ledger
    this.owner = parts.owner
    this.ttlSeconds = parts.ttlSeconds
    this.onSleep = parts.onSleep ?? (() => undefined)
    this.#lastWall = parts.host.clock.now()
    this.#lastMonotonicMs = parts.host.clock.monotonicMs()
  }

  /**
   * Grants a job to this process; null when another process took it first, or it is held or not due. `askedAtMs`
   * is monotonic.
   */
  take(jobId: string, askedAtMs: number): JobRow | null {
    const { clock } = this.host
    const now = clock.now()
    const granted = this.ledger.transact((w) => {
      const job = grantLease(w, { jobId, owner: this.owner, until: now + this.ttlSeconds, now })
      if (job === null) return null
      insertEvent(w, {
        jobId,
        at: now,
        kind: 'lease',
        to: job.state,
        epoch: job.leaseEpoch,
        detail: {
          owner: this.owner,
          attempt: job.attempt,
          wait_ms: Math.round(Math.max(0, clock.monotonicMs() - askedAtMs) * 1000) / 1000
        }
      })
      return job
    }).value
    if (granted !== null) this.host.probe('LEASE: granted')
    return granted
  }

  /** Keeps a lease alive until the returned function is called. */
  keep(holder: Holder, lost: (error: SheafError) => void): () => void {
    const held: Held = { holder, lost }
    this.#held.add(held)
    return () => {
      this.#held.delete(held)
    }
  }

  /**
   * Releases leases that this process holds without a worker: a worker that stopped while the disk took no
   * writes could not release its own. Returns how many.
   */
  giveBackIdle(isActive: (jobId: string) => boolean): number {
    const now = this.host.clock.now()
    return this.ledger.transact((w) => {
      const idle = leasesOf(w, this.owner).filter((job) => !isActive(job.jobId))
      for (const job of idle) clearLease(w, job.jobId, job.leaseEpoch, now)
      return idle.length
    }).value
  }

  /** Starts the heartbeat at a third of the lease's time. Returns how to stop it. */
  start(): () => void {
    return this.host.clock.every((this.ttlSeconds * 1000) / 3, () => {
      this.beat()
    })
  }

  /** One heartbeat: renews every lease, and detects that the machine slept. */
  beat(): void {
    const { clock } = this.host
    const now = clock.now()
    const sleptSeconds = now - this.#lastWall - (clock.monotonicMs() - this.#lastMonotonicMs) / 1000
    this.#lastWall = now
    this.#lastMonotonicMs = clock.monotonicMs()
    if (sleptSeconds > this.ttlSeconds / 3) this.onSleep(sleptSeconds)
    if (this.#held.size === 0 || this.ledger.trouble() !== null) return
    const lost = this.ledger.transact((w) =>
      [...this.#held].filter(({ holder }) => {
        if (renewLease(w, holder, now + this.ttlSeconds) === 0) return true
        insertEvent(w, { jobId: holder.jobId, at: now, kind: 'renewed', epoch: holder.epoch })
        return false
      })
    ).value
    for (const held of lost) {
      this.#held.delete(held)
      held.lost(lostGrant(held.holder))
    }
  }
}
