/**
 * State of the screens and the session across restarts: `ui.json` in the data folder, written atomically. Not
 * essential: a damaged file is set aside and reported, without further effects.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../contract/errors'
import { codeOrMessage, systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { jsonOrNull } from '../../contract/unknown-values'

const FILE = 'ui.json'
const MOST_A_KEY = 64_000
const MOST_IN_ALL = 1_000_000

const memorySchema = z.object({
  v: z.literal(1),
  /** the welcome screen was answered */
  welcomed: z.boolean().default(false),
  /** the user's pause, kept across restarts */
  paused: z.boolean().default(false),
  remembered: z.record(z.string(), z.unknown()).default({})
})
type Memory = z.infer<typeof memorySchema>

export class UiMemory {
  readonly #host: Host
  readonly #folder: string
  #memory: Memory
  /** the active write, and whether another must follow */
  #writing: Promise<void> | null = null
  #isStale = false

  private constructor(host: Host, folder: string, memory: Memory) {
    this.#host = host
    this.#folder = folder
    this.#memory = memory
  }

  /** `damaged`: where an unreadable file was kept. */
  static async read(host: Host, folder: string): Promise<{ memory: UiMemory; damaged: string | null }> {
    const empty: Memory = { v: 1, welcomed: false, paused: false, remembered: {} }
    const path = join(folder, FILE)
    let bytes: Uint8Array
    try {
      bytes = await host.files.readWhole(path)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT')
        host.log.warn(`${path} cannot be read`, { because: codeOrMessage(error) })
      return { memory: new UiMemory(host, folder, empty), damaged: null }
    }
    const memory = memoryOf(Buffer.from(bytes).toString('utf8'))
    if (memory !== null) return { memory: new UiMemory(host, folder, memory), damaged: null }
    const aside = `${path}.damaged-${String(Math.floor(host.clock.now()))}`
    host.log.warn(`${path} is damaged and was kept as ${aside}; the screens begin afresh.`)
    await host.files.rename(path, aside).catch(() => undefined)
    return { memory: new UiMemory(host, folder, empty), damaged: aside }
  }

  get welcomed(): boolean {
    return this.#memory.welcomed
  }

  get paused(): boolean {
    return this.#memory.paused
  }

  get remembered(): Readonly<Record<string, unknown>> {
    return this.#memory.remembered
  }

  setWelcomed(): Promise<void> {
    return this.#change({ ...this.#memory, welcomed: true })
  }

  setPaused(paused: boolean): Promise<void> {
    if (paused === this.#memory.paused) return Promise.resolve()
    return this.#change({ ...this.#memory, paused })
  }

  /** Durable on return. TOO_LARGE for anything but a small value; null or undefined deletes the key. */
  remember(key: string, value: unknown): Promise<void> {
    const others = Object.fromEntries(Object.entries(this.#memory.remembered).filter(([k]) => k !== key))
    const text = value === undefined || value === null ? null : JSON.stringify(value)
    if (text !== null && (text.length > MOST_A_KEY || key.length > 200)) {
      fail('TOO_LARGE', `What is to be remembered as ${key.slice(0, 40)} is too large.`)
    }
    const remembered = text === null ? others : { ...others, [key]: JSON.parse(text) as unknown }
    if (JSON.stringify(remembered).length > MOST_IN_ALL) {
      fail('TOO_LARGE', 'The screens remember too much already.')
    }
    return this.#change({ ...this.#memory, remembered })
  }

  /** Resolves when all changes so far are on disk. */
  async flush(): Promise<void> {
    await this.#writing
  }

  #change(memory: Memory): Promise<void> {
    this.#memory = memory
    this.#isStale = true
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  /** One write at a time; changes during it are combined into the next. */
  async #write(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false
      await this.#host.files.makeFolder(this.#folder)
      await this.#host.files.writeWhole(
        join(this.#folder, FILE),
        `${JSON.stringify(this.#memory, null, 1)}\n`
      )
    }
  }
}

function memoryOf(text: string): Memory | null {
  return memorySchema.safeParse(jsonOrNull(text)).data ?? null
}
