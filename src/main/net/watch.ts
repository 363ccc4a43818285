/**
 * Patience: how long each stage of an exchange may last. One ticker looks after all exchanges, so that
 * a chunk costs two assignments and no timer. What must stay true: only waiting for the *server* counts.
 * While the reader is busy (a slow disk, the bandwidth limit) the clock of a stage stands still.
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

/** The patience with one exchange. `late` is called once, with the error that says what took too long. */
export interface Patience {
  /** whom the errors speak of */
  about(host: string): void
  /** from now on the server has `ms` for this stage */
  expect(stage: Stage, ms: number): void
  /** nothing is expected of the server now */
  rest(): void
  /** the end of all patience, counted from now */
  limit(ms: number): void
  end(): void
}

export class Watch {
  private readonly watched = new Set<Watched>()
  private stop: (() => void) | null = null

  constructor(private readonly clock: Clock) {}

  begin(late: (error: SheafError) => void): Patience {
    const one: Watched = new Watched(this.clock, late, () => {
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

class Watched implements Patience {
  private host = ''
  private stage: Stage = 'connect'
  private stageMs = 0
  private stageEnds = Infinity
  private limitMs = 0
  private limitEnds = Infinity

  constructor(
    private readonly clock: Clock,
    private readonly late: (error: SheafError) => void,
    private readonly forget: () => void
  ) {}

  about(host: string): void {
    this.host = host
  }

  expect(stage: Stage, ms: number): void {
    this.stage = stage
    this.stageMs = ms
    this.stageEnds = this.clock.monotonicMs() + ms
  }

  rest(): void {
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
          : null
    if (error === null) return
    this.end()
    this.late(error)
  }
}

function words(ms: number): string {
  return `${String(Math.round(ms / 100) / 10)} s`
}
