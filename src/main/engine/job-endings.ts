/**
 * Ends a job when no copy is left or an error reaches it: failed with a reason, retried later, released with
 * every byte on disk, or a pause of the whole engine. The only place that maps error families to
 * consequences.
 */
import { isSheafError, messageOf, SheafError } from '../../contract/errors'
import { isDone } from '../../contract/states'
import { isOfOnePlace, troubledPlace } from '../library/disk-trouble'
import { failedLine } from './done-line'
import { nextAttemptAt, tellingReason, type Rejection } from './failure-reason'
import type { JobContext } from './job-context'

export type Ending =
  | { readonly kind: 'done'; readonly duplicate: boolean }
  | { readonly kind: 'failed'; readonly reason: string; readonly nextAttemptAt: number | null }
  | { readonly kind: 'released'; readonly because: string }
  /** the engine must wait until the cause is gone; the job was released, or reconcile will release it */
  | { readonly kind: 'pause'; readonly error: SheafError }

/** Pauses of the engine caused by one job although the library works, before that job fails. */
const MOST_STANDSTILLS = 2

/**
 * No candidate is left: ends the job with the most informative reason and the time of the next attempt, if
 * any.
 */
export function conclude(
  context: JobContext,
  rejections: readonly Rejection[],
  spent: boolean
): Promise<Ending> {
  const { host, settings } = context.services
  const telling = tellingReason(rejections, spent)
  const at = nextAttemptAt(rejections, {
    attempt: context.job.attempt,
    maxAttempts: settings['safety.maxAttempts'],
    now: host.clock.now(),
    random: host.random
  })
  return failed(context, telling.reason, telling.detail, at)
}

export async function failed(
  context: JobContext,
  reason: string,
  detail: string,
  at: number | null
): Promise<Ending> {
  const { jobStore, services, job } = context
  await jobStore.endAsFailed(reason, detail, at)
  if (at === null) {
    services.emit(failedLine(job, reason))
  }
  return { kind: 'failed', reason, nextAttemptAt: at }
}

/** Maps error families to consequences. Rethrows only what must end the process. */
export async function consequence(context: JobContext, error: unknown): Promise<Ending> {
  const { jobStore, signal, services, job } = context
  if (isSheafError(error, 'LEASE_LOST')) return { kind: 'released', because: error.message }
  if (signal.aborted) return giveBack(context, messageOf(signal.reason))
  if (!(error instanceof SheafError)) {
    services.host.log.error('A job met an unexpected error', {
      job: job.jobId,
      error: messageOf(error),
      stack: stackOf(error)
    })
    return isDone(jobStore.state)
      ? { kind: 'released', because: messageOf(error) }
      : failed(context, 'INTERNAL', messageOf(error), null)
  }
  switch (error.family) {
    case 'Pause':
      if (!(await isOfThisJob(context, error))) return { kind: 'pause', error }
      // Logged at once with its path: only the user can repair it.
      services.host.log.warn(error.message, { job: job.jobId })
      return failed(context, 'FILE_UNWRITABLE', error.message, null)
    case 'Stop':
      throw error
    case 'RetryLater':
      return failed(context, error.code, error.message, error.retryAt ?? services.host.clock.now() + 60)
    case 'TryNext':
    case 'GiveUp':
    case 'Refuse':
      return failed(context, error.code, error.message, null)
  }
}

/** Does the disk refuse only this file, while the library accepts others? Then the other jobs continue. */
async function isOfThisJob(context: JobContext, error: SheafError): Promise<boolean> {
  const place = troubledPlace(error)
  if (place === null || error.code === 'DISK_FULL' || isDone(context.jobStore.state)) return false
  if (isOfOnePlace(error)) return isWritable(context, [])
  return (context.stoodStill ?? 0) >= MOST_STANDSTILLS && (await isWritable(context, [place]))
}

async function isWritable(context: JobContext, places: readonly string[]): Promise<boolean> {
  try {
    await context.services.library.proveWritable(places)
    return true
  } catch {
    return false
  }
}

async function giveBack(context: JobContext, because: string): Promise<Ending> {
  try {
    await context.jobStore.release(null)
  } catch (error) {
    // The ledger cannot be written either: the lease expires, and reconcile releases the job.
    context.services.host.log.debug('A job could not be given back', {
      job: context.job.jobId,
      because: messageOf(error)
    })
  }
  return { kind: 'released', because }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined
}
