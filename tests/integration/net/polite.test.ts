import http from 'node:http'
import type net from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Host } from '../../../src/main/platform/host'
import { ask, bytesOf, errorOf, netTo, serve, settingsWith, testHost, type Handler } from './server'

const FEW = { '*': 10_000 }
/** Answers with each status in turn, then always with the last. */
const inTurn = (...answers: [number, Record<string, string>?][]): Handler => {
  let at = 0
  return (_, response) => {
    const [status, headers] = answers[Math.min(at, answers.length - 1)] ?? [200]
    at += 1
    response.writeHead(status, headers)
    response.end(String(status))
  }
}

describe('retries', () => {
  const host = (): Host => testHost({ random: { uniform: () => 0.05, hex: () => 'ab' } })

  test('temporary failures are retried up to the given number', async () => {
    const site = await serve(inTurn([500], [503], [200]))
    const net = netTo(site, {}, null, host())
    expect(await net.text(ask('http://a.example/', { retries: 2 }))).toMatchObject({ status: 200 })
    expect(site.seen).toHaveLength(3)
  })
  test('the last response is returned', async () => {
    const site = await serve(inTurn([502]))
    const answer = await netTo(site, {}, null, host()).open(ask('http://a.example/', { retries: 1 }))
    expect([answer.status, site.seen.length]).toEqual([502, 2])
    answer.discard()
  })
  test('permanent failures are not retried', async () => {
    const site = await serve(inTurn([404]))
    await netTo(site, {}, null, host()).text(ask('http://a.example/', { retries: 3 }))
    expect(site.seen).toHaveLength(1)
  })
  test('a body that broke off is fetched again', async () => {
    let broken = false
    const site = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('01234')
      if (broken) response.end('56789')
      else setTimeout(() => response.destroy(), 20)
      broken = true
    })
    expect(await netTo(site, {}, null, host()).text(ask('http://a.example/', { retries: 1 }))).toMatchObject({
      text: '0123456789'
    })
  })
})

describe('a host that asks for a pause', () => {
  test('is not contacted until then, by any request; the error says until when', async () => {
    const site = await serve(inTurn([429, { 'Retry-After': '1' }], [200]))
    const net = netTo(site)
    const busy = await net.text(ask('http://a.example/1'))
    const now = Date.now() / 1000
    expect(busy.status).toBe(429)
    expect(busy.retryAt).toBeGreaterThan(now + 0.5)
    expect(net.waitMs('http://a.example/2')).toBeGreaterThan(500)
    expect(net.waitMs('http://b.example/')).toBe(0)
    const limited = net.open(ask('http://a.example/2', { maxRateWaitMs: 100 }))
    expect(await errorOf(limited)).toMatchObject({ code: 'RATE_WAIT' })
    // A new process does not contact it earlier either.
    const state: unknown = JSON.parse(JSON.stringify(net.saveState({ isLast: true })))
    expect(netTo(site, {}, state).waitMs('http://a.example/')).toBeGreaterThan(500)
    expect((await net.text(ask('http://a.example/3'))).status).toBe(200)
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(busy.retryAt ?? Infinity)
  })
  test('for longer than the maximum is paused for the maximum', async () => {
    const site = await serve(inTurn([503, { 'Retry-After': '86400' }]))
    const net = netTo(site, { 'network.retryAfterMaxSeconds': 60 })
    const answer = await net.text(ask('http://a.example/', { retries: 5, maxRateWaitMs: 1000 }))
    expect(site.seen).toHaveLength(1)
    expect((answer.retryAt ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(60)
    expect(net.waitMs('http://a.example/')).toBeGreaterThan(50_000)
  })
})

describe('defect 27: a failing host, with 429 among the failures', () => {
  test.each([500, 429])(
    'after %i five times in a row it is not contacted for a while, also by the next process',
    async (status) => {
      const site = await serve(inTurn([status, status === 429 ? { 'Retry-After': '0' } : {}]))
      const net = netTo(site)
      for (let turn = 0; turn < 5; turn += 1) await net.text(ask('http://a.example/'))
      const left = await errorOf(net.open(ask('http://a.example/')))
      expect(left).toMatchObject({ code: 'BREAKER_OPEN' })
      expect((left as { retryAt: number }).retryAt - Date.now() / 1000).toBeGreaterThan(25)
      expect(net.breakerOpenUntil('http://a.example/')).toBeGreaterThan(Date.now() / 1000)
      expect(net.breakerOpenUntil('http://b.example/')).toBe(null)
      const next = netTo(site, {}, net.saveState({ isLast: true }))
      expect(await errorOf(next.open(ask('http://a.example/')))).toMatchObject({ code: 'BREAKER_OPEN' })
      expect(site.seen).toHaveLength(5)
    }
  )
  test('a missing page, an abort and a broken download are not failures of the host', async () => {
    const site = await serve((request, response) => {
      if (request.url === '/torn') {
        response.write('x'.repeat(100))
        setTimeout(() => response.destroy(), 5)
      } else if (request.url === '/404') response.writeHead(404).end()
    })
    const net = netTo(site)
    for (let turn = 0; turn < 8; turn += 1) {
      await net.text(ask('http://a.example/404'))
      await errorOf(net.open(ask('http://a.example/torn')).then((one) => bytesOf(one.body)))
      await errorOf(net.open(ask('http://a.example/silent', { signal: AbortSignal.timeout(10) })))
    }
    expect(net.breakerOpenUntil('http://a.example/')).toBe(null)
  })
  test('broken connections are failures of the host', async () => {
    const site = await serve((request) => request.socket.destroy())
    const net = netTo(site)
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await errorOf(net.open(ask('http://a.example/')))).toMatchObject({ code: 'CONNECTION_RESET' })
    }
    expect(await errorOf(net.open(ask('http://a.example/')))).toMatchObject({ code: 'BREAKER_OPEN' })
  })
})

describe('concurrency', () => {
  test('at most two requests at a time per host; hosts are independent', async () => {
    const under = new Map<string, number>()
    let most = 0
    const site = await serve((request, response) => {
      const host = request.headers.host ?? ''
      under.set(host, (under.get(host) ?? 0) + 1)
      most = Math.max(most, under.get(host) ?? 0)
      setTimeout(() => {
        under.set(host, (under.get(host) ?? 0) - 1)
        response.end('x')
      }, 30)
    })
    const net = netTo(site)
    const hosts = Array.from({ length: 12 }, (_, index) => `http://${index % 2 === 0 ? 'a' : 'b'}.example/`)
    const asked = hosts.map((url) => net.text(ask(url)))
    await expect.poll(() => net.activeOn('http://a.example/x')).toBe(2)
    await Promise.all(asked)
    expect([most, net.activeOn('http://a.example/')]).toEqual([2, 0])
  })

  test('all downloads share one bandwidth limit', async () => {
    const site = await serve((_, response) => response.end(Buffer.alloc(300_000)))
    const net = netTo(site, { 'network.maxBandwidth': 1_000_000 })
    const began = Date.now()
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => bytesOf((await net.open(ask(`http://${name}.example/`))).body))
    )
    expect(Date.now() - began).toBeGreaterThan(700)
    expect(Date.now() - began).toBeLessThan(5_000)
  })
})

describe('robots.txt', () => {
  const landing = (url: string) => ask(url, { purpose: 'landing', robots: true })
  const rules =
    (status: number, text: string): Handler =>
    (request, response) => {
      if (request.url !== '/robots.txt') response.end('page')
      else response.writeHead(status).end(text)
    }

  test('is requested once, and obeyed, also by the next process', async () => {
    const site = await serve(
      rules(200, 'User-agent: *\nDisallow: /private\nUser-agent: sheaf\nDisallow: /stamp')
    )
    const net = netTo(site)
    await Promise.all([
      net.text(landing('https://a.example/1')),
      net.text(landing('https://a.example/private'))
    ])
    const refused = await errorOf(net.open(landing('https://a.example/stamp/1')))
    expect(refused).toMatchObject({ code: 'ROBOTS_DISALLOWED', facts: { rule: 'Disallow: /stamp', line: 4 } })
    const next = netTo(site, {}, JSON.parse(JSON.stringify(net.saveState({ isLast: true }))))
    expect(await errorOf(next.open(landing('https://a.example/stamp/1')))).toMatchObject({
      code: 'ROBOTS_DISALLOWED'
    })
    expect(site.seen.filter((one) => one.endsWith('/robots.txt'))).toHaveLength(1)
    // Another origin has its own rules. Files, and requests that skip robots.txt, do not read it.
    await net.text(landing('http://a.example/1'))
    expect(site.seen.filter((one) => one.endsWith('/robots.txt'))).toHaveLength(2)
    await net.text(ask('https://a.example/stamp/1'))
    await netTo(site, { 'network.obeyRobots': false }).text(landing('https://a.example/stamp/1'))
  })

  test('is obeyed at every redirect', async () => {
    const site = await serve((request, response) => {
      if (request.url === '/robots.txt') {
        response.end(request.headers.host === 'b.example' ? 'User-agent: *\nDisallow: /' : '')
      } else response.writeHead(302, { Location: 'https://b.example/2' }).end()
    })
    expect(await errorOf(netTo(site).open(landing('https://a.example/1')))).toMatchObject({
      code: 'ROBOTS_DISALLOWED'
    })
  })

  test.each([404, 403, 410])('a missing one (%i) allows everything', async (status) => {
    const site = await serve(rules(status, 'User-agent: *\nDisallow: /'))
    expect(await netTo(site).text(landing('https://a.example/1'))).toMatchObject({ text: 'page' })
  })

  test.each([500, 503, 429])('defect 27: an unreadable one (%i) allows nothing for now', async (status) => {
    const site = await serve(rules(status, ''))
    const net = netTo(site)
    const refused = await errorOf(net.open(landing('https://a.example/1')))
    expect(refused).toMatchObject({ code: 'ROBOTS_UNREACHABLE', family: 'RetryLater' })
    expect((refused as { retryAt: number }).retryAt).toBeGreaterThan(Date.now() / 1000)
    await errorOf(net.open(landing('https://a.example/2')))
    expect(site.seen).toEqual(['GET a.example/robots.txt'])
  })

  test('so does one whose connection breaks', async () => {
    const site = await serve((request) => request.socket.destroy())
    expect(await errorOf(netTo(site).open(landing('https://a.example/1')))).toMatchObject({
      code: 'ROBOTS_UNREACHABLE'
    })
  })

  test('a crawl delay spaces the visits', async () => {
    const site = await serve(rules(200, 'User-agent: *\nCrawl-delay: 20\nAllow: /'))
    const net = netTo(site)
    await net.text(landing('https://a.example/1'))
    expect(net.waitMs('https://a.example/', 'landing')).toBeGreaterThan(15_000)
    expect(net.waitMs('https://a.example/paper.pdf', 'file')).toBeLessThan(1_000)
    expect(await errorOf(net.open({ ...landing('https://a.example/2'), maxRateWaitMs: 5000 }))).toMatchObject(
      {
        code: 'RATE_WAIT'
      }
    )
  })

  test('a huge one is read only up to the limit', async () => {
    const site = await serve(
      rules(200, `User-agent: *\nDisallow: /no\n${'# filler\n'.repeat(200_000)}Disallow: /`)
    )
    const net = netTo(site)
    expect(await net.text(landing('https://a.example/yes'))).toMatchObject({ text: 'page' })
    expect(await errorOf(net.open(landing('https://a.example/no')))).toMatchObject({
      code: 'ROBOTS_DISALLOWED'
    })
  })
})

describe('through a proxy', () => {
  test('from the environment or the settings: http by forwarding, https by a tunnel', async () => {
    const lines: string[] = []
    const proxy = http.createServer((request, response) => {
      lines.push(`${request.method ?? ''} ${request.url ?? ''}`)
      response.end('by proxy')
    })
    proxy.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
      lines.push(`CONNECT ${request.url ?? ''}`)
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${String((proxy.address() as net.AddressInfo).port)}`
    const byEnv = netTo(
      null,
      {},
      null,
      testHost({ env: { HTTP_PROXY: url, https_proxy: url, NO_PROXY: 'direct.invalid' } })
    )
    expect(await byEnv.text(ask('http://a.example/x'))).toMatchObject({ text: 'by proxy' })
    expect(await byEnv.text(ask('https://a.example/x'))).toMatchObject({ status: 502 })
    expect(await errorOf(byEnv.open(ask('http://www.direct.invalid/x')))).toMatchObject({
      code: 'DNS_FAILED'
    })
    expect(await netTo(null, { 'network.proxy': url }).text(ask('http://a.example/y'))).toMatchObject({
      text: 'by proxy'
    })
    expect(await errorOf(byEnv.open(ask('http://10.0.0.1/')))).toMatchObject({ code: 'PRIVATE_ADDRESS' })
    expect(lines).toEqual(['GET http://a.example/x', 'CONNECT a.example:443', 'GET http://a.example/y'])
    proxy.close()
    proxy.closeAllConnections()
  })
})

test('an invalid stored state is ignored, entry by entry', async () => {
  const site = await serve((_, response) => response.end('fine'))
  const now = Date.now() / 1000
  for (const state of [null, 1, 'x', [], { rates: 5, breakers: { a: 1 }, robots: { x: { until: 'y' } } }]) {
    expect(await netTo(site, {}, state).text(ask('http://a.example/'))).toMatchObject({ text: 'fine' })
  }
  const half = { rates: { 'a.example': 'x', 'b.example': { tokens: 1, at: now, blockedUntil: now + 99 } } }
  expect(netTo(site, { 'network.rates': FEW }, half).waitMs('http://b.example/')).toBeGreaterThan(90_000)
  expect(settingsWith()['network.maxPerHost']).toBe(2)
})
