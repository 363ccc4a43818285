/** Progress on the dock or taskbar, and the number of papers that need the user as a badge. */
import { app, BrowserWindow } from 'electron'
import type { RunView } from '../../contract/views'
import { dockView } from './run-words'

export function makeDockProgress(): (run: RunView | null) => void {
  let drawn = ''
  let badge = 0
  return (run) => {
    const view = dockView(run)
    // The dock shows no finer steps than one per cent.
    const progress = view.progress < 0 ? -1 : Math.round(view.progress * 100) / 100
    const wanted = `${progress} ${view.mode}`
    if (wanted !== drawn) {
      drawn = wanted
      for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(progress, { mode: view.mode })
    }
    if (view.badge !== badge) {
      badge = view.badge
      app.setBadgeCount(badge)
    }
  }
}
