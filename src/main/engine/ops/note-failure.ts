/** Writes down why a candidate did not give the file: the telemetry, with the switch on or off. */
import { SheafError, type Family } from '../../../contract/errors'
import type { Candidate } from '../../../contract/work'
import type { Outcome } from '../../../contract/words'
import { sentenceOf } from '../recorded-effects'
import type { JobContext } from '../job-context'
import { noteAttempt } from './resolve-candidates'

export function noteFailure(
  context: JobContext,
  candidate: Candidate,
  error: unknown,
  elapsedMs: number
): void {
  // Being stopped is an end, not a failure.
  if (context.signal.aborted) return
  const code = error instanceof SheafError ? error.code : 'INTERNAL'
  const status = error instanceof SheafError ? error.facts['status'] : undefined
  noteAttempt(context, {
    source: candidate.source,
    tier: candidate.tier,
    url: candidate.url,
    outcome: outcomeOf(code, error instanceof SheafError ? error.family : 'GiveUp'),
    reason: code,
    detail: sentenceOf(error),
    ...(typeof status === 'number' ? { status } : {}),
    elapsedMs
  })
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
