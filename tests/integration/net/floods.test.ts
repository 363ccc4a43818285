/** Servers that send without end before, beside or after the body: each costs its time limit and no more. */
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { makeCookieJar } from '../../../src/main/net/cookies'
import { ask, bytesOf, errorOf, netTo, serve } from './server'

const LIMIT_MS = 1_500

/** Writes `piece` repeatedly while the client reads, every `everyMs`. */
function flood(response: ServerResponse, begin: string, piece: string, everyMs: number): void {
  const { socket } = response
  if (socket === null) return
  socket.write(begin)
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer)
    else if (socket.writableLength < 200_000) socket.write(piece)
  }, everyMs)
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const FLOODS: readonly (readonly [what: string, begin: string, piece: string, everyMs: number])[] = [
  ['interim responses', '', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(200), 5],
  ['headers without end', OK, 'X-A: b\r\n'.repeat(500), 5],
  ['a header that trickles', `${OK}X-A: `, 'a', 50],
  ['a header of one endless line', `${OK}X-A: `, 'a'.repeat(20_000), 5],
  ['a body of JSON that trickles', `${OK}Content-Length: 900000\r\n\r\n{"a":"`, 'a', 50],
  ['chunks of one byte that trickle', `${OK}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n', 50],
  ['an endless chunk extension', `${OK}Transfer-Encoding: chunked\r\n\r\n1`, `;a=${'b'.repeat(5_000)}`, 5],
  ['trailers without end', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X-A: b\r\n'.repeat(500), 5],
  [
    'a redirect whose body never ends',
    'HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n',
    'a'.repeat(20_000),
    5
  ]
]

describe('a service response', () => {
  test.each(FLOODS)('with %s is aborted within its time limit', async (_, begin, piece, everyMs) => {
    const site = await serve((_request, response) => {
      flood(response, begin, piece, everyMs)
    })
    const began = performance.now()
    const before = process.memoryUsage.rss()
    const net = netTo(site)
    const request = ask('http://a.example/', { purpose: 'api', timeoutMs: LIMIT_MS, retries: 0 })
    expect(await errorOf(net.text(request))).toHaveProperty('code')
    expect(performance.now() - began).toBeLessThan(LIMIT_MS + 8_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000)
  })
})

test('bytes after the announced length are not the next response', async () => {
  const site = await serve((_request, response) => {
    response.socket?.write(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad'
    )
  })
  const net = netTo(site)
  for (const path of ['1', '2']) {
    const answer = await net.open(ask(`http://a.example/${path}`))
    expect((await bytesOf(answer.body)).toString()).toBe('ok')
  }
})

test('a flood of cookies neither accumulates nor is sent back', () => {
  const jar = makeCookieJar()
  for (let answer = 0; answer < 40; answer += 1) {
    jar.keep(
      'https://a.example/',
      Array.from({ length: 400 }, (_, n) => `c${String(answer)}_${String(n)}=${'x'.repeat(100)}; Path=/`)
    )
  }
  jar.keep('https://a.example/', [`long=${'x'.repeat(10_000)}`])
  const header = jar.header('https://a.example/')
  expect(header?.length).toBeLessThanOrEqual(8_192)
  expect(header?.split('; ').every((one) => /^c\d+_\d+=x{100}$/.test(one))).toBe(true)
})
