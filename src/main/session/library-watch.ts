/**
 * The app's view of the library folder (docs/design.md, G12): why it is not in use, checking until it is
 * back, and the offer to rebuild the ledger for papers that it does not know. Nothing is requeued while the
 * library is missing.
 */
import { fail, isSheafError } from '../../contract/errors'
import type { LibraryTrouble, RebuiltView } from '../../contract/views'
import type { Host } from '../platform/host'
import type { Sheaf } from '../sheaf-api'

export interface LibraryWatchParts {
  readonly sheaf: Sheaf
  readonly host: Host
  /** the displayed state of the library changed */
  readonly onChange: () => void
  /** the library is in use again: waiting work may continue */
  readonly onBack: () => Promise<void>
  readonly onFault: (error: unknown) => void
}

const LOOK_EVERY_MS = 5_000

export class LibraryWatch {
  readonly #parts: LibraryWatchParts
  readonly #stop: () => void
  #isLooking = false
  #offersRebuild = false

  constructor(parts: LibraryWatchParts) {
    this.#parts = parts
    this.#stop = parts.host.clock.every(LOOK_EVERY_MS, () => {
      if (parts.sheaf.missingLibrary() !== null) this.look({ startNew: false }).catch(parts.onFault)
    })
  }

  get offersRebuild(): boolean {
    return this.#offersRebuild
  }

  /** Null while the library is in use. */
  get trouble(): LibraryTrouble | null {
    const missing = this.#parts.sheaf.missingLibrary()
    if (missing === null) return null
    const { folder, found, papers } = missing.facts
    return {
      folder: typeof folder === 'string' ? folder : '',
      isAnother: typeof found === 'string',
      papers: typeof papers === 'number' ? papers : 0
    }
  }

  /** Checks again; `startNew` uses the folder in its place instead. True when a library is in use. */
  async look(how: { readonly startNew: boolean }): Promise<boolean> {
    if (this.#isLooking) return false
    this.#isLooking = true
    try {
      const wasMissing = this.#parts.sheaf.missingLibrary() !== null
      const isBack = await this.#parts.sheaf.findLibrary(how)
      if (isBack && wasMissing) await this.#parts.onBack()
      return isBack
    } finally {
      this.#isLooking = false
      this.#parts.onChange()
    }
  }

  /** The library is in use again in another way than by `look`: waiting work may continue. */
  async cameBack(): Promise<void> {
    await this.#parts.onBack()
    this.#parts.onChange()
  }

  /** Throws LIBRARY_MISSING when this folder is not the library that is missing. */
  async assertIs(folder: string): Promise<void> {
    if (await this.#parts.sheaf.isMissingLibrary(folder)) return
    fail('LIBRARY_MISSING', `${folder} is not the library that is missing.`, {
      hint: 'Choose the folder that holds “papers” and “objects”, or start a new library.'
    })
  }

  /** Checks once, at the start, whether there are papers unknown to the ledger. */
  async offer(): Promise<void> {
    this.#offersRebuild = await this.#parts.sheaf.isLibraryUnknown()
    if (this.#offersRebuild) this.#parts.onChange()
  }

  async rebuild(signal: AbortSignal): Promise<RebuiltView> {
    const { works, artifacts, problems } = await this.#parts.sheaf.rebuild({}, signal)
    this.#offersRebuild = false
    this.#parts.onChange()
    return { works, files: artifacts, problems: problems.length, first: problems[0] ?? null }
  }

  stop(): void {
    this.#stop()
  }
}

/** A library that went missing meanwhile is displayed anyway and is no error. */
export function isMissing(error: unknown): boolean {
  return isSheafError(error, 'LIBRARY_MISSING')
}
