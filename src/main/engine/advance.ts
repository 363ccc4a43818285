/**
 * The only way in which a worker moves its job. It executes the table of `contract/states.ts` as an UPDATE that names the
 * allowed source states and the fencing number of the lease. The row count decides, and a refusal says which
 * of the two conditions failed.
 */
import { fail, SheafError } from '../../contract/errors'
import { isDone, statesBefore } from '../../contract/states'
import type { State } from '../../contract/words'
import { insertEvent } from '../ledger/job-events'
import { jobById } from '../ledger/jobs'
import { heldUntil, moveJob, renewLease, type Holder } from '../ledger/leases'
import type { Writer } from '../ledger/ledger'
import type { OpAttempt } from '../ledger/ops'
import { restorePriority, TRIED_LAST } from '../ledger/tried-last'

export interface AdvanceFacts {
  readonly host?: string
  readonly reason?: string
  readonly reasonDetail?: string
  readonly nextAttemptAt?: number | null
  /** the op that leads to the state, or is entered by it */
  readonly op?: OpAttempt
}

/** Moves the job in this transaction. Returns the state it came from. */
export function advanceJob(
  w: Writer,
  holder: Holder,
  to: State,
  at: { readonly now: number; readonly leaseUntil: number },
  facts: AdvanceFacts = {}
): State {
  const before = jobById(w, holder.jobId)
  const ends = isDone(to) || to === 'FAILED'
  const moved = moveJob(w, {
    holder,
    to,
    from: statesBefore(to),
    now: at.now,
    leaseUntil: ends ? null : at.leaseUntil,
    reason: facts.reason ?? null,
    reasonDetail: facts.reasonDetail ?? null,
    nextAttemptAt: facts.nextAttemptAt ?? null,
    host: facts.host ?? null
  })
  if (moved !== 1 || before === null) refuseMove(w, holder, to)
  if (ends && before.priority <= TRIED_LAST && restorePriority(w, holder.jobId, holder.epoch) !== 1)
    staleGrant(holder)
  insertEvent(w, {
    jobId: holder.jobId,
    at: at.now,
    kind: 'state',
    from: before.state,
    to,
    epoch: holder.epoch,
    ...(facts.op === undefined ? {} : { op: facts.op }),
    ...(facts.reason === undefined
      ? {}
      : { detail: { reason: facts.reason, because: facts.reasonDetail, next: facts.nextAttemptAt ?? null } })
  })
  return before.state
}

/** Epoch seconds. */
export interface LeaseTime {
  readonly now: number
  /** deadline of a lease renewed now */
  readonly until: number
}

/** A lease is renewed only after this share of its time is used. */
const RENEW_AFTER = 1 / 3

/**
 * Checks that the caller still holds the lease, in the transaction that records anything (docs/design.md §7).
 * Renews it when a third of its time is used up, as the heartbeat does. Each later statement compares the
 * fencing number itself.
 */
export function fence(w: Writer, holder: Holder, lease: LeaseTime): void {
  const until = heldUntil(w, holder)
  if (until !== null && lease.until - until <= (lease.until - lease.now) * RENEW_AFTER) return
  if (renewLease(w, holder, lease.until) === 1) return
  const job = jobById(w, holder.jobId)
  const now = job === null ? 'is gone' : `is ${job.state} under grant ${String(job.leaseEpoch)}`
  fail(
    'LEASE_LOST',
    `Job ${holder.jobId} ${now}; this worker holds grant ${String(holder.epoch)} and records nothing.`
  )
}

/** Another grant of the job was made after this one. */
export function lostGrant({ jobId, epoch }: Holder): SheafError {
  return new SheafError('LEASE_LOST', `Grant ${String(epoch)} of job ${jobId} is no longer the last one.`)
}

/** Reports that a statement with a fencing comparison changed no row: nothing was recorded. */
export function staleGrant(holder: Holder): never {
  throw lostGrant(holder)
}

function refuseMove(w: Writer, holder: Holder, to: State): never {
  const job = jobById(w, holder.jobId)
  const allowed = statesBefore(to)
  if (job !== null && job.leaseEpoch === holder.epoch && !allowed.includes(job.state)) {
    fail(
      'TRANSITION_REFUSED',
      `Job ${holder.jobId} cannot become ${to}: it is ${job.state}, and only ${allowed.join(', ')} may.`,
      { facts: { job: holder.jobId, wanted: to, allowed, actual: job.state } }
    )
  }
  throw lostGrant(holder)
}
