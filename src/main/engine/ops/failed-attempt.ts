/** A failed candidate as a row of `attempts`. */
import { asSheafError, type Family } from '../../../contract/errors'
import type { AttemptFacts, Candidate } from '../../../contract/work'
import type { Outcome } from '../../../contract/words'
import type { JobContext } from '../job-context'

/** `beganMs`: monotonic. Null when the work was aborted: that is not a failure. */
export function failedAttempt(
  context: JobContext,
  candidate: Candidate,
  { error, beganMs }: { readonly error: unknown; readonly beganMs: number }
): AttemptFacts | null {
  if (context.signal.aborted) return null
  const { code, family, facts, message } = asSheafError(error)
  const { status } = facts
  return {
    source: candidate.source,
    tier: candidate.tier,
    url: candidate.url,
    outcome: outcomeOf(code, family),
    reason: code,
    detail: message,
    ...(typeof status === 'number' ? { status } : {}),
    elapsedMs: context.services.host.clock.monotonicMs() - beganMs
  }
}

function outcomeOf(code: string, family: Family): Outcome {
  if (code.startsWith('TIMEOUT') || code === 'STALLED') return 'timeout'
  switch (family) {
    case 'RetryLater':
      return 'retryable'
    case 'TryNext':
      return 'nonretryable'
    case 'GiveUp':
    case 'Pause':
    case 'Refuse':
    case 'Stop':
      return 'error'
  }
}
