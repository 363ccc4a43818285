import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, retryAtFrom } from '../../../src/main/net/retry'

const NOW = Date.parse('2024-01-02T03:04:05Z') / 1000

test.each<[string | undefined, string | undefined, number | null]>([
  ['120', undefined, 120],
  ['0', undefined, 0],
  [' 7 ', undefined, 7],
  ['99999999999', undefined, 900],
  ['Tue, 02 Jan 2024 03:05:05 GMT', undefined, 60],
  ['Tuesday, 02-Jan-24 03:05:05 GMT', undefined, 60],
  ['Tue Jan  2 03:05:05 2024', undefined, 60],
  ['Tue, 02 Jan 2024 03:05:05 GMT', 'Tue, 02 Jan 2024 03:05:00 GMT', 5],
  ['Tue, 02 Jan 2024 03:00:00 GMT', undefined, 0],
  ['Wed, 02 Jan 2030 03:00:00 GMT', undefined, 900],
  ['-5', undefined, null],
  ['1.5', undefined, null],
  ['soon', undefined, null],
  ['2024', undefined, 900],
  ['', undefined, null],
  [undefined, undefined, null]
])('Retry-After: %s (Date: %s) is %s seconds from now', (value, date, seconds) => {
  const headers = {
    ...(value !== undefined && { 'retry-after': value }),
    ...(date !== undefined && { date })
  }
  expect(retryAtFrom(headers, NOW, 900)).toBe(seconds === null ? null : NOW + seconds)
})

test('the longest wait is a setting and may be zero', () => {
  expect(retryAtFrom({ 'retry-after': '60' }, NOW, 0)).toBe(NOW)
})

test('a backoff is random up to a limit that doubles, at most a minute', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, die) => {
        const ms = backoffMs(attempt, { uniform: () => die })
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThanOrEqual(Math.min(60_000, 500 * 2 ** attempt))
      }
    )
  )
  expect([0, 1, 2, 20].map((attempt) => backoffMs(attempt, { uniform: () => 0.5 }))).toEqual([
    250, 500, 1000, 30_000
  ])
})
