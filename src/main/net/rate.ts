/**
 * When a service may be requested: token buckets by service and path, rests that a service requested, caps
 * over longer spans, limits announced in headers. Invariant: a service is never requested sooner than its
 * rate allows, nor before the time in its Retry-After, across processes: the state is stored as epoch
 * seconds. `turns.ts` orders the waiting requests, not this module.
 */
import { z } from 'zod'
import {
  UNLISTED_PER_SECOND,
  defaultRates,
  serviceOf,
  type ServiceLimit
} from '../../contract/service-limits'
import type { Clock } from '../platform/host'
import type { Announced } from './announced'
import { DAY_SECONDS } from '../../contract/durations'

const bucketSchema = z.object({
  tokens: z.number().min(-100).max(100_000),
  at: z.number().min(0),
  blockedUntil: z.number().min(0),
  /** consecutive refusals without a time */
  refusals: z.number().int().min(0).max(1_000).default(0),
  /** the rate announced by the service, and how long it is used */
  announced: z.object({ perSecond: z.number().positive(), until: z.number().min(0) }).optional(),
  /** requests since midnight UTC of `day`; only kept where a cap counts them */
  day: z.object({ day: z.number().int(), used: z.number().int().min(0) }).optional()
})
export const rateStateSchema = z.record(z.string(), bucketSchema)
export type RateState = Record<string, z.output<typeof bucketSchema>>
type Bucket = RateState[string]

/** The budget of a request, and its conditions. */
export interface Allowance {
  /** one bucket for all requests of a shared budget */
  readonly bucket: string
  readonly perSecond: number
  /** as written in a request's host, port included */
  readonly host: string
  readonly service: ServiceLimit | null
  /** seconds between visits required by the host's robots.txt; 0 where it does not apply */
  readonly crawlDelay: number
}

export interface AllowanceFacts {
  /** the request contains a key of the service */
  readonly keyed?: boolean
  /** robots.txt applies to the request */
  readonly crawl?: boolean
}

/** Tokens that a fast rate may accumulate while timers are late; slower rates stay evenly spaced. */
const BURST_SECONDS = 0.05
const FASTER_THAN = 100
/** Rests of hosts that are not in the table. */
const UNLISTED_RESTS = [1, 2, 4, 8, 16, 32, 60]
const ANNOUNCED_HOLDS_SECONDS = DAY_SECONDS

export interface RatesParts {
  /** the setting `network.rates` */
  readonly perSecond: Readonly<Record<string, number>>
  /** the longest accepted rest: a stored state may come from a clock that ran ahead */
  readonly maxRestSeconds: number
  /** a contact address is set */
  readonly hasContact: boolean
  readonly clock: Clock
  readonly kept: RateState
  /** the previous process ended without a last save: its latest requests are unknown */
  readonly cautious?: boolean
}

export class Rates {
  private readonly buckets = new Map<string, Bucket>()
  /** seconds between visits, by host */
  private readonly crawlDelays = new Map<string, number>()
  private readonly parallel = new Map<string, number>()
  private readonly untouched = defaultRates()

  constructor(private readonly parts: RatesParts) {
    const now = parts.clock.now()
    for (const [key, bucket] of Object.entries(parts.kept)) {
      this.buckets.set(key, { ...bucket, at: Math.min(bucket.at, now) })
    }
  }

  allowanceOf(url: URL, facts: AllowanceFacts = {}): Allowance {
    const { hostname, host } = url
    const service = serviceOf(hostname)
    const key = this.keyFor(url, service)
    const shared = service?.sharedPaths ?? {}
    const path = `${hostname}${url.pathname}`
    const alias = Object.keys(shared).find((prefix) => path.startsWith(prefix))
    const bucket =
      service?.oneBudget === true
        ? (service.hosts[0] ?? hostname)
        : alias === undefined
          ? key === null || key === '*'
            ? host
            : key
          : (shared[alias] ?? host)
    return {
      bucket,
      perSecond: this.rateFor(alias === undefined ? key : (shared[alias] ?? key), service, facts),
      host,
      service,
      crawlDelay: facts.crawl === true ? (this.crawlDelays.get(host) ?? 0) : 0
    }
  }

  /** Milliseconds until the next request may be sent if none is queued before it. */
  readyInMs(allowance: Allowance): number {
    const rate = this.rateOf(allowance)
    const missingMs = this.missingMs(this.bucketOf(allowance), rate, burstOf(rate))
    return Math.max(missingMs, this.restMs(allowance))
  }

  /** Milliseconds for which the service must not be requested: a requested rest, or a used-up cap. */
  restMs(allowance: Allowance): number {
    const now = this.parts.clock.now()
    const bucket = this.bucketOf(allowance)
    bucket.blockedUntil = Math.min(
      bucket.blockedUntil,
      Math.max(now + this.parts.maxRestSeconds, nextMidnight(now))
    )
    return Math.max(
      0,
      (bucket.blockedUntil - now) * 1000,
      ...this.spansOf(allowance).map((span) => this.missingMs(span.bucket, span.perSecond, span.burst)),
      this.dayIsSpent(allowance, bucket) ? (nextMidnight(now) - now) * 1000 : 0
    )
  }

  /** Milliseconds between two requests. */
  spacingMs(allowance: Allowance): number {
    return 1000 / this.rateOf(allowance)
  }

  spend(allowance: Allowance): void {
    const bucket = this.bucketOf(allowance)
    this.refill(bucket, this.rateOf(allowance), burstOf(this.rateOf(allowance)))
    bucket.tokens -= 1
    for (const span of this.spansOf(allowance)) {
      this.refill(span.bucket, span.perSecond, span.burst)
      span.bucket.tokens -= 1
    }
    const day = dayOf(this.parts.clock.now())
    if (dayCap(allowance) !== null) {
      bucket.day = { day, used: (bucket.day?.day === day ? bucket.day.used : 0) + 1 }
    }
  }

  /**
   * The request was sent this many seconds after its slot (a connection had to be made): the next one is
   * counted from there, so that the server sees the intended spacing.
   */
  leftLate(allowance: Allowance, seconds: number): void {
    const bucket = this.bucketOf(allowance)
    bucket.tokens = Math.max(-1, bucket.tokens - seconds * this.rateOf(allowance))
  }

  /** The service must not be requested until then (epoch seconds). Never shortens an earlier block. */
  block(allowance: Allowance, until: number): void {
    const bucket = this.bucketOf(allowance)
    bucket.blockedUntil = Math.max(bucket.blockedUntil, until)
  }

  /**
   * A refusal without a time: applies the table's rest, longer with each consecutive one. Returns its end.
   */
  refused(allowance: Allowance): number {
    const bucket = this.bucketOf(allowance)
    const rests = allowance.service?.restSeconds ?? UNLISTED_RESTS
    const rest = rests[Math.min(bucket.refusals, rests.length - 1)] ?? 1
    bucket.refusals += 1
    // The table's own rests apply even where they exceed the longest accepted Retry-After.
    const until = this.parts.clock.now() + rest
    this.block(allowance, until)
    return until
  }

  /** An answer without a refusal. */
  accepted(allowance: Allowance): void {
    this.bucketOf(allowance).refusals = 0
  }

  /** Applies announced limits: they may lower the table's, never raise it. */
  applyAnnounced(allowance: Allowance, said: Announced): void {
    const bucket = this.bucketOf(allowance)
    if (said.nothingUntil !== null) this.block(allowance, said.nothingUntil)
    if (said.parallel !== null) this.parallel.set(serviceName(allowance), said.parallel)
    if (said.perSecond === null) return
    if (said.perSecond < allowance.perSecond) {
      const until = this.parts.clock.now() + ANNOUNCED_HOLDS_SECONDS
      bucket.announced = { perSecond: said.perSecond, until }
    } else delete bucket.announced
  }

  /** Concurrent requests to the whole service; null where only the limit per host applies. */
  parallelOf(allowance: Allowance): number | null {
    const { service } = allowance
    const own =
      this.parts.hasContact || service?.anonymous === undefined
        ? service?.parallel
        : service.anonymous.parallel
    const said = this.parallel.get(serviceName(allowance))
    const both = [own, said].filter((one) => one !== undefined)
    return both.length === 0 ? null : Math.min(...both)
  }

  /** Sets the seconds between visits from a robots.txt. */
  slowDown(host: string, seconds: number): void {
    this.crawlDelays.set(host, seconds)
  }

  /** Remaining and used budget of a service, for the source board. */
  standing(allowance: Allowance): {
    readonly perSecond: number
    readonly restUntil: number | null
    readonly dayUsed: number | null
    readonly dayCap: number | null
  } {
    const now = this.parts.clock.now()
    const bucket = this.bucketOf(allowance)
    const cap = dayCap(allowance)
    return {
      perSecond: this.rateOf(allowance),
      restUntil: bucket.blockedUntil > now ? bucket.blockedUntil : null,
      dayUsed: cap === null ? null : bucket.day?.day === dayOf(now) ? bucket.day.used : 0,
      dayCap: cap
    }
  }

  /** Ends a rest; called by the user. */
  unblock(allowance: Allowance): void {
    const { hostname } = new URL(`https://${allowance.host}/`)
    for (const [key, bucket] of this.buckets) {
      if (key !== allowance.bucket && !key.startsWith(`${hostname}/`)) continue
      bucket.blockedUntil = 0
      bucket.refusals = 0
    }
  }

  /** Only the state that still has an effect. */
  save(): RateState {
    const now = this.parts.clock.now()
    const alive = [...this.buckets].filter(([, bucket]) => {
      const isRecent = now - bucket.at < DAY_SECONDS && (bucket.tokens < 1 || bucket.day !== undefined)
      return bucket.blockedUntil > now || isRecent || (bucket.announced?.until ?? 0) > now
    })
    return Object.fromEntries(alive.map(([key, bucket]) => [key, { ...bucket }]))
  }

  private keyFor(url: URL, service: ServiceLimit | null): string | null {
    const { perSecond } = this.parts
    const path = url.pathname
    for (const name of [url.host, url.hostname]) {
      const ofPath = Object.keys(perSecond)
        .filter((key) => key.startsWith(`${name}/`) && path.startsWith(key.slice(name.length)))
        .sort((a, b) => b.length - a.length)[0]
      if (ofPath !== undefined) return ofPath
      if (perSecond[name] !== undefined) return name
    }
    if (service?.oneBudget === true) {
      // A host that is not listed, of a listed service, has the slowest rate of that service.
      const named = Object.keys(perSecond)
        .filter((key) => key !== '*' && serviceOf(key.split(/[:/]/, 1)[0] ?? '') === service)
        .sort((a, b) => (perSecond[a] ?? 0) - (perSecond[b] ?? 0))[0]
      if (named !== undefined) return named
    }
    return perSecond['*'] === undefined ? null : '*'
  }

  private rateFor(key: string | null, service: ServiceLimit | null, facts: AllowanceFacts): number {
    if (key === null) return UNLISTED_PER_SECOND
    const set = this.parts.perSecond[key] ?? UNLISTED_PER_SECOND
    // A rate that the user set is used unchanged.
    if (set !== this.untouched[key] || service === null) return set
    if (facts.keyed === true && service.ratesWithKey?.[key] !== undefined) return service.ratesWithKey[key]
    if (!this.parts.hasContact) return service.anonymous?.rates[key] ?? set
    return set
  }

  private rateOf(allowance: Allowance): number {
    const announced = this.buckets.get(allowance.bucket)?.announced
    const said =
      announced !== undefined && announced.until > this.parts.clock.now() ? announced.perSecond : Infinity
    return Math.min(allowance.perSecond, said)
  }

  private missingMs(bucket: Bucket, perSecond: number, burst: number): number {
    this.refill(bucket, perSecond, burst)
    // Tolerance: 0.1 * 10 is not 1 in floating point.
    return bucket.tokens >= 1 - 1e-6 ? 0 : ((1 - bucket.tokens) / perSecond) * 1000
  }

  private refill(bucket: Bucket, perSecond: number, burst: number): void {
    const now = this.parts.clock.now()
    bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perSecond)
    bucket.at = now
  }

  /** The further buckets of a request: caps over spans shorter than a day, and a crawl delay. */
  private spansOf(allowance: Allowance): { bucket: Bucket; perSecond: number; burst: number }[] {
    const caps = (allowance.service?.caps ?? []).filter(({ seconds }) => seconds < DAY_SECONDS)
    const spans = caps.map(({ seconds, most }) => {
      // Half may be sent at once and half is spread: no window of that span ever contains more.
      const burst = Math.max(1, Math.floor(most / 2))
      const perSecond = Math.max(1, most - burst) / seconds
      return { bucket: this.fresh(`${allowance.bucket} in ${String(seconds)} s`, burst), perSecond, burst }
    })
    if (allowance.crawlDelay <= 0) return spans
    const crawl = { perSecond: 1 / allowance.crawlDelay, burst: 1 }
    return [...spans, { bucket: this.fresh(`visits of ${allowance.host}`, 1), ...crawl }]
  }

  private dayIsSpent(allowance: Allowance, bucket: Bucket): boolean {
    const cap = dayCap(allowance)
    return cap !== null && bucket.day?.day === dayOf(this.parts.clock.now()) && bucket.day.used >= cap
  }

  private bucketOf(allowance: Allowance): Bucket {
    return this.fresh(allowance.bucket, burstOf(this.rateOf(allowance)), allowance.service !== null)
  }

  private fresh(key: string, burst: number, isListed = false): Bucket {
    const there = this.buckets.get(key)
    if (there !== undefined) return there
    const made: Bucket = {
      tokens: isListed && this.parts.cautious === true ? 0 : burst,
      at: this.parts.clock.now(),
      blockedUntil: 0,
      refusals: 0
    }
    this.buckets.set(key, made)
    return made
  }
}

function burstOf(perSecond: number): number {
  return perSecond > FASTER_THAN ? Math.max(1, Math.floor(perSecond * BURST_SECONDS)) : 1
}

function dayCap(allowance: Allowance): number | null {
  return allowance.service?.caps?.find(({ seconds }) => seconds === DAY_SECONDS)?.most ?? null
}

export function serviceName(allowance: Allowance): string {
  return allowance.service?.name ?? allowance.host
}

/** Days since the epoch, UTC. */
export const dayOf = (now: number): number => Math.floor(now / DAY_SECONDS)

/** Epoch seconds of the next midnight UTC. */
export function nextMidnight(now: number): number {
  return (dayOf(now) + 1) * DAY_SECONDS
}
