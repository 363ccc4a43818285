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

describe('the reason that is told', () => {
  test.each([
    ['nothing was found anywhere', [], false, 'NO_OPEN_COPY'],
    ['sources know nothing', [one('NO_OPEN_COPY', { from: 'source' })], false, 'NO_OPEN_COPY'],
    ['the budget ended the search', [], true, 'BUDGET_SPENT'],
    [
      'a file that is gone says less than a sign-in page',
      [one('NOT_FOUND'), one('LOGIN_PAGE')],
      false,
      'LOGIN_PAGE'
    ],
    [
      'a wrong paper is what a person must look at',
      [one('BOT_CHECK'), one('WRONG_PAPER')],
      false,
      'WRONG_PAPER'
    ],
    [
      'what a file’s server said tells more than what a source said',
      [one('SERVER_ERROR', { from: 'source' }), one('NOT_FOUND')],
      false,
      'NOT_FOUND'
    ],
    [
      'a source that was ill is no “no open copy”',
      [one('SERVER_ERROR', { from: 'source' })],
      false,
      'SERVER_ERROR'
    ],
    [
      'what a source said that nobody understood is no “no open copy”',
      [one('NO_OPEN_COPY', { from: 'source' }), one('BAD_ANSWER', { from: 'source' })],
      false,
      'BAD_ANSWER'
    ],
    [
      'a service’s answer that was too large is no file that was',
      [one('TOO_LARGE', { from: 'source' })],
      false,
      'NO_OPEN_COPY'
    ],
    [
      'what the address answered that the person gave',
      [one('NO_OPEN_COPY', { from: 'source' }), one('EMPTY', { from: 'given' })],
      false,
      'EMPTY'
    ],
    [
      'a page without a file at the address that the person gave',
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

  test('makes no sense when nothing may pass', () => {
    expect(nextAttemptAt([one('LOGIN_PAGE')], at)).toBeNull()
  })
  test('is not made for ever', () => {
    expect(nextAttemptAt([one('SERVER_ERROR', { retryable: true })], { ...at, attempt: 6 })).toBeNull()
  })
  test('is made when the server said, and not at once', () => {
    expect(nextAttemptAt([one('RATE_LIMITED', { retryable: true, retryAt: 1_200 })], at)).toBe(1_200)
    expect(nextAttemptAt([one('RATE_LIMITED', { retryable: true, retryAt: 900 })], at)).toBe(1_001)
  })
  test('comes later and later, and at most after an hour', () => {
    const waits = [1, 2, 3, 5].map(
      (attempt) => nextAttemptAt([one('STALLED', { retryable: true })], { ...at, attempt })! - at.now
    )
    expect(waits).toEqual([7.5, 30, 120, 1_920])
    expect(nextAttemptAt([one('STALLED', { retryable: true })], { ...at, attempt: 9, maxAttempts: 20 })).toBe(
      at.now + 2_700
    )
  })
  test('offline by one’s own wish is not asked again in a moment', () => {
    expect(nextAttemptAt([one('OFFLINE', { retryable: true, from: 'source' })], at)).toBe(1_300)
  })
})
