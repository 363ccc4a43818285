/**
 * How soon a service may be asked: token buckets by service and path, rests that a service asked for,
 * caps over longer spans, limits announced in headers. Invariant: a service is never asked
 * sooner than its rate allows, nor before the time its Retry-After named, also by the next process: the
 * state is kept as epoch seconds. Who waits in which order is decided in `turns.ts`, not here.
 */
import { z } from 'zod'
import {
  SERVICE_LIMITS,
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
  /** refusals in a row that named no time */
  refusals: z.number().int().min(0).max(1_000).default(0),
  /** the rate that the service announced, and until when it is believed */
  announced: z.object({ perSecond: z.number().positive(), until: z.number().min(0) }).optional(),
  /** requests since midnight UTC of `day`; only kept where a cap counts them */
  day: z.object({ day: z.number().int(), used: z.number().int().min(0) }).optional()
})
export const rateStateSchema = z.record(z.string(), bucketSchema)
export type RateState = Record<string, z.output<typeof bucketSchema>>
type Bucket = RateState[string]

/** Which budget a request draws on, and what holds for it. */
export interface Allowance {
  /** one bucket for all that share a budget */
  readonly bucket: string
  readonly perSecond: number
  /** as written in a request's host, port included */
  readonly host: string
  readonly service: ServiceLimit | null
  /** seconds between visits that the host's robots.txt asks for; 0 where it does not count */
  readonly crawlDelay: number
}

export interface AllowanceFacts {
  /** the request carries a key of the service */
  readonly keyed?: boolean
  /** a request to which robots.txt applies */
  readonly crawl?: boolean
}

/** Tokens that a fast rate may save up while timers are late; slower rates are kept evenly spaced. */
const BURST_SECONDS = 0.05
const FASTER_THAN = 100
/** Rests of hosts that the table does not name. */
const UNLISTED_RESTS = [1, 2, 4, 8, 16, 32, 60]
const ANNOUNCED_HOLDS_SECONDS = DAY_SECONDS

export interface RatesParts {
  /** the setting `network.rates` */
  readonly perSecond: Readonly<Record<string, number>>
  /** the longest rest believed: a kept state may stem from a clock that ran ahead */
  readonly maxRestSeconds: number
  /** a contact address is set */
  readonly hasContact: boolean
  readonly clock: Clock
  readonly kept: RateState
  /** the process before ended without a last save: what it asked since is not known */
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
    const now = this.parts.clock.now()
    const bucket = this.bucketOf(allowance)
    bucket.blockedUntil = Math.min(
      bucket.blockedUntil,
      Math.max(now + this.parts.maxRestSeconds, nextMidnight(now))
    )
    const waits = [
      this.missingMs(bucket, this.rateOf(allowance), burstOf(this.rateOf(allowance))),
      (bucket.blockedUntil - now) * 1000,
      ...this.spansOf(allowance).map((span) => this.missingMs(span.bucket, span.perSecond, span.burst)),
      this.dayIsSpent(allowance, bucket) ? (nextMidnight(now) - now) * 1000 : 0
    ]
    return Math.max(0, ...waits)
  }

  /** Milliseconds for which the service is to be left alone: a rest that was asked for, a cap that is used up. */
  restMs(allowance: Allowance): number {
    const now = this.parts.clock.now()
    const bucket = this.bucketOf(allowance)
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
   * The request left so many seconds after its turn (a connection had to be made): the next one is
   * counted from there, so that the server sees the spacing that the rate means.
   */
  leftLate(allowance: Allowance, seconds: number): void {
    const bucket = this.bucketOf(allowance)
    bucket.tokens = Math.max(-1, bucket.tokens - seconds * this.rateOf(allowance))
  }

  /** The service asked to be left alone until then (epoch seconds). Never shortens an earlier block. */
  block(allowance: Allowance, until: number): void {
    const bucket = this.bucketOf(allowance)
    bucket.blockedUntil = Math.max(bucket.blockedUntil, until)
  }

  /** A refusal that named no time: the rest of the table, longer at each in a row. Returns until when. */
  refused(allowance: Allowance): number {
    const bucket = this.bucketOf(allowance)
    const rests = allowance.service?.restSeconds ?? UNLISTED_RESTS
    const rest = rests[Math.min(bucket.refusals, rests.length - 1)] ?? 1
    bucket.refusals += 1
    // The table's own rests hold also where the longest Retry-After that is believed is shorter.
    const until = this.parts.clock.now() + rest
    this.block(allowance, until)
    return until
  }

  /** An answer that was no refusal. */
  accepted(allowance: Allowance): void {
    this.bucketOf(allowance).refusals = 0
  }

  /** Limits that the answer announced: they lower the table's, they never raise it. */
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

  /** Requests at a time for the whole service; null where only the limit of one host holds. */
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

  /** A robots.txt asks for this many seconds between visits. */
  slowDown(host: string, seconds: number): void {
    this.crawlDelays.set(host, seconds)
  }

  /** Of one service: what is left and what was used, for the source board. */
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

  /** Ends a rest by hand. */
  unblock(allowance: Allowance): void {
    const { hostname } = new URL(`https://${allowance.host}/`)
    for (const [key, bucket] of this.buckets) {
      if (key !== allowance.bucket && !key.startsWith(`${hostname}/`)) continue
      bucket.blockedUntil = 0
      bucket.refusals = 0
    }
  }

  /** Only what is still of consequence. */
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
      // A host that is not named, of a service that is, has the slowest rate named for that service.
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
    // A hair of tolerance: 0.1 * 10 is not 1 in floating point.
    return bucket.tokens >= 1 - 1e-6 ? 0 : ((1 - bucket.tokens) / perSecond) * 1000
  }

  private refill(bucket: Bucket, perSecond: number, burst: number): void {
    const now = this.parts.clock.now()
    bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perSecond)
    bucket.at = now
  }

  /** The further buckets a request draws on: caps over spans shorter than a day, and a crawl delay. */
  private spansOf(allowance: Allowance): { bucket: Bucket; perSecond: number; burst: number }[] {
    const caps = (allowance.service?.caps ?? []).filter(({ seconds }) => seconds < DAY_SECONDS)
    const spans = caps.map(({ seconds, most }) => {
      // Half may come at once and half is spread: in no window of that span are there ever more.
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

const dayOf = (now: number): number => Math.floor(now / DAY_SECONDS)

/** Epoch seconds of the next midnight UTC. */
export function nextMidnight(now: number): number {
  return (dayOf(now) + 1) * DAY_SECONDS
}

export { SERVICE_LIMITS }
