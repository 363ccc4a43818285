/**
 * One request and its answer: the only module that uses axios. Redirects, decoding, timeouts and proxies are
 * implemented here (axios loses facts that we need: the abort reason, a truncated gzip body, the hops), so
 * its own are disabled, and the request object is kept, to be ended with the right reason.
 */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { AxiosHeaders, getAdapter, isAxiosError } from 'axios'
import { fail } from '../../contract/errors'
import { abortError } from '../platform/or-aborted'
import type { Timeouts } from './timeouts'

export interface WireRequest {
  readonly url: URL
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** not repeated over another connection */
  readonly once?: boolean
  readonly agent: http.Agent
  readonly timeouts: Timeouts
  readonly connectTimeoutMs: number
  readonly firstByteTimeoutMs: number
  /** aborts the request, and later its body, with the signal's reason */
  readonly signal: AbortSignal
  /** called when the connection exists and the request can be sent */
  readonly onConnected?: () => void
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly setCookie: readonly string[]
  readonly stream: IncomingMessage
  /** stops listening to the signal */
  release(): void
}

/**
 * axios's Node adapter, called directly: merging defaults, interceptors and transforms cost nearly as much as
 * the request itself when files are small (525 µs against 680 µs per request, and 295 µs for bare node:http,
 * all on a busy machine), and none of them is used here.
 */
const adapter = getAdapter('http')
const CONFIG = {
  responseType: 'stream',
  maxRedirects: 0,
  decompress: false,
  proxy: false,
  timeout: 0,
  maxContentLength: -1,
  maxBodyLength: -1,
  validateStatus: null,
  transitional: {}
} as const

/**
 * Sends the request and resolves with the head of the answer, whatever its status. When the server closed an
 * idle connection at the moment of its reuse, or had sent unannounced bytes on it after the previous answer,
 * the request has not failed: it is sent once more (RFC 9112 §9.3.1 allows that for GET and HEAD).
 */
export async function send(request: WireRequest): Promise<WireAnswer> {
  for (let tries = 0; ; tries += 1) {
    const wire = new Wire(request)
    try {
      return await wire.answer()
    } catch (error) {
      request.timeouts.rest()
      if (request.signal.aborted) throw request.signal.reason
      if (tries > 0 || request.method === 'POST' || request.once === true || !wire.wasSpoiltWhileIdle(error))
        throw bare(error)
    }
  }
}

class Wire {
  private sent: ClientRequest | null = null
  private received: IncomingMessage | null = null
  private readonly onAbort = (): void => {
    const error = abortError(this.request.signal)
    this.received?.destroy(error)
    this.sent?.destroy(error)
  }

  constructor(private readonly request: WireRequest) {}

  async answer(): Promise<WireAnswer> {
    const { request } = this
    request.signal.throwIfAborted()
    request.signal.addEventListener('abort', this.onAbort, { once: true })
    request.timeouts.expect('connect', request.connectTimeoutMs)
    try {
      await adapter({
        ...CONFIG,
        url: request.url.href,
        method: request.method,
        headers: new AxiosHeaders({ ...request.headers }),
        ...(request.body === null ? {} : { data: request.body }),
        httpAgent: request.agent,
        httpsAgent: request.agent,
        transport: {
          request: (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) =>
            this.transport(options, onAnswer)
        }
      })
    } catch (error) {
      this.release()
      throw error
    }
    request.timeouts.rest()
    const stream = this.received ?? fail('BAD_ANSWER', `${request.url.host} sent no answer.`)
    return {
      status: stream.statusCode ?? 0,
      headers: flat(stream.headers),
      setCookie: stream.headers['set-cookie'] ?? [],
      stream,
      release: () => {
        this.release()
      }
    }
  }

  wasSpoiltWhileIdle(error: unknown): boolean {
    if (this.sent?.reusedSocket !== true || this.received !== null) return false
    const code = isAxiosError(error) ? error.code : undefined
    return code === 'ECONNRESET' || code === 'EPIPE' || code?.startsWith('HPE_') === true
  }

  private transport(options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const { request } = this
    const protocol = request.url.protocol === 'https:' ? https : http
    const sent = protocol.request(options, (answer) => {
      this.received = answer
      // Without this listener an error between the headers and the first read would be unhandled.
      answer.on('error', () => undefined)
      onAnswer(answer)
    })
    this.sent = sent
    const connected = (): void => {
      request.onConnected?.()
      if (this.received === null) request.timeouts.expect('firstByte', request.firstByteTimeoutMs)
    }
    sent.once('socket', (socket) => {
      if (!socket.connecting) connected()
      else socket.once(protocol === https ? 'secureConnect' : 'connect', connected)
    })
    if (request.signal.aborted) this.onAbort()
    return sent
  }

  private release(): void {
    this.request.signal.removeEventListener('abort', this.onAbort)
  }
}

/** Unwraps axios's error, which would copy the whole request, including cookies and keys, into every log. */
function bare(error: unknown): unknown {
  if (!isAxiosError(error)) return error
  return error.cause ?? Object.assign(new Error(error.message), { code: error.code })
}

/** Lower-case names as Node gives them; a repeated header is joined with ", ". */
function flat(headers: IncomingMessage['headers']): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) found[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return found
}
