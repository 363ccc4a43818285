import { readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { looksOffline } from '../../../src/main/net/failures'
import { ask, bytesOf, errorOf, netTo, serve } from './server'

const pem = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/net', `self-signed.${name}.pem`), 'utf8')

/** A raw TCP server that sends the given bytes. */
async function speak(reply: string | null): Promise<{ readonly origin: string; readonly close: () => void }> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      if (reply === null) socket.resetAndDestroy()
      else socket.end(reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  return { origin: `http://127.0.0.1:${String(port)}`, close: () => server.close() }
}
const throughTo = (origin: string) => netTo(null, { 'network.connectTo': [{ from: '*', to: origin }] })

describe('a missing response has a code', () => {
  test('a refused connection', async () => {
    const gone = await speak('')
    gone.close()
    expect(await errorOf(throughTo(gone.origin).open(ask('http://a.example/')))).toMatchObject({
      code: 'CONNECTION_REFUSED',
      facts: { code: 'ECONNREFUSED', host: 'a.example' }
    })
  })

  test.each([
    ['a reset', null, 'CONNECTION_RESET'],
    ['a connection that closes', '', 'CONNECTION_RESET'],
    ['a response that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'BAD_ANSWER'],
    ['a truncated head', 'HTTP/1.1 200 OK\r\nContent-Le', 'CONNECTION_RESET'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'BAD_ANSWER']
  ])('%s', async (_, reply, code) => {
    const server = await speak(reply)
    expect(await errorOf(throughTo(server.origin).open(ask('http://a.example/')))).toMatchObject({ code })
    server.close()
  })

  test('an untrusted certificate', async () => {
    const site = await serve((_, response) => response.end('x'), { key: pem('key'), cert: pem('cert') })
    expect(await errorOf(netTo(site).open(ask('https://a.example/')))).toMatchObject({
      code: 'TLS_FAILED',
      facts: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }
    })
    // Plain text where TLS is expected.
    const plain = await serve((_, response) => response.end('x'))
    const wrong = throughTo(plain.origin.replace('http:', 'https:')).open(ask('https://a.example/'))
    expect(await errorOf(wrong)).toMatchObject({ code: 'TLS_FAILED' })
  })

  test('an unknown host name', async () => {
    const error = await errorOf(netTo(null).open(ask('http://no-such-host.invalid/')))
    expect(error).toMatchObject({ code: 'DNS_FAILED' })
  })

  test('no network at all', () => {
    const unreachable = Object.assign(new Error('x'), { code: 'ENETUNREACH' })
    expect(looksOffline(unreachable)).toBe(true)
    expect(looksOffline(Object.assign(new Error('y'), { cause: unreachable }))).toBe(true)
    expect(looksOffline(new AggregateError([unreachable]))).toBe(true)
    expect(looksOffline(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe(false)
    expect(looksOffline('nothing')).toBe(false)
  })
})

describe('timeouts', () => {
  test('cover the first byte, a stalled body, and the whole request', async () => {
    const site = await serve((request, response) => {
      if (request.url === '/silent') return
      response.write('x')
      if (request.url === '/drip') setInterval(() => response.write('x'), 50).unref()
    })
    const slow = netTo(site, { 'network.firstByteTimeoutMs': 200, 'network.stallTimeoutMs': 200 })
    expect(await errorOf(slow.open(ask('http://a.example/silent')))).toMatchObject({
      code: 'TIMEOUT_FIRST_BYTE'
    })
    const still = await slow.open(ask('http://a.example/still'))
    expect(await errorOf(bytesOf(still.body))).toMatchObject({ code: 'STALLED' })
    const drip = await slow.open(ask('http://a.example/drip', { timeoutMs: 700 }))
    expect(await errorOf(bytesOf(drip.body))).toMatchObject({ code: 'TIMEOUT' })
    expect(await errorOf(slow.text(ask('http://a.example/silent', { timeoutMs: 100 })))).toMatchObject({
      code: 'TIMEOUT'
    })
    await expect.poll(() => site.open()).toBe(0)
    expect(slow.activeOn('http://a.example/')).toBe(0)
  })

  test('cover a TLS handshake that never completes', async () => {
    // The TCP connection is established, the TLS handshake is not.
    const silentServer = net.createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silentServer.listen(0, '127.0.0.1', resolve))
    const { port } = silentServer.address() as net.AddressInfo
    const slow = netTo(null, {
      'network.connectTo': [{ from: '*', to: `https://127.0.0.1:${String(port)}` }],
      'network.connectTimeoutMs': 200
    })
    expect(await errorOf(slow.open(ask('https://a.example/')))).toMatchObject({ code: 'TIMEOUT_CONNECT' })
    silentServer.close()
  })

  test('do not apply to a slow reader', async () => {
    const site = await serve((_, response) => response.end(Buffer.alloc(3_000_000)))
    const net = netTo(site, { 'network.stallTimeoutMs': 150 })
    const answer = await net.open(ask('http://a.example/'))
    let bytes = 0
    let slept = false
    for await (const chunk of answer.body) {
      bytes += chunk.length
      if (!slept) await new Promise((resolve) => setTimeout(resolve, 500))
      slept = true
    }
    expect(bytes).toBe(3_000_000)
  })
})

describe('encoded bodies that were not requested', () => {
  const text = 'all of the paper '.repeat(5000)
  const encoded = {
    gzip: gzipSync(text),
    'x-gzip': gzipSync(text),
    deflate: deflateSync(text),
    br: brotliCompressSync(text)
  }
  test('multiple encodings are refused, whatever they decode to', async () => {
    const site = await serve((_, response) => {
      response.setHeader('Content-Encoding', 'gzip, gzip')
      response.end(gzipSync(gzipSync(Buffer.alloc(50_000_000))))
    })
    expect(await errorOf(netTo(site).open(ask('http://a.example/')))).toMatchObject({ code: 'BAD_ANSWER' })
  })
  test.each(Object.entries(encoded))(
    '%s is decoded, and a truncated one is an error',
    async (encoding, bytes) => {
      const site = await serve((request, response) => {
        response.setHeader('Content-Encoding', encoding)
        const cut = request.url === '/cut'
        const sent = cut ? bytes.subarray(0, bytes.length - 20) : bytes
        response.setHeader('Content-Length', sent.length)
        response.end(sent)
      })
      const net = netTo(site)
      const whole = await net.open(ask('http://a.example/'))
      expect(whole.decoded).toBe(true)
      expect((await bytesOf(whole.body)).toString()).toBe(text)
      const cut = await net.open(ask('http://a.example/cut'))
      expect((await errorOf(bytesOf(cut.body))) as object).toMatchObject({
        code: expect.stringMatching(/TRUNCATED|BAD_ANSWER/) as string
      })
      expect(net.activeOn('http://a.example/')).toBe(0)
    }
  )

  test('a decompression bomb is stopped at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const site = await serve((_, response) => {
      response.setHeader('Content-Encoding', 'gzip')
      response.end(bomb)
    })
    const answer = await netTo(site).open(ask('http://a.example/', { maxBytes: 1_000_000 }))
    expect(await errorOf(bytesOf(answer.body))).toMatchObject({ code: 'TOO_LARGE' })
  })

  test('an unsupported encoding is an error, an unknown token is ignored', async () => {
    const site = await serve((request, response) => {
      response.setHeader('Content-Encoding', request.url?.slice(1) ?? '')
      response.end('plain')
    })
    expect(await errorOf(netTo(site).open(ask('http://a.example/zstd')))).toMatchObject({
      code: 'BAD_ANSWER'
    })
    const plain = await netTo(site).open(ask('http://a.example/none'))
    expect([plain.decoded, (await bytesOf(plain.body)).toString()]).toEqual([false, 'plain'])
  })
})

test('text is decoded by its own charset', async () => {
  const pages: Record<string, [string | null, Buffer]> = {
    '/utf8': [null, Buffer.from('Gödel')],
    '/header': ['text/html; charset=ISO-8859-1', Buffer.from('Gödel', 'latin1')],
    '/meta': ['text/html', Buffer.from('<meta charset="windows-1252">Gödel', 'latin1')],
    '/http-equiv': [
      'text/html',
      Buffer.from('<meta http-equiv=Content-Type content="text/html; charset=latin1">Gödel', 'latin1')
    ],
    '/xml': ['text/xml', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>Gödel', 'latin1')],
    '/bom': ['text/html; charset=iso-8859-1', Buffer.from('\uFEFFGödel')],
    '/utf16': [null, Buffer.from('\uFEFFGödel', 'utf16le')],
    '/unknown': ['text/html; charset=klingon', Buffer.from('Gödel')]
  }
  const site = await serve((request, response) => {
    const [type, bytes] = pages[request.url ?? ''] ?? [null, Buffer.alloc(0)]
    if (type !== null) response.setHeader('Content-Type', type)
    response.end(bytes)
  })
  const net = netTo(site)
  for (const path of Object.keys(pages)) {
    const { text } = await net.text(ask(`http://a.example${path}`))
    expect([path, text.slice(-5)]).toEqual([path, 'Gödel'])
  }
})
