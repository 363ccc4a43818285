import { describe, expect, test } from 'vitest'
import { readAnnounced } from '../../../src/main/net/announced'
import { Closures, isBudgetSpent, isChallenge } from '../../../src/main/net/closures'
import { FakeClock } from './fake-clock'

const NOW = 1_700_000_000
const read = (headers: Record<string, string>, span: number | null = null) =>
  readAnnounced(headers, NOW, { span, maxWaitSeconds: 900 })

describe('limits announced in headers', () => {
  test.each([
    ['Crossref', { 'x-rate-limit-limit': '50', 'x-rate-limit-interval': '1s' }, 50],
    ['an interval of a minute', { 'x-ratelimit-limit': '30', 'x-ratelimit-interval': '1m' }, 0.5],
    ['a policy', { 'ratelimit-policy': '"burst";q=100;w=60' }, 100 / 60],
    ['a limit with its window', { 'ratelimit-limit': '10, 10;w=1' }, 10],
    ['a limit without a span', { 'x-ratelimit-limit': '5000' }, null],
    ['zero', { 'x-rate-limit-limit': '0', 'x-rate-limit-interval': '1s' }, null],
    ['words', { 'x-rate-limit-limit': 'many', 'x-rate-limit-interval': 'now and then' }, null],
    [
      'one in a thousand years',
      { 'x-rate-limit-limit': '1', 'x-rate-limit-interval': '99999999d' },
      1 / 3_600
    ]
  ])('%s', (_, headers, perSecond) => {
    const said = read(headers).perSecond
    if (perSecond === null) expect(said).toBe(null)
    else expect(said).toBeCloseTo(perSecond, 6)
  })

  test('the default window of a known service', () => {
    expect(read({ 'x-ratelimit-limit': '3' }, 1).perSecond).toBe(3)
  })

  test.each([
    ['seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }, 30],
    ['an epoch time', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 45) }, 45],
    ['milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((NOW + 5) * 1000) }, 5],
    ['the draft form', { ratelimit: '"default";r=0;t=12' }, 12],
    ['another day', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '86400' }, 900],
    ['something left', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '30' }, null],
    ['no time', { 'x-ratelimit-remaining': '0' }, null]
  ])('no requests left until %s', (_, headers, seconds) => {
    const said = read(headers).nothingUntil
    expect(said === null ? null : Math.round(said - NOW)).toBe(seconds)
  })

  test('concurrent requests', () => {
    expect(read({ 'x-concurrency-limit': '1' }).parallel).toBe(1)
    expect(read({ 'x-concurrency-limit': '0' }).parallel).toBe(null)
  })
})

describe('closures until the end of the day', () => {
  const list = new URL('https://api.openalex.org/works?filter=doi:10.1/a')
  const single = new URL('https://api.openalex.org/works/doi:10.1/a')
  const billed = new URL('https://api.openalex.org/works/https://doi.org/10.1/a')
  const content = new URL('https://content.openalex.org/works/W1.pdf')

  test('a used-up OpenAlex budget blocks paid requests only', () => {
    const clock = new FakeClock()
    const closures = new Closures(clock, {})
    const headers = {
      'retry-after': '40000',
      'x-ratelimit-remaining-usd': '0.00002',
      'x-ratelimit-cost-required-usd': '0.0001'
    }
    expect(isBudgetSpent(list, 429, headers)).toBe(true)
    expect(isBudgetSpent(list, 429, { 'retry-after': '1' })).toBe(false)
    expect(isBudgetSpent(new URL('https://a.example/'), 429, headers)).toBe(false)
    closures.spent(list)
    const until = (Math.floor(clock.now() / 86_400) + 1) * 86_400
    for (const url of [list, billed, content]) expect(closures.of(url)?.until).toBe(until)
    expect(closures.of(single)).toBe(null)
    expect(() => {
      closures.check(list)
    }).toThrow(expect.objectContaining({ code: 'RATE_WAIT', retryAt: until }))
    const next = new Closures(clock, JSON.parse(JSON.stringify(closures.save())) as never)
    expect(next.of(list)?.because).toBe('budget')
    clock.jump((until - clock.now()) * 1000 + 1)
    expect(next.of(list)).toBe(null)
  })

  test('a bot check blocks its host until the day is over or the user unblocks it', () => {
    const closures = new Closures(new FakeClock(), {})
    const page = new URL('https://pub.example/x.pdf')
    expect(isChallenge({ 'cf-mitigated': 'challenge' })).toBe(true)
    expect(isChallenge({})).toBe(false)
    closures.challenged(page)
    expect(() => {
      closures.check(new URL('https://pub.example/other'))
    }).toThrow(expect.objectContaining({ code: 'BOT_CHECK' }))
    closures.check(new URL('https://other.example/'))
    closures.openByHand('pub.example')
    closures.check(page)
  })
})
