/**
 * The loopback API as a server: bound to 127.0.0.1 only, small limits, exactly one answer per request. It
 * deals with HTTP only: what a request means is in `routes.ts`, its authorisation in `guard.ts`.
 */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { COMPANION_LIMITS, type CompanionRefusal } from '../../contract/companion'
import { isSheafError } from '../../contract/errors'
import { systemCode } from '../platform/files'
import type { Log } from '../platform/log'
import { answerOf, preflight, Refused, refused, send } from './answers'
import { refusalOf } from './guard'
import { answerRequest, type CompanionParts } from './routes'
import { portOf } from '../platform/port-of'

export type { CompanionParts }

export interface CompanionServer {
  readonly port: number
  /** Ends every connection; resolves when active requests have ended. */
  close(): Promise<void>
}

export interface HowToListen {
  /** 0: any free port */
  readonly port: number
  /** read at every request; null: all requests are refused */
  readonly token: () => string | null
  readonly onFault: (error: unknown) => void
}

/** A request that failed through a fault of ours. */
export const logFaults =
  (log: Log): HowToListen['onFault'] =>
  (error) => {
    log.error('A request of the companion failed', { because: String(error) })
  }

export type CannotListen = 'PORT_IN_USE' | 'PORT_REFUSED'

/** How long the rest of a refused body is read and discarded, so that its sender reads the answer. */
const DRAIN_MS = 2_000
const WHOLE_REQUEST_MS = 900_000

/** Resolves to the server, or to why it cannot listen; rejects with other system errors. */
export async function listen(
  parts: CompanionParts,
  how: HowToListen
): Promise<CompanionServer | CannotListen> {
  const closing = new AbortController()
  const working = new Set<Promise<void>>()
  let port = how.port
  const server = createServer(
    {
      maxHeaderSize: COMPANION_LIMITS.headers,
      headersTimeout: COMPANION_LIMITS.headersMs,
      requestTimeout: WHOLE_REQUEST_MS,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000
    },
    (request, response) => {
      const work = answer(request, response).finally(() => {
        working.delete(work)
      })
      working.add(work)
    }
  )
  server.maxConnections = COMPANION_LIMITS.connections
  server.on('clientError', refuseClient)
  // With `Expect: 100-continue` a client waits before it sends the body; only authorised ones may continue.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (refusalFor(request) === null) response.writeContinue()
    server.emit('request', request, response)
  })

  function refusalFor(request: IncomingMessage): CompanionRefusal | null {
    return refusalOf(
      {
        method: request.method ?? '',
        hosts: request.headersDistinct['host'] ?? [],
        origin: request.headers.origin,
        authorization: request.headers.authorization
      },
      { port, token: how.token() }
    )
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined)
    try {
      const refusal = refusalFor(request)
      if (refusal !== null) throw new Refused(refusal)
      if (request.method === 'OPTIONS') send(request, response, preflight(request))
      else send(request, response, await answerRequest(parts, request, closing.signal))
    } catch (error) {
      if (!(error instanceof Refused) && !isSheafError(error) && !closing.signal.aborted) how.onFault(error)
      send(request, response, answerOf(error))
    }
    drain(request)
  }

  const trouble = await begin(server, how.port)
  if (trouble !== null) return trouble
  port = portOf(server)
  return {
    port,
    async close() {
      closing.abort()
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
      server.closeAllConnections()
      await Promise.all([closed, ...working])
    }
  }
}

function begin(server: Server, port: number): Promise<CannotListen | null> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = systemCode(error)
      if (code === 'EADDRINUSE') resolve('PORT_IN_USE')
      else if (code === 'EACCES' || code === 'EPERM') resolve('PORT_REFUSED')
      else reject(error)
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      resolve(null)
    })
  })
}

/** Discards the rest of a body as it arrives, for a limited time. */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  const { socket } = request
  const ending = setTimeout(() => socket.destroy(), DRAIN_MS)
  request.once('end', () => socket.end())
  socket.once('close', () => {
    clearTimeout(ending)
  })
  request.resume()
}

/** Not HTTP, or too long a header: there is no request to answer. */
function refuseClient(error: Error, socket: Socket): void {
  const code = systemCode(error)
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const word: CompanionRefusal =
    code === 'HPE_HEADER_OVERFLOW'
      ? 'HEADERS_TOO_LARGE'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'TIMED_OUT'
        : 'BODY_REFUSED'
  const { status, body } = refused(word)
  const text = JSON.stringify(body)
  const head = `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json\r\nContent-Length: ${String(Buffer.byteLength(text))}\r\nConnection: close\r\n\r\n`
  socket.end(head + text)
  socket.resume()
  const ending = setTimeout(() => socket.destroy(), DRAIN_MS)
  socket.once('close', () => {
    clearTimeout(ending)
  })
}
