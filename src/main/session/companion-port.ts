/**
 * The port of the browser companion in the app: open while its setting says so, closed before Sheaf closes.
 * The token is created when it is first enabled. An error is kept for the settings screen and affects nothing
 * else.
 */
import { join } from 'node:path'
import type { CompanionView } from '../../contract/companion'
import { isSheafError } from '../../contract/errors'
import type { CompanionParts, CompanionServer } from '../companion/server'
import type { Host } from '../platform/host'
import { OneAtATime } from '../platform/one-at-a-time'
import { openCompanionToken, TOKEN_FILE, type CompanionToken } from '../settings/companion-token'
import type { FindSealer } from '../settings/sealed-entry'
import type { Sheaf } from '../sheaf-api'

export interface CompanionPortParts {
  readonly host: Host
  readonly sheaf: Sheaf
  readonly dataDir: string
  readonly version: string
  readonly sealer?: FindSealer
  readonly plan: CompanionParts['plan']
  readonly onFile: () => void
}

export class CompanionPort {
  readonly #parts: CompanionPortParts
  #token: CompanionToken | null = null
  #server: CompanionServer | null = null
  /** the requested port; null: none */
  #wanted: number | null = null
  #trouble: CompanionView['trouble'] = null
  #mayBegin = false
  #isClosed = false
  readonly #changes = new OneAtATime()

  constructor(parts: CompanionPortParts) {
    this.#parts = parts
  }

  get view(): CompanionView {
    return { port: this.#server?.port ?? null, trouble: this.#trouble, token: this.#token?.value ?? null }
  }

  /** An earlier process's state is reconciled: papers and files may be received. */
  async begin(): Promise<void> {
    this.#mayBegin = true
    await this.#parts.sheaf.companion.sweep()
    await this.follow()
  }

  /** Applies a changed setting. Resolves when it is in force; never rejects. */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      const { settings } = this.#parts.sheaf.options
      const wanted = this.#mayBegin && settings['companion.enabled'] ? settings['companion.port'] : null
      if (wanted === this.#wanted && (wanted === null || this.#server !== null)) return
      await this.#end()
      this.#wanted = wanted
      if (wanted !== null) await this.#open(wanted)
    })
  }

  async newToken(): Promise<void> {
    const { host, dataDir, sealer } = this.#parts
    // Also replaces a token sealed by another system, or an invalid file.
    const token = await this.#readToken().catch(async (error: unknown) => {
      if (!isSheafError(error, 'BAD_FILE')) throw error
      await host.files.remove(join(dataDir, TOKEN_FILE))
      return openCompanionToken(tokenParts(host, dataDir, sealer))
    })
    await token.renew()
    this.#token = token
    await this.follow()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#inTurn(() => this.#end())
  }

  async #open(port: number): Promise<void> {
    const { host, ...parts } = this.#parts
    const token = await this.#readToken().catch((error: unknown) => {
      host.log.warn(`The companion’s token cannot be read: ${String(error)}`)
      return null
    })
    if (token === null || token.isUnreadable) {
      this.#trouble = 'TOKEN_UNREADABLE'
      return
    }
    this.#token = token
    if (token.value === null) await token.renew()
    const { listen, logFaults } = await import('../companion/server')
    const server = await listen(parts, {
      port,
      token: () => token.value,
      onFault: logFaults(host.log)
    })
    if (typeof server === 'string') this.#trouble = server
    else this.#server = server
  }

  async #readToken(): Promise<CompanionToken> {
    const { host, dataDir, sealer } = this.#parts
    this.#token ??= await openCompanionToken(tokenParts(host, dataDir, sealer))
    return this.#token
  }

  async #end(): Promise<void> {
    this.#trouble = null
    this.#wanted = null
    const server = this.#server
    this.#server = null
    await server?.close()
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    return this.#changes.run(async () => {
      try {
        await work()
      } catch (error) {
        this.#trouble = 'PORT_REFUSED'
        if (!this.#isClosed)
          this.#parts.host.log.error(`The companion’s port cannot be opened: ${String(error)}`)
      }
    })
  }
}

const tokenParts = (
  host: Host,
  dataDir: string,
  sealer: FindSealer | undefined
): Parameters<typeof openCompanionToken>[0] => ({
  files: host.files,
  dataDir,
  hex: (bytes) => host.random.hex(bytes),
  ...(sealer === undefined ? {} : { sealer })
})
