/**
 * Changes the user's settings in the app: validated, written, loaded again, and restored when they could not
 * be applied. Settings overridden by the environment are refused by name.
 */
import { isAbsolute } from 'node:path'
import { fail } from '../../contract/errors'
import { SETTINGS, type SettingKey } from '../../contract/settings'
import type { Host } from '../platform/host'
import { OneAtATime } from '../platform/one-at-a-time'
import { SWITCH_VARIABLE } from '../settings/environment'
import { loadSettings, type LoadedSettings } from '../settings/load-settings'
import { saveSettingValue } from '../settings/save-setting'
import { writeSetting } from '../settings/settings-file'

export class LiveSettings {
  readonly #host: Host
  readonly #dataDir: string
  #loaded: LoadedSettings
  readonly #changes = new OneAtATime()

  private constructor(host: Host, dataDir: string, loaded: LoadedSettings) {
    this.#host = host
    this.#dataDir = dataDir
    this.#loaded = loaded
  }

  static async load(host: Host, dataDir: string): Promise<LiveSettings> {
    const loaded = await loadSettings({ files: host.files, env: host.env, dataDir })
    for (const problem of loaded.problems) host.log.warn(`${problem.code}: ${problem.message}`)
    return new LiveSettings(host, dataDir, loaded)
  }

  get loaded(): LoadedSettings {
    return this.#loaded
  }

  /** `apply` applies the loaded settings; when it throws, the file is restored. */
  set(key: SettingKey, value: unknown, apply: () => Promise<void>): Promise<void> {
    return this.#inTurn(key, () => this.#save(key, value), apply)
  }

  reset(key: SettingKey, apply: () => Promise<void>): Promise<void> {
    return this.#inTurn(key, () => writeSetting(this.#host.files, this.#dataDir, key, undefined), apply)
  }

  /** Writes without refusing settings overridden by the environment: for the welcome screen. */
  async write(key: SettingKey, value: unknown): Promise<void> {
    await saveSettingValue(this.#host.files, this.#dataDir, key, value)
    await this.#load()
  }

  #inTurn(key: SettingKey, change: () => Promise<void>, apply: () => Promise<void>): Promise<void> {
    return this.#changes.run(async () => {
      this.#refuseOverridden(key)
      const before = this.#loaded
      await change()
      await this.#load()
      try {
        await apply()
      } catch (error) {
        const was = before.origins[key] === 'file' ? before.settings[key] : undefined
        await writeSetting(this.#host.files, this.#dataDir, key, was)
        await this.#load()
        throw error
      }
    })
  }

  async #save(key: SettingKey, value: unknown): Promise<void> {
    const isFolder = key === 'files.library' || key === 'files.watchFolder' || key === 'zotero.dataFolder'
    if (isFolder && typeof value === 'string' && value !== '' && !isAbsolute(value)) {
      fail('BAD_SETTING', `${key} cannot be “${value}”; it must be the full path of a folder.`, {
        hint: SETTINGS[key].about
      })
    }
    await saveSettingValue(this.#host.files, this.#dataDir, key, value)
  }

  async #load(): Promise<void> {
    const { files, env } = this.#host
    this.#loaded = await loadSettings({ files, env, dataDir: this.#dataDir })
  }

  #refuseOverridden(key: SettingKey): void {
    if (key !== 'safety.switch' || this.#loaded.origins[key] !== 'environment') return
    fail('BAD_SETTING', `The switch is decided by the environment: ${SWITCH_VARIABLE} is set.`, {
      hint: `Unset ${SWITCH_VARIABLE} and start Sheaf again to decide it here.`
    })
  }
}
