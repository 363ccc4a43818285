import { describe, expect, test } from 'vitest'
import { Breaker } from '../../../src/main/net/breaker'
import { FakeClock } from './fake-clock'

const failing = (breaker: Breaker, clock: FakeClock, count: number): void => {
  for (let turn = 0; turn < count; turn += 1) {
    clock.jump(100)
    breaker.enter('a.example').failed()
  }
}
const refusal = (breaker: Breaker): unknown => {
  try {
    breaker.check('a.example')
    return null
  } catch (error) {
    return error
  }
}

describe('a failing host', () => {
  test('is blocked after five failures in a row; other hosts are not', () => {
    const clock = new FakeClock()
    const breaker = new Breaker(clock, {})
    failing(breaker, clock, 4)
    expect(refusal(breaker)).toBe(null)
    failing(breaker, clock, 1)
    expect(refusal(breaker)).toMatchObject({ code: 'BREAKER_OPEN', retryAt: clock.now() + 30 })
    expect(breaker.openUntil('a.example')).toBe(clock.now() + 30)
    breaker.check('b.example')
  })

  test('one success resets the count', () => {
    const clock = new FakeClock()
    const breaker = new Breaker(clock, {})
    failing(breaker, clock, 4)
    breaker.enter('a.example').succeeded()
    failing(breaker, clock, 4)
    expect(refusal(breaker)).toBe(null)
  })

  test('is tried by one probe; each failed probe doubles the pause, up to ten minutes', () => {
    const clock = new FakeClock()
    const breaker = new Breaker(clock, {})
    failing(breaker, clock, 5)
    const rests = []
    for (let turn = 0; turn < 7; turn += 1) {
      const until = breaker.openUntil('a.example') ?? 0
      rests.push(Math.round(until - clock.now()))
      clock.jump((until - clock.now()) * 1000 + 1)
      expect(breaker.openUntil('a.example')).toBe(null)
      const probe = breaker.enter('a.example')
      expect(refusal(breaker)).toMatchObject({ code: 'BREAKER_OPEN' })
      probe.failed()
    }
    expect(rests).toEqual([30, 60, 120, 240, 480, 600, 600])
    clock.jump(600_001)
    breaker.enter('a.example').succeeded()
    expect(breaker.save()).toEqual({})
  })

  test('a probe that was aborted lets the next request be the probe', () => {
    const clock = new FakeClock()
    const breaker = new Breaker(clock, {})
    failing(breaker, clock, 5)
    clock.jump(30_001)
    const probe = breaker.enter('a.example')
    probe.dropped()
    probe.failed()
    expect(refusal(breaker)).toBe(null)
  })

  test('eight concurrent failures count as one', () => {
    const clock = new FakeClock()
    const breaker = new Breaker(clock, {})
    const together = Array.from({ length: 8 }, () => breaker.enter('a.example'))
    clock.jump(50)
    for (const one of together) one.failed()
    expect(breaker.save()).toMatchObject({ 'a.example': { failures: 1 } })
  })

  test('the next process keeps the block, but limits its length', () => {
    const clock = new FakeClock()
    const before = new Breaker(clock, {})
    failing(before, clock, 5)
    const after = new Breaker(clock, before.save())
    expect(refusal(after)).toMatchObject({ code: 'BREAKER_OPEN', retryAt: clock.now() + 30 })
    clock.jump(-1e10)
    const wayBack = new Breaker(clock, before.save())
    expect(wayBack.openUntil('a.example')).toBe(clock.now() + 600)
  })
})
