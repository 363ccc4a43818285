import { describe, expect, test } from 'vitest'
import { ask, errorOf, netTo, serve, type Handler, type Loopback } from './server'

const to =
  (status: number, location: string | undefined): Handler =>
  (_, response) => {
    response.writeHead(status, location === undefined ? {} : { Location: location })
    response.end('moved')
  }
/** Redirects by path; for other paths returns the request as text. */
const web = (hops: Record<string, [number, string | undefined]>): Promise<Loopback> =>
  serve((request, response) => {
    const hop = hops[`${request.headers.host ?? ''}${request.url ?? ''}`]
    if (hop !== undefined) to(...hop)(request, response)
    else response.end(`${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''}`)
  })

describe('redirects', () => {
  test('are followed across hosts, and every hop is reported', async () => {
    const net = netTo(
      await web({
        'doi.example/10.1/x': [302, 'https://link.example/landing'],
        'link.example/landing': [301, '/articles/a b/ü.pdf?q=1'],
        'link.example/articles/a%20b/%C3%BC.pdf?q=1': [307, '//cdn.example/é.pdf#page=3']
      })
    )
    const answer = await net.text(ask('https://doi.example/10.1/x'))
    expect(answer).toMatchObject({
      text: 'GET cdn.example/%C3%A9.pdf',
      url: 'https://doi.example/10.1/x',
      finalUrl: 'https://cdn.example/%C3%A9.pdf'
    })
    expect(answer.chain.map((hop) => [hop.status, hop.url])).toEqual([
      [302, 'https://doi.example/10.1/x'],
      [301, 'https://link.example/landing'],
      [307, 'https://link.example/articles/a%20b/%C3%BC.pdf?q=1'],
      [200, 'https://cdn.example/%C3%A9.pdf']
    ])
  })

  test('at most ten are followed', async () => {
    const chain =
      (length: number): Handler =>
      (request, response) => {
        const at = Number(request.url?.slice(1))
        if (at < length) to(302, `/${String(at + 1)}`)(request, response)
        else response.end('there')
      }
    expect(await netTo(await serve(chain(10))).text(ask('http://a.example/0'))).toMatchObject({
      text: 'there'
    })
    expect(await errorOf(netTo(await serve(chain(11))).text(ask('http://a.example/0')))).toMatchObject({
      code: 'TOO_MANY_REDIRECTS'
    })
  })

  test('a loop is detected when it closes', async () => {
    const round = await web({
      'a.example/1': [302, 'http://b.example/2'],
      'b.example/2': [302, 'http://a.example/1']
    })
    expect(await errorOf(netTo(round).open(ask('http://a.example/1')))).toMatchObject({
      code: 'TOO_MANY_REDIRECTS'
    })
    expect(round.seen).toHaveLength(2)
  })

  test('a page that requires its cookie gets it, and is not a loop', async () => {
    const site = await serve((request, response) => {
      if (request.headers.cookie === 'seen=yes') response.end('paper')
      else {
        response.writeHead(302, {
          Location: '/a.pdf',
          'Set-Cookie': ['seen=yes; Path=/', 'evil=1; Domain=com']
        })
        response.end()
      }
    })
    const net = netTo(site)
    expect(await net.text(ask('https://a.example/a.pdf'))).toMatchObject({ text: 'paper' })
    const jar = net.newCookieJar()
    await net.text(ask('https://a.example/a.pdf', { cookies: jar }))
    await net.text(ask('https://a.example/a.pdf', { cookies: jar }))
    expect(site.seen).toHaveLength(5)
    expect(jar.header('https://b.example/')).toBe(null)
  })

  test.each([
    ['file:///etc/passwd', 'REDIRECT_REFUSED'],
    ['ftp://ftp.example/a.pdf', 'REDIRECT_REFUSED'],
    ['data:application/pdf,x', 'REDIRECT_REFUSED'],
    ['javascript:alert(1)', 'REDIRECT_REFUSED'],
    ['http://[', 'REDIRECT_REFUSED'],
    ['http://127.0.0.1/', 'PRIVATE_ADDRESS'],
    ['http://10.0.0.1/', 'PRIVATE_ADDRESS'],
    ['http://169.254.169.254/latest/meta-data/', 'PRIVATE_ADDRESS'],
    ['http://[::1]/', 'PRIVATE_ADDRESS'],
    ['http://2130706433/', 'PRIVATE_ADDRESS'],
    ['http://localhost:9/', 'PRIVATE_ADDRESS']
  ])('to %s are refused, with or without connectTo', async (location, code) => {
    const site = await web({ 'a.example/1': [302, location] })
    expect(await errorOf(netTo(site).open(ask('http://a.example/1')))).toMatchObject({ code })
    expect(site.seen).toEqual(['GET a.example/1'])
  })

  test('from https to http are refused for an API, followed for a file', async () => {
    const site = await web({ 'a.example/1': [302, 'http://a.example/2'] })
    const refused = netTo(site).open(ask('https://a.example/1', { purpose: 'api' }))
    expect(await errorOf(refused)).toMatchObject({ code: 'REDIRECT_REFUSED' })
    expect(await netTo(site).text(ask('https://a.example/1'))).toMatchObject({
      finalUrl: 'http://a.example/2'
    })
  })

  test('without a Location are a response', async () => {
    const site = await web({
      'a.example/1': [302, undefined],
      'a.example/2': [304, '/3'],
      'a.example/3': [300, '/x']
    })
    const net = netTo(site)
    expect(await net.text(ask('http://a.example/1'))).toMatchObject({ status: 302, text: 'moved' })
    expect(await net.text(ask('http://a.example/2'))).toMatchObject({ status: 304, text: '' })
    expect(await net.text(ask('http://a.example/3'))).toMatchObject({ status: 300 })
  })

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'HEAD', 'HEAD'],
    [303, 'HEAD', 'HEAD'],
    [303, 'GET', 'GET']
  ] as const)('%i turns %s into %s', async (status, method, then) => {
    const site = await web({ 'a.example/1': [status, '/2'] })
    const more = method === 'POST' ? { body: 'x', headers: { 'Content-Type': 'text/plain' } } : {}
    await netTo(site).text(ask('http://a.example/1', { method, ...more }))
    expect(site.seen).toEqual([`${method} a.example/1`, `${then} a.example/2`])
    expect(site.requests[1]?.headers['content-type']).toBe(then === 'POST' ? 'text/plain' : undefined)
  })

  test('credentials of one origin are not sent to another', async () => {
    const site = await web({
      'a.example/1': [302, '/2'],
      'a.example/2': [302, 'https://b.example/3'],
      'b.example/3': [302, 'https://u:p@b.example/4']
    })
    await netTo(site).text(
      ask('https://me:secret@a.example/1', {
        headers: { 'X-Api-Key': 'k', Cookie: 'c=1', Range: 'bytes=5-', Referer: 'https://a.example/' }
      })
    )
    const sent = site.requests.map(({ headers }) => [
      headers.authorization,
      headers['x-api-key'],
      headers.cookie
    ])
    const mine = `Basic ${Buffer.from('me:secret').toString('base64')}`
    expect(sent).toEqual([
      [mine, 'k', 'c=1'],
      [mine, 'k', 'c=1'],
      [undefined, undefined, undefined],
      [undefined, undefined, undefined]
    ])
    expect(site.requests.at(-1)?.headers).toMatchObject({ range: 'bytes=5-', referer: 'https://a.example/' })
  })
})

describe('--connect-to', () => {
  test('an explicit origin takes precedence over the wildcard; https may become http', async () => {
    const [named, others] = [await serve((_, r) => r.end('named')), await serve((_, r) => r.end('others'))]
    const net = netTo(null, {
      'network.connectTo': [
        { from: '*', to: others.origin },
        { from: 'https://a.example', to: `${named.origin}/` }
      ]
    })
    const texts = await Promise.all(
      [
        'https://a.example/',
        'http://a.example/',
        'https://a.example:8443/',
        'https://no-such-host.invalid/'
      ].map(async (url) => (await net.text(ask(url))).text)
    )
    expect(texts).toEqual(['named', 'others', 'others', 'others'])
    expect(others.requests.map(({ headers }) => headers['x-forwarded-host'])).toContain('a.example:8443')
  })

  test('address checks apply to the original origin', async () => {
    const site = await serve((_, response) => response.end())
    for (const url of [site.origin, 'http://10.0.0.1/', 'http://localhost/']) {
      expect(await errorOf(netTo(site).open(ask(url)))).toMatchObject({ code: 'PRIVATE_ADDRESS' })
    }
    expect(await netTo(null, { 'network.allowPrivateHosts': true }).text(ask(site.origin))).toMatchObject({
      status: 200
    })
    for (const url of ['ftp://a.example/', 'file:///etc/passwd', 'nothing', 'http://']) {
      expect(await errorOf(netTo(site).open(ask(url)))).toMatchObject({ code: 'BAD_URL' })
    }
  })
})
