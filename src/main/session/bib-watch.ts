/**
 * Follows the user's `.bib` files in the app while crash-safe downloads are on, since their lists and links
 * are recorded in the ledger. Planned papers and written links are reported as notices.
 */
import { counted } from '../../contract/counted'
import type { BibsView } from '../../contract/bibs'
import type { WorkDraft } from '../../contract/work'
import { OneAtATime } from '../platform/one-at-a-time'
import type { BibNews, Sheaf } from '../sheaf-api'
import type { Tell } from './session-api'

export interface BibWatchParts {
  readonly sheaf: Sheaf
  readonly tell: Tell
  readonly nextRevision: () => number
  /** resolves to how many jobs are new */
  readonly plan: (drafts: readonly WorkDraft[], list: string, signal: AbortSignal) => Promise<number>
  readonly onFault: (error: unknown) => void
}

export class BibWatch {
  readonly #parts: BibWatchParts
  #mayBegin = false
  #isOn = false
  #ending = new AbortController()
  readonly #watching = new OneAtATime()

  constructor(parts: BibWatchParts) {
    this.#parts = parts
  }

  get view(): BibsView {
    return { watching: this.#isOn, bibs: this.#parts.sheaf.bibs.list() }
  }

  /** An earlier process's state is reconciled: papers may be planned. */
  begin(): void {
    this.#mayBegin = true
    this.follow()
  }

  /** Applies a changed switch. */
  follow(): void {
    const isOn = this.#mayBegin && this.#parts.sheaf.options.settings['safety.switch'] !== 'off'
    if (isOn === this.#isOn) return
    this.#isOn = isOn
    this.#ending.abort()
    if (isOn) {
      const ending = new AbortController()
      this.#ending = ending
      void this.#watching.run(() => this.#watch(ending.signal))
    }
    this.changed()
  }

  changed(): void {
    this.#parts.tell('bibs', { revision: this.#parts.nextRevision() })
  }

  async close(): Promise<void> {
    this.#mayBegin = false
    this.#ending.abort()
    await this.#watching.ended()
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { sheaf, plan, onFault } = this.#parts
    try {
      await sheaf.bibs.watch({
        signal,
        plan,
        onChange: () => {
          if (!signal.aborted) this.changed()
        },
        tell: (news) => {
          this.#say(news)
        }
      })
    } catch (error) {
      if (!signal.aborted) onFault(error)
    }
  }

  #say({ name, planned, links }: BibNews): void {
    const said = [
      planned === 0 ? '' : `${counted(planned, 'paper')} of ${name} added to the queue.`,
      links === 0 ? '' : `${counted(links, 'link')} written into ${name}.`
    ]
    const text = said.filter((one) => one !== '').join(' ')
    this.#parts.tell('notice', { tone: 'good', text, hint: null })
    this.changed()
  }
}
