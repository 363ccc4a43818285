/**
 * The state of the settings screen: main's view, overlaid with the user's changes until main has accepted
 * them. A change is sent at once or shortly after the last key; two changes of one setting are sent one after
 * the other. A refusal is shown at the field and the old value is restored.
 */
import type { SettingKey, Settings } from '../../../contract/settings'
import type {
  ConnectionTest,
  RenameOutcome,
  RenamePreview,
  SettingsView,
  SettingView
} from '../../../contract/settings-views'
import { jsonOf } from '../../../contract/unknown-values'
import { ask, errorOf, type Failure } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { Latest } from '../../state/live'

const AFTER_LAST_KEY_MS = 400
const SAVED_SHOWS_MS = 2_500

type Slots<T> = Readonly<Record<string, T>>

class SettingsState {
  readonly #view = new Latest('settings')
  readonly #renaming = new Latest('renaming')
  #failed = $state.raw<Failure | null>(null)
  /** changed, without an answer yet */
  #wanted = $state.raw<Slots<unknown>>({})
  #refused = $state.raw<Slots<string>>({})
  #saved = $state.raw<readonly string[]>([])
  #resets = $state.raw<Slots<number>>({})
  readonly #timers = new Map<SettingKey, { slot: string; timer: ReturnType<typeof setTimeout> }>()
  #sending: Promise<unknown> = Promise.resolve()

  get view(): SettingsView | null {
    return this.#view.value
  }
  get failed(): Failure | null {
    return this.#failed
  }

  async begin(): Promise<void> {
    this.#failed = null
    this.#refused = {}
    try {
      // Set regardless of the revision: another workspace has its own count.
      this.#view.prime(await ask('settings.list', {}))
    } catch (error) {
      this.#failed = errorOf(error)
    }
  }

  entry(key: SettingKey): SettingView | null {
    return this.#view.value?.entries.find((entry) => entry.key === key) ?? null
  }

  /** Called only by fields, which exist only once the view is loaded. */
  value<K extends SettingKey>(key: K): Settings[K] {
    return (key in this.#wanted ? this.#wanted[key] : this.entry(key)?.value) as Settings[K]
  }

  /** Set by an origin that overrides this screen. */
  decided(key: SettingKey): boolean {
    const entry = this.entry(key)
    return entry !== null && (entry.overriddenBy !== null || entry.origin === 'option')
  }

  refused(slot: string): string | null {
    return this.#refused[slot] ?? null
  }

  /** How often `key` was reset: fields start over when it grows, whatever they contain. */
  resets(key: SettingKey): number {
    return this.#resets[key] ?? 0
  }

  isSaved(slot: string): boolean {
    return this.#saved.includes(slot)
  }

  /** Applies an allowed value of `key`; `slot` identifies its field. A plain value, never a proxy. */
  change(key: SettingKey, value: unknown, slot: string, when: 'now' | 'later'): void {
    const waiting = this.#timers.get(key)
    if (waiting !== undefined && waiting.slot !== slot) this.flush(key)
    else if (waiting !== undefined) clearTimeout(waiting.timer)
    this.#timers.delete(key)
    this.#refused = without(this.#refused, slot)
    this.#wanted = { ...this.#wanted, [key]: value }
    if (when === 'now') this.#send(key, slot)
    else
      this.#timers.set(key, {
        slot,
        timer: setTimeout(() => {
          this.flush(key)
        }, AFTER_LAST_KEY_MS)
      })
  }

  /** Cancels what `slot` changed and has not sent yet. */
  hold(key: SettingKey, slot: string): void {
    this.#refused = without(this.#refused, slot)
    const waiting = this.#timers.get(key)
    if (waiting?.slot !== slot) return
    clearTimeout(waiting.timer)
    this.#timers.delete(key)
    this.#wanted = without(this.#wanted, key)
  }

  flush(key: SettingKey): void {
    const waiting = this.#timers.get(key)
    if (waiting === undefined) return
    clearTimeout(waiting.timer)
    this.#timers.delete(key)
    this.#send(key, waiting.slot)
  }

  /** The screen is being closed: sends all pending changes. */
  flushAll(): void {
    for (const key of [...this.#timers.keys()]) this.flush(key)
  }

  reset(key: SettingKey, slot: string): void {
    this.hold(key, slot)
    this.#wanted = without(this.#wanted, key)
    this.#inTurn(async () => {
      try {
        this.#take(await ask('settings.reset', { key }))
        this.#resets = { ...this.#resets, [key]: this.resets(key) + 1 }
        this.#showSaved(slot)
      } catch (error) {
        this.#refused = { ...this.#refused, [slot]: errorOf(error).message }
      }
    })
  }

  chooseLibrary(slot: string): Promise<void> {
    return this.#choose(slot, () => ask('settings.chooseLibrary', {}))
  }
  chooseWatchFolder(slot: string): Promise<void> {
    return this.#choose(slot, () => ask('settings.chooseWatchFolder', {}))
  }
  chooseZoteroFolder(slot: string): Promise<void> {
    return this.#choose(slot, () => ask('settings.chooseZoteroFolder', {}))
  }
  chooseCaFile(slot: string): Promise<void> {
    return this.#choose(slot, () => ask('settings.chooseCaFile', {}))
  }

  /** A setting that the system's dialog sets; null: it was cancelled. */
  async #choose(slot: string, chosen: () => Promise<SettingsView | null>): Promise<void> {
    const view = await attempt(chosen)
    if (view === null) return
    this.#take(view)
    this.#showSaved(slot)
  }

  /** Null when the request itself failed, which is shown elsewhere. */
  async testConnection(): Promise<ConnectionTest | null> {
    // Pending changes are part of the test.
    this.flushAll()
    await this.#sending
    return await attempt(() => ask('settings.testConnection', {}))
  }

  async openLibrary(): Promise<void> {
    await attempt(() => ask('app.openLibraryFolder', {}))
  }

  async openDataFolder(): Promise<void> {
    await attempt(() => ask('app.openDataFolder', {}))
  }

  /** Path of the written file; null when cancelled. */
  async exportDiagnostics(): Promise<string | null> {
    const answer = await attempt(() => ask('app.exportDiagnostics', {}))
    return answer?.file ?? null
  }

  readonly nameExample = (template: string): Promise<string | null> =>
    exampleOr(async () => (await ask('settings.nameExample', { template })).name)

  readonly keyExample = (pattern: string): Promise<string | null> =>
    exampleOr(async () => (await ask('settings.keyExample', { pattern })).key)

  get renamed(): { readonly done: number; readonly of: number } | null {
    return this.#renaming.value
  }

  /** null: it failed, which was shown */
  async previewRename(): Promise<RenamePreview | null> {
    return await attempt(() => ask('settings.previewRename', {}))
  }

  async renamePapers(): Promise<RenameOutcome | null> {
    return await attempt(() => ask('settings.renamePapers', {}))
  }

  async cancelRename(): Promise<void> {
    await attempt(() => ask('settings.cancelRename', {}))
  }

  #send(key: SettingKey, slot: string): void {
    const value = this.#wanted[key]
    this.#inTurn(async () => {
      try {
        this.#take(await ask('settings.set', { key, value: jsonOf(value) }))
        this.#showSaved(slot)
      } catch (error) {
        const { message } = errorOf(error)
        this.#refused = { ...this.#refused, [slot]: message }
      } finally {
        if (this.#wanted[key] === value && !this.#timers.has(key)) this.#wanted = without(this.#wanted, key)
      }
    })
  }

  #inTurn(work: () => Promise<void>): void {
    this.#sending = this.#sending.then(work)
  }

  #take(view: SettingsView): void {
    if (view.revision >= (this.#view.value?.revision ?? -1)) this.#view.prime(view)
  }

  #showSaved(slot: string): void {
    this.#saved = [...this.#saved, slot]
    setTimeout(() => {
      const at = this.#saved.indexOf(slot)
      this.#saved = this.#saved.filter((_, index) => index !== at)
    }, SAVED_SHOWS_MS)
  }
}

function without<T>(slots: Slots<T>, name: string): Slots<T> {
  if (!(name in slots)) return slots
  return Object.fromEntries(Object.entries(slots).filter(([key]) => key !== name))
}

/** The field itself shows the error; the example is optional. */
async function exampleOr(example: () => Promise<string>): Promise<string | null> {
  try {
    return await example()
  } catch {
    return null
  }
}

export const settings = new SettingsState()
