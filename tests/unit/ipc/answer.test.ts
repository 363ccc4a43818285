/** A request with input that is not plain, too large or of the wrong shape is refused with one short message. */
import { describe, expect, test } from 'vitest'
import { SheafError } from '../../../src/contract/errors'
import { REQUEST_NAMES, type RequestName } from '../../../src/contract/request-names'
import { check, makeAnswer } from '../../../src/main/ipc/answer'
import type { Handlers } from '../../../src/main/ipc/handler-deps'
import { whyNotPlain } from '../../../src/main/ipc/plain-input'
import { makeLog, type LogLine } from '../../../src/main/platform/log'

function answering(handler: (input: unknown) => unknown) {
  const logged: LogLine[] = []
  const log = makeLog(
    (line) => logged.push(line),
    'debug',
    () => 0
  )
  const handlers = Object.fromEntries(REQUEST_NAMES.map((name) => [name, handler])) as unknown as Handlers
  return { logged, answer: makeAnswer(handlers, log) }
}

describe('an answer', () => {
  test('is the return value of the handler, which gets the input as its schema parsed it', async () => {
    const { answer } = answering((input) => ({ got: input }))
    expect(await answer('jobs.detail', { jobId: 'x' })).toEqual({ ok: true, value: { got: { jobId: 'x' } } })
  })

  test('to a deliberate error has its code, message and hint', async () => {
    const { answer } = answering(() => {
      throw new SheafError('NO_SUCH_JOB', 'There is no job x.', { hint: 'Look.', cause: new Error('inner') })
    })
    expect(await answer('jobs.detail', { jobId: 'x' })).toEqual({
      ok: false,
      error: { code: 'NO_SUCH_JOB', message: 'There is no job x.', hint: 'Look.' }
    })
  })

  test('to an internal error hides the details, which are logged', async () => {
    const { answer, logged } = answering(() => Promise.reject(new Error('EACCES: /home/somebody/secret')))
    const given = await answer('app.state', {})
    expect(given).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
    expect(JSON.stringify(given)).not.toContain('secret')
    expect(logged).toHaveLength(1)
    expect(logged[0]).toMatchObject({ level: 'error', facts: { request: 'app.state' } })
  })

  test.each([
    undefined,
    null,
    5,
    '__proto__',
    'constructor',
    'toString',
    'app',
    {},
    ['app.state'],
    Symbol('x')
  ])('to the name %o is a refusal', async (name) => {
    const { answer } = answering(() => 1)
    expect(await answer(name, {})).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  })
})

describe('a refusal names the field and what is allowed', () => {
  const cases: readonly (readonly [RequestName, unknown, string])[] = [
    ['jobs.detail', {}, 'jobs.detail: jobId must be a text.'],
    ['jobs.detail', { jobId: '' }, 'jobs.detail: jobId must be at least 1 character long.'],
    ['jobs.detail', { jobId: 'x', more: 1 }, 'jobs.detail: the input has a field that is not known.'],
    ['jobs.detail', 'x', 'jobs.detail: the input must be an object.'],
    [
      'jobs.list',
      { query: { group: 'all' }, sort: 'added', direction: 'up', offset: -1, limit: 10 },
      'jobs.list: offset must be at least 0.'
    ],
    [
      'jobs.list',
      { query: { group: 'all' }, sort: 'added', direction: 'up', offset: 0, limit: 501 },
      'jobs.list: limit must be at most 500.'
    ],
    [
      'jobs.list',
      { query: { group: 'some' }, sort: 'added', direction: 'up', offset: 0, limit: 1 },
      'jobs.list: query.group must be one of all, waiting, active, attention, done, ignored.'
    ],
    ['jobs.retry', { jobIds: [] }, 'jobs.retry: jobIds must have at least 1 entry.'],
    ['insights.get', { days: Number.NaN }, 'insights.get: days must be a number.'],
    ['app.remember', { key: 'x', value: 'y'.repeat(70_000) }, 'app.remember: the input is too large.'],
    [
      'plan.rows',
      JSON.parse('{"__proto__": {"a": 1}}'),
      'plan.rows: the input has a name that is not allowed.'
    ]
  ]
  test.each(cases)('%s %#', (name, input, sentence) => {
    expect(check(name, input)).toEqual({ ok: false, because: sentence })
  })

  test('a refusal never repeats its input', () => {
    const secret = 'do not repeat this '.repeat(100)
    for (const name of REQUEST_NAMES) {
      const read = check(name, { [secret]: secret, jobId: { deep: secret } })
      expect(read.ok).toBe(false)
      if (!read.ok) expect(read.because.length).toBeLessThanOrEqual(300)
      expect(JSON.stringify(read)).not.toContain(secret)
    }
  })
})

describe('plain data', () => {
  const ring: Record<string, unknown> = {}
  ring['ring'] = ring
  const cases: readonly (readonly [string, unknown, string | null])[] = [
    ['text', 'x', null],
    ['a list of objects', [{ a: 1 }, { b: null }], null],
    ['bytes', { bytes: new Uint8Array(3) }, null],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), null],
    ['a function', { a: () => 1 }, 'holds a function, which is no plain data'],
    ['a big number', [1n], 'holds a bigint, which is no plain data'],
    ['a date', { at: new Date() }, 'holds something that is no plain data'],
    ['something inherited', Object.create({ a: 1 }), 'holds something that is no plain data'],
    ['a proxy', new Proxy({}, {}), 'holds something that is no plain data'],
    ['a getter', Object.defineProperty({}, 'a', { get: () => 1 }), 'holds something that is no plain data'],
    ['a symbol for a name', { [Symbol('x')]: 1 }, 'holds a symbol, which is no plain data'],
    ['a ring', ring, 'is nested too deeply'],
    ['constructor as a name', { constructor: 1 }, 'has a name that is not allowed']
  ]
  test.each(cases)('%s', (_, value, because) => {
    expect(whyNotPlain(value)).toBe(because)
  })

  test('is bounded in parts and characters', () => {
    const bounds = { depth: 3, nodes: 10, chars: 20 }
    expect(whyNotPlain([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], bounds)).toBe('has too many parts')
    expect(whyNotPlain(['x'.repeat(21)], bounds)).toBe('is too large')
    expect(whyNotPlain([[[[1]]]], bounds)).toBe('is nested too deeply')
    const holes: unknown[] = []
    holes[1_000_000] = 1
    expect(whyNotPlain(holes, bounds)).toBe('has too many parts')
  })
})
