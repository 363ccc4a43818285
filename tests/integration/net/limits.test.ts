/** Limits as servers see them: pauses, announced limits, ports, bot checks, connections. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { NetRequest } from '../../../src/main/net/net'
import { ask, errorOf, netTo, serve, type Handler } from './server'

const ok: Handler = (_, response) => response.end('fine')

describe('a refusal without a time', () => {
  test('arXiv pauses for a minute, a 403 counts, and all its hosts pause together', async () => {
    const site = await serve((_, response) => response.writeHead(403).end('Rate exceeded.'))
    const net = netTo(site)
    await net.text(ask('http://export.arxiv.org/api/query?id_list=1'))
    expect(net.waitMs('https://arxiv.org/pdf/1')).toBeGreaterThan(55_000)
    const next = netTo(site, {}, JSON.parse(JSON.stringify(net.saveState({ isLast: true }))))
    expect(next.waitMs('https://arxiv.org/pdf/1')).toBeGreaterThan(55_000)
  })
})

test('an announced limit slows requests to the host down at once', async () => {
  const site = await serve((_, response) => {
    response.writeHead(200, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '20' }).end('x')
  })
  const net = netTo(site)
  await net.text(ask('http://a.example/1'))
  expect(await errorOf(net.text(ask('http://a.example/2', { maxRateWaitMs: 5_000 })))).toMatchObject({
    code: 'RATE_WAIT'
  })
  expect(site.seen).toHaveLength(1)
})

test('a rate named for a host applies to all its ports together', async () => {
  const site = await serve(ok)
  const net = netTo(site, { 'network.rates': { '*': 1_000, 'a.example': 2 } })
  const began = Date.now()
  await Promise.all([8080, 8081, 8082].map((port) => net.text(ask(`http://a.example:${String(port)}/`))))
  expect(Date.now() - began).toBeGreaterThan(950)
})

test('a bot check closes its host for the day, also for the next process; other hosts are unaffected', async () => {
  const site = await serve((request, response) => {
    if (request.headers.host === 'b.example') response.end('fine')
    else response.writeHead(403, { 'cf-mitigated': 'challenge' }).end('<html>Just a moment…</html>')
  })
  const net = netTo(site)
  await net.text(ask('http://a.example/1'))
  expect(await errorOf(net.text(ask('http://a.example/2')))).toMatchObject({ code: 'BOT_CHECK' })
  const next = netTo(site, {}, JSON.parse(JSON.stringify(net.saveState({ isLast: true }))))
  expect(await errorOf(next.text(ask('http://a.example/3')))).toMatchObject({ code: 'BOT_CHECK' })
  expect(await next.text(ask('http://b.example/'))).toMatchObject({ text: 'fine' })
  expect(site.seen).toHaveLength(2)
  next.setOpen('a.example', true)
  await next.text(ask('http://a.example/4'))
  expect(site.seen).toHaveLength(3)
})

test('an exhausted OpenAlex budget: lists wait for midnight, single look-ups continue, the breaker stays closed', async () => {
  const site = await serve((request, response) => {
    if (request.url?.startsWith('/works?') !== true) return response.end('{}')
    response.writeHead(429, {
      'Retry-After': '40000',
      'X-RateLimit-Remaining-USD': '0',
      'X-RateLimit-Cost-Required-USD': '0.0001'
    })
    return response.end('{"error":"Rate limit exceeded","message":"Insufficient budget."}')
  })
  const net = netTo(site, { 'network.rates': { '*': 1_000 } })
  const look = (path: string): NetRequest => ask(`https://api.openalex.org/${path}`, { purpose: 'api' })
  const refused = await net.text(look('works?filter=doi:10.1/a'))
  expect(refused.status).toBe(429)
  expect(await errorOf(net.text(look('works?search=x')))).toMatchObject({
    code: 'RATE_WAIT'
  })
  for (let turn = 0; turn < 6; turn += 1) {
    expect(await net.text(look(`works/W${String(turn)}`))).toMatchObject({
      status: 200
    })
  }
  expect(net.board().find(({ host }) => host === 'api.openalex.org')).toMatchObject({
    service: 'OpenAlex',
    use: { asked: 7, purposes: { api: 7 } },
    limits: { budget: { remaining: 0, unit: 'USD' }, closed: { because: 'budget' }, breakerUntil: null }
  })
})

describe('connections', () => {
  test('one is reused: after a redirect, after a refusal, for another paper', async () => {
    const sockets = new Set<unknown>()
    const site = await serve((request, response) => {
      sockets.add(request.socket)
      if (request.url === '/old')
        response.writeHead(302, { Location: '/new', 'Content-Length': '5' }).end('moved')
      else if (request.url === '/no') response.writeHead(404, { 'Content-Length': '4' }).end('none')
      else response.end('fine')
    })
    const net = netTo(site, { 'network.rates': { '*': 1_000 } })
    await net.text(ask('http://a.example/old'))
    const refused = await net.open(ask('http://a.example/no'))
    refused.discard()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await net.text(ask('http://a.example/paper'))
    expect(site.seen).toHaveLength(4)
    expect(sockets.size).toBe(1)
  })

  test('a service that allows one request at a time never gets two, on any of its hosts', async () => {
    let open = 0
    let most = 0
    const site = await serve((_, response) => {
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
        response.end('x')
      }, 40)
    })
    const net = netTo(site, { 'network.rates': { '*': 1_000 } })
    const hosts = ['arxiv.org', 'export.arxiv.org', 'arxiv.org', 'export.arxiv.org']
    await Promise.all(hosts.map((host, at) => net.text(ask(`https://${host}/${String(at)}`))))
    expect(most).toBe(1)
  })

  test('requests that wait for one host do not occupy a lane that others need', async () => {
    const site = await serve(ok)
    const lanes = { 'network.workers': 1, 'network.lookUps': 1, 'network.pages': 1 }
    const net = netTo(site, { ...lanes, 'network.rates': { '*': 1_000, 'slow.example': 0.05 } })
    const off = new AbortController()
    const slow = ['1', '2', '3'].map((n) =>
      net.text(ask(`http://slow.example/${n}`, { signal: off.signal })).catch(() => null)
    )
    await slow[0]
    const began = Date.now()
    for (let turn = 0; turn < 5; turn += 1) await net.text(ask(`http://b.example/${String(turn)}`))
    expect(Date.now() - began).toBeLessThan(15_000)
    off.abort(new Error('enough'))
    await Promise.all(slow)
  })
})

test('a compressed response is decoded, and its decoded size is limited', async () => {
  const site = await serve((request, response) => {
    const body = request.url === '/bomb' ? Buffer.alloc(3_000_000) : Buffer.from('{"fine":true}')
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(body))
  })
  const net = netTo(site)
  expect(await net.text(ask('http://a.example/'))).toMatchObject({ text: '{"fine":true}' })
  expect(await errorOf(net.text(ask('http://b.example/bomb', { maxBytes: 1_000_000 })))).toMatchObject({
    code: 'TOO_LARGE'
  })
})

test('a server without a method is not a server in trouble: the breaker counts what a retry may change', async () => {
  const site = await serve((request, response) => response.writeHead(Number(request.url?.slice(1))).end('no'))
  const net = netTo(site, { 'network.rates': { '*': 1_000 } })
  for (const [host, status] of [
    ['a.example', 501],
    ['b.example', 522]
  ] as const)
    for (let nth = 0; nth < 5; nth += 1) await net.text(ask(`http://${host}/${String(status)}`))
  expect(net.breakerOpenUntil('http://a.example/')).toBeNull()
  expect(net.breakerOpenUntil('http://b.example/')).not.toBeNull()
})
