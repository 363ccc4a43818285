import { setMaxListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SETTINGS } from '../../../src/contract/settings'
import { Rates, type Allowance, type RateState } from '../../../src/main/net/rate'
import { Turns, type Turn, type TurnRequest } from '../../../src/main/net/turns'
import { FakeClock } from './fake-clock'

const signal = new AbortController().signal
setMaxListeners(0, signal)
interface Line {
  turn(host: string, how: Omit<TurnRequest, 'lane'>): Promise<Turn>
  waitMs(host: string): number
  block(host: string, until: number): void
  slowDown(host: string, seconds: number): void
  save(): RateState
  readonly of: (address: string, keyed?: boolean) => Allowance
  readonly rates: Rates
}

/** Rates and the queue before them, as the exchange uses both; places are released at once. */
function rates(
  clock: FakeClock,
  perSecond: Record<string, number> = SETTINGS['network.rates'].default,
  kept: RateState = {},
  more: { cautious?: boolean; hasContact?: boolean } = {}
): Line {
  const made = new Rates({ perSecond, maxRestSeconds: 900, hasContact: true, clock, kept, ...more })
  const turns = new Turns({
    clock,
    rates: made,
    maxPerHost: 1_000,
    lanes: () => ({ lookUps: 1_000, pages: 1_000, files: 1_000 })
  })
  const of = (address: string, keyed = false): Allowance =>
    made.allowanceOf(new URL(`https://${address}`), { keyed, crawl: true })
  return {
    rates: made,
    of,
    async turn(host, how) {
      const turn = await turns.take(of(host), { lane: 'files', ...how })
      turn.release()
      return turn
    },
    waitMs: (host) => turns.waitMs(of(host)),
    block(host, until) {
      made.block(of(host), until)
      turns.lookAgain()
    },
    slowDown: (host, seconds) => {
      made.slowDown(host, seconds)
    },
    save: () => made.save()
  }
}

/** Requests that all arrive at once, and the seconds after which each had its turn. */
async function turns(clock: FakeClock, of: Line, hosts: string[]): Promise<number[]> {
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
  test('arXiv is asked once in three seconds, over all its hosts', async () => {
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

  test('any other host has two a second, evenly spaced', async () => {
    const clock = new FakeClock()
    expect(await turns(clock, rates(clock), times(5, 'a.example'))).toEqual([0, 0.5, 1, 1.5, 2])
  })

  test('a rate set for a host holds for all its ports together; a subdomain is another host', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { 'a.example': 0.1, '*': 1 })
    expect(await turns(clock, of, times(2, 'www.a.example'))).toEqual([0, 1])
    const had = await turns(clock, of, ['a.example', 'a.example:8080', 'a.example:8081'])
    expect(had.map(Math.round)).toEqual([0, 10, 20])
  })

  test('without one, each port has the default rate; a rate set with a port is its own', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { 'a.example:81': 0.1, '*': 1 })
    expect(await turns(clock, of, ['a.example:8080', 'a.example:8081'])).toEqual([0, 0])
    expect((await turns(clock, of, times(2, 'a.example:81'))).map(Math.round)).toEqual([0, 10])
  })

  test('the Wayback index has a rate shared with its timemap; captures have another', async () => {
    const clock = new FakeClock()
    const had = await turns(clock, rates(clock), [
      'web.archive.org/cdx/search/cdx?url=a',
      'web.archive.org/web/timemap/json?url=b',
      'web.archive.org/web/2020id_/http://c.example/'
    ])
    expect(had).toEqual([0, 0, expect.closeTo(1 / 0.35, 1)])
  })

  test('Crossref lists and single works have separate rates, both slower without a contact', () => {
    const list = 'api.crossref.org/works?filter=doi:a'
    const single = 'api.crossref.org/works/10.1/a'
    const spacing = (hasContact: boolean): number[] => {
      const of = rates(new FakeClock(), undefined, {}, { hasContact })
      return [list, single].map((address) => Math.round(of.rates.spacingMs(of.of(address))))
    }
    expect(spacing(true)).toEqual([333, 200])
    expect(spacing(false)).toEqual([1_000, 200])
  })

  test('a key raises the rates that depend on it, unless the user set one', () => {
    const of = rates(new FakeClock())
    expect(of.rates.spacingMs(of.of('api.openalex.org/works/W1', true))).toBe(100)
    expect(of.rates.spacingMs(of.of('api.openalex.org/works/W1', false))).toBe(200)
    const named = rates(new FakeClock(), { 'api.openalex.org': 1 })
    expect(named.rates.spacingMs(named.of('api.openalex.org/works/W1', true))).toBe(1_000)
  })

  test('a high rate is not reduced by timer resolution', async () => {
    const clock = new FakeClock()
    const had = await turns(clock, rates(clock, { '*': 10_000 }), times(2000, 'a.example'))
    expect(had.at(-1)).toBeLessThan(0.3)
  })

  test('requests are served in order; an aborted one delays no other', async () => {
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

  test('a request that would wait too long fails at once, with the time', async () => {
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

  test('a long queue is waited for, a long pause is not; the caller gets the time', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { '*': 0.1 })
    let queued = 0
    const how = { signal, maxWaitMs: 600_000, maxRestMs: 45_000, onQueued: () => (queued += 1) }
    await of.turn('a.example', how)
    expect(queued).toBe(0)
    const line = [1, 2, 3, 4, 5, 6].map(() => of.turn('a.example', how))
    expect(queued).toBe(6)
    await clock.pass(61_000)
    await Promise.all(line)
    of.block('a.example', clock.now() + 60)
    await expect(of.turn('a.example', how)).rejects.toMatchObject({
      code: 'RATE_WAIT',
      retryAt: expect.closeTo(clock.now() + 60, 3) as number
    })
  })

  test('a Retry-After delays requests that already wait', async () => {
    const clock = new FakeClock()
    const of = rates(clock, { '*': 1 })
    const waiting = turns(clock, of, times(3, 'a.example'))
    of.block('a.example', clock.now() + 60)
    of.block('a.example', clock.now() + 5)
    expect(await waiting).toEqual([0, 60, 61])
  })

  test('a crawl delay spaces page visits, never faster than the rate, and does not apply to files', async () => {
    const clock = new FakeClock()
    const of = rates(clock)
    of.slowDown('a.example', 10)
    of.slowDown('arxiv.org', 1)
    expect(await turns(clock, of, times(3, 'a.example'))).toEqual([0, 10, 20])
    expect((await turns(clock, of, times(2, 'arxiv.org'))).map(Math.round)).toEqual([0, 3])
    of.slowDown('b.example', 10)
    const file = of.rates.allowanceOf(new URL('https://b.example/x.pdf'))
    expect(of.rates.spacingMs(file)).toBe(500)
    of.rates.spend(file)
    expect(of.rates.readyInMs(file)).toBe(500)
  })

  test('refusals without a time: the pauses of the table, longer each time, until one succeeds', () => {
    const clock = new FakeClock()
    const of = rates(clock)
    const rest = (address: string): number => of.rates.refused(of.of(address)) - clock.now()
    expect([1, 2, 3, 4, 5, 6].map(() => Math.round(rest('export.arxiv.org/api/query')))).toEqual([
      60, 120, 240, 480, 600, 600
    ])
    of.rates.accepted(of.of('arxiv.org/pdf/1'))
    expect(rest('arxiv.org/pdf/2')).toBeCloseTo(60)
    expect([1, 2, 3].map(() => Math.round(rest('a.example/')))).toEqual([1, 2, 4])
    expect(rest('web.archive.org/cdx/search/cdx')).toBeCloseTo(60)
    expect(of.waitMs('web.archive.org/web/2020id_/x')).toBe(0)
  })

  test('a daily limit holds over a restart, until midnight UTC', () => {
    const clock = new FakeClock()
    const before = rates(clock)
    const core = before.of('api.core.ac.uk/v3/discover')
    for (let asked = 0; asked < 1_000; asked += 1) before.rates.spend(core)
    clock.jump(60_000)
    const untilMidnight = (86_400 - (clock.now() % 86_400)) * 1000
    expect(before.rates.readyInMs(core)).toBeGreaterThan(60_000)
    const kept = JSON.parse(JSON.stringify(before.save())) as RateState
    const after = rates(clock, undefined, kept)
    expect(after.waitMs('api.core.ac.uk/v3/discover')).toBeCloseTo(untilMidnight, -1)
    clock.jump(untilMidnight + 1_000)
    expect(after.waitMs('api.core.ac.uk/v3/discover')).toBeLessThan(60_000)
  })

  test('an hourly limit holds for every window of an hour', async () => {
    const clock = new FakeClock()
    const of = rates(clock)
    const had: number[] = []
    for (let asked = 0; asked < 120; asked += 1) {
      void of.turn('api.openaire.eu', { signal, maxWaitMs: null }).then(() => had.push(clock.now()))
    }
    await clock.pass(4 * 3_600_000)
    expect(had.length).toBeGreaterThan(100)
    for (const at of had) {
      expect(had.filter((other) => other >= at && other < at + 3_600).length).toBeLessThanOrEqual(50)
    }
  })

  test('an announced limit lowers the rate, and never raises it', () => {
    const clock = new FakeClock()
    const of = rates(clock)
    const one = of.of('a.example/')
    const said = { nothingUntil: null, remaining: null, limit: 1, parallel: null }
    of.rates.applyAnnounced(one, { ...said, perSecond: 0.5 })
    expect(of.rates.spacingMs(one)).toBe(2_000)
    const next = rates(clock, undefined, JSON.parse(JSON.stringify(of.save())) as RateState)
    expect(next.rates.spacingMs(next.of('a.example/'))).toBe(2_000)
    of.rates.applyAnnounced(one, { ...said, perSecond: 50 })
    expect(of.rates.spacingMs(one)).toBe(500)
  })

  test('after a process that was killed, a listed service is not asked at once', () => {
    const of = rates(new FakeClock(), undefined, {}, { cautious: true })
    expect(Math.round(of.waitMs('export.arxiv.org/api/query'))).toBe(3_000)
    expect(of.waitMs('a.example/')).toBe(0)
  })

  test('the next process continues with the saved state', async () => {
    const clock = new FakeClock()
    const before = rates(clock)
    await before.turn('arxiv.org', { signal, maxWaitMs: null })
    before.block('busy.example', clock.now() + 30)
    await before.turn('idle.example', { signal, maxWaitMs: null })
    clock.jump(1000)
    const kept = JSON.parse(JSON.stringify(before.save())) as RateState
    expect(Object.keys(kept).sort()).toEqual(['arxiv.org', 'busy.example', 'idle.example'])
    const after = rates(clock, SETTINGS['network.rates'].default, kept)
    expect(Math.round(after.waitMs('export.arxiv.org'))).toBe(2000)
    expect(Math.round(after.waitMs('busy.example'))).toBe(29_000)
  })

  test('a block from a clock that was ahead is ignored', () => {
    const clock = new FakeClock()
    const kept = {
      'a.example': { tokens: 1, at: clock.now() + 1e9, blockedUntil: clock.now() + 1e9, refusals: 0 }
    }
    expect(rates(clock, { '*': 1 }, kept).waitMs('a.example')).toBeLessThanOrEqual(86_400_000)
  })

  test('for any arrivals, no window has more turns than rate times window plus the burst', async () => {
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
