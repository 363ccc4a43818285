/**
 * One HTTP request over node:http, sent to a loopback origin as `--connect-to` does it. Returns what arrived,
 * complete or not; follows no redirect.
 */
import { request } from 'node:http'

export interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** gives up after this time without data (default 2 s) */
  readonly timeoutMs?: number
  /** closes the connection after this many body bytes */
  readonly leaveAfter?: number
}

export interface AskResponse {
  /** 0 when there was no answer */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** how it ended: `whole`, `left`, `quiet`, or the code of the error, such as ECONNRESET */
  readonly ended: string
}

export function ask(origin: string, url: string, asking: Asking = {}): Promise<AskResponse> {
  const meant = new URL(url)
  const to = new URL(origin)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let status = 0
    let headers: Record<string, string> = {}
    const outgoing = request({
      host: to.hostname,
      port: to.port,
      path: meant.pathname + meant.search,
      method: asking.method ?? 'GET',
      agent: false,
      headers: {
        Host: meant.host,
        'X-Forwarded-Proto': meant.protocol.slice(0, -1),
        'X-Forwarded-Host': meant.host,
        ...asking.headers
      }
    })
    const finish = (ended: string): void => {
      outgoing.destroy()
      resolve({ status, headers, body: Buffer.concat(chunks), ended })
    }
    outgoing.setTimeout(asking.timeoutMs ?? 2_000, () => {
      finish('quiet')
    })
    const failed = (error: NodeJS.ErrnoException): void => {
      finish(error.code ?? error.message)
    }
    outgoing.on('error', failed)
    outgoing.on('response', (answer) => {
      status = answer.statusCode ?? 0
      headers = Object.fromEntries(Object.entries(answer.headers).map(([key, value]) => [key, String(value)]))
      let length = 0
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (asking.leaveAfter !== undefined && length >= asking.leaveAfter) finish('left')
      })
      answer.on('error', failed)
      answer.on('end', () => {
        finish(answer.complete ? 'whole' : 'cut')
      })
    })
    outgoing.end()
  })
}
