/** The settings of a session: changing and applying them, and the answers of the welcome screen. */
import type { SettingKey } from '../../contract/settings'
import type { Keys } from '../settings/keys'
import type { FindSealer } from '../settings/sealed-entry'
import type { SessionSettings } from './session-api'
import type { LiveSettings } from './settings-live'
import type { UiMemory } from './ui-memory'

export function settingsOf(parts: {
  readonly settings: LiveSettings
  readonly memory: UiMemory
  readonly sealer: FindSealer | undefined
  readonly keys: () => Keys
  /** Applies the loaded settings. */
  readonly apply: (key: SettingKey) => Promise<void>
  readonly onChanged: () => void
}): SessionSettings {
  const { settings, memory, apply, onChanged } = parts
  async function set(key: SettingKey, value: unknown): Promise<void> {
    await settings.set(key, value, () => apply(key))
    onChanged()
  }
  return {
    get keys() {
      return parts.keys()
    },
    isVault: async () => ((await parts.sealer?.()) ?? null) !== null,
    loaded: () => settings.loaded,
    set,
    async reset(key) {
      await settings.reset(key, () => apply(key))
      onChanged()
    },
    async welcome(answer) {
      if (answer.libraryDir !== null) await set('files.library', answer.libraryDir)
      await set('general.mailto', answer.mailto)
      const isOverridden = settings.loaded.origins['safety.switch'] === 'environment'
      // A value overridden by the environment becomes the user's own, for when the environment no longer sets
      // it.
      if (isOverridden) await settings.write('safety.switch', answer.switch)
      else await set('safety.switch', answer.switch)
      await memory.setWelcomed()
      onChanged()
    },
    remember: (key, value) => memory.remember(key, value)
  }
}
