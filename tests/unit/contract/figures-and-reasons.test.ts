/** Numbers and reasons as sentences show them. */
import { expect, test } from 'vitest'
import { counted, sayBytes, sayRatio } from '../../../src/contract/counted'
import { hintOfReason, sentenceOfReason, withStop } from '../../../src/contract/reason-words'
import { listed, onDate, shareOf } from '../../../src/renderer/text/figures'

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
  [0, '0 %'],
  [0.0504, '5 %'],
  [0.99, '99 %'],
  [0.9896, '98.9 %'],
  [0.99496, '99.4 %'],
  [0.995, '99.5 %'],
  [0.99899, '99.8 %'],
  [1, '100 %']
])('a measure of %d is %s: rounded down, so that no missed target is shown as met', (value, words) => {
  expect(sayRatio(value)).toBe(words)
})

test.each([
  [0, 100, '0 %'],
  [1, 100_000, '1 %'],
  [41, 100, '41 %'],
  [99_999, 100_000, '99 %'],
  [100, 100, '100 %']
])('%d of %d is %s', (part, whole, words) => {
  expect(shareOf(part, whole)).toBe(words)
})

test('a date has its year, a list its “and”', () => {
  expect(onDate(new Date('2026-05-03T15:00:00').getTime() / 1000)).toBe('3 May 2026')
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c'])
})

test('counts and reasons, including reasons that this version does not know', () => {
  expect([counted(1, 'copy', 'copies'), counted(2_000, 'copy', 'copies')]).toEqual(['1 copy', '2,000 copies'])
  expect([withStop('So'), withStop('So.'), withStop('“So?”')]).toEqual(['So.', 'So.', '“So?”'])
  expect([sentenceOfReason('TIMEOUT'), sentenceOfReason('toString')]).toEqual([
    'The answer took too long.',
    'toString.'
  ])
  expect(hintOfReason('OF_A_LATER_VERSION')).toBe('Retry it, or attach the file.')
})
