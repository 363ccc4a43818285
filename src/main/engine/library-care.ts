/**
 * Manages the library folder in use: it is recognised before anything is written, checked while it is used,
 * and its papers are adopted before anything is planned (docs/design.md, G12). While it is missing the engine
 * is paused with that reason.
 */
import { counted, grouped, someOf } from '../../contract/counted'
import { isSheafError, type SheafError } from '../../contract/errors'
import type { ErrorLine } from '../../contract/lines'
import type { Settings } from '../../contract/settings'
import { isAnyRecorded } from '../ledger/jobs'
import type { Library } from '../library/library'
import { OneAtATime } from '../platform/one-at-a-time'
import { inCanary } from '../works/keys'
import { adoptLibrary, noteOwnLines, type AdoptReport } from './adopt-library'
import { bringOver, type Unreachable } from './bring-over'
import type { Gate } from './gate'
import {
  assertPresent,
  isCurrentLibrary,
  notePapers,
  recogniseLibrary,
  takeLibrary,
  type PresenceParts
} from './library-presence'

export interface TakenIn {
  /** paths of adopted objects, and artifacts taken from a former library */
  readonly adopted: readonly string[]
  readonly unreachable: readonly Unreachable[]
}

export interface CareParts extends PresenceParts {
  readonly gate: Gate
  /** lease owner of this process */
  readonly owner: string
}

export class LibraryCare {
  readonly #parts: CareParts
  #missing: SheafError | null = null
  readonly #adoptions = new OneAtATime()

  constructor(parts: CareParts) {
    this.#parts = parts
  }

  /** Why the library cannot be used now; null when it can. */
  get missing(): SheafError | null {
    return this.#missing
  }

  /**
   * Recognises a library and creates its folders. Resolves to the function that puts it in use; call it once
   * nothing works on the former library. LIBRARY_MISSING, LEDGER_IN_USE, FOLDER_UNUSABLE.
   */
  async prepare(library: Library, how: { readonly startNew: boolean }): Promise<() => Promise<void>> {
    const found = await recogniseLibrary(this.#parts, library.root, how)
    if (found.kind === 'missing') throw found.error
    await library.prepare()
    return async () => {
      await takeLibrary(this.#parts, library.root, found.identity)
      this.#missing = null
      this.#parts.gate.open('LIBRARY_MISSING')
    }
  }

  /** Notes that the library is missing: the engine is paused until it is back. */
  lose(error: SheafError): void {
    this.#missing = error
    this.#parts.gate.close('LIBRARY_MISSING', error.message)
  }

  /** Throws LIBRARY_MISSING and pauses the engine unless the library is in its place. */
  async assertPresent(library: Library): Promise<void> {
    try {
      if (this.#missing !== null) throw this.#missing
      await assertPresent(this.#parts, library.root)
    } catch (error) {
      if (isSheafError(error, 'LIBRARY_MISSING')) this.lose(error)
      throw error
    }
  }

  /** Checks whether a missing library is back. If so, it is in use again. */
  async lookAgain(library: Library, startNew = false): Promise<boolean> {
    try {
      const use = await this.prepare(library, { startNew })
      await use()
      return true
    } catch (error) {
      if (!isSheafError(error, 'LIBRARY_MISSING')) throw error
      this.lose(error)
      return false
    }
  }

  /** Is the missing library in this folder now? Reads only. */
  isMissingOne(root: string): Promise<boolean> {
    return isCurrentLibrary(this.#parts, root)
  }

  /** Takes over papers of a former library, and adopts papers that the ledger does not know. */
  takeIn(library: Library, settings: Settings, signal: AbortSignal): Promise<TakenIn> {
    return this.#adoptions.run(async () => {
      const position = settings['safety.switch']
      if (position === 'off' || this.#missing !== null) return { adopted: [], unreachable: [] }
      const percent = settings['safety.canaryPercent']
      const { brought, unreachable } = await bringOver(this.#parts, library, signal)
      // Lines of this process are known: the file, which grows with the library, is not read for them.
      await noteOwnLines({ ...this.#parts, library }, wantsNameOf(position, percent))
      const report = await adoptLibrary(
        { ...this.#parts, library },
        {
          wants: (workId) => position === 'on' || inCanary(workId, percent),
          wantsName: wantsNameOf(position, percent),
          thorough: false,
          signal
        }
      )
      this.#say(brought.length, report)
      return { adopted: [...brought, ...report.adopted], unreachable }
    })
  }

  /** `sheaf rebuild`: adopts every paper of the library, hashing each file, whatever the switch says. */
  async rebuild(
    library: Library,
    how: { readonly signal: AbortSignal; readonly onProgress?: (done: number, total: number) => void }
  ): Promise<AdoptReport> {
    await this.assertPresent(library)
    return this.#adoptions.run(() =>
      adoptLibrary(
        { ...this.#parts, library },
        { wants: () => true, wantsName: 'on', thorough: true, ...how }
      )
    )
  }

  /** Does the library contain papers although the ledger has no job? Then a rebuild is offered. */
  async isUnknown(library: Library): Promise<boolean> {
    if (this.#missing !== null || this.#parts.ledger.read(isAnyRecorded)) return false
    return (await library.manifest.mark()) !== null
  }

  async close(library: Library, settings: Settings): Promise<void> {
    if (this.#missing !== null) return
    await notePapers(this.#parts, library.root)
    const position = settings['safety.switch']
    if (position !== 'off')
      await noteOwnLines({ ...this.#parts, library }, wantsNameOf(position, settings['safety.canaryPercent']))
  }

  #say(brought: number, { adopted, problems }: AdoptReport): void {
    const { log } = this.#parts.host
    if (brought > 0)
      log.info(`${counted(brought, 'paper')} linked or copied from the former library; nothing was fetched.`)
    if (adopted.length > 0) {
      log.info(`${counted(adopted.length, 'paper')} found in the library and adopted; nothing was fetched.`)
    }
    for (const problem of problems.slice(0, MOST_SAID)) log.warn(`Library: ${problem}`)
    if (problems.length > MOST_SAID) {
      log.warn(`Library: ${grouped(problems.length - MOST_SAID)} more problems; sheaf rebuild lists all.`)
    }
  }
}

function wantsNameOf(position: 'on' | 'canary', percent: number): string {
  return position === 'on' ? 'on' : `canary ${String(percent)}`
}

const MOST_SAID = 20
const MOST_NAMED = 20

/** The line that names papers of a former library that cannot be reached; null when there are none. */
export function unreachableLine(unreachable: readonly Unreachable[]): ErrorLine | null {
  const first = unreachable[0]
  if (first === undefined) return null
  const works = unreachable.map((one) => one.workId)
  const where = first.folder ?? 'a former library'
  return {
    type: 'error',
    code: 'LIBRARY_MISSING',
    message: `${counted(unreachable.length, 'paper')} of the former library ${where} (id ${first.libraryId ?? 'unknown'}) cannot be reached: ${someOf(works, MOST_NAMED)}.`,
    hint: 'They are not fetched again. Plug in or put back that library, then run again; or remove a paper to have it fetched again.',
    works
  }
}
