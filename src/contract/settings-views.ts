/** Settings as the page shows them: each with its value and where that comes from. */
import type { ErrorData } from './errors'
import type { SettingKey, SettingOrigin } from './settings'

export interface SettingView {
  readonly key: SettingKey
  readonly value: unknown
  readonly default: unknown
  readonly origin: SettingOrigin
  readonly about: string
  readonly unit: string | null
  /** the variable that decides it, when the environment does: it cannot be changed here then */
  readonly overriddenBy: string | null
}
export interface SettingsView {
  readonly entries: readonly SettingView[]
  /** what is in the file or the environment and could not be used */
  readonly problems: readonly ErrorData[]
  readonly dataFolder: string
  readonly libraryFolder: string
  readonly revision: number
}
