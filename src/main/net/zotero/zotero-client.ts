/**
 * Connects to Zotero on this machine: detects its version and its local API, and repeats requests only where
 * that is harmless. Facts about versions 7 to 10 are from Zotero's source (server.js, server_localAPI.js,
 * server_connector.js of 7.0.32, 8.0.5, 9.0.6 and 10.0.1).
 */
import { fail } from '../../../contract/errors'
import type { Clock } from '../../platform/host'
import { askLocal, LocalFailure, type LocalAnswer } from '../local-client'
import { isRetryableStatus } from '../statuses'

export const ZOTERO_ORIGIN = 'http://127.0.0.1:23119'

export interface ZoteroAbout {
  /** `9.0.6`; null when unknown */
  readonly version: string | null
  readonly major: number | null
  /** id of the database; Zotero 10 and later */
  readonly serverId: string | null
  /** the local API, which is off by default */
  readonly api: 'on' | 'off'
}

export interface ZoteroClient {
  readonly origin: string
  readonly about: ZoteroAbout
  /** A GET of the local API; repeated while Zotero is busy. */
  read(path: string, signal: AbortSignal): Promise<LocalAnswer>
  /** Sends once. Throws LocalFailure when there was no answer. */
  send(request: ZoteroPost, signal: AbortSignal): Promise<LocalAnswer>
  /** Waits before another attempt. */
  pause(ms: number, signal: AbortSignal): Promise<void>
}

export interface ZoteroPost {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly timeoutMs?: number
}

const READ_TIMEOUT_MS = 60_000
const SEND_TIMEOUT_MS = 60_000
/** Delays between attempts of repeatable requests. */
const PAUSES_MS = [250, 1_000, 3_000]

/** Throws ZOTERO_CLOSED, NOT_ZOTERO. */
export async function contactZotero(
  origin: string,
  clock: Clock,
  signal: AbortSignal
): Promise<ZoteroClient> {
  const read = (path: string, until: AbortSignal): Promise<LocalAnswer> =>
    patiently({ origin, clock, signal: until }, path)
  const ping = await read('/connector/ping', signal)
  const version = ping.headers['x-zotero-version'] ?? null
  if (version === null && (ping.status !== 200 || !/zotero/i.test(ping.text))) {
    fail('NOT_ZOTERO', `The program that answers at ${origin} is not Zotero.`, {
      facts: { status: ping.status }
    })
  }
  let api = await read('/api/users/0/items/top?limit=1', signal)
  // 403 means that it is off; after 404 it may exist under another name.
  if (api.status === 404) api = await read('/api/users/0/items?limit=1', signal)
  const major = /^(\d{1,4})\b/.exec(version ?? '')?.[1]
  return {
    origin,
    about: {
      version,
      major: major === undefined ? null : Number(major),
      serverId: ping.headers['zotero-server-id'] ?? api.headers['zotero-server-id'] ?? null,
      api: api.status === 200 ? 'on' : 'off'
    },
    read,
    send: ({ path, headers, body, timeoutMs }, until) =>
      askLocal({
        origin,
        path,
        method: 'POST',
        headers: { ...headers },
        body,
        timeoutMs: timeoutMs ?? SEND_TIMEOUT_MS,
        signal: until
      }),
    pause: (ms, until) => clock.sleep(ms, until)
  }
}

interface Where {
  readonly origin: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

async function patiently({ origin, clock, signal }: Where, path: string): Promise<LocalAnswer> {
  for (let tries = 0; ; tries += 1) {
    const pause = PAUSES_MS[tries]
    try {
      const answer = await askLocal({
        origin,
        path,
        method: 'GET',
        headers: { 'Zotero-API-Version': '3' },
        timeoutMs: READ_TIMEOUT_MS,
        signal
      })
      if (!isRetryableStatus(answer.status) || pause === undefined) return answer
    } catch (error) {
      if (!(error instanceof LocalFailure)) throw error
      if (error.kind === 'refused') closed(origin, error)
      if (pause === undefined) {
        fail('ZOTERO_CLOSED', `Zotero at ${origin} does not answer (${error.message}).`, {
          cause: error,
          hint: 'A dialog may be open in Zotero, or it is busy: look there, then try again.'
        })
      }
    }
    await clock.sleep(pause, signal)
  }
}

/** An answer in words, with what it says. */
export function saidBy({ status, text }: Pick<LocalAnswer, 'status' | 'text'>, because?: string): string {
  const said = because ?? text.trim().slice(0, 200)
  return `Zotero answered ${String(status)}${said === '' ? '' : `: ${said}`}.`
}

/** How long Zotero may take to store a file. */
export const UPLOAD_TIMEOUT_MS = 180_000

export function closed(origin: string, cause: unknown): never {
  return fail('ZOTERO_CLOSED', `Zotero is not running: nothing answers at ${origin}.`, { cause })
}
