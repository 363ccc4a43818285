/**
 * G8 as the servers see it: the web's log shows how often, how concurrently, when and by whom each host was
 * contacted, and that robots.txt is obeyed. (Hosts that ask for a pause: g08-left-alone.test.ts.)
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import { failing, startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import type { Settings } from '../../src/contract/settings'
import { openWorld, type SheafWorld } from '../kit/sheaf-world'

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

async function start(works: readonly WorldWork[], settings: Partial<Settings> = {}): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, { settings }) }
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `w${String(index)}`)

/** Works with all files at one host. */
const atOneHost = (count: number): WorldWork[] =>
  keys(count).map((key) => ({
    key,
    copies: [{ via: 'unpaywall', url: `https://one.example/${key}.pdf` }]
  }))

const dois = (works: readonly WorldWork[]): string[] => works.map(({ key }) => `10.5555/${key}`)

/** The maximum number of concurrent exchanges of a host. Each lasts long enough to overlap another. */
function watchPeaks(web: Web, world: World): ReadonlyMap<string, number> {
  const open = new Map<string, number>()
  const peaks = new Map<string, number>()
  web.addSite((asked) => {
    const play = world.site(asked)
    if (play === null) return null
    const { host } = new URL(asked.url)
    return async (exchange) => {
      const now = (open.get(host) ?? 0) + 1
      open.set(host, now)
      peaks.set(host, Math.max(peaks.get(host) ?? 0, now))
      await exchange.wait(30)
      open.set(host, (open.get(host) ?? 1) - 1)
      await play(exchange)
    }
  })
  return peaks
}

describe('one host', () => {
  test('never gets more than two concurrent requests, however many workers there are', async () => {
    const works = atOneHost(12)
    const { web, world, sheaf } = await start(works, { 'network.workers': 12 })
    const peaks = watchPeaks(web, world)
    expect(await sheaf.run(dois(works))).toMatchObject({ done: 12 })
    expect(Math.max(...peaks.values())).toBe(2)
    expect(peaks.get('one.example')).toBe(2)
  })

  test('is not contacted faster than its rate allows, files included', async () => {
    const works = atOneHost(6)
    const { web, sheaf } = await start(works, { 'network.rates': { '*': 500, 'one.example': 5 } })
    expect(await sheaf.run(dois(works))).toMatchObject({ done: 6 })
    const at = web.requests
      .filter(({ url }) => url.startsWith('https://one.example/'))
      .map(({ atMs }) => atMs)
    expect(at, 'one request per file').toHaveLength(6)
    const gaps = at.slice(1).map((ms, index) => ms - at[index]!)
    // Requests sent 200 ms apart may arrive slightly closer together; on average the rate must hold.
    expect(Math.min(...gaps)).toBeGreaterThan(50)
    expect(at.at(-1)! - at[0]!).toBeGreaterThanOrEqual((at.length - 1) * 190)
  })

  test('keeps its rate after a restart', async () => {
    const works = atOneHost(2)
    const { web, sheaf } = await start(works, { 'network.rates': { '*': 500, 'one.example': 1 } })
    await sheaf.run(dois(works).slice(0, 1))
    await sheaf.reopen()
    await sheaf.run(dois(works).slice(1))
    const at = web.requests
      .filter(({ url }) => url.startsWith('https://one.example/'))
      .map(({ atMs }) => atMs)
    const gaps = at.slice(1).map((ms, index) => ms - at[index]!)
    expect(Math.min(...gaps)).toBeGreaterThan(900)
  })
})

describe('robots.txt', () => {
  const scraped = (robots: WorldWork['robots']): WorldWork[] => [
    { key: 'alpha', copies: [{ via: 'landing_scrape' }], ...(robots === undefined ? {} : { robots }) }
  ]

  test.each(['disallow', 'error', 'reset'] as const)(
    '%s: the landing page is not visited, and the reason is recorded',
    async (robots) => {
      const works = scraped(robots)
      const { web, world, sheaf } = await start(works, { 'safety.maxAttempts': 1 })
      expect(await sheaf.run(dois(works))).toMatchObject({ done: 0, failed: 1 })
      expect(web.requestsFor(world.work('alpha').landingUrl)).toEqual([])
      expect(web.requestsFor(world.fileUrl('alpha'))).toEqual([])
      const reasons = sheaf.linesOf('attempt').map((line) => line.reason)
      expect(reasons).toContain(robots === 'disallow' ? 'ROBOTS_DISALLOWED' : 'ROBOTS_UNREACHABLE')
    }
  )

  test.each(['allow', 'none'] as const)(
    '%s: the landing page is visited, after robots.txt was read once',
    async (robots) => {
      const works = scraped(robots)
      const { web, world, sheaf } = await start(works)
      expect(await sheaf.run(dois(works))).toMatchObject({ done: 1 })
      const { origin } = new URL(world.work('alpha').landingUrl)
      expect(web.requestsFor(`${origin}/robots.txt`)).toHaveLength(1)
      const order = web.requests.map(({ url }) => url)
      expect(order.indexOf(`${origin}/robots.txt`)).toBeLessThan(
        order.indexOf(world.work('alpha').landingUrl)
      )
    }
  )

  test('is not read when the user turned it off', async () => {
    const works = scraped('disallow')
    const { sheaf } = await start(works, { 'network.obeyRobots': false })
    expect(await sheaf.run(dois(works))).toMatchObject({ done: 1 })
  })
})

test('every request identifies Sheaf and gives the user’s contact address', async () => {
  const works: WorldWork[] = [
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'beta', copies: [{ via: 'landing_scrape' }] }
  ]
  const { web, sheaf } = await start(works)
  // Unpaywall is asked where OpenAlex fails.
  web.addSite(failing('https://api.openalex.org/', { status: 400 }))
  expect(await sheaf.run(dois(works))).toMatchObject({ done: 2 })
  for (const { url, headers } of web.requests) {
    expect(headers['user-agent'], url).toMatch(/^Sheaf\/\S+ .*mailto:reader@example\.org/)
  }
  // Services with an address parameter get the address there too.
  const contactOf = (host: string, name: string): (string | null)[] =>
    web.requests
      .filter(({ url }) => new URL(url).host === host)
      .map(({ url }) => new URL(url).searchParams.get(name))
  for (const [host, name] of [
    ['api.unpaywall.org', 'email'],
    ['api.crossref.org', 'mailto'],
    ['pmc.ncbi.nlm.nih.gov', 'email']
  ] as const) {
    const contacts = contactOf(host, name)
    expect(contacts.length, `${host} was contacted`).toBeGreaterThan(0)
    expect(new Set(contacts), host).toEqual(new Set(['reader@example.org']))
  }
})

test('all downloads together stay below the configured bandwidth', async () => {
  const works: WorldWork[] = keys(3).map((key) => ({ key, bytes: 100_000, copies: [{ via: 'unpaywall' }] }))
  const { sheaf } = await start(works, { 'network.maxBandwidth': 150_000 })
  const summary = await sheaf.run(dois(works))
  expect(summary).toMatchObject({ done: 3 })
  expect(summary.elapsed_ms).toBeGreaterThan(1_000)
})
