/** Numbers, instants and names as the screens say them. */
import { describe, expect, test } from 'vitest'
import { counted } from '../../../src/contract/counted'
import {
  sayBytes,
  sayDate,
  sayDuration,
  sayShare,
  sayTime,
  sourceAtStart,
  withStop
} from '../../../src/main/ipc/wording'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [9_950, '10 kB'],
  [222_000, '222 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1_840_000, '1.8 MB'],
  [4_500_000_000, '4.5 GB']
])('%d bytes are %s', (bytes, words) => {
  expect(sayBytes(bytes)).toBe(words)
})

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [2_710, '2.7 s'],
  [12_400, '12 s'],
  [59_960, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [3 * 86_400_000, '3 days']
])('%d ms are %s', (ms, words) => {
  expect(sayDuration(ms)).toBe(words)
})

test.each([
  [0, 100, '0 %'],
  [1, 100_000, '1 %'],
  [41, 100, '41 %'],
  [99_999, 100_000, '99 %'],
  [100, 100, '100 %']
])('%d of %d is %s', (part, whole, words) => {
  expect(sayShare(part, whole)).toBe(words)
})

describe('an instant', () => {
  const at = (text: string): number => new Date(text).getTime() / 1000
  const now = at('2026-05-03T15:00:00')
  test.each([
    ['2026-05-03T14:03:59', '14:03'],
    ['2026-05-02T14:03:00', '2 May, 14:03'],
    ['2025-12-31T09:05:00', '31 December 2025, 09:05']
  ])('%s is %s', (text, words) => {
    expect(sayTime(at(text), now)).toBe(words)
  })
  test('as a date has its year', () => {
    expect(sayDate(now)).toBe('3 May 2026')
  })
})

test('names and sentences', () => {
  expect(['arxiv', 'landing_scrape', 'europe_pmc', 'toString'].map(sourceAtStart)).toEqual([
    'arXiv',
    'The landing page',
    'Europe PMC',
    'toString'
  ])
  expect([counted(1, 'copy', 'copies'), counted(2_000, 'copy', 'copies')]).toEqual(['1 copy', '2,000 copies'])
  expect([withStop('So'), withStop('So.'), withStop('“So?”')]).toEqual(['So.', 'So.', '“So?”'])
})
