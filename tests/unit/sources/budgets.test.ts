/**
 * Budgets, policies and gates apply (defect 25): for any answers, there are never more exchanges than
 * attempts and never more time than allowed, and every source leaves a row with its reason.
 */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { SheafError } from '../../../src/contract/errors'
import type { Net, NetAnswer, NetRequest } from '../../../src/main/net/net'
import { nodeClock } from '../../../src/main/platform/node-host'
import { makeSources } from '../../../src/main/sources/ask-tier'
import { sourceTimeoutMs } from '../../../src/main/sources/query-source'
import { askTier, onlySources, openWeb, planWith, work, type Web } from './loopback-web'

let web: Web | null = null
afterEach(async () => {
  await web?.close()
  web = null
})

/** A scripted net: what it answers, when it may be asked, and how long it takes. */
function playedNet(play: {
  readonly answer: (request: NetRequest) => { status: number; text: string } | SheafError
  readonly delayMs?: (request: NetRequest) => number
  readonly waitMs?: (url: string) => number
  readonly breaker?: (url: string) => number | null
}): Net & { readonly exchanges: NetRequest[]; atOnce: () => number } {
  const exchanges: NetRequest[] = []
  let now = 0
  let most = 0
  const perform = async (request: NetRequest) => {
    exchanges.push(request)
    now += 1
    most = Math.max(most, now)
    try {
      await nodeClock.sleep(play.delayMs?.(request) ?? 0, request.signal)
    } finally {
      now -= 1
    }
    const answer = play.answer(request)
    if (answer instanceof SheafError) throw answer
    return {
      ...answer,
      url: request.url,
      finalUrl: request.url,
      headers: { 'content-type': 'text/html' },
      chain: [],
      elapsedMs: 1,
      retryAt: null
    }
  }
  return {
    exchanges,
    atOnce: () => most,
    text: (request) => perform(request),
    async open(request): Promise<NetAnswer> {
      const { text, ...facts } = await perform(request)
      const bytes = (async function* () {
        yield await Promise.resolve(new TextEncoder().encode(text))
      })()
      return { ...facts, body: bytes, decoded: false, discard: () => undefined }
    },
    waitMs: (url) => play.waitMs?.(url) ?? 0,
    paceOf: (url) => ({ budget: new URL(url).host, spacingMs: 500 }),
    breakerOpenUntil: (url) => play.breaker?.(url) ?? null,
    activeOn: () => 0,
    filesReady: () => 0,
    closed: () => null,
    challenged: () => undefined,
    board: () => [],
    setOpen: () => undefined,
    newCookieJar: () => ({ header: () => null, keep: () => undefined }),
    limitTo: () => undefined,
    saveState: () => null,
    close: () => Promise.resolve()
  }
}

const everything = work(
  { doi: '10.1234/x', arxiv: '2401.00001', pmcid: 'PMC1', pmid: '1', url: 'https://page.example/1' },
  { facts: { year: 2020 } }
)

describe('defect 25: budgets and gates', () => {
  it('are never exceeded, whatever the services answer', async () => {
    const texts = [
      '',
      '{}',
      '<html><body>hello</body></html>',
      '{"results":[]}',
      '[]',
      'null',
      '<OA><records/></OA>',
      '\u0000\uFFFD',
      '{"oa_locations":[{"url_for_pdf":"https://a.example/1.pdf"}]}'
    ]
    const answer = fc.oneof(
      fc.record({
        status: fc.constantFrom(200, 200, 404, 429, 500, 503, 403),
        text: fc.constantFrom(...texts),
        delay: fc.integer({ min: 0, max: 25 })
      }),
      fc.record({
        code: fc.constantFrom(
          'CONNECTION_RESET',
          'TIMEOUT_CONNECT',
          'RATE_WAIT',
          'BREAKER_OPEN',
          'TLS_FAILED',
          'ROBOTS_DISALLOWED'
        ),
        delay: fc.integer({ min: 0, max: 25 })
      })
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        async (script, attempts, timeMs, parallel, retries) => {
          let turn = 0
          const next = () => script[turn++ % script.length]!
          const delays = new WeakMap<NetRequest, ReturnType<typeof next>>()
          const net = playedNet({
            delayMs: (request) => {
              const part = next()
              delays.set(request, part)
              return part.delay
            },
            answer: (request) => {
              const part = delays.get(request)!
              return 'code' in part ? new SheafError(part.code) : { status: part.status, text: part.text }
            }
          })
          const plan = planWith()
          const policies = Object.fromEntries(
            Object.entries(plan.policies).map(([name, one]) => [name, { ...one, retries }])
          ) as typeof plan.policies
          const tiers = plan.tiers.map((tier) => ({ ...tier, parallel }))
          const budget = { endsAtMs: nodeClock.monotonicMs() + timeMs, attemptsLeft: attempts }
          const began = nodeClock.monotonicMs()
          const sources = makeSources({ net, clock: nodeClock, mailto: '' })
          const cookies = net.newCookieJar()
          for (const tier of plan.tiers) {
            const found = await sources.askTier({
              work: everything,
              formats: ['pdf'],
              tier: tier.name,
              plan: { ...plan, policies, tiers, maxConcurrent: 2 },
              budget,
              landingPages: [{ landingUrl: 'https://page.example/2' }],
              failedUrls: ['https://gone.example/1.pdf'],
              signal: new AbortController().signal,
              cookies
            })
            const enabled = tier.sources.filter((name) => plan.policies[name].enabled)
            // In the plan's order; a source postponed because its turn comes late may be left.
            expect(found.asked).toEqual(enabled.filter((name) => found.asked.includes(name)))
            const passedOver = found.attempts
              .filter((one) => one.reason === 'RATE_WAIT')
              .map((one) => one.source)
            const last = enabled.findLastIndex((name) => found.asked.includes(name))
            for (const name of enabled.slice(0, last))
              expect(found.asked.includes(name) || passedOver.includes(name), name).toBe(true)
            if (found.candidates.length === 0) expect(found.isWhole).toBe(true)
            for (const source of found.asked)
              expect(found.attempts.some((one) => one.source === source)).toBe(true)
            expect(budget.attemptsLeft).toBeGreaterThanOrEqual(0)
          }
          expect(net.atOnce()).toBeLessThanOrEqual(Math.min(parallel, 2))
          const notSent = 'RATE_WAIT BREAKER_OPEN ROBOTS_DISALLOWED'
          const counted = net.exchanges.filter((request) => {
            const part = delays.get(request)
            return part !== undefined && !('code' in part && notSent.includes(part.code))
          })
          expect(counted.length).toBeLessThanOrEqual(attempts)
          // One timer's grace per tier: a source can be stopped only after the clock was read.
          expect(nodeClock.monotonicMs() - began).toBeLessThan(timeMs + 1_500)
        }
      ),
      { numRuns: 25 }
    )
  })

  it('a slow source is stopped, recorded as a timeout with its real time, and no longer waited for', async () => {
    web = await openWeb((url) =>
      url.includes('openalex')
        ? { delayMs: 5_000, body: '{}' }
        : {
            body: JSON.stringify({
              doi: '10.1234/x',
              oa_locations: [{ url_for_pdf: 'https://a.example/1.pdf' }]
            })
          }
    )
    const plan = onlySources(['unpaywall', 'openalex'])
    const policies = { ...plan.policies, openalex: { ...plan.policies.openalex, timeoutMs: 150 } }
    const began = nodeClock.monotonicMs()
    const answer = await askTier(web, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: { ...plan, policies }
    })
    expect(nodeClock.monotonicMs() - began).toBeLessThan(4_500)
    const row = answer.attempts.find((one) => one.source === 'openalex')
    expect(row).toMatchObject({ outcome: 'timeout', reason: 'TIMEOUT' })
    expect(row?.elapsedMs).toBeGreaterThan(100)
    expect(answer.candidates.map((one) => one.url)).toEqual(['https://a.example/1.pdf'])
    expect(answer.retryable).toBe(true)
  })

  it('retryable failures are retried, each time with a row and an attempt, and no more often than allowed', async () => {
    web = await openWeb(() => ({ status: 503, body: 'busy' }))
    const budget = { endsAtMs: nodeClock.monotonicMs() + 10_000, attemptsLeft: 20 }
    const answer = await askTier(web, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['unpaywall']),
      budget
    })
    expect(web.asked.length).toBe(3)
    expect(answer.attempts.map((one) => [one.outcome, one.reason, one.status])).toEqual(
      Array(3).fill(['retryable', 'SERVER_ERROR', 503])
    )
    expect(budget.attemptsLeft).toBe(17)
    expect(answer.retryable).toBe(true)
  })

  const unpaywallFile = (host: string): string =>
    `{"doi":"10.1234/x","oa_locations":[{"url_for_pdf":"https://${host}/1.pdf"}]}`

  it('an open breaker skips the source, and the row has the time', async () => {
    const until = nodeClock.now() + 77
    const net = playedNet({
      answer: () => ({ status: 200, text: '{}' }),
      breaker: () => until
    })
    const answer = await askTier({ net }, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['unpaywall', 'openalex'])
    })
    expect(answer.attempts).toMatchObject([
      { source: 'openalex', outcome: 'skipped', reason: 'BREAKER_OPEN' },
      { source: 'unpaywall', outcome: 'skipped', reason: 'BREAKER_OPEN' }
    ])
    expect(net.exchanges).toEqual([])
    expect(answer).toMatchObject({ retryable: true, retryAt: until })
  })

  it('a source whose turn comes late is postponed while another is left', async () => {
    const net = playedNet({
      answer: () => ({ status: 200, text: unpaywallFile('a.example') }),
      waitMs: (url) => (url.includes('openalex') ? 60_000 : 0)
    })
    const answer = await askTier({ net }, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['unpaywall', 'openalex'])
    })
    expect(answer.attempts).toMatchObject([
      { source: 'openalex', outcome: 'skipped', reason: 'RATE_WAIT' },
      { source: 'unpaywall', outcome: 'success' }
    ])
    expect(net.exchanges.map(({ url }) => new URL(url).host)).toEqual(['api.unpaywall.org'])
    // If that file cannot be opened, the postponed source is still asked.
    expect(answer).toMatchObject({ asked: ['unpaywall'], isWhole: false, retryable: false })
  })

  it('a postponed source is waited for when no other is left, unless its pause is long', async () => {
    const net = playedNet({
      answer: ({ url }) =>
        url.includes('openalex')
          ? new SheafError('RATE_WAIT', 'A rest of an hour.', { retryAt: 4_000_000_000 })
          : { status: 404, text: '{}' },
      waitMs: () => 60_000
    })
    const answer = await askTier({ net }, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['unpaywall', 'openalex'])
    })
    // One row for each source: "postponed" is no reason once it was asked.
    expect(answer.attempts).toMatchObject([
      { source: 'openalex', reason: 'RATE_WAIT' },
      { source: 'unpaywall', status: 404 }
    ])
    expect(net.exchanges.map(({ maxRateWaitMs, maxRestMs }) => ({ maxRateWaitMs, maxRestMs }))).toEqual([
      { maxRateWaitMs: 600_000, maxRestMs: 45_000 },
      { maxRateWaitMs: 600_000, maxRestMs: 45_000 }
    ])
    expect(answer).toMatchObject({ retryable: true, retryAt: 4_000_000_000 })
  })

  it('PMC comes first for a work with a known PMCID, and after OpenAlex for any other', async () => {
    const order = async (ids: Record<string, string>): Promise<unknown[]> => {
      const net = playedNet({ answer: () => ({ status: 404, text: '{}' }) })
      const answer = await askTier({ net }, 'direct_oa', work(ids), {
        plan: onlySources(['pmc', 'openalex'])
      })
      return [...new Set(answer.attempts.map(({ source }) => source))]
    }
    expect(await order({ doi: '10.1234/x', pmcid: 'PMC1234567' })).toEqual(['pmc', 'openalex'])
    expect(await order({ doi: '10.1234/x' })).toEqual(['openalex', 'pmc'])
  })

  it('offline, block_all and cache_only ask no service, metadata_only proposes nothing; online they have no effect', async () => {
    const net = playedNet({
      answer: () => ({
        status: 200,
        text: '{"doi":"10.1234/x","title":"Known now","oa_locations":[{"url_for_pdf":"https://a.example/1.pdf"}]}'
      })
    })
    for (const offlineBehavior of ['block_all', 'cache_only'] as const) {
      const answer = await askTier({ net }, 'direct_oa', everything, {
        plan: planWith({ offlineBehavior }),
        isOffline: true
      })
      expect(answer.attempts.every((one) => one.outcome === 'skipped' && one.reason === 'OFFLINE')).toBe(true)
      expect(answer.candidates).toEqual([])
    }
    expect(net.exchanges).toEqual([])
    const plan = onlySources(['unpaywall'], { offlineBehavior: 'metadata_only' })
    const about = work({ doi: '10.1234/x' })
    const answered = await askTier({ net }, 'direct_oa', about, { plan, isOffline: true })
    expect(answered.learned.facts.title).toBe('Known now')
    expect(answered.candidates).toEqual([])
    const pages = await askTier({ net }, 'doi_follow', work({ doi: '10.1234/x' }), {
      plan: planWith({ offlineBehavior: 'metadata_only' }),
      isOffline: true
    })
    const online = await askTier({ net }, 'direct_oa', about, { plan })
    expect(online.candidates.map((one) => one.url)).toEqual(['https://a.example/1.pdf'])
    expect(pages.attempts).toMatchObject([{ reason: 'OFFLINE' }])
  })

  it('a disabled source is not asked; the robots flag of the policy reaches the net', async () => {
    const net = playedNet({ answer: () => ({ status: 200, text: '<html></html>' }) })
    await askTier({ net }, 'doi_follow', work({ doi: '10.1234/x' }), { plan: onlySources([]) })
    expect(net.exchanges).toEqual([])
    await askTier({ net }, 'doi_follow', work({ doi: '10.1234/x' }))
    expect(net.exchanges).toMatchObject([{ purpose: 'landing', robots: true }])
  })

  it("a file named by two sources is proposed once, in the plan's order", async () => {
    const net = playedNet({
      answer: ({ url }) => ({
        status: 200,
        text: url.includes('crossref')
          ? '{"message":{"DOI":"10.1234/x","license":[{"URL":"https://creativecommons.org/licenses/by/4.0/"}],"link":[{"URL":"http://a.example/1.pdf","content-type":"application/pdf"},{"URL":"https://c.example/3.pdf","content-type":"application/pdf"}]}}'
          : '{"id":"https://openalex.org/W1","locations":[{"is_oa":true,"pdf_url":"https://a.example/1.pdf"},{"is_oa":true,"pdf_url":"https://b.example/2.pdf"}]}'
      }),
      delayMs: ({ url }) => (url.includes('openalex') ? 30 : 0)
    })
    const answer = await askTier({ net }, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['crossref', 'openalex']),
      exhaustive: true
    })
    expect(answer.candidates.map((one) => [one.source, one.url])).toEqual([
      ['openalex', 'https://a.example/1.pdf'],
      ['openalex', 'https://b.example/2.pdf'],
      ['crossref', 'https://c.example/3.pdf']
    ])
  })

  it("only the caller's abort is thrown", async () => {
    const net = playedNet({ answer: () => ({ status: 200, text: '{}' }), delayMs: () => 5_000 })
    const stop = new AbortController()
    const asked = askTier({ net }, 'direct_oa', everything, { signal: stop.signal })
    setTimeout(() => {
      stop.abort(new Error('stopped by the test'))
    }, 30)
    await expect(asked).rejects.toThrow('stopped by the test')
    const broken = playedNet({
      answer: () => {
        throw new TypeError('a fault of ours')
      }
    })
    const answer = await askTier({ net: broken }, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['unpaywall'])
    })
    expect(answer.attempts).toMatchObject([
      { outcome: 'error', reason: 'INTERNAL', detail: 'Unexpected: a fault of ours' }
    ])
  })

  it("a time limit for sources holds for each of them; the work's own limit for all", () => {
    expect(sourceTimeoutMs(planWith(), 'landing_scrape', 99_999)).toBe(12_000)
    expect(sourceTimeoutMs(planWith({ perSourceTimeoutMs: 2_000 }), 'landing_scrape', 99_999)).toBe(2_000)
    expect(sourceTimeoutMs(planWith(), 'landing_scrape', 500)).toBe(500)
  })
})
