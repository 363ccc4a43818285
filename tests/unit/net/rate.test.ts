import { setMaxListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SETTINGS } from '../../../src/contract/settings'
import { Rates } from '../../../src/main/net/rate'
import { FakeClock } from './fake-clock'

const signal = new AbortController().signal
setMaxListeners(0, signal)
const rates = (
  clock: FakeClock,
  perSecond: Record<string, number> = SETTINGS['network.rates'].default,
  kept = {}
): Rates => new Rates(perSecond, 900, clock, kept)

/** Everybody comes at once; the seconds after which each had a turn. */
async function turns(clock: FakeClock, of: Rates, hosts: string[]): Promise<number[]> {
  const began = clock.now()
  const had: number[] = []
  for (const host of hosts) {
    void of
      .turn(host, { signal, maxWaitMs: null })
      .then(() => had.push(Math.round((clock.now() - began) * 1000) / 1000))
  }
  await clock.pass(600_000)
  return had
}
const times = (count: number, host: string): string[] => Array.from({ length: count }, () => host)

describe('turns', () => {
  test('arXiv is asked once in three seconds, whichever of its hosts', async () => {
    const clock = new FakeClock()
    const hosts = ['arxiv.org', 'export.arxiv.org', 'www.arxiv.org', 'arxiv.org', 'export.arxiv.org']
    const had = await turns(clock, rates(clock), hosts)
    expect(had.map(Math.round)).toEqual([0, 3, 6, 9, 12])
    had.slice(1).forEach((at, index) => {
      expect(at - (had[index] ?? 0)).toBeGreaterThanOrEqual(3)
    })
  })

  test('the NCBI hosts share three a second', async () => {
    const clock = new FakeClock()
    const had = await turns(clock, rates(clock), [
      'pmc.ncbi.nlm.nih.gov',
      'eutils.ncbi.nlm.nih.gov',
      'www.ncbi.nlm.nih.gov',
      'ftp.ncbi.nlm.nih.gov'
    ])
    expect(had).toEqual([0, 0.334, 0.668, 1.002])
  })

  test('no service with a rate of its own is ever asked more often than that', async () => {
    for (const [host, rate] of Object.entries(SETTINGS['network.rates'].default).filter(
      ([name]) => name !== '*'
    )) {
      const clock = new FakeClock()
      const had = await turns(clock, rates(clock), times(30, host))
      for (const [index, at] of had.entries()) {
        const inOneWindow = had.slice(index).filter((other) => other < at + Math.max(1, 1 / rate)).length
        expect(inOneWindow, host).toBeLessThanOrEqual(Math.max(1, rate))
      }
    }
  })

  test('any other host has two a second, after two at once', async () => {
    const clock = new FakeClock()
    expect(await turns(clock, rates(clock), times(5, 'a.example'))).toEqual([0, 0, 0.5, 1, 1.5])
  })

  test('a subdomain of a named host is not named, a port makes another host', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { 'a.example': 0.1, '*': 1 })
    expect(await turns(clock, of, times(2, 'www.a.example'))).toEqual([0, 1])
    expect(await turns(clock, of, times(2, 'a.example:8080'))).toEqual([0, 1])
    expect((await turns(clock, of, times(2, 'a.example'))).map(Math.round)).toEqual([0, 10])
  })

  test('a fast rate is not slowed by the grain of timers', async () => {
    const clock = new FakeClock()
    const had = await turns(clock, rates(clock, { '*': 10_000 }), times(2000, 'a.example'))
    expect(had.at(-1)).toBeLessThan(0.3)
  })

  test('first come, first served; who gives up holds nobody up', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { '*': 1 })
    const order: string[] = []
    const leaver = new AbortController()
    const join = (name: string, its = signal): void => {
      of.turn('a.example', { signal: its, maxWaitMs: null }).then(
        () => order.push(name),
        () => order.push(`${name} left`)
      )
    }
    join('first')
    join('second')
    join('third', leaver.signal)
    join('fourth')
    leaver.abort(new Error('enough'))
    await clock.pass(2000)
    expect(order).toEqual(['first', 'third left', 'second', 'fourth'])
  })

  test('whoever would wait too long is told at once, with the time', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { '*': 0.1 })
    await of.turn('a.example', { signal, maxWaitMs: 5000 })
    await expect(of.turn('a.example', { signal, maxWaitMs: 5000 })).rejects.toMatchObject({
      code: 'RATE_WAIT',
      retryAt: clock.now() + 10
    })
    expect(of.waitMs('a.example')).toBe(10_000)
    expect(of.waitMs('b.example')).toBe(0)
  })

  test('a Retry-After holds up those who are in line already', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { '*': 1 })
    const waiting = turns(clock, of, times(3, 'a.example'))
    of.block('a.example', clock.now() + 60)
    of.block('a.example', clock.now() + 5)
    expect(await waiting).toEqual([0, 60, 61])
  })

  test('a crawl delay makes the host slower, never faster', async () => {
    const clock = new FakeClock()
    const of = rates(clock)
    of.slowDown('a.example', 10)
    of.slowDown('arxiv.org', 1)
    expect(await turns(clock, of, times(3, 'a.example'))).toEqual([0, 10, 20])
    expect((await turns(clock, of, times(2, 'arxiv.org'))).map(Math.round)).toEqual([0, 3])
  })

  test('the next process goes on where this one was', async () => {
    const clock = new FakeClock()
    const before = rates(clock)
    await before.turn('arxiv.org', { signal, maxWaitMs: null })
    before.block('busy.example', clock.now() + 30)
    await before.turn('idle.example', { signal, maxWaitMs: null })
    clock.jump(1000)
    const kept = JSON.parse(JSON.stringify(before.save())) as ReturnType<Rates['save']>
    expect(Object.keys(kept).sort()).toEqual(['arxiv.org', 'busy.example'])
    const after = rates(clock, SETTINGS['network.rates'].default, kept)
    expect(Math.round(after.waitMs('export.arxiv.org'))).toBe(2000)
    expect(Math.round(after.waitMs('busy.example'))).toBe(29_000)
  })

  test('a block from a clock that ran ahead is not believed', () => {
    const clock = new FakeClock()
    const kept = { 'a.example': { tokens: 1, at: clock.now() + 1e9, blockedUntil: clock.now() + 1e9 } }
    expect(rates(clock, { '*': 1 }, kept).waitMs('a.example')).toBe(900_000)
  })

  test('whatever the arrivals, in no window are more turns than rate times window plus the burst', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 25 }),
        async (rate, gaps) => {
          const clock = new FakeClock()
          const of = rates(clock, { 'a.example': rate })
          const had: number[] = []
          for (const gap of gaps) {
            await clock.pass(gap)
            void of.turn('a.example', { signal, maxWaitMs: null }).then(() => had.push(clock.now()))
          }
          await clock.pass(60_000)
          expect(had).toHaveLength(gaps.length)
          had.forEach((from, first) => {
            had.slice(first + 1).forEach((to, ahead) => {
              expect(ahead + 1).toBeLessThanOrEqual((to - from) * rate + 1e-3)
            })
          })
        }
      ),
      { numRuns: 100 }
    )
  })
})
