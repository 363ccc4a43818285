/**
 * Requests to a program on this machine that the user named (a reference manager): no proxy, no rates, no
 * robots, no redirects, one connection per request. A request that was never sent and a lost answer are
 * distinguished, for callers that need an effect exactly once. All web requests go through `Net`.
 */
import http from 'node:http'
import axios, { isAxiosError } from 'axios'

export interface LocalRequest {
  /** `http://127.0.0.1:23119` */
  readonly origin: string
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  /** sent with its length: Zotero refuses chunked bodies */
  readonly body?: string | Uint8Array
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface LocalAnswer {
  readonly status: number
  /** lower-case names */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** `refused`: nothing was sent. `lost`: the other side may have received and executed it. */
export class LocalFailure extends Error {
  constructor(
    readonly kind: 'refused' | 'lost',
    message: string,
    cause: unknown
  ) {
    super(message, { cause })
    this.name = 'LocalFailure'
  }
}

/** The metadata of 20,000 items has about 60 MB. */
const MOST_BYTES = 400_000_000
const NEVER_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES)$/
const agent = new http.Agent({ keepAlive: false })

/** Resolves with any status; throws LocalFailure without an answer, and the signal's reason. */
export async function askLocal(request: LocalRequest): Promise<LocalAnswer> {
  const { signal, body } = request
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout(request.timeoutMs)
  try {
    const answer = await axios.request<unknown>({
      baseURL: request.origin,
      url: request.path,
      method: request.method,
      headers: { Accept: '*/*', 'User-Agent': 'Sheaf', ...request.headers },
      ...(body === undefined ? {} : { data: typeof body === 'string' ? body : Buffer.from(body) }),
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      responseType: 'text',
      validateStatus: null,
      maxRedirects: 0,
      proxy: false,
      maxBodyLength: Infinity,
      maxContentLength: MOST_BYTES,
      httpAgent: agent,
      signal: AbortSignal.any([signal, timeout])
    })
    return {
      status: answer.status,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)])
      ),
      text: typeof answer.data === 'string' ? answer.data : ''
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const code = isAxiosError(error) ? (error.code ?? '') : ''
    if (NEVER_SENT.test(code)) throw new LocalFailure('refused', code, error)
    const seconds = Math.round(request.timeoutMs / 1_000)
    const because = timeout.aborted ? `no answer within ${String(seconds)} s` : code || String(error)
    throw new LocalFailure('lost', because, error)
  }
}
