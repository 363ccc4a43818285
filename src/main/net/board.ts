/** The present state of each contacted host, from rates, breaker, closures and log. Read-only. */
import type { HostStanding } from '../../contract/insights-views'
import type { Clock } from '../platform/host'
import type { Breaker } from './breaker'
import type { Closures } from './closures'
import { nextMidnight, type Rates } from './rate'
import type { HostEntry, ServiceLog } from './service-log'
import type { Turns } from './turns'

export interface BoardParts {
  readonly clock: Clock
  readonly rates: Rates
  readonly turns: Turns
  readonly breaker: Breaker
  readonly closures: Closures
  readonly log: ServiceLog
}

/** With fewer requests there is no forecast. */
const LEAST_FOR_A_PACE = 5
const SHORTEST_PACE_SECONDS = 10

export function boardOf(parts: BoardParts): HostStanding[] {
  const { clock, rates, turns, breaker, closures, log } = parts
  const now = clock.now()
  const waiting = turns.waiting()
  return [...log.entries()].map(([host, entry]) => {
    const url = new URL(`https://${host}/`)
    const allowance = rates.allowanceOf(url)
    const standing = rates.standing(allowance)
    const { asked, answered, refused, failed, bytes, purposes, latencyMs } = entry
    return {
      host,
      service: allowance.service?.name ?? null,
      use: {
        ...{ asked, answered, refused, failed, bytes, purposes },
        latencyMs: latencyMs === null ? null : Math.round(latencyMs),
        lastRefusal: entry.lastRefusal,
        firstAt: entry.firstAt,
        lastAt: entry.lastAt
      },
      limits: {
        ...standing,
        waiting: waiting.get(host) ?? 0,
        breakerUntil: breaker.openUntil(host),
        closed: closures.of(url) ?? closures.of(new URL(`https://${host}/works?filter=x`)),
        budget: entry.budget,
        capAt:
          standing.dayCap === null
            ? null
            : capAt(entry, { used: standing.dayUsed ?? 0, cap: standing.dayCap, now })
      }
    }
  })
}

/** At the pace of today's requests: when the cap is reached, if that is before it resets at midnight UTC. */
function capAt(
  entry: HostEntry,
  { used, cap, now }: { readonly used: number; readonly cap: number; readonly now: number }
): number | null {
  if (used >= cap) return now
  const seconds = entry.lastAt - entry.dayFirstAt
  if (entry.askedToday < LEAST_FOR_A_PACE || seconds < SHORTEST_PACE_SECONDS) return null
  const at = now + ((cap - used) * seconds) / entry.askedToday
  return at < nextMidnight(now) ? at : null
}
