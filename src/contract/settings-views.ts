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
/** What came of one question to a service, by the settings as they are. */
export interface ConnectionTest {
  readonly host: string
  /** the proxy it went through, `host:port`; null: none */
  readonly proxy: string | null
  readonly elapsedMs: number
  /** of the answer, whatever it says; null: there was none */
  readonly status: number | null
  readonly error: ErrorData | null
}
export interface SettingsView {
  readonly entries: readonly SettingView[]
  /** what is in the file or the environment and could not be used */
  readonly problems: readonly ErrorData[]
  readonly dataFolder: string
  readonly libraryFolder: string
  readonly revision: number
}

/** What giving the papers that are here the names of the naming template would come to. */
export interface RenamePreview {
  readonly renames: number
  /** papers whose file keeps its name: it was changed by the user, is missing, or is not remembered */
  readonly kept: number
  /** a few of them, names under the folder of papers */
  readonly examples: readonly { readonly from: string; readonly to: string }[]
}

export interface RenameOutcome {
  readonly renamed: number
  readonly kept: number
  readonly failed: number
  /** the user ended it before all were looked at */
  readonly isStopped: boolean
}
