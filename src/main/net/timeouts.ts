/**
 * Time limits of each stage of an exchange. One ticker serves all exchanges, so that a chunk costs two
 * assignments and no timer. Invariant: only waiting for the *server* counts. While the reader is busy (a slow
 * disk, the bandwidth limit) the stage's clock is stopped.
 */
import { SheafError, type ErrorCode } from '../../contract/errors'
import type { Clock } from '../platform/host'

export const STAGES = {
  connect: 'TIMEOUT_CONNECT',
  firstByte: 'TIMEOUT_FIRST_BYTE',
  stall: 'STALLED'
} as const satisfies Record<string, ErrorCode>
export type Stage = keyof typeof STAGES

const SENTENCES: Readonly<Record<Stage, string>> = {
  connect: 'could not be connected within',
  firstByte: 'did not begin to answer within',
  stall: 'sent nothing for'
}
const TICK_MS = 25

/** The time limits of one exchange. `late` is called once, with the error that names the slow stage. */
export interface Timeouts {
  /** the host named in errors */
  about(host: string): void
  /** from now on the server has `ms` for this stage */
  expect(stage: Stage, ms: number): void
  /** `bytes` arrived: a server that sends less than the minimum rate over a window of waiting is given up */
  arrived(bytes: number): void
  /** nothing is expected from the server now */
  rest(): void
  /** the limit of the whole exchange, counted from now */
  limit(ms: number): void
  end(): void
}

/** The minimum rate of a server while it is being waited for. */
export interface LeastRate {
  readonly bytesPerSecond: number
  readonly windowMs: number
}

export class Watch {
  private readonly watched = new Set<Watched>()
  private stop: (() => void) | null = null

  constructor(
    private readonly clock: Clock,
    private readonly least: LeastRate | null = null
  ) {}

  begin(late: (error: SheafError) => void): Timeouts {
    const one: Watched = new Watched(this.clock, this.least, late, () => {
      this.watched.delete(one)
      if (this.watched.size === 0) this.rest()
    })
    this.watched.add(one)
    this.stop ??= this.clock.every(TICK_MS, () => {
      const now = this.clock.monotonicMs()
      for (const each of this.watched) each.look(now)
    })
    return one
  }

  private rest(): void {
    this.stop?.()
    this.stop = null
  }
}

class Watched implements Timeouts {
  private host = ''
  private stage: Stage = 'connect'
  private stageMs = 0
  private stageEnds = Infinity
  private limitMs = 0
  private limitEnds = Infinity
  /** when the present wait for bytes began; null: not waiting */
  private waitsSinceMs: number | null = null
  private waitedMs = 0
  private windowBytes = 0

  constructor(
    private readonly clock: Clock,
    private readonly least: LeastRate | null,
    private readonly late: (error: SheafError) => void,
    private readonly forget: () => void
  ) {}

  about(host: string): void {
    this.host = host
  }

  expect(stage: Stage, ms: number): void {
    this.stage = stage
    this.stageMs = ms
    const now = this.clock.monotonicMs()
    this.stageEnds = now + ms
    this.waitsSinceMs = stage === 'stall' ? now : null
  }

  arrived(bytes: number): void {
    this.windowBytes += bytes
  }

  rest(): void {
    this.waitedMs += this.waitingMs(this.clock.monotonicMs())
    this.waitsSinceMs = null
    this.stageEnds = Infinity
  }

  limit(ms: number): void {
    this.limitMs = ms
    this.limitEnds = this.clock.monotonicMs() + ms
  }

  end(): void {
    this.stageEnds = this.limitEnds = Infinity
    this.forget()
  }

  look(now: number): void {
    const error =
      now >= this.limitEnds
        ? new SheafError('TIMEOUT', `${this.host} took longer than ${words(this.limitMs)}.`, {
            facts: { host: this.host, limitMs: this.limitMs }
          })
        : now >= this.stageEnds
          ? new SheafError(
              STAGES[this.stage],
              `${this.host} ${SENTENCES[this.stage]} ${words(this.stageMs)}.`,
              { facts: { host: this.host, limitMs: this.stageMs } }
            )
          : this.tooSlow(now)
    if (error === null) return
    this.end()
    this.late(error)
  }

  private waitingMs(now: number): number {
    return this.waitsSinceMs === null ? 0 : now - this.waitsSinceMs
  }

  /**
   * Measures speed over consecutive windows of time spent waiting for the server; our own throttling is not
   * counted.
   */
  private tooSlow(now: number): SheafError | null {
    if (this.least === null || this.waitedMs + this.waitingMs(now) < this.least.windowMs) return null
    const { bytesPerSecond, windowMs } = this.least
    const bytes = this.windowBytes
    this.windowBytes = this.waitedMs = 0
    if (this.waitsSinceMs !== null) this.waitsSinceMs = now
    if (bytes >= (bytesPerSecond * windowMs) / 1000) return null
    return new SheafError(
      'TOO_SLOW',
      `${this.host} sent ${String(bytes)} bytes in ${words(windowMs)}; at least ${String(bytesPerSecond)} a second are expected.`,
      { facts: { host: this.host, bytes, windowMs } }
    )
  }
}

function words(ms: number): string {
  return `${String(Math.round(ms / 100) / 10)} s`
}
