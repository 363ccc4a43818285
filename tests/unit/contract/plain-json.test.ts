/** A copy of any value as plain JSON, such as can be sent to main and stored. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonOf } from '../../../src/contract/unknown-values'

test('is the same as the round trip through text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      expect(JSON.stringify(jsonOf(value))).toBe(JSON.stringify(value))
    }),
    { numRuns: 50 }
  )
})

test('leaves out what JSON has no word for', () => {
  expect(jsonOf({ a: undefined, b: Number.NaN, c: [undefined, 1], d: Object.freeze(['x']) })).toEqual({
    b: null,
    c: [null, 1],
    d: ['x']
  })
})
