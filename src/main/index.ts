/**
 * Electron's entry: waits until the app is ready, opens the window, and ends when it is closed. It is
 * thin on purpose. Nothing here may wait at the top level: Electron holds `ready` back until this
 * module has been evaluated.
 */
import { app, BrowserWindow } from 'electron'
import { guardEveryPage, openWindow } from './shell/window'

function start(): void {
  guardEveryPage(app)
  openWindow()
  app.on('activate', () => {
    // macOS keeps an app without windows; a click on its icon wants one.
    if (BrowserWindow.getAllWindows().length === 0) openWindow()
  })
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  void app.whenReady().then(start)
} else {
  app.quit()
}
