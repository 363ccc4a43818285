/**
 * The window, and what a page in it may do: nothing but show itself and talk through the preload. No
 * Node in the page, no other page, no new window, no permission. It shows local files only.
 */
import { BrowserWindow, session, type App } from 'electron'
import { join } from 'node:path'

const here = import.meta.dirname

export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1180,
    height: 780,
    minWidth: 640,
    minHeight: 480,
    show: false,
    title: 'Sheaf',
    webPreferences: {
      preload: join(here, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false
    }
  })
  // Shown once there is something to see: no white flash.
  window.once('ready-to-show', () => {
    window.show()
  })
  const devServer = process.env['ELECTRON_RENDERER_URL']
  const loaded = devServer ? window.loadURL(devServer) : window.loadFile(join(here, '../renderer/index.html'))
  loaded.catch((error: unknown) => {
    process.stderr.write(`The window could not be loaded: ${String(error)}\n`)
  })
  return window
}

/** What holds for every page that ever exists in this app. */
export function guardEveryPage(app: App): void {
  app.on('web-contents-created', (_, page) => {
    page.setWindowOpenHandler(() => ({ action: 'deny' }))
    page.on('will-navigate', (event) => {
      event.preventDefault()
    })
    page.on('will-attach-webview', (event) => {
      event.preventDefault()
    })
  })
  session.defaultSession.setPermissionRequestHandler((_, __, answer) => {
    answer(false)
  })
  session.defaultSession.setPermissionCheckHandler(() => false)
}
