/** When a snapshot is worth its writing, at the edges of each rule. */
import { describe, expect, it } from 'vitest'
import {
  dueAtChars,
  isWorthOnClosing,
  isWorthWhenQuiet,
  type Waiting
} from '../../../src/main/ledger/snapshot-policy'

const MIB = 1024 * 1024
const waiting = (facts: Partial<Waiting>): Waiting => ({
  snapshotBytes: 0,
  chars: 0,
  isSnapshotOutdated: false,
  ...facts
})

it.each([
  [0, 16 * MIB],
  [256 * MIB, 16 * MIB],
  [512 * MIB, 32 * MIB]
])('with a snapshot of %i bytes, a journal of %i characters is due', (bytes, chars) => {
  expect(dueAtChars(bytes)).toBe(chars)
})

describe('after a quiet period', () => {
  it.each([
    [30_000, waiting({ chars: MIB }), false],
    [30_001, waiting({ chars: MIB }), true],
    [30_001, waiting({ chars: 256 * 1024 }), false],
    [30_001, waiting({ chars: MIB, snapshotBytes: 64 * MIB }), false],
    [30_001, waiting({ chars: MIB + 1, snapshotBytes: 64 * MIB }), true],
    [30_001, waiting({ isSnapshotOutdated: true }), true]
  ])('of %i ms, %o: %s', (quietMs, facts, isWorth) => {
    expect(isWorthWhenQuiet(quietMs, facts)).toBe(isWorth)
  })
})

describe('on closing', () => {
  it.each([
    [waiting({ chars: MIB - 1 }), false],
    [waiting({ chars: MIB }), true],
    [waiting({ chars: MIB, snapshotBytes: 128 * MIB }), false],
    [waiting({ chars: 2 * MIB, snapshotBytes: 128 * MIB }), true],
    [waiting({ isSnapshotOutdated: true }), true]
  ])('%o: %s', (facts, isWorth) => {
    expect(isWorthOnClosing(facts, MIB)).toBe(isWorth)
  })
})
