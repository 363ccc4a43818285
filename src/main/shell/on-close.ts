/** The effect of closing the window. Pure. */

export interface Closing {
  readonly quitting: boolean
  /** the user's setting */
  readonly closeToTray: boolean
  readonly trayIsThere: boolean
  readonly platform: NodeJS.Platform
  readonly fullScreen: boolean
}

/**
 * On Linux a tray icon can be created without any panel that shows it, so that a hidden window could not be
 * reached: it is minimised instead. macOS leaves an empty black space when a full-screen window is hidden, so
 * it leaves full screen first.
 */
export function onClose(facts: Closing): 'close' | 'hide' | 'minimise' | 'leave_full_screen_then_hide' {
  if (facts.quitting || !facts.closeToTray || !facts.trayIsThere) return 'close'
  if (facts.platform === 'linux') return 'minimise'
  return facts.platform === 'darwin' && facts.fullScreen ? 'leave_full_screen_then_hide' : 'hide'
}
