/** One table of HTTP statuses for services, pages and files (docs/design.md §8). */
import { expect, test } from 'vitest'
import { refusalOf } from '../../../src/main/engine/ops/http-refusal'
import type { AnswerFacts } from '../../../src/main/net/net'
import { isRetryableStatus, reasonOfStatus } from '../../../src/main/net/statuses'
import { readStatus } from '../../../src/main/sources/reading'

const STATUSES = Array.from({ length: 300 }, (_, index) => index + 300)

test('which statuses are retryable: those of the specification, and any unknown 5xx', () => {
  const named = [408, 425, 429, 500, 502, 503, 504]
  const unknown = STATUSES.filter((status) => status > 505)
  expect(STATUSES.filter(isRetryableStatus)).toEqual([...named, ...unknown])
})

test.each([
  [400, 'HTTP_REFUSED'],
  [401, 'FORBIDDEN'],
  [402, 'FORBIDDEN'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [405, 'HTTP_REFUSED'],
  [408, 'SERVER_ERROR'],
  [410, 'NOT_FOUND'],
  [429, 'RATE_LIMITED'],
  [451, 'FORBIDDEN'],
  [500, 'SERVER_ERROR'],
  [501, 'HTTP_REFUSED'],
  [503, 'SERVER_ERROR'],
  [505, 'HTTP_REFUSED'],
  [522, 'SERVER_ERROR']
])('%i is %s', (status, reason) => {
  expect(reasonOfStatus(status)).toBe(reason)
})

test('a service and a file that answer alike are judged alike', () => {
  for (const status of STATUSES) {
    const file = refusalOf(answer(status))
    expect(readStatus(answer(status))).toMatchObject({
      reason: file.code,
      outcome: file.family === 'RetryLater' ? 'retryable' : 'nonretryable'
    })
  }
})

function answer(status: number): AnswerFacts {
  const url = 'https://a.example/b'
  return { url, finalUrl: url, status, headers: {}, chain: [], elapsedMs: 1, retryAt: null }
}
