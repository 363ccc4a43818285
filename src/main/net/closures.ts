/**
 * Hosts, and kinds of requests, closed for the rest of a day: after a bot check, when a service's daily
 * budget is spent, or by the user. Kept across restarts. A spent OpenAlex budget closes its lists, searches
 * and files only: look-ups by one identifier are free and continue.
 */
import { z } from 'zod'
import { fail } from '../../contract/errors'
import type { Clock } from '../platform/host'
import { nextMidnight } from './rate'
import { DAY_SECONDS, HOUR_SECONDS } from '../../contract/durations'

const closureSchema = z.object({
  until: z.number().min(0),
  because: z.enum(['challenge', 'budget', 'user'])
})
export const closureStateSchema = z.record(z.string(), closureSchema)
export type ClosureState = Record<string, z.output<typeof closureSchema>>
export type Closure = ClosureState[string]

/** Minimum duration, for a bot check shortly before midnight UTC. */
const LEAST_SECONDS = 6 * HOUR_SECONDS
const MOST_KEPT = 2_000

export class Closures {
  private readonly closed = new Map<string, Closure>()

  constructor(
    private readonly clock: Clock,
    kept: ClosureState
  ) {
    const latest = clock.now() + 2 * DAY_SECONDS
    for (const [key, closure] of Object.entries(kept)) {
      // A stored time from a clock that ran ahead must not close a host for years.
      this.closed.set(key, { ...closure, until: Math.min(closure.until, latest) })
    }
  }

  /** Throws BOT_CHECK, RATE_WAIT or BREAKER_OPEN while the address is closed. */
  check(url: URL): void {
    const closure = this.of(url)
    if (closure === null) return
    const facts = { host: url.host, closed: closure.because }
    const at = new Date(closure.until * 1000).toISOString()
    switch (closure.because) {
      case 'challenge':
        return fail('BOT_CHECK', `${url.host} asked for a bot check; it is not asked again before ${at}.`, {
          facts
        })
      case 'budget':
        return fail('RATE_WAIT', `The budget of the day at ${url.host} is spent; it is new at ${at}.`, {
          retryAt: closure.until,
          facts
        })
      case 'user':
        return fail('BREAKER_OPEN', `You closed ${url.host} until ${at}.`, { retryAt: closure.until, facts })
    }
  }

  of(url: URL): Closure | null {
    const now = this.clock.now()
    const found = keysOf(url).flatMap((key) => this.closed.get(key) ?? [])
    return found.find(({ until }) => until > now) ?? null
  }

  /** After a bot check: no retry today. */
  challenged(url: URL): void {
    const now = this.clock.now()
    this.keep(url.host, { until: Math.max(nextMidnight(now), now + LEAST_SECONDS), because: 'challenge' })
  }

  /** Today's budget is spent. */
  spent(url: URL): void {
    const until = nextMidnight(this.clock.now())
    if (isOpenAlex(url)) {
      for (const key of OPENALEX_PAID) this.keep(key, { until, because: 'budget' })
    } else this.keep(url.host, { until, because: 'budget' })
  }

  closeByHand(host: string): void {
    this.keep(host, { until: this.clock.now() + DAY_SECONDS, because: 'user' })
  }

  /** Ends every closure of this host. */
  openByHand(host: string): void {
    this.closed.delete(host)
    if (isOpenAlex(new URL(`https://${host}/`))) for (const key of OPENALEX_PAID) this.closed.delete(key)
  }

  save(): ClosureState {
    const now = this.clock.now()
    return Object.fromEntries([...this.closed].filter(([, { until }]) => until > now))
  }

  private keep(key: string, closure: Closure): void {
    if (this.closed.size >= MOST_KEPT) {
      const now = this.clock.now()
      for (const [old, { until }] of this.closed) if (until <= now) this.closed.delete(old)
    }
    if (this.closed.size < MOST_KEPT) this.closed.set(key, closure)
  }
}

const OPENALEX_LISTS = 'api.openalex.org lists'
const OPENALEX_PAID = [OPENALEX_LISTS, 'content.openalex.org']

function isOpenAlex(url: URL): boolean {
  return url.hostname === 'api.openalex.org' || url.hostname === 'content.openalex.org'
}

function keysOf(url: URL): string[] {
  return url.hostname === 'api.openalex.org' && !isSingleton(url) ? [url.host, OPENALEX_LISTS] : [url.host]
}

/** `/works/doi:10.x/y`, `/works/W123`: one entity by an identifier, which OpenAlex does not bill. */
function isSingleton(url: URL): boolean {
  const [entity, ...name] = decodeURI(url.pathname).split('/').slice(1)
  const id = name.join('/')
  return entity !== undefined && entity !== '' && id !== '' && !/^https?:/i.test(id)
}

/** Is an answer of OpenAlex a 429 for the spent budget? It says nothing about the host's health. */
export function isBudgetSpent(url: URL, status: number, headers: Readonly<Record<string, string>>): boolean {
  return status === 429 && isOpenAlex(url) && namesSpentBudget(headers)
}

/** In the head of OpenAlex's 429: less is left than the request costs, or the wait is hours long. */
export function namesSpentBudget(headers: Readonly<Record<string, string>>): boolean {
  const left = Number(headers['x-ratelimit-remaining-usd'] ?? NaN)
  const cost = Number(headers['x-ratelimit-cost-required-usd'] ?? NaN)
  const wait = Number(headers['retry-after'] ?? NaN)
  return left < cost || wait > BUDGET_WAIT_SECONDS
}
/** With a longer wait, a 429 is about the daily budget and not about the rate. */
const BUDGET_WAIT_SECONDS = 300

/** Does the head of the answer announce a bot check? Cloudflare names it. */
export function isChallenge(headers: Readonly<Record<string, string>>): boolean {
  return /challenge/i.test(headers['cf-mitigated'] ?? '')
}
