/** What the menu, the tray and the dock can ask for; `start-shell.ts` gives them their meaning. */
import type { Theme } from '../../contract/settings'
import type { Place } from '../../contract/events'

export interface Commands {
  readonly show: () => void
  readonly go: (place: Place) => void
  readonly palette: () => void
  readonly pauseOrResume: () => void
  readonly theme: (theme: Theme) => void
  readonly guide: () => void
  readonly quit: () => void
}

/** What they show. */
export interface Shown {
  readonly line: string
  /** the button says Pause, else Resume */
  readonly pauses: boolean
  /** false until the session is open */
  readonly ready: boolean
  readonly theme: Theme
}
