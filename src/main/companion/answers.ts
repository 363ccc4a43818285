/** Answers of the loopback API: JSON, never cached, and readable for the requesting extension. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { COMPANION_REFUSALS, type CompanionRefusal, type Refusal } from '../../contract/companion'
import { asSheafError, type ErrorCode } from '../../contract/errors'
import { isExtension } from './guard'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Refused before any paper is examined. */
export class Refused extends Error {
  constructor(
    readonly code: CompanionRefusal,
    readonly detail?: string
  ) {
    super(code)
  }
}

const STATUS = new Map<string, number>(
  Object.entries({
    NO_SUCH_JOB: 404,
    NO_SUCH_LIST: 404,
    REMOVED: 409,
    TRANSITION_REFUSED: 409,
    TOO_LARGE: 413,
    DISK_FULL: 507,
    LEDGER_FULL: 507,
    INTERNAL: 500
  } satisfies Partial<Record<ErrorCode, number>>)
)

/** `code` of `contract/errors.ts`, decided now or stored. */
export function refusal({ code, message }: Refusal): Answer {
  return { status: STATUS.get(code) ?? 422, body: { code, message } }
}

export function refused(code: CompanionRefusal, detail?: string): Answer {
  const [status, sentence] = COMPANION_REFUSALS[code]
  return {
    status,
    body: { code, message: detail === undefined ? sentence : `${sentence} ${detail}` },
    ...(status === 401 ? { headers: { 'www-authenticate': 'Bearer realm="Sheaf"' } } : {})
  }
}

/** Details of an internal error stay in the log. */
export function answerOf(error: unknown): Answer {
  if (error instanceof Refused) return refused(error.code, error.detail)
  const { code, family, message } = asSheafError(error)
  if (code === 'INTERNAL') return refusal({ code, message: 'Sheaf had an internal error; see its log.' })
  const isLater = ['Pause', 'RetryLater', 'Stop'].includes(family)
  return isLater ? { status: STATUS.get(code) ?? 503, body: { code, message } } : refusal({ code, message })
}

export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return
  const text = answer.body === null ? '' : JSON.stringify(answer.body)
  // If it were closed at once, the sender of a refused body would see a broken pipe instead of the answer
  // (`server.ts`, drain).
  if (!request.complete) response.shouldKeepAlive = true
  response.writeHead(answer.status, {
    ...(answer.body === null ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'content-length': String(Buffer.byteLength(text)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...crossOrigin(request.headers.origin),
    ...answer.headers
  })
  response.end(text)
}

/** Only for extensions: a web page gets no header that would let it read an answer. */
function crossOrigin(origin: string | undefined): Record<string, string> {
  return isExtension(origin) ? { 'access-control-allow-origin': origin, vary: 'Origin' } : { vary: 'Origin' }
}

/** Chromium requires the last one before a page of the network may access this computer. */
export function preflight(request: IncomingMessage): Answer {
  const isPrivate = request.headers['access-control-request-private-network'] === 'true'
  return {
    status: 204,
    body: null,
    headers: {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
      'access-control-expose-headers': 'idempotency-replayed',
      'access-control-max-age': '600',
      ...(isPrivate ? { 'access-control-allow-private-network': 'true' } : {})
    }
  }
}
