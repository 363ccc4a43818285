import { describe, expect, test } from 'vitest'
import { nextAttemptAt, tellingReason, type Rejection } from '../../../src/main/engine/failure-reason'

const one = (reason: string, more: Partial<Rejection> = {}): Rejection => ({
  reason,
  detail: null,
  retryAt: null,
  retryable: false,
  from: 'candidate',
  ...more
})

describe('the reason that is shown', () => {
  test.each([
    ['no source found anything', [], false, 'NO_OPEN_COPY'],
    [
      'every source answered without a copy',
      [one('NO_OPEN_COPY', { from: 'source' })],
      false,
      'NO_OPEN_COPY'
    ],
    ['the budget was used up', [], true, 'BUDGET_SPENT'],
    [
      'a sign-in page comes before a missing file',
      [one('NOT_FOUND'), one('LOGIN_PAGE')],
      false,
      'LOGIN_PAGE'
    ],
    [
      'a wrong paper comes first, since the user must look at it',
      [one('BOT_CHECK'), one('WRONG_PAPER')],
      false,
      'WRONG_PAPER'
    ],
    [
      "an answer of the file's server comes before the answer of a source",
      [one('SERVER_ERROR', { from: 'source' }), one('NOT_FOUND')],
      false,
      'NOT_FOUND'
    ],
    [
      'an unavailable source is not reported as "no open copy"',
      [one('SERVER_ERROR', { from: 'source' })],
      false,
      'SERVER_ERROR'
    ],
    [
      'an answer of a source that could not be parsed is not reported as "no open copy"',
      [one('NO_OPEN_COPY', { from: 'source' }), one('BAD_ANSWER', { from: 'source' })],
      false,
      'BAD_ANSWER'
    ],
    [
      "a service's answer that was too large is not reported as a file that was too large",
      [one('TOO_LARGE', { from: 'source' })],
      false,
      'NO_OPEN_COPY'
    ],
    [
      'the answer of an address that the user gave comes first',
      [one('NO_OPEN_COPY', { from: 'source' }), one('EMPTY', { from: 'given' })],
      false,
      'EMPTY'
    ],
    [
      'a page without a file at an address that the user gave does not come first',
      [one('NO_OPEN_COPY', { from: 'given' }), one('SERVER_ERROR', { from: 'source' })],
      false,
      'SERVER_ERROR'
    ]
  ] as const)('%s', (_, rejections, spent, reason) => {
    expect(tellingReason(rejections, spent).reason).toBe(reason)
  })
})

describe('another attempt', () => {
  const at = { attempt: 1, maxAttempts: 6, now: 1_000, random: { uniform: () => 0.5, hex: () => '' } }

  test('is not made when no rejection is retryable', () => {
    expect(nextAttemptAt([one('LOGIN_PAGE')], at)).toBeNull()
  })
  test('is not made after the last one allowed', () => {
    expect(nextAttemptAt([one('SERVER_ERROR', { retryable: true })], { ...at, attempt: 6 })).toBeNull()
  })
  test("is made at the server's time, and never at once", () => {
    expect(nextAttemptAt([one('RATE_LIMITED', { retryable: true, retryAt: 1_200 })], at)).toBe(1_200)
    expect(nextAttemptAt([one('RATE_LIMITED', { retryable: true, retryAt: 900 })], at)).toBe(1_001)
  })
  test('waits longer each time, at most an hour', () => {
    const waits = [1, 2, 3, 5].map(
      (attempt) => nextAttemptAt([one('STALLED', { retryable: true })], { ...at, attempt })! - at.now
    )
    expect(waits).toEqual([7.5, 30, 120, 1_920])
    expect(nextAttemptAt([one('STALLED', { retryable: true })], { ...at, attempt: 9, maxAttempts: 20 })).toBe(
      at.now + 2_700
    )
  })
  test('an offline setting is retried after five minutes', () => {
    expect(nextAttemptAt([one('OFFLINE', { retryable: true, from: 'source' })], at)).toBe(1_300)
  })
})
