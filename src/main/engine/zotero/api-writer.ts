/**
 * Writes through Zotero's local API, which Zotero 10 and later allow after the user confirmed it. A key may
 * be valid once only: then, and when it is refused, the user must confirm again. Source: server_localAPI.js
 * of Zotero 10.0.1.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../../contract/errors'
import type { LocalAnswer } from '../../net/local-client'
import type { ZoteroClient } from '../../net/zotero/zotero-client'
import type { ZoteroHow, ZoteroParts } from './zotero-session'
import { jsonOrNull } from '../../../contract/unknown-values'

const keysSchema = z.object({ keys: z.record(z.string(), z.string()) })
const authorizedSchema = z.looseObject({ key: z.string().min(1), remember: z.boolean().optional() })

/** How long the user may take to confirm. */
const CONFIRM_MS = 300_000
const MOST_ASKS = 12

export class ApiWriter {
  #key: string | null = null
  #hasLooked = false
  #hasSaid = false

  constructor(
    private readonly parts: ZoteroParts,
    private readonly client: ZoteroClient,
    private readonly how: Pick<ZoteroHow, 'signal' | 'notice'>
  ) {}

  /** Sends a request that needs a key; the user is asked to confirm when there is none, or it is used up. */
  async write(request: {
    readonly path: string
    readonly body: string
    readonly type: string
    readonly headers?: Readonly<Record<string, string>>
  }): Promise<LocalAnswer> {
    for (let tries = 0; ; tries += 1) {
      const key = await this.#needKey()
      const answer = await this.client.send(
        {
          path: request.path,
          headers: {
            'Content-Type': request.type,
            'Zotero-API-Version': '3',
            'Zotero-API-Key': key.text,
            ...this.#server(),
            ...request.headers
          },
          body: request.body
        },
        this.how.signal
      )
      if (!key.isKept) this.#key = null
      if (answer.status !== 401 || tries >= 2) return answer
      await this.#forget()
    }
  }

  #server(): Readonly<Record<string, string>> {
    const { serverId } = this.client.about
    return serverId === null ? {} : { 'Zotero-Server-ID': serverId }
  }

  #kept = false

  async #needKey(): Promise<{ readonly text: string; readonly isKept: boolean }> {
    if (!this.#hasLooked) {
      this.#hasLooked = true
      this.#key = (await this.#keys())[this.#name()] ?? null
      this.#kept = this.#key !== null
    }
    if (this.#key === null) await this.#authorize()
    return { text: this.#key ?? '', isKept: this.#kept }
  }

  async #authorize(): Promise<void> {
    const { client, how } = this
    if (!this.#hasSaid) how.notice('confirm')
    this.#hasSaid = true
    for (let tries = 0; ; tries += 1) {
      const answer = await client.send(
        {
          path: '/api/local/authorize',
          headers: { 'Content-Type': 'application/json', 'Zotero-API-Version': '3', ...this.#server() },
          body: JSON.stringify({ appName: 'Sheaf' }),
          timeoutMs: CONFIRM_MS
        },
        how.signal
      )
      if (answer.status === 200) {
        const read = authorizedSchema.safeParse(jsonOrNull(answer.text))
        if (!read.success) return fail('BAD_ANSWER', 'Zotero allowed writing, and sent no key.')
        this.#key = read.data.key
        this.#kept = read.data.remember !== false
        if (this.#kept) await this.#keep(read.data.key)
        else how.notice('one-time')
        return
      }
      if (answer.status === 403) return fail('ZOTERO_DENIED')
      if (answer.status !== 429 || tries >= MOST_ASKS)
        return fail('ZOTERO_CANNOT', `Zotero answered ${String(answer.status)} when asked to allow writing.`)
      // Zotero allows five confirmation requests a minute.
      const seconds = Number(answer.headers['retry-after'])
      await client.pause(Math.min(60, seconds > 0 ? seconds : 13) * 1_000, how.signal)
    }
  }

  #name(): string {
    return this.client.about.serverId ?? 'zotero'
  }

  get #path(): string {
    return join(this.parts.dataDir, 'keys-zotero.json')
  }

  async #keys(): Promise<Readonly<Record<string, string>>> {
    const bytes = await this.parts.host.files.readWhole(this.#path).catch(() => new Uint8Array())
    const read = keysSchema.safeParse(jsonOrNull(Buffer.from(bytes).toString('utf8')))
    return read.success ? read.data.keys : {}
  }

  async #keep(key: string): Promise<void> {
    const keys = { ...(await this.#keys()), [this.#name()]: key }
    await this.parts.host.files.writeWhole(this.#path, `${JSON.stringify({ keys })}\n`, 'private')
  }

  async #forget(): Promise<void> {
    if (this.#kept) {
      const keys = Object.entries(await this.#keys()).filter(([name]) => name !== this.#name())
      const text = `${JSON.stringify({ keys: Object.fromEntries(keys) })}\n`
      await this.parts.host.files.writeWhole(this.#path, text, 'private')
    }
    this.#key = null
    this.#kept = false
  }
}
