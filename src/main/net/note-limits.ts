/**
 * When a service may be requested again, according to an answer: refusals, announced limits, a spent budget,
 * a bot check. Each is recorded where it applies: the rate's bucket, the closures, the log.
 */
import type { Settings } from '../../contract/settings'
import type { Clock } from '../platform/host'
import { readAnnounced } from './announced'
import { isBudgetSpent, isChallenge, type Closures } from './closures'
import type { Allowance, Rates } from './rate'
import { retryAtFrom } from './retry'
import type { ServiceLog } from './service-log'
import type { Turns } from './turns'

export interface LimitParts {
  readonly allowance: Allowance
  readonly rates: Rates
  readonly closures: Closures
  readonly log: ServiceLog
  readonly turns: Turns
  readonly clock: Clock
  readonly settings: Settings
  readonly stateChanged: () => void
}

/** Records the limits in the answer. Returns when the service may be requested again, if it says so. */
export function noteLimits(
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  url: URL,
  parts: LimitParts
): number | null {
  const { allowance, rates, closures, log, turns, clock, settings } = parts
  const { status, headers } = answer
  const now = clock.now()
  const maxWaitSeconds = settings['network.retryAfterMaxSeconds']
  const usd = Number(headers['x-ratelimit-remaining-usd'] ?? NaN)
  if (Number.isFinite(usd)) {
    const limit = Number(headers['x-ratelimit-limit-usd'] ?? NaN)
    log.budget(url.host, { remaining: usd, limit: Number.isFinite(limit) ? limit : null, unit: 'USD' })
  }
  const span = allowance.service?.announcedSpan
  if (span !== null) {
    const said = readAnnounced(headers, now, { span: span ?? null, maxWaitSeconds })
    rates.applyAnnounced(allowance, said)
    if (said.remaining !== null) {
      log.budget(url.host, { remaining: said.remaining, limit: said.limit, unit: 'requests' })
    }
    if (said.nothingUntil !== null || said.perSecond !== null) turns.lookAgain()
  }
  if (isChallenge(headers)) {
    closures.challenged(url)
    parts.stateChanged()
  }
  if (isBudgetSpent(url, status, headers)) {
    closures.spent(url)
    parts.stateChanged()
    turns.lookAgain()
    return closures.of(url)?.until ?? null
  }
  const retryAt = retryAtFrom(headers, now, maxWaitSeconds)
  const isRefusal = status === 429 || (status === 403 && allowance.service?.restsOn403 === true)
  if (!isRefusal && !(status === 503 && retryAt !== null)) {
    if (status < 400) rates.accepted(allowance)
    return retryAt
  }
  if (retryAt !== null) rates.block(allowance, retryAt)
  const until = retryAt ?? rates.refused(allowance)
  parts.stateChanged()
  turns.lookAgain()
  return until
}
