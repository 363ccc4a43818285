/** Settings as the page shows them: each with its value and origin. */
import type { ErrorData } from './errors'
import type { SettingKey, SettingOrigin } from './settings'

export interface SettingView {
  readonly key: SettingKey
  readonly value: unknown
  readonly default: unknown
  readonly origin: SettingOrigin
  readonly about: string
  readonly unit: string | null
  /** the environment variable that sets it: then it cannot be changed here */
  readonly overriddenBy: string | null
}
/** The result of one request to a service with the current settings. */
export interface ConnectionTest {
  readonly host: string
  /** the proxy it went through, `host:port`; null: none */
  readonly proxy: string | null
  readonly elapsedMs: number
  /** status of the answer; null: there was none */
  readonly status: number | null
  readonly error: ErrorData | null
}
export interface SettingsView {
  readonly entries: readonly SettingView[]
  /** values in the file or environment that could not be used */
  readonly problems: readonly ErrorData[]
  readonly dataFolder: string
  readonly libraryFolder: string
  readonly revision: number
}

/** Preview of renaming existing papers to the naming template. */
export interface RenamePreview {
  readonly renames: number
  /** papers whose file keeps its name: it was changed by the user, is missing, or is not recorded */
  readonly kept: number
  /** a few of them, names under the folder of papers */
  readonly examples: readonly { readonly from: string; readonly to: string }[]
}

export interface RenameOutcome {
  readonly renamed: number
  readonly kept: number
  readonly failed: number
  /** the user stopped it early */
  readonly isStopped: boolean
}
