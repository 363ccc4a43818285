/** A transfer below the minimum rate is aborted; a slow local reader and a steady slow server are not. */
import { expect, test } from 'vitest'
import type { SheafError } from '../../../src/contract/errors'
import { Watch } from '../../../src/main/net/timeouts'
import { testClock } from '../../kit/test-host'

/** Seconds until it is aborted, or null. `bytes` arrive after each `waitSeconds`, then the reader is busy. */
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

test('a byte every two seconds is aborted after a minute', () => {
  expect(givenUpAfter(1, 2, 0)).toBeLessThanOrEqual(62)
})
test('two kilobytes a second are enough', () => {
  expect(givenUpAfter(4_000, 2, 0)).toBeNull()
})
test('time in which the local reader is busy does not count', () => {
  expect(givenUpAfter(3_000, 1, 9)).toBeNull()
})
