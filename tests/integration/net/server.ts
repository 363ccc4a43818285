/** A loopback server that a test scripts by path, and a net that reaches it under any host name. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach } from 'vitest'
import { defaultSettings, type Settings } from '../../../src/contract/settings'
import { makeNet } from '../../../src/main/net/make-net'
import type { Net, NetRequest } from '../../../src/main/net/net'
import type { Host } from '../../../src/main/platform/host'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Loopback {
  readonly origin: string
  readonly port: number
  /** "METHOD host/path" of every request, in order */
  readonly seen: string[]
  readonly requests: IncomingMessage[]
  /** sockets opened in total, and those still open */
  readonly opened: () => number
  readonly open: () => number
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

export async function serve(
  handler: Handler,
  tls?: { readonly key: string; readonly cert: string }
): Promise<Loopback> {
  const seen: string[] = []
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  const listener: Handler = (request, response) => {
    seen.push(`${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''}`)
    requests.push(request)
    handler(request, response)
  }
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener)
  server.on('connection', (socket: Socket) => {
    opened += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
    port,
    seen,
    requests,
    opened: () => opened,
    open: () => sockets.size
  }
}

/** Fast by default: tests about rates set their own. */
export function settingsWith(changes: Partial<Settings> = {}): Settings {
  return { ...defaultSettings(), 'network.rates': { '*': 10_000 }, ...changes }
}

export const testHost = (changes: Partial<Host> = {}): Host => ({
  ...nodeHost(
    makeLog(
      () => undefined,
      'error',
      () => 0
    )
  ),
  env: {},
  ...changes
})

/** A net that connects every host to `to`. */
export function netTo(
  to: Loopback | null,
  changes: Partial<Settings> = {},
  state: unknown = null,
  host = testHost()
): Net {
  const connectTo = to === null ? [] : [{ from: '*', to: to.origin }]
  const net = makeNet(host, settingsWith({ 'network.connectTo': connectTo, ...changes }), {
    state,
    version: '1.2.3'
  })
  closers.push(() => net.close())
  return net
}

export const ask = (url: string, more: Partial<NetRequest> = {}): NetRequest => ({
  url,
  purpose: 'file',
  signal: new AbortController().signal,
  ...more
})

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The error with which a promise rejects. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
