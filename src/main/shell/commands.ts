/** The commands of menu, tray and dock; `start-shell.ts` implements them. */
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

/** The state that they display. */
export interface Shown {
  readonly line: string
  /** the button says Pause, else Resume */
  readonly pauses: boolean
  /** false until the session is open */
  readonly ready: boolean
  readonly theme: Theme
}
