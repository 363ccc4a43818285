/**
 * One plain question over node:http, led to a loopback origin the way `--connect-to` does it. Tells
 * what came, also when it did not come to its end; judges nothing, follows nothing.
 */
import { request } from 'node:http'

export interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** gives up after this time without news (default 2 s) */
  readonly patienceMs?: number
  /** closes the connection after so many body bytes */
  readonly leaveAfter?: number
}

export interface Told {
  /** 0 when there was no answer */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** how it ended: `whole`, `left`, `quiet`, or the code of the error, such as ECONNRESET */
  readonly ended: string
}

export function ask(origin: string, url: string, asking: Asking = {}): Promise<Told> {
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
    const tell = (ended: string): void => {
      outgoing.destroy()
      resolve({ status, headers, body: Buffer.concat(chunks), ended })
    }
    outgoing.setTimeout(asking.patienceMs ?? 2_000, () => {
      tell('quiet')
    })
    const failed = (error: NodeJS.ErrnoException): void => {
      tell(error.code ?? error.message)
    }
    outgoing.on('error', failed)
    outgoing.on('response', (answer) => {
      status = answer.statusCode ?? 0
      headers = Object.fromEntries(Object.entries(answer.headers).map(([key, value]) => [key, String(value)]))
      let length = 0
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (asking.leaveAfter !== undefined && length >= asking.leaveAfter) tell('left')
      })
      answer.on('error', failed)
      answer.on('end', () => {
        tell(answer.complete ? 'whole' : 'cut')
      })
    })
    outgoing.end()
  })
}
