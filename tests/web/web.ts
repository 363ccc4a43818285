/**
 * The fixture web: one loopback server that plays every host. The engine is started with the pairs
 * of `connectTo`, so each request says which URL it meant; the sites are asked in order who answers.
 * Nothing happens by chance here: the same questions in the same order get the same answers.
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

/** Answers, or says null: not mine. */
export type Site = (asked: Exchange['asked']) => ((exchange: Exchange) => Promise<void>) | null

export interface WebOptions {
  readonly sites?: readonly Site[]
  readonly port?: number
  /** origins whose TLS cannot be trusted, such as `https://self-signed.example` */
  readonly untrustedOrigins?: readonly string[]
  /** origins at which nobody listens */
  readonly refusingOrigins?: readonly string[]
}

export interface ConnectTo {
  readonly from: string
  readonly to: string
}

/** A stream held at a byte of a file. */
export interface Hold {
  /** resolves when a stream of that URL has sent all before the byte and waits */
  readonly reached: Promise<void>
  release(): void
}

export interface Web {
  readonly origin: string
  /** for the setting `network.connectTo`; the most special first */
  readonly connectTo: readonly ConnectTo[]
  /** the same as arguments: `--connect-to`, `*=http://127.0.0.1:…`, … */
  readonly connectToArguments: readonly string[]
  readonly requests: readonly LoggedRequest[]
  /** what went wrong inside the web itself; a test expects none */
  readonly faults: readonly Error[]
  addSite(site: Site): void
  requestsFor(url: string, method?: string): readonly LoggedRequest[]
  /** body bytes sent for a URL, or for all */
  bytesSent(url?: string): number
  hold(url: string, atByte: number): Hold
  /** bytes a second for one URL, or for every stream; null lifts it */
  throttle(bytesPerSecond: number | null, url?: string): void
  /** true: nobody answers any more, and what is under way breaks off */
  down(is: boolean): void
  on(event: 'request', listener: (request: LoggedRequest) => void): () => void
  /** forgets what was asked and counted; sites begin anew */
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
    let reach = (): void => undefined
    let pass = (): void => undefined
    const reached = new Promise<void>((done) => (reach = done))
    const passed = new Promise<void>((done) => (pass = done))
    const gate: Gate = { atByte, released: false, reach, passed }
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
      const valves = {
        gate: (url: string) => this.gates.get(url) ?? null,
        bytesPerSecond: (url: string) => this.paces.get(url) ?? this.paces.get('*') ?? null,
        count: (url: string, bytes: number) => this.sent.set(url, (this.sent.get(url) ?? 0) + bytes)
      }
      const exchange = new Exchange(asked, response, valves, entry)
      this.events.emit('request', entry)
      for (const site of this.sites) {
        const performance = site(asked)
        if (performance === null) continue
        await performance(exchange)
        return
      }
      await exchange.answer(404, { 'Content-Type': 'text/html; charset=utf-8' }, NOTHING_HERE)
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

const NOTHING_HERE =
  '<!doctype html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>'

/** The body, or null when the client left while sending it. */
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

/** A port that was free a moment ago, and at which nobody listens. */
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
