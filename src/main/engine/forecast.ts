/**
 * Estimates a plan from look-ups alone, before the first byte of a file: how many papers have a copy, how
 * long the hosts' own limits make it take, what it costs. Files of one host are sequential at its rate; hosts
 * run in parallel.
 */
import type { ForecastFacts } from '../../contract/lines'
import { microsOf, usdOf } from '../../contract/money'
import type { Net } from '../net/net'

/**
 * Milliseconds that one file takes besides its wait: an answer and a small body, as measured on today's
 * hosts.
 */
const FILE_MS = 1_000

export class Forecast {
  #works = 0
  #expected = 0
  readonly #seen = new Set<string>()
  readonly #hosts = new Map<string, { files: number; readonly spacingMs: number }>()

  #paidMicros = 0

  constructor(private readonly net: () => Net) {}

  /** Like `add`, for a work that may be looked up several times in a run. */
  addOnce(workId: string, url: string | null): void {
    if (this.#seen.has(workId)) return
    this.#seen.add(workId)
    this.add(url)
  }

  /** Adds one paper and the file expected for it, or null. Returns how long the file waits for its host. */
  add(url: string | null, priceUsd = 0): number | null {
    this.#works += 1
    this.#paidMicros += microsOf(priceUsd)
    if (url === null || !URL.canParse(url)) return null
    this.#expected += 1
    const net = this.net()
    const { budget, spacingMs } = net.paceOf(url)
    const host = this.#hosts.get(budget) ?? { files: 0, spacingMs }
    const waitMs = net.waitMs(url, 'file') + host.files * spacingMs
    host.files += 1
    this.#hosts.set(budget, host)
    return Math.round(waitMs)
  }

  get paidUsd(): number {
    return usdOf(this.#paidMicros)
  }

  /** `files`: how many are fetched concurrently. Null when nothing was looked up. */
  facts(files: number): ForecastFacts | null {
    if (this.#works === 0) return null
    const lines = [...this.#hosts.values()].map((host) => (host.files - 1) * host.spacingMs + FILE_MS)
    const busy = (this.#expected * FILE_MS) / Math.max(1, files)
    return {
      works: this.#works,
      expected: this.#expected,
      finish_ms: this.#expected === 0 ? 0 : Math.round(Math.max(busy, ...lines)),
      paid_usd: usdOf(this.#paidMicros)
    }
  }
}
