/**
 * So many requests a second for one service, first come first served. What must stay true: a service
 * is never asked sooner than its rate allows, nor before the time its Retry-After named, also by the
 * next process: the state is kept as epoch seconds. arXiv counts all its hosts as one, so do we.
 */
import { z } from 'zod'
import { fail } from '../../contract/errors'
import type { Clock } from '../platform/host'
import { rateKey } from './hosts'

const bucketSchema = z.object({
  tokens: z.number().min(-1).max(10_000),
  at: z.number().min(0),
  blockedUntil: z.number().min(0)
})
export const rateStateSchema = z.record(z.string(), bucketSchema)
export type RateState = z.infer<typeof rateStateSchema>

type Bucket = RateState[string] & {
  /** resolves when everybody who came before has had a turn */
  tail: Promise<void>
  waiting: number
}

interface Turn {
  readonly signal: AbortSignal
  readonly maxWaitMs: number | null
}

const UNLISTED_PER_SECOND = 2
/** A listed rate is a service's own rule and is kept to the letter: one at a time, evenly spaced. */
const BURST_SECONDS = 0.05
/** For all others, asking what a file is like and then asking for it may follow at once. */
const BURST_OF_UNLISTED = 2

export class Rates {
  private readonly buckets = new Map<string, Bucket>()
  /** seconds between requests that a robots.txt asks for */
  private readonly floors = new Map<string, number>()
  /** the slowest rate named for any host of a service */
  private readonly ofService = new Map<string, number>()

  constructor(
    private readonly perSecond: Readonly<Record<string, number>>,
    /** the longest block believed: a kept state may stem from a clock that ran ahead */
    private readonly maxBlockSeconds: number,
    private readonly clock: Clock,
    kept: RateState
  ) {
    for (const [name, rate] of Object.entries(perSecond)) {
      this.ofService.set(rateKey(name), Math.min(rate, this.ofService.get(rateKey(name)) ?? Infinity))
    }
    const now = clock.now()
    for (const [key, bucket] of Object.entries(kept)) {
      this.buckets.set(key, { ...bucket, at: Math.min(bucket.at, now), tail: Promise.resolve(), waiting: 0 })
    }
  }

  /** Resolves when it is this caller's turn. Throws RATE_WAIT when that is later than `maxWaitMs`. */
  async turn(host: string, { signal, maxWaitMs }: Turn): Promise<void> {
    signal.throwIfAborted()
    const bucket = this.bucketOf(host)
    this.refuseLongWait(host, maxWaitMs, this.waitMs(host))
    if (bucket.waiting === 0 && this.readyInMs(bucket, host) === 0) {
      bucket.tokens -= 1
      return
    }
    const ahead = bucket.tail
    let done = (): void => undefined
    bucket.tail = new Promise((resolve) => (done = resolve))
    bucket.waiting += 1
    try {
      await abortable(ahead, signal)
      for (let wait = this.readyInMs(bucket, host); wait > 0; wait = this.readyInMs(bucket, host)) {
        // While we waited the host may have asked for a longer rest.
        this.refuseLongWait(host, maxWaitMs, wait)
        await this.clock.sleep(Math.ceil(wait), signal)
      }
      bucket.tokens -= 1
    } finally {
      bucket.waiting -= 1
      // Who gives up in the middle of the line lets nobody overtake those before.
      void ahead.then(done)
    }
  }

  /** How long somebody who came now would wait. */
  waitMs(host: string): number {
    const bucket = this.buckets.get(rateKey(host))
    if (bucket === undefined) return 0
    return this.readyInMs(bucket, host) + (bucket.waiting * 1000) / this.rateOf(host)
  }

  /** The host asked to be left alone until then (epoch seconds). Never shortens an earlier wish. */
  block(host: string, until: number): void {
    const bucket = this.bucketOf(host)
    bucket.blockedUntil = Math.max(bucket.blockedUntil, until)
  }

  /** A robots.txt asks for this many seconds between requests. */
  slowDown(host: string, seconds: number): void {
    this.floors.set(host, seconds)
  }

  /** Only what is still of consequence. */
  save(): RateState {
    const now = this.clock.now()
    const alive = [...this.buckets].filter(
      ([key, bucket]) => bucket.blockedUntil > now || this.refilled(bucket, key) < this.burstOf(key)
    )
    return Object.fromEntries(
      alive.map(([key, { tokens, at, blockedUntil }]) => [key, { tokens, at, blockedUntil }])
    )
  }

  private refuseLongWait(host: string, maxWaitMs: number | null, waitMs: number): void {
    if (maxWaitMs === null || waitMs <= maxWaitMs) return
    const seconds = String(Math.ceil(waitMs / 1000))
    fail('RATE_WAIT', `${host} may be asked again in ${seconds} s, which is too late.`, {
      retryAt: this.clock.now() + waitMs / 1000,
      facts: { host, waitMs: Math.round(waitMs), maxWaitMs }
    })
  }

  private readyInMs(bucket: Bucket, host: string): number {
    const now = this.clock.now()
    bucket.tokens = this.refilled(bucket, host)
    bucket.at = now
    bucket.blockedUntil = Math.min(bucket.blockedUntil, now + this.maxBlockSeconds)
    // A hair of tolerance: 0.1 * 10 is not 1 in floating point.
    const missing = bucket.tokens >= 1 - 1e-6 ? 0 : 1 - bucket.tokens
    return Math.max((missing / this.rateOf(host)) * 1000, (bucket.blockedUntil - now) * 1000, 0)
  }

  private refilled(bucket: Bucket, host: string): number {
    const passed = Math.max(0, this.clock.now() - bucket.at)
    return Math.min(this.burstOf(host), bucket.tokens + passed * this.rateOf(host))
  }

  private bucketOf(host: string): Bucket {
    const key = rateKey(host)
    const there = this.buckets.get(key)
    if (there !== undefined) return there
    const fresh: Bucket = {
      tokens: this.burstOf(host),
      at: this.clock.now(),
      blockedUntil: 0,
      tail: Promise.resolve(),
      waiting: 0
    }
    this.buckets.set(key, fresh)
    return fresh
  }

  private rateOf(host: string): number {
    const rate = this.listed(host) ?? this.perSecond['*'] ?? UNLISTED_PER_SECOND
    const floor = this.floors.get(host)
    return floor === undefined ? rate : Math.min(rate, 1 / floor)
  }

  private burstOf(host: string): number {
    const rate = this.rateOf(host)
    const small = Math.max(1, Math.floor(rate * BURST_SECONDS))
    return this.listed(host) === undefined
      ? Math.max(small, Math.min(BURST_OF_UNLISTED, Math.floor(rate)))
      : small
  }

  /** A host that is not named, of a service that is, has the slowest rate named for that service. */
  private listed(host: string): number | undefined {
    return this.perSecond[host] ?? this.ofService.get(rateKey(host))
  }
}

function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', aborted, { once: true })
    void promise.then(() => {
      signal.removeEventListener('abort', aborted)
      resolve()
    })
  })
}
