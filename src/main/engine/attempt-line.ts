/** The `attempt` line of the command line: one question to a source, or one request for a file. Pure. */
import type { AttemptLine } from '../../contract/lines'
import { redactUrl } from '../../contract/redact'
import type { AttemptFacts } from '../../contract/work'

export function attemptLine(jobId: string, attempt: AttemptFacts): AttemptLine {
  return {
    type: 'attempt',
    job_id: jobId,
    source: attempt.source,
    tier: attempt.tier,
    url: attempt.url === null ? null : redactUrl(attempt.url),
    outcome: attempt.outcome,
    reason: attempt.reason,
    ...(attempt.status === undefined ? {} : { status: attempt.status }),
    elapsed_ms: Math.round(attempt.elapsedMs)
  }
}
