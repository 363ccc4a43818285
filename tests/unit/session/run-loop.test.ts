/** The loop of the app and of `sheaf serve`: due jobs that cannot be taken are retried less and less often. */
import { expect, test } from 'vitest'
import type { Clock } from '../../../src/main/platform/host'
import type { Sheaf } from '../../../src/main/sheaf-api'
import { RunLoop } from '../../../src/main/sheaf-run-loop'

/** A clock that jumps to the end of every sleep, up to a given time; then it stops. */
function looping(untilMs: number, run: () => Promise<void>) {
  let ms = 0
  const runs: number[] = []
  let stand: () => void = () => undefined
  const stands = new Promise<void>((resolve) => {
    stand = resolve
  })
  const clock = {
    now: () => ms / 1000,
    monotonicMs: () => ms,
    sleep: (wait: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('woken'))
        })
        if (ms + wait > untilMs) {
          stand()
          return
        }
        ms += wait
        setImmediate(resolve)
      }),
    every: () => () => undefined
  } satisfies Clock
  const sheaf = {
    dueAt: () => 0,
    lookAgain: () => undefined,
    run: async () => {
      runs.push(ms)
      await run()
    }
  } as unknown as Sheaf
  const onFault = (): void => undefined
  const loop = new RunLoop({ sheaf, clock, paused: false, onChange: () => undefined, onFault })
  return { loop, runs, stands, takes: (wait: number) => (ms += wait) }
}

test('runs that take nothing follow one another ever more slowly', async () => {
  const { loop, runs, stands } = looping(60_000, () => Promise.resolve())
  loop.begin()
  await stands
  await loop.close()
  expect(runs.slice(0, 5)).toEqual([0, 50, 150, 350, 750])
  expect(runs.length).toBeLessThan(20)
})

test('a run that worked for a while is followed by the next at once', async () => {
  const world = looping(10_000, () => {
    world.takes(600)
    return Promise.resolve()
  })
  world.loop.begin()
  await world.stands
  await world.loop.close()
  expect(world.runs.slice(0, 4)).toEqual([0, 650, 1300, 1950])
})
