/**
 * A Host with a clock that the test moves and fixed random numbers; the disk is the real one. `sleep`
 * resolves when the test has moved the clock far enough.
 */
import type { Clock, Host } from '../../src/main/platform/host'
import { forkChild } from '../../src/main/platform/child-process'
import { makeLog, type LogLine } from '../../src/main/platform/log'
import { nodeFiles } from '../../src/main/platform/node-files'
import type { Files } from '../../src/main/platform/files'

export interface TestClock extends Clock {
  /** Advances both clocks and wakes sleepers that are due. */
  advance(seconds: number): void
  /** how many sleepers wait now */
  readonly sleeping: number
  /** Advances the wall clock only, as in sleep or when the clock is set. */
  jump(seconds: number): void
}

export function testClock(startAt = 1_700_000_000): TestClock {
  let wall = startAt
  let monotonicMs = 0
  const sleepers = new Set<{ at: number; wake: () => void }>()
  const tickers = new Set<{ everyMs: number; next: number; tick: () => void }>()
  return {
    now: () => wall,
    monotonicMs: () => monotonicMs,
    get sleeping() {
      return sleepers.size
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error)
          return
        }
        const sleeper = {
          at: monotonicMs + ms,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          }
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason as Error)
        })
      }),
    every(ms, tick) {
      const ticker = { everyMs: ms, next: monotonicMs + ms, tick }
      tickers.add(ticker)
      return () => {
        tickers.delete(ticker)
      }
    },
    advance(seconds) {
      wall += seconds
      monotonicMs += seconds * 1000
      for (const sleeper of [...sleepers]) if (sleeper.at <= monotonicMs) sleeper.wake()
      for (const ticker of tickers) {
        while (ticker.next <= monotonicMs) {
          ticker.next += ticker.everyMs
          ticker.tick()
        }
      }
    },
    jump(seconds) {
      wall += seconds
    }
  }
}

export interface TestHost extends Host {
  readonly clock: TestClock
  readonly said: LogLine[]
}

export function testHost(
  options: { readonly clock?: TestClock; readonly pid?: number; readonly files?: Files } = {}
): TestHost {
  const clock = options.clock ?? testClock()
  const said: LogLine[] = []
  let seed = 1
  return {
    clock,
    said,
    files: options.files ?? nodeFiles,
    startChild: forkChild,
    random: {
      uniform: () => {
        // Park–Miller: the same numbers in every run.
        seed = (seed * 48_271) % 2_147_483_647
        return seed / 2_147_483_647
      },
      hex: (bytes) => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed
          .toString(16)
          .padStart(bytes * 2, '0')
          .slice(-bytes * 2)
      }
    },
    log: makeLog(
      (line) => said.push(line),
      'debug',
      () => clock.now()
    ),
    identity: {
      hostname: 'test',
      pid: options.pid ?? process.pid,
      startedAt: 1,
      bootId: 'boot-1',
      isAlive: (pid) => pid === (options.pid ?? process.pid)
    },
    probe: () => undefined,
    env: {}
  }
}
