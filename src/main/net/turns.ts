/**
 * The queue of requests. A waiting request holds no worker, no lane and no connection. It is released when
 * everything it needs is free at the same instant: its service's rate, a slot of its host and its service,
 * and a slot of its lane. Invariants: first come, first served within a host and lane; no rate is used before
 * the request can be sent; requests waiting for one host do not delay other hosts.
 */
import { SheafError } from '../../contract/errors'
import { addTo } from '../platform/add-to'
import { OVER } from '../platform/ended-with'
import type { Clock } from '../platform/host'
import { abortError } from '../platform/or-aborted'
import { serviceName, type Allowance, type Rates } from './rate'

export const LANES = ['lookUps', 'pages', 'files'] as const
export type Lane = (typeof LANES)[number]

export interface TurnsParts {
  readonly clock: Clock
  readonly rates: Rates
  readonly maxPerHost: number
  /** concurrent requests of each lane; read whenever a slot is given, since a setting may change */
  readonly lanes: () => Readonly<Record<Lane, number>>
}

export interface TurnRequest {
  readonly lane: Lane
  readonly signal: AbortSignal
  /** throw RATE_WAIT when the wait would be longer than this; null: wait as long as needed */
  readonly maxWaitMs: number | null
  /** throw RATE_WAIT when the service must not be requested for longer than this; absent: as `maxWaitMs` */
  readonly maxRestMs?: number | undefined
  /** called once when the request has to wait */
  readonly onQueued?: (() => void) | undefined
}

export interface Turn {
  readonly waitedMs: number
  /** releases the slots; idempotent */
  release(): void
}

interface Waiter {
  readonly allowance: Allowance
  readonly request: TurnRequest
  readonly sequence: number
  readonly sinceMs: number
  readonly grant: (turn: Turn) => void
  readonly refuse: (error: Error) => void
}

export class Turns {
  /** by budget, host and lane: only the first of each queue can be next */
  private readonly queues = new Map<string, Waiter[]>()
  private readonly inLane: Record<Lane, number> = { lookUps: 0, pages: 0, files: 0 }
  private readonly onHost = new Map<string, number>()
  private readonly onService = new Map<string, number>()
  private sequence = 0
  private alarm: { readonly atMs: number; readonly off: AbortController } | null = null

  constructor(private readonly parts: TurnsParts) {}

  /** Resolves when the request may be sent. Throws RATE_WAIT, or the signal's reason. */
  async take(allowance: Allowance, request: TurnRequest): Promise<Turn> {
    request.signal.throwIfAborted()
    return new Promise<Turn>((resolve, reject) => {
      const onAbort = (): void => {
        this.leave(waiter)
        reject(abortError(request.signal))
      }
      const waiter: Waiter = {
        allowance,
        request,
        sequence: (this.sequence += 1),
        sinceMs: this.parts.clock.monotonicMs(),
        grant: (turn) => {
          request.signal.removeEventListener('abort', onAbort)
          resolve(turn)
        },
        refuse: (error) => {
          request.signal.removeEventListener('abort', onAbort)
          reject(error)
        }
      }
      const late = this.tooLate(waiter, this.waitMs(allowance))
      if (late !== null) {
        reject(late)
        return
      }
      const key = queueKey(waiter)
      addTo(this.queues, key, waiter)
      request.signal.addEventListener('abort', onAbort, { once: true })
      this.letGo()
      if (this.queues.get(key)?.includes(waiter) === true) request.onQueued?.()
    })
  }

  /** How long a request made now would wait for its service's rate. */
  waitMs(allowance: Allowance): number {
    const { rates } = this.parts
    return rates.readyInMs(allowance) + this.waitingFor(allowance.bucket) * rates.spacingMs(allowance)
  }

  activeOn(host: string): number {
    return this.onHost.get(host) ?? 0
  }

  /** Number of waiting requests, by host. */
  waiting(): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    for (const queue of this.queues.values()) {
      const host = queue[0]?.allowance.host
      if (host !== undefined) found.set(host, (found.get(host) ?? 0) + queue.length)
    }
    return found
  }

  /** Number of hosts with a request that waits only for a slot of its lane. */
  readyIn(lane: Lane): number {
    let count = 0
    for (const [first] of this.queues.values()) {
      if (first?.request.lane !== lane || !this.mayBeAsked(first)) continue
      if (this.parts.rates.readyInMs(first.allowance) <= 0) count += 1
    }
    return count
  }

  /** A rate, rest or limit changed: refuses requests whose wait is now too long, starts those that may. */
  lookAgain(): void {
    for (const queue of [...this.queues.values()]) {
      for (const waiter of [...queue]) {
        const spentMs = this.parts.clock.monotonicMs() - waiter.sinceMs
        const late = this.tooLate(waiter, spentMs + this.parts.rates.readyInMs(waiter.allowance))
        if (late === null) continue
        this.leave(waiter)
        waiter.refuse(late)
      }
    }
    this.letGo()
  }

  close(): void {
    this.alarm?.off.abort(OVER)
    this.alarm = null
  }

  private letGo(): void {
    for (;;) {
      let next: Waiter | null = null
      let soonestMs = Infinity
      for (const [first] of this.queues.values()) {
        if (first === undefined || !this.hasPlaces(first)) continue
        const waitMs = this.parts.rates.readyInMs(first.allowance)
        if (waitMs > 0) soonestMs = Math.min(soonestMs, waitMs)
        else if (next === null || first.sequence < next.sequence) next = first
      }
      if (next === null) {
        this.setAlarm(soonestMs)
        return
      }
      this.leave(next)
      this.parts.rates.spend(next.allowance)
      next.grant(this.occupy(next))
    }
  }

  private occupy(waiter: Waiter): Turn {
    const { allowance, request } = waiter
    const service = serviceName(allowance)
    this.inLane[request.lane] += 1
    add(this.onHost, allowance.host, 1)
    add(this.onService, service, 1)
    let isHeld = true
    return {
      waitedMs: this.parts.clock.monotonicMs() - waiter.sinceMs,
      release: () => {
        if (!isHeld) return
        isHeld = false
        this.inLane[request.lane] -= 1
        add(this.onHost, allowance.host, -1)
        add(this.onService, service, -1)
        this.letGo()
      }
    }
  }

  private hasPlaces(waiter: Waiter): boolean {
    const { lane } = waiter.request
    return this.inLane[lane] < this.parts.lanes()[lane] && this.mayBeAsked(waiter)
  }

  private mayBeAsked({ allowance }: Waiter): boolean {
    const parallel = this.parts.rates.parallelOf(allowance)
    return (
      (this.onHost.get(allowance.host) ?? 0) < this.parts.maxPerHost &&
      (parallel === null || (this.onService.get(serviceName(allowance)) ?? 0) < parallel)
    )
  }

  private leave(waiter: Waiter): void {
    const key = queueKey(waiter)
    const queue = this.queues.get(key)
    if (queue === undefined) return
    const at = queue.indexOf(waiter)
    if (at === 0) queue.shift()
    else if (at > 0) queue.splice(at, 1)
    if (queue.length === 0) this.queues.delete(key)
  }

  private tooLate({ allowance, request }: Waiter, waitMs: number): SheafError | null {
    const { maxWaitMs, maxRestMs = Infinity } = request
    const isRest = maxRestMs !== Infinity && this.parts.rates.restMs(allowance) > maxRestMs
    if (!isRest && (maxWaitMs === null || waitMs <= maxWaitMs)) return null
    const seconds = String(Math.ceil(waitMs / 1000))
    return new SheafError(
      'RATE_WAIT',
      `${allowance.host} may be asked again in ${seconds} s, which is too late.`,
      {
        retryAt: this.parts.clock.now() + waitMs / 1000,
        facts: { host: allowance.host, waitMs: Math.round(waitMs), maxWaitMs }
      }
    )
  }

  private waitingFor(bucket: string): number {
    let count = 0
    for (const queue of this.queues.values()) {
      if (queue[0]?.allowance.bucket === bucket) count += queue.length
    }
    return count
  }

  private setAlarm(inMs: number): void {
    const { clock } = this.parts
    const atMs = clock.monotonicMs() + inMs
    if (
      this.alarm !== null &&
      inMs !== Infinity &&
      this.alarm.atMs <= atMs + 1 &&
      this.alarm.atMs > clock.monotonicMs()
    )
      return
    this.alarm?.off.abort(OVER)
    this.alarm = null
    if (inMs === Infinity) return
    const alarm = { atMs, off: new AbortController() }
    this.alarm = alarm
    void clock.sleep(Math.ceil(inMs), alarm.off.signal).then(
      () => {
        if (this.alarm === alarm) this.alarm = null
        this.letGo()
      },
      () => undefined
    )
  }
}

function queueKey({ allowance, request }: Waiter): string {
  return `${allowance.bucket} ${allowance.host} ${request.lane} ${String(allowance.crawlDelay)}`
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
