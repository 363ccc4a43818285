/** A browser companion as a plain HTTP client, in which every header can differ from what a browser sends. */
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Readable } from 'node:stream'

export interface CompanionReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

export interface CompanionAsk {
  readonly method?: string
  /** null: no such header; `undefined` keeps the header of a companion */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly json?: unknown
  readonly bytes?: Uint8Array
  /** sent in pieces, without a length */
  readonly stream?: Readable
}

export interface CompanionClient {
  ask(path: string, how?: CompanionAsk): Promise<CompanionReply>
}

export const newKey = (): string => randomBytes(12).toString('hex')

export function companionClient(at: { readonly port: number; readonly token: string }): CompanionClient {
  return {
    ask: (path, how = {}) =>
      new Promise((resolve, reject) => {
        const bytes = how.json === undefined ? how.bytes : Buffer.from(JSON.stringify(how.json))
        const writes = bytes !== undefined || how.stream !== undefined
        const headers: Readonly<Record<string, string | null>> = {
          host: `127.0.0.1:${String(at.port)}`,
          authorization: `Bearer ${at.token}`,
          ...(writes
            ? {
                'idempotency-key': newKey(),
                'content-type': how.json === undefined ? 'application/pdf' : 'application/json'
              }
            : {}),
          ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
          ...how.headers
        }
        const sent = request(
          {
            host: '127.0.0.1',
            port: at.port,
            path,
            method: how.method ?? (writes ? 'POST' : 'GET'),
            headers: Object.fromEntries(
              Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null)
            ),
            agent: false
          },
          (answer) => {
            let text = ''
            answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
            answer.on('end', () => {
              resolve({
                status: answer.statusCode ?? 0,
                headers: answer.headers,
                body: text === '' ? null : (JSON.parse(text) as unknown)
              })
            })
          }
        )
        sent.on('error', reject)
        if (how.stream === undefined) sent.end(bytes)
        else how.stream.pipe(sent)
      })
  }
}
