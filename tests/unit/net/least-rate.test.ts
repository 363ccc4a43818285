/** A trickle under the stall limit is given up; a slow reader of ours and a steady slow server are not. */
import { expect, test } from 'vitest'
import type { SheafError } from '../../../src/contract/errors'
import { Watch } from '../../../src/main/net/timeouts'
import { testClock } from '../../kit/test-host'

/** Seconds until it is given up, or null: `bytes` arrive after each `waitSeconds`, then the reader is busy. */
function givenUpAfter(bytes: number, waitSeconds: number, busySeconds: number): number | null {
  const clock = testClock()
  const late: SheafError[] = []
  const timeouts = new Watch(clock, { bytesPerSecond: 1_000, windowMs: 60_000 }).begin((error) => {
    late.push(error)
  })
  for (let second = 0; second < 400; second += waitSeconds + busySeconds) {
    timeouts.expect('stall', 30_000)
    clock.advance(waitSeconds)
    if (late.length > 0) {
      expect(late[0]?.code).toBe('TOO_SLOW')
      return second
    }
    timeouts.arrived(bytes)
    timeouts.rest()
    clock.advance(busySeconds)
  }
  timeouts.end()
  return null
}

test('a byte every two seconds is left after a minute', () => {
  expect(givenUpAfter(1, 2, 0)).toBeLessThanOrEqual(62)
})
test('two kilobytes a second are enough', () => {
  expect(givenUpAfter(4_000, 2, 0)).toBeNull()
})
test('the time in which this side is busy does not count', () => {
  expect(givenUpAfter(3_000, 1, 9)).toBeNull()
})
