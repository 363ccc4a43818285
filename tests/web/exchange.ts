/**
 * One question to the fixture web and the means to answer it, well or badly: which URL was meant
 * (Host and X-Forwarded headers say so), a counted, paced, holdable stream of bytes, and the ways a
 * connection can end. Whoever answers never touches the socket by another way, so the counters hold.
 */
import type { ServerResponse } from 'node:http'

/** What was asked, as the client meant it. */
export interface Asked {
  readonly method: string
  /** the URL that was meant, not the loopback address it came to */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** 1 for the first GET (or POST) of this URL; for a HEAD, the GETs before it plus 1 */
  readonly nth: number
  /** 1 for the first HEAD of this URL; for a GET, the HEADs before it plus 1 */
  readonly nthHead: number
}

/** A line of the web's own log; grows until the exchange has ended. */
export interface LoggedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly range: string | null
  readonly status: number | null
  /** body bytes handed to the socket */
  readonly bodyBytes: number
  /** milliseconds since the web was started */
  readonly atMs: number
  /** `left`: the client closed before the end; `cut`: the web broke the connection on purpose */
  readonly ended: 'open' | 'whole' | 'left' | 'cut'
}
export type LogEntry = { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] }

/** A stream stopped at a byte of the file until a test lets it go. */
export interface Gate {
  readonly atByte: number
  released: boolean
  reach(): void
  readonly passed: Promise<void>
}

const TIME_TO_READ_MS = 100

/** What the web knows that an exchange must ask for while it streams. */
export interface Valves {
  gate(url: string): Gate | null
  bytesPerSecond(url: string): number | null
  count(url: string, bytes: number): void
}

const CHUNK_BYTES = 64 * 1024

export class Exchange {
  readonly asked: Asked
  /** the byte of the file that comes next; set by whoever answers a range */
  position = 0
  private readonly response: ServerResponse
  private readonly valves: Valves
  private readonly log: LogEntry
  private readonly gone: Promise<void>
  private left = false

  constructor(asked: Asked, response: ServerResponse, valves: Valves, log: LogEntry) {
    this.asked = asked
    this.response = response
    this.valves = valves
    this.log = log
    this.gone = new Promise((resolve) => {
      response.once('close', () => {
        this.left = true
        if (log.ended === 'open') log.ended = response.writableFinished ? 'whole' : 'left'
        resolve()
      })
    })
  }

  /** Has the client gone, or the connection been broken? */
  get over(): boolean {
    return this.left
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.log.status = status
    // Without a length and with `Connection: close` the end of the connection is the end of the body.
    if (headers['Connection'] === 'close') this.response.useChunkedEncodingByDefault = false
    // Bytes, not characters: a Location may carry raw UTF-8, as real servers send it.
    const raw = Object.entries(headers).flatMap(([name, value]) => [
      name,
      Buffer.from(value, 'utf8').toString('latin1')
    ])
    this.response.writeHead(status, raw)
    this.response.flushHeaders()
  }

  /** Sends at the pace and up to the byte the test allows. False when the client has left. */
  async send(bytes: Uint8Array, bytesPerSecond: number | null = null): Promise<boolean> {
    if (this.asked.method === 'HEAD') return !this.left
    for (let at = 0; at < bytes.length && !this.left;) {
      const room = await this.room()
      if (room === 0) break
      const pace = bytesPerSecond ?? this.valves.bytesPerSecond(this.asked.url)
      const slice = pace === null ? CHUNK_BYTES : Math.max(1, Math.min(CHUNK_BYTES, Math.round(pace / 20)))
      const piece = bytes.subarray(at, at + Math.min(slice, room))
      await this.write(piece)
      at += piece.length
      if (pace !== null) await this.wait((piece.length / pace) * 1000)
    }
    return !this.left
  }

  /** The whole answer has been sent. */
  async end(): Promise<void> {
    if (this.left) return
    this.response.end()
    await this.gone
  }

  /** Closes the connection in order, though the announced length may not have been reached. */
  async close(): Promise<void> {
    if (this.left) return
    this.log.ended = 'cut'
    await this.drained()
    this.response.socket?.end()
    this.response.socket?.destroySoon()
    await this.gone
  }

  /** Breaks the connection (RST), as a failing network does. */
  async reset(): Promise<void> {
    if (this.left) return
    this.log.ended = 'cut'
    await this.drained()
    // A reset throws away what the other side has not read yet: a busy client gets time to read it.
    await Promise.race([this.gone, new Promise((resolve) => setTimeout(resolve, TIME_TO_READ_MS))])
    this.response.socket?.resetAndDestroy()
    await this.gone
  }

  /** Says nothing more until the client gives up. */
  async stall(): Promise<void> {
    await this.gone
  }

  /** Waits, but not for a client that has left. */
  async wait(ms: number): Promise<void> {
    if (ms <= 0 || this.left) return
    let timer: NodeJS.Timeout | undefined
    await Promise.race([
      this.gone,
      new Promise((resolve) => {
        timer = setTimeout(resolve, ms)
      })
    ])
    clearTimeout(timer)
  }

  /** A short answer in one go. */
  async answer(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array | string = '') {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    this.head(status, { 'Content-Length': String(bytes.length), ...headers })
    await this.send(bytes)
    await this.end()
  }

  /** How many bytes may go now, 0 when the client has left; waits while the test holds the stream here. */
  private async room(): Promise<number> {
    for (;;) {
      const gate = this.valves.gate(this.asked.url)
      if (gate === null || gate.released) return Infinity
      if (this.position < gate.atByte) return gate.atByte - this.position
      gate.reach()
      await Promise.race([gate.passed, this.gone])
      if (this.left) return 0
    }
  }

  private async write(piece: Uint8Array): Promise<void> {
    this.position += piece.length
    this.log.bodyBytes += piece.length
    this.valves.count(this.asked.url, piece.length)
    if (this.response.write(piece)) return
    await Promise.race([this.gone, new Promise((resolve) => this.response.once('drain', resolve))])
  }

  /** What was written has gone to the system, so that a reset comes after it and not instead of it. */
  private async drained(): Promise<void> {
    const socket = this.response.socket
    if (socket === null || socket.writableLength === 0) return
    await Promise.race([this.gone, new Promise((resolve) => socket.write('', resolve))])
  }
}
