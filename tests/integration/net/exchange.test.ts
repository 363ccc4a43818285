import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ask, bytesOf, errorOf, netTo, serve } from './server'

describe('one exchange', () => {
  test('a body arrives unchanged, with its metadata', async () => {
    const file = randomBytes(300_000)
    const web = await serve((_, response) => {
      response.writeHead(200, {
        'Content-Type': 'application/pdf',
        ETag: '"v1"',
        'Content-Length': file.length
      })
      response.end(file)
    })
    const net = netTo(web, { 'general.mailto': 'ada@example.org' })
    const answer = await net.open(ask('https://publisher.example/a.pdf?x=1#page=2'))
    expect(answer).toMatchObject({
      url: 'https://publisher.example/a.pdf?x=1#page=2',
      finalUrl: 'https://publisher.example/a.pdf?x=1',
      status: 200,
      decoded: false,
      retryAt: null,
      chain: [{ url: 'https://publisher.example/a.pdf?x=1', status: 200 }]
    })
    expect(net.activeOn('https://publisher.example/')).toBe(1)
    expect((await bytesOf(answer.body)).equals(file)).toBe(true)
    expect(net.activeOn('https://publisher.example/')).toBe(0)
    expect(web.seen).toEqual(['GET publisher.example/a.pdf?x=1'])
    expect(web.requests[0]?.headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'publisher.example',
      'accept-encoding': 'identity',
      accept: 'application/pdf,*/*;q=0.8',
      'user-agent': 'Sheaf/1.2.3 (+https://sheaf.example.org; mailto:ada@example.org)'
    })
  })

  test('any status is a response, not an error', async () => {
    const web = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)))
      response.end('no')
    })
    const net = netTo(web)
    for (const status of [400, 404, 410, 451]) {
      const answer = await net.text(ask(`http://a.example/${String(status)}`))
      expect(answer).toMatchObject({ status, text: 'no' })
    }
  })

  test('connections are reused: a hundred requests over two of them', async () => {
    const web = await serve((_, response) => response.end('x'.repeat(2000)))
    const net = netTo(web)
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        await net.text(ask(`http://a.example/${String(index)}`))
      })
    )
    expect(web.seen).toHaveLength(100)
    expect(web.opened()).toBe(2)
  })

  test('discarding a body releases slot and socket', async () => {
    const web = await serve((_, response) => {
      response.write('x'.repeat(100_000))
    })
    const net = netTo(web, { 'network.maxPerHost': 1 })
    for (let turn = 0; turn < 3; turn += 1) {
      const answer = await net.open(ask('http://a.example/'))
      answer.discard()
      answer.discard()
    }
    await expect.poll(() => web.open()).toBe(0)
  })

  test('a HEAD leaves no body to discard', async () => {
    const web = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': 10_000_000_000 })
      response.end()
    })
    const net = netTo(web, { 'network.maxPerHost': 1 })
    for (let turn = 0; turn < 3; turn += 1) {
      const answer = await net.open(ask('http://a.example/', { method: 'HEAD' }))
      expect(answer.headers['content-length']).toBe('10000000000')
    }
    expect(net.activeOn('http://a.example/')).toBe(0)
  })

  test('a body shorter than announced, or cut while chunked, is not whole', async () => {
    const web = await serve((request, response) => {
      if (request.url === '/length') response.writeHead(200, { 'Content-Length': 1000 })
      response.write('x'.repeat(400))
      setTimeout(() => response.destroy(), 20)
    })
    const net = netTo(web)
    for (const path of ['length', 'chunked']) {
      const answer = await net.open(ask(`http://a.example/${path}`))
      expect(await errorOf(bytesOf(answer.body))).toMatchObject({
        code: 'CONNECTION_RESET',
        facts: { bytes: 400 }
      })
    }
    expect(net.activeOn('http://a.example/')).toBe(0)
  })

  test('a body that is too large is detected by its head, or else during the transfer', async () => {
    const web = await serve((request, response) => {
      if (request.url === '/said') response.writeHead(200, { 'Content-Length': 5000 })
      response.write('x'.repeat(2500))
      response.end('x'.repeat(2500))
    })
    const net = netTo(web)
    const announced = ask('http://a.example/said', { maxBytes: 4999 })
    expect(await errorOf(net.open(announced))).toMatchObject({ code: 'TOO_LARGE' })
    const answer = await net.open(ask('http://a.example/', { maxBytes: 4999 }))
    expect(await errorOf(bytesOf(answer.body))).toMatchObject({ code: 'TOO_LARGE' })
    expect(await net.open({ ...announced, maxBytes: 5000 }).then((one) => bytesOf(one.body))).toHaveLength(
      5000
    )
  })

  test('an aborted signal’s reason is thrown unchanged, before and during the body', async () => {
    const web = await serve((request, response) => {
      if (request.url === '/body') response.write('begin')
    })
    const net = netTo(web)
    const reason = { why: 'the lease was lost' }
    for (const path of ['head', 'body']) {
      const controller = new AbortController()
      const reading = net
        .open(ask(`http://a.example/${path}`, { signal: controller.signal }))
        .then((one) => bytesOf(one.body))
      setTimeout(() => {
        controller.abort(reason)
      }, 50)
      expect(await errorOf(reading)).toBe(reason)
    }
    expect(await errorOf(net.open(ask('http://a.example/', { signal: AbortSignal.abort(reason) })))).toBe(
      reason
    )
    expect(net.activeOn('http://a.example/')).toBe(0)
    await expect.poll(() => web.open()).toBe(0)
  })

  test('closing ends active requests', async () => {
    const web = await serve((_, response) => response.write('begin'))
    const net = netTo(web)
    const reading = net.open(ask('http://a.example/')).then((one) => bytesOf(one.body))
    await expect.poll(() => net.activeOn('http://a.example/')).toBe(1)
    await net.close()
    expect(await errorOf(reading)).toMatchObject({ code: 'PAUSED' })
    await expect.poll(() => web.open()).toBe(0)
  })

  test('a POST sends its body', async () => {
    const web = await serve((request, response) => {
      request.pipe(response)
    })
    const answer = await netTo(web).text(
      ask('http://a.example/', {
        method: 'POST',
        body: '{"é":1}',
        headers: { 'Content-Type': 'application/json' }
      })
    )
    expect(answer.text).toBe('{"é":1}')
    expect(web.requests[0]?.headers['content-type']).toBe('application/json')
  })

  test('an idle connection that the server closed is not a failure', async () => {
    let first = true
    const web = await serve((request, response) => {
      if (!first && request.socket.bytesRead > 500) request.socket.destroy()
      else response.end('fine')
      first = false
    })
    const net = netTo(web)
    const pad = { headers: { 'X-Pad': 'x'.repeat(200) } }
    await net.text(ask('http://a.example/1', pad))
    expect(await net.text(ask('http://a.example/2', pad))).toMatchObject({ text: 'fine' })
  })

  test('surplus bytes on an idle connection are not the response to the next request', async () => {
    const firsts = new Set<unknown>()
    const web = await serve((request, response) => {
      // The surplus of the previous response arrives just when the connection is reused.
      if (firsts.has(request.socket)) request.socket.write('and more than was announced')
      firsts.add(request.socket)
      response.end('fine')
    })
    const net = netTo(web)
    await net.text(ask('http://a.example/1'))
    expect(await net.text(ask('http://a.example/2'))).toMatchObject({ status: 200, text: 'fine' })
    expect(web.opened()).toBe(2)
  })
})
