/**
 * The fixture web: one loopback server that simulates every host. The engine is started with the `connectTo`
 * pairs, so each request carries its intended URL; the sites are tried in order until one answers. The web is
 * deterministic: the same requests in the same order get the same responses.
 */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { resolve } from 'node:path'
import { repositoryRoot } from '../kit/shared'
import { urlMeant } from '../../src/main/demo/url-meant'
import { Exchange, type Gate, type LoggedRequest, type LogEntry } from './exchange'

/** Returns null when the URL does not belong to this site. */
export type Site = (asked: Exchange['asked']) => ((exchange: Exchange) => Promise<void>) | null

export interface WebOptions {
  readonly sites?: readonly Site[]
  readonly port?: number
  /** origins whose TLS cannot be trusted, such as `https://self-signed.example` */
  readonly untrustedOrigins?: readonly string[]
  /** origins where no server listens */
  readonly refusingOrigins?: readonly string[]
}

export interface ConnectTo {
  readonly from: string
  readonly to: string
}

/** A stream held at a byte of a file. */
export interface Hold {
  /** resolves when a stream of that URL has sent everything before the byte and is blocked */
  readonly reached: Promise<void>
  release(): void
}

export interface Web {
  readonly origin: string
  /** for the setting `network.connectTo`; the most specific first */
  readonly connectTo: readonly ConnectTo[]
  /** the same as command-line arguments: `--connect-to`, `*=http://127.0.0.1:…`, … */
  readonly connectToArguments: readonly string[]
  readonly requests: readonly LoggedRequest[]
  /** errors inside the web itself; a test expects none */
  readonly faults: readonly Error[]
  addSite(site: Site): void
  requestsFor(url: string, method?: string): readonly LoggedRequest[]
  /** body bytes sent for a URL, or in total */
  bytesSent(url?: string): number
  hold(url: string, atByte: number): Hold
  /** bytes per second for one URL, or for every stream; null removes the limit */
  throttle(bytesPerSecond: number | null, url?: string): void
  /** true: connections are refused, and streams in progress break */
  down(is: boolean): void
  on(event: 'request', listener: (request: LoggedRequest) => void): () => void
  /** clears the log and the counters; sites start over */
  forget(): void
  close(): Promise<void>
}

export async function startWeb(options: WebOptions = {}): Promise<Web> {
  const web = new LoopbackWeb(options)
  await web.start(options)
  return web
}

class LoopbackWeb implements Web {
  readonly requests: LogEntry[] = []
  readonly faults: Error[] = []
  readonly connectTo: ConnectTo[] = []
  origin = ''
  private readonly sites: Site[]
  private readonly server: Server
  private readonly extra: Server[] = []
  private readonly events = new EventEmitter()
  private readonly sockets = new Set<Socket>()
  private readonly gates = new Map<string, Gate>()
  private readonly paces = new Map<string, number>()
  private readonly sent = new Map<string, number>()
  private readonly asks = new Map<string, number>()
  private readonly began = performance.now()
  private isDown = false

  constructor(options: WebOptions) {
    this.sites = [...(options.sites ?? [])]
    this.server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
      void this.serve(request, response)
    })
    this.watch(this.server)
  }

  get connectToArguments(): readonly string[] {
    return this.connectTo.flatMap(({ from, to }) => ['--connect-to', `${from}=${to}`])
  }

  async start(options: WebOptions): Promise<void> {
    this.origin = `http://127.0.0.1:${await listen(this.server, options.port ?? 0)}`
    if (options.refusingOrigins?.length) {
      const to = `http://127.0.0.1:${await closedPort()}`
      for (const from of options.refusingOrigins) this.connectTo.push({ from, to })
    }
    if (options.untrustedOrigins?.length) {
      const pem = readFileSync(resolve(repositoryRoot, 'tests/fixtures/web/self-signed.pem'))
      const server = createTlsServer({ key: pem, cert: pem }, (request, response) => {
        void this.serve(request, response)
      })
      this.watch(server)
      this.extra.push(server)
      const to = `https://127.0.0.1:${await listen(server, 0)}`
      for (const from of options.untrustedOrigins) this.connectTo.push({ from, to })
    }
    this.connectTo.push({ from: '*', to: this.origin })
  }

  addSite(site: Site): void {
    this.sites.unshift(site)
  }

  requestsFor(url: string, method?: string): readonly LoggedRequest[] {
    const wanted = new URL(url).href
    return this.requests.filter((each) => each.url === wanted && (!method || each.method === method))
  }

  bytesSent(url?: string): number {
    if (url !== undefined) return this.sent.get(new URL(url).href) ?? 0
    return [...this.sent.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  hold(url: string, atByte: number): Hold {
    let markReached = (): void => undefined
    let pass = (): void => undefined
    const reached = new Promise<void>((done) => (markReached = done))
    const passed = new Promise<void>((done) => (pass = done))
    const gate: Gate = { atByte, released: false, markReached, passed }
    this.gates.set(new URL(url).href, gate)
    return {
      reached,
      release() {
        gate.released = true
        pass()
      }
    }
  }

  throttle(bytesPerSecond: number | null, url?: string): void {
    const key = url === undefined ? '*' : new URL(url).href
    if (bytesPerSecond === null) this.paces.delete(key)
    else this.paces.set(key, bytesPerSecond)
  }

  down(is: boolean): void {
    this.isDown = is
    if (is) for (const socket of this.sockets) socket.resetAndDestroy()
  }

  on(event: 'request', listener: (request: LoggedRequest) => void): () => void {
    this.events.on(event, listener)
    return () => this.events.off(event, listener)
  }

  forget(): void {
    this.requests.length = 0
    this.sent.clear()
    this.asks.clear()
  }

  async close(): Promise<void> {
    for (const gate of this.gates.values()) gate.released = true
    for (const socket of this.sockets) socket.destroy()
    await Promise.all([this.server, ...this.extra].map(closed))
  }

  private watch(server: Server): void {
    server.on('connection', (socket) => {
      if (this.isDown) {
        socket.resetAndDestroy()
        return
      }
      this.sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request)
      if (body === null) return
      const { asked, entry } = this.note(request, body)
      const controls = {
        gate: (url: string) => this.gates.get(url) ?? null,
        bytesPerSecond: (url: string) => this.paces.get(url) ?? this.paces.get('*') ?? null,
        count: (url: string, bytes: number) => this.sent.set(url, (this.sent.get(url) ?? 0) + bytes)
      }
      const exchange = new Exchange(asked, response, controls, entry)
      this.events.emit('request', entry)
      for (const site of this.sites) {
        const performance = site(asked)
        if (performance === null) continue
        await performance(exchange)
        return
      }
      await exchange.answer(404, { 'Content-Type': 'text/html; charset=utf-8' }, NOT_FOUND_PAGE)
    } catch (error) {
      this.faults.push(error instanceof Error ? error : new Error(String(error)))
      response.destroy()
    }
  }

  private note(request: IncomingMessage, body: string): { asked: Exchange['asked']; entry: LogEntry } {
    const url = urlMeant(request)
    const method = request.method ?? 'GET'
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    )
    const isHead = method === 'HEAD'
    const count = (key: string): number => this.asks.get(key) ?? 0
    const key = `${isHead ? 'HEAD' : 'GET'} ${url}`
    this.asks.set(key, count(key) + 1)
    const entry: LogEntry = {
      method,
      url,
      headers,
      range: headers['range'] ?? null,
      status: null,
      bodyBytes: 0,
      atMs: Math.round(performance.now() - this.began),
      ended: 'open'
    }
    this.requests.push(entry)
    const gets = count(`GET ${url}`)
    const heads = count(`HEAD ${url}`)
    const nth = isHead ? gets + 1 : gets
    const nthHead = isHead ? heads : heads + 1
    return { asked: { method, url, headers, body, nth, nthHead }, entry }
  }
}

const NOT_FOUND_PAGE =
  '<!doctype html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>'

/** The body, or null when the client disconnected while sending it. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (request.method === 'GET' || request.method === 'HEAD') return ''
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })
  return (server.address() as AddressInfo).port
}

/** A port that was free a moment ago and has no listener. */
async function closedPort(): Promise<number> {
  const server = createTcpServer()
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => {
      done((server.address() as AddressInfo).port)
    })
  })
  await new Promise((done) => server.close(done))
  return port
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => {
      done()
    })
  })
