/**
 * One request to the fixture web and the ways to answer it: the intended URL (from the Host and X-Forwarded
 * headers), a body stream that is counted and can be throttled or held at a byte, and each way to end a
 * connection. Responders must use this class and never the socket, or the byte counters are wrong.
 */
import type { ServerResponse } from 'node:http'

/** The request as the client addressed it. */
export interface Asked {
  readonly method: string
  /** the intended URL, not the loopback address */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** 1 for the first GET (or POST) of this URL; for a HEAD, the GETs before it plus 1 */
  readonly nth: number
  /** 1 for the first HEAD of this URL; for a GET, the HEADs before it plus 1 */
  readonly nthHead: number
}

/** An entry of the fixture web's log; updated until the exchange ends. */
export interface LoggedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly range: string | null
  readonly status: number | null
  /** body bytes written to the socket */
  readonly bodyBytes: number
  /** milliseconds since the web started */
  readonly atMs: number
  /** `left`: the client closed early; `cut`: the web closed the connection on purpose */
  readonly ended: 'open' | 'whole' | 'left' | 'cut'
}
export type LogEntry = { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] }

/** A stream that stops at a byte of the file until the test releases it. */
export interface Gate {
  readonly atByte: number
  released: boolean
  markReached(): void
  readonly passed: Promise<void>
}

const TIME_TO_READ_MS = 100

/** What an exchange asks of the web while it streams: holds, throttles, byte counts. */
export interface StreamControls {
  gate(url: string): Gate | null
  bytesPerSecond(url: string): number | null
  count(url: string, bytes: number): void
}

const CHUNK_BYTES = 64 * 1024

export class Exchange {
  readonly asked: Asked
  /** offset in the file of the next byte; set when a range is answered */
  position = 0
  private readonly response: ServerResponse
  private readonly controls: StreamControls
  private readonly log: LogEntry
  private readonly disconnected: Promise<void>
  private hasDisconnected = false

  constructor(asked: Asked, response: ServerResponse, controls: StreamControls, log: LogEntry) {
    this.asked = asked
    this.response = response
    this.controls = controls
    this.log = log
    this.disconnected = new Promise((resolve) => {
      response.once('close', () => {
        this.hasDisconnected = true
        if (log.ended === 'open') log.ended = response.writableFinished ? 'whole' : 'left'
        resolve()
      })
    })
  }

  /** Whether the client has disconnected or the connection was broken. */
  get over(): boolean {
    return this.hasDisconnected
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.log.status = status
    // Without a length and with `Connection: close`, the end of the connection ends the body.
    if (headers['Connection'] === 'close') this.response.useChunkedEncodingByDefault = false
    // Written as bytes: real servers send raw UTF-8 in Location.
    const raw = Object.entries(headers).flatMap(([name, value]) => [
      name,
      Buffer.from(value, 'utf8').toString('latin1')
    ])
    this.response.writeHead(status, raw)
    this.response.flushHeaders()
  }

  /** Sends the bytes at the configured rate, up to the held byte. False when the client has disconnected. */
  async send(bytes: Uint8Array, bytesPerSecond: number | null = null): Promise<boolean> {
    if (this.asked.method === 'HEAD') return !this.hasDisconnected
    for (let at = 0; at < bytes.length && !this.hasDisconnected;) {
      const sendableBytes = await this.sendableBytes()
      if (sendableBytes === 0) break
      const pace = bytesPerSecond ?? this.controls.bytesPerSecond(this.asked.url)
      const slice = pace === null ? CHUNK_BYTES : Math.max(1, Math.min(CHUNK_BYTES, Math.round(pace / 20)))
      const piece = bytes.subarray(at, at + Math.min(slice, sendableBytes))
      await this.write(piece)
      at += piece.length
      if (pace !== null) await this.wait((piece.length / pace) * 1000)
    }
    return !this.hasDisconnected
  }

  /** Ends the response normally. */
  async end(): Promise<void> {
    if (this.hasDisconnected) return
    this.response.end()
    await this.disconnected
  }

  /** Closes the connection in order, even before the announced length is reached. */
  async close(): Promise<void> {
    if (this.hasDisconnected) return
    this.log.ended = 'cut'
    await this.drained()
    this.response.socket?.end()
    this.response.socket?.destroySoon()
    await this.disconnected
  }

  /** Resets the connection (RST), like a failing network. */
  async reset(): Promise<void> {
    if (this.hasDisconnected) return
    this.log.ended = 'cut'
    await this.drained()
    // A reset discards data that the client has not read yet, so a busy client gets time to read first.
    await Promise.race([this.disconnected, new Promise((resolve) => setTimeout(resolve, TIME_TO_READ_MS))])
    this.response.socket?.resetAndDestroy()
    await this.disconnected
  }

  /** Sends nothing more until the client gives up. */
  async stall(): Promise<void> {
    await this.disconnected
  }

  /** Waits; returns early when the client disconnects. */
  async wait(ms: number): Promise<void> {
    if (ms <= 0 || this.hasDisconnected) return
    let timer: NodeJS.Timeout | undefined
    await Promise.race([
      this.disconnected,
      new Promise((resolve) => {
        timer = setTimeout(resolve, ms)
      })
    ])
    clearTimeout(timer)
  }

  /** Sends a complete short response. */
  async answer(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array | string = '') {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    this.head(status, { 'Content-Length': String(bytes.length), ...headers })
    await this.send(bytes)
    await this.end()
  }

  /**
   * How many bytes may be sent now; 0 when the client has disconnected. Waits while the test holds the
   * stream.
   */
  private async sendableBytes(): Promise<number> {
    for (;;) {
      const gate = this.controls.gate(this.asked.url)
      if (gate === null || gate.released) return Infinity
      if (this.position < gate.atByte) return gate.atByte - this.position
      gate.markReached()
      await Promise.race([gate.passed, this.disconnected])
      if (this.hasDisconnected) return 0
    }
  }

  private async write(piece: Uint8Array): Promise<void> {
    this.position += piece.length
    this.log.bodyBytes += piece.length
    this.controls.count(this.asked.url, piece.length)
    if (this.response.write(piece)) return
    await Promise.race([this.disconnected, new Promise((resolve) => this.response.once('drain', resolve))])
  }

  /** Waits until written data has reached the operating system, so that a reset does not discard it. */
  private async drained(): Promise<void> {
    const socket = this.response.socket
    if (socket === null || socket.writableLength === 0) return
    await Promise.race([this.disconnected, new Promise((resolve) => socket.write('', resolve))])
  }
}
