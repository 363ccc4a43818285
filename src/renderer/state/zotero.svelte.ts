/** The Zotero library as last read, and the hand-over in progress, from whichever screen it was started. */
import type { ZoteroHanded, ZoteroProgress, ZoteroView } from '../../contract/zotero'
import { ask, errorOf, type Failure } from '../bridge'
import { handedSentence, ZOTERO } from '../text/managers'
import { attempt } from './app.svelte'
import { Latest } from './live'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'

class ZoteroState {
  readonly #event = new Latest('zotero')
  #view = $state.raw<ZoteroView | null>(null)
  #failed = $state.raw<Failure | null>(null)
  #reading = $state(false)
  #isHanding = $state(false)
  #handed = $state.raw<ZoteroHanded | null>(null)
  #refused = $state.raw<Failure | null>(null)

  get view(): ZoteroView | null {
    return this.#view
  }
  get failed(): Failure | null {
    return this.#failed
  }
  get reading(): boolean {
    return this.#reading
  }
  /** null: nothing is being handed over */
  get handing(): ZoteroProgress | null {
    return this.#isHanding ? (this.#event.value?.handing ?? { done: 0, confirm: false }) : null
  }
  /** result of the last hand-over */
  get handed(): ZoteroHanded | null {
    return this.#handed
  }
  /** why the last hand-over was refused as a whole */
  get refused(): Failure | null {
    return this.#refused
  }

  async load(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      this.#view = await ask('zotero.state', {})
      this.#failed = null
    } catch (error) {
      this.#failed = errorOf(error)
    } finally {
      this.#reading = false
    }
  }

  /** Plans the items without a file that have an identifier. */
  async getMissing(collection: string | null): Promise<void> {
    const planned = await attempt(() => ask('zotero.getMissing', { collection }))
    if (planned === null) return
    toasts.say({
      tone: planned.newJobs > 0 ? 'good' : 'quiet',
      text: ZOTERO.got(planned.newJobs, planned.existingJobs),
      hint: null,
      action: {
        label: ZOTERO.showQueue,
        run: () => {
          route.showJobs({ group: 'all' })
        }
      }
    })
    await this.load()
  }

  /** Opens them as a preview in Add papers. */
  async lookFirst(collection: string | null): Promise<void> {
    const preview = await attempt(() => ask('zotero.showMissing', { collection }))
    if (preview !== null) route.openAdd(preview.previewId)
  }

  /** Sends these papers, or all; the screen shows the result. */
  async send(artifactIds?: readonly string[]): Promise<void> {
    await this.#hand(() =>
      ask('zotero.send', artifactIds === undefined ? {} : { artifactIds: [...artifactIds].slice(0, 100_000) })
    )
  }

  async attach(): Promise<void> {
    await this.#hand(() => ask('zotero.attach', { collection: null }))
  }

  async stop(): Promise<void> {
    await attempt(() => ask('zotero.stop', {}))
  }

  async chooseFolder(): Promise<void> {
    const chosen = await attempt(() => ask('settings.chooseZoteroFolder', {}))
    if (chosen !== null) await this.load()
  }

  /** From another screen: the result is shown in a toast. */
  async sendSaying(artifactIds: readonly string[]): Promise<void> {
    await this.send(artifactIds)
    const { handed, refused } = this
    const hasProblems = refused !== null || (handed?.problems.length ?? 0) > 0
    toasts.say({
      tone: hasProblems ? 'attention' : 'good',
      text: refused?.message ?? (handed === null ? '' : `Zotero: ${handedSentence(handed)}`),
      hint: refused?.hint ?? null,
      action: {
        label: ZOTERO.name,
        run: () => {
          route.go('managers')
        }
      }
    })
  }

  async #hand(work: () => Promise<ZoteroHanded>): Promise<void> {
    this.#isHanding = true
    this.#handed = null
    this.#refused = null
    try {
      this.#handed = await work()
    } catch (error) {
      this.#refused = errorOf(error)
    } finally {
      this.#isHanding = false
    }
    await this.load()
  }
}

export const zotero = new ZoteroState()
