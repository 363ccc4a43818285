/**
 * A log of requests by host: number, purposes, bytes, results. Kept across restarts within limits; the source
 * board and “hosts contacted” read it. It contains no address, title or header.
 */
import { z } from 'zod'
import type { Clock } from '../platform/host'
import type { Purpose } from './net'
import { dayOf } from './rate'

const count = z.number().int().min(0).default(0)
const entrySchema = z.object({
  asked: count,
  answered: count,
  refused: count,
  failed: count,
  bytes: z.number().min(0).default(0),
  purposes: z.object({ api: count, landing: count, file: count }),
  /** milliseconds from the request to the head of the answer, moving average */
  latencyMs: z.number().min(0).nullable().default(null),
  lastRefusal: z
    .object({ at: z.number().min(0), status: z.number().int() })
    .nullable()
    .default(null),
  firstAt: z.number().min(0),
  lastAt: z.number().min(0),
  /** days since the epoch, UTC, and the requests of that day */
  day: z.number().int().default(0),
  askedToday: count,
  dayFirstAt: z.number().min(0).default(0),
  budget: z
    .object({
      remaining: z.number(),
      limit: z.number().nullable(),
      unit: z.enum(['USD', 'requests']),
      at: z.number()
    })
    .nullable()
    .default(null)
})
export const serviceLogSchema = z.record(z.string(), entrySchema)
export type HostEntry = z.output<typeof entrySchema>
export type ServiceLogState = Record<string, HostEntry>

const MOST_HOSTS = 1_000
const NEW_WEIGHT = 0.2

export class ServiceLog {
  private readonly hosts = new Map<string, HostEntry>()

  constructor(
    private readonly clock: Clock,
    kept: ServiceLogState
  ) {
    for (const [host, entry] of Object.entries(kept)) this.hosts.set(host, entry)
  }

  asked(host: string, purpose: Purpose): void {
    const now = this.clock.now()
    const entry = this.entryOf(host, now)
    const day = dayOf(now)
    const isNewDay = entry.day !== day
    this.put(host, {
      ...entry,
      asked: entry.asked + 1,
      purposes: { ...entry.purposes, [purpose]: entry.purposes[purpose] + 1 },
      lastAt: now,
      day,
      askedToday: isNewDay ? 1 : entry.askedToday + 1,
      dayFirstAt: isNewDay ? now : entry.dayFirstAt
    })
  }

  answered(
    host: string,
    answer: { readonly status: number; readonly latencyMs: number; readonly isRefusal: boolean }
  ): void {
    const now = this.clock.now()
    const entry = this.entryOf(host, now)
    const former = entry.latencyMs ?? answer.latencyMs
    this.put(host, {
      ...entry,
      answered: entry.answered + 1,
      refused: entry.refused + (answer.isRefusal ? 1 : 0),
      latencyMs: former + NEW_WEIGHT * (answer.latencyMs - former),
      lastRefusal: answer.isRefusal ? { at: now, status: answer.status } : entry.lastRefusal
    })
  }

  failed(host: string): void {
    const entry = this.entryOf(host, this.clock.now())
    this.put(host, { ...entry, failed: entry.failed + 1 })
  }

  received(host: string, bytes: number): void {
    const entry = this.hosts.get(host)
    if (entry !== undefined) this.put(host, { ...entry, bytes: entry.bytes + bytes })
  }

  budget(host: string, budget: { remaining: number; limit: number | null; unit: 'USD' | 'requests' }): void {
    const now = this.clock.now()
    this.put(host, { ...this.entryOf(host, now), budget: { ...budget, at: now } })
  }

  entries(): ReadonlyMap<string, HostEntry> {
    return this.hosts
  }

  save(): ServiceLogState {
    return Object.fromEntries(this.hosts)
  }

  private put(host: string, entry: HostEntry): void {
    this.hosts.set(host, entry)
  }

  private entryOf(host: string, now: number): HostEntry {
    const there = this.hosts.get(host)
    if (there !== undefined) return there
    if (this.hosts.size >= MOST_HOSTS) this.forgetOldest()
    return {
      asked: 0,
      answered: 0,
      refused: 0,
      failed: 0,
      bytes: 0,
      purposes: { api: 0, landing: 0, file: 0 },
      latencyMs: null,
      lastRefusal: null,
      firstAt: now,
      lastAt: now,
      day: 0,
      askedToday: 0,
      dayFirstAt: now,
      budget: null
    }
  }

  private forgetOldest(): void {
    const oldest = [...this.hosts].reduce((a, b) => (a[1].lastAt <= b[1].lastAt ? a : b))
    this.hosts.delete(oldest[0])
  }
}
