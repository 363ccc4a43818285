/**
 * Saves the search index to its file: some time after a change, less often when it is large, and at the end.
 */
import type { Host } from '../platform/host'

const SAVE_AFTER_MS = 20_000
/** Saving takes longer for a larger index, so it is done less often. */
const SAVE_PAUSE_PER_MEGABYTE_MS = 2_000

interface SavedIndex {
  readonly file: string
  readonly mayWrite: () => Promise<boolean>
  /** the whole index as it is now */
  readonly bytes: () => Promise<Uint8Array>
}

export class IndexSaver {
  readonly #host: Pick<Host, 'files' | 'log' | 'clock'>
  readonly #index: SavedIndex
  readonly #stopTimer: () => void
  #changes = 0
  #savedChanges = 0
  #savedAtMs: number
  #savedBytes = 0
  #saving: Promise<void> | null = null

  constructor(host: Pick<Host, 'files' | 'log' | 'clock'>, index: SavedIndex) {
    this.#host = host
    this.#index = index
    this.#savedAtMs = host.clock.monotonicMs()
    this.#stopTimer = host.clock.every(SAVE_AFTER_MS / 4, () => {
      this.#saveWhenDue()
    })
  }

  /** The index has one change more. */
  changed(): void {
    this.#changes += 1
  }

  /** The index is empty again: there is nothing to save. */
  emptied(): void {
    this.#changes = 0
    this.#savedChanges = 0
  }

  /** Saves the changes that are left. Never rejects. */
  async close(): Promise<void> {
    this.#stopTimer()
    await this.#saving
    try {
      if (this.#changes !== this.#savedChanges) await this.#save()
    } catch (error) {
      this.#warn(error)
    }
  }

  #saveWhenDue(): void {
    const pause = SAVE_AFTER_MS + (this.#savedBytes / 1_000_000) * SAVE_PAUSE_PER_MEGABYTE_MS
    if (this.#changes === this.#savedChanges || this.#saving !== null) return
    if (this.#host.clock.monotonicMs() - this.#savedAtMs < pause) return
    this.#saving = this.#save()
      .catch((error: unknown) => {
        this.#savedAtMs = this.#host.clock.monotonicMs()
        this.#warn(error)
      })
      .finally(() => {
        this.#saving = null
      })
  }

  async #save(): Promise<void> {
    const upTo = this.#changes
    if (!(await this.#index.mayWrite())) return
    const bytes = await this.#index.bytes()
    await this.#host.files.writeWhole(this.#index.file, bytes)
    this.#savedChanges = upTo
    this.#savedBytes = bytes.length
    this.#savedAtMs = this.#host.clock.monotonicMs()
  }

  #warn(error: unknown): void {
    this.#host.log.warn('The search index could not be saved', { because: String(error) })
  }
}
