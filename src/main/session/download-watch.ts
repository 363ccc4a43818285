/**
 * The watched download folder of the app: follows its setting, and reports attached and uncertain files.
 * Nothing is watched while the switch is off, since a file is attached to a recorded paper.
 */
import type { WatchingView } from '../../contract/handoff'
import { OneAtATime } from '../platform/one-at-a-time'
import type { CaughtFile, Sheaf } from '../sheaf-api'
import type { Tell } from './session-api'

export interface DownloadWatchParts {
  readonly sheaf: Sheaf
  readonly tell: Tell
  readonly nextRevision: () => number
  readonly onAttached: () => void
  readonly onFault: (error: unknown) => void
}

export class DownloadWatch {
  readonly #parts: DownloadWatchParts
  #mayBegin = false
  #isClosed = false
  #folder = ''
  #isThere: boolean | null = null
  #ending = new AbortController()
  readonly #watching = new OneAtATime()

  constructor(parts: DownloadWatchParts) {
    this.#parts = parts
  }

  get view(): WatchingView {
    return { folder: this.#folder === '' ? null : this.#folder, isThere: this.#isThere }
  }

  /** An earlier process's state is reconciled: files may be attached. */
  begin(): void {
    this.#mayBegin = true
    this.follow()
  }

  /** Applies a changed setting. */
  follow(): void {
    if (!this.#mayBegin || this.#isClosed) return
    const { settings } = this.#parts.sheaf.options
    const wanted = settings['safety.switch'] === 'off' ? '' : settings['files.watchFolder']
    if (wanted === this.#folder) return
    this.#ending.abort()
    this.#folder = wanted
    this.#isThere = null
    const ending = new AbortController()
    this.#ending = ending
    if (wanted !== '') void this.#watching.run(() => this.#watch(wanted, ending.signal))
    this.#changed()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#ending.abort()
    await this.#watching.ended()
  }

  async #watch(folder: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.sheaf.handOff.watch(folder, {
        signal,
        onFolder: (isThere) => {
          if (signal.aborted) return
          this.#isThere = isThere
          this.#changed()
        },
        tell: (file) => {
          this.#say(file)
        }
      })
    } catch (error) {
      if (!signal.aborted) this.#parts.onFault(error)
    }
  }

  #say(file: CaughtFile): void {
    const { sheaf, tell } = this.#parts
    if (file.outcome === 'other') return
    const name = file.file.replace(/^.*[\\/]/, '')
    const title = (file.work_id === undefined ? null : sheaf.namesOf(file.work_id))?.facts.title
    const paper = title === undefined ? 'a paper that waits' : `“${title}”`
    if (file.outcome === 'attached') {
      tell('notice', { tone: 'good', text: `${name} was attached: it is ${paper}.`, hint: null })
      this.#parts.onAttached()
    } else {
      tell('notice', {
        tone: 'attention',
        text: `${name} may be ${paper}.`,
        hint: 'Papers that need you asks whether it is.'
      })
    }
    this.#changed()
  }

  #changed(): void {
    this.#parts.tell('handoff', { revision: this.#parts.nextRevision() })
  }
}
