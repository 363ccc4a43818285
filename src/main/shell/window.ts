/**
 * The window: opens at its former place, is shown once there is content, with the right background from the
 * first frame. Its place is stored shortly after a move. `page-preferences.ts` and `guard.ts` restrict its
 * page.
 */
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import type { Theme } from '../../contract/settings'
import type { Log } from '../platform/log'
import type { Files } from '../platform/files'
import { HOME } from './addresses'
import type { onClose } from './on-close'
import { pagePreferences } from './page-preferences'
import { groundFor } from './theme'
import { openingBounds, SMALLEST } from './window-bounds'
import { recallWindow, rememberWindow } from './window-memory'

export interface WindowParts {
  readonly dataDir: string
  readonly files: Files
  readonly log: Log
  /** the built preload bundle */
  readonly preload: string
  /** an icon for the window's frame on Linux and Windows */
  readonly icon: string
  readonly theme: () => Theme
  /** The effect of closing it (`on-close.ts`). */
  readonly onClose: (fullScreen: boolean) => ReturnType<typeof onClose>
}

const REMEMBER_AFTER_MS = 400

export function openWindow(parts: WindowParts): Electron.BrowserWindow {
  const memory = recallWindow(parts.dataDir)
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...openingBounds(memory.bounds, areas),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Sheaf',
    backgroundColor: groundFor(nativeTheme.shouldUseDarkColors),
    ...(process.platform === 'darwin' ? {} : { icon: parts.icon }),
    webPreferences: pagePreferences(parts.preload)
  })
  const shown = (): void => {
    if (window.isDestroyed() || window.isVisible()) return
    // Maximising also shows the window, so it has to wait, too.
    if (memory.maximised) window.maximize()
    window.show()
  }
  window.once('ready-to-show', shown)
  window.webContents.once('did-finish-load', shown)
  window.on('page-title-updated', (event) => {
    event.preventDefault()
  })
  followGround(window)
  keepInMind(window, parts)
  window.on('close', (event) => {
    const instead = parts.onClose(window.isFullScreen())
    if (instead === 'close') return
    event.preventDefault()
    if (instead === 'minimise') window.minimize()
    else if (instead === 'hide') window.hide()
    else {
      window.once('leave-full-screen', () => {
        window.hide()
      })
      window.setFullScreen(false)
    }
  })
  mendAfterCrash(window, parts.log)
  window.loadURL(HOME).catch((error: unknown) => {
    parts.log.error('The page could not be loaded.', { error: String(error) })
    shown()
  })
  return window
}

/** Brings the window to the front. */
export function showWindow(window: Electron.BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  if (!window.isVisible()) window.show()
  window.focus()
}

function followGround(window: Electron.BrowserWindow): void {
  const follow = (): void => {
    if (!window.isDestroyed()) window.setBackgroundColor(groundFor(nativeTheme.shouldUseDarkColors))
  }
  nativeTheme.on('updated', follow)
  window.once('closed', () => nativeTheme.off('updated', follow))
}

function keepInMind(window: Electron.BrowserWindow, { files, dataDir, theme, log }: WindowParts): void {
  let timer: NodeJS.Timeout | null = null
  const remember = (): void => {
    timer = null
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    const facts = { bounds: window.getNormalBounds(), maximised: window.isMaximized(), theme: theme() }
    rememberWindow(files, dataDir, facts).catch((error: unknown) => {
      log.warn('Where the window stands could not be remembered.', { error: String(error) })
    })
  }
  const soon = (): void => {
    timer ??= setTimeout(remember, REMEMBER_AFTER_MS)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  nativeTheme.on('updated', soon)
  const now = (): void => {
    if (timer === null) return
    clearTimeout(timer)
    remember()
  }
  window.on('close', now)
  app.on('before-quit', now)
  window.once('closed', () => {
    if (timer !== null) clearTimeout(timer)
    app.off('before-quit', now)
    nativeTheme.off('updated', soon)
  })
}

/** Reloads a page that crashed, at most once a minute; main and its ledger are not affected. */
function mendAfterCrash(window: Electron.BrowserWindow, log: Log): void {
  let mendedAt = -Infinity
  window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    log.error('The page ended unexpectedly.', { reason, exitCode })
    if (reason === 'clean-exit' || performance.now() - mendedAt < 60_000) return
    mendedAt = performance.now()
    if (!window.isDestroyed()) window.webContents.reload()
  })
  window.on('unresponsive', () => {
    log.warn('The page does not answer.')
  })
}
