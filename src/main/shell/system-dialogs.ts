/**
 * `SystemDialogs` in Electron: dialogs, clipboard, browser and file manager. The only place that passes
 * anything to the system's browser, and only after `webLink`.
 */
import { join } from 'node:path'
import { app, BrowserWindow, clipboard, dialog, shell } from 'electron'
import { fail } from '../../contract/errors'
import type { SystemDialogs } from '../ipc/system-dialogs'
import { webLink } from '../ipc/web-link'

export const systemDialogs: SystemDialogs = {
  async chooseFiles({ title, filters, many }) {
    const { canceled, filePaths } = await overTheWindow((window) => {
      const ask: Electron.OpenDialogOptions = {
        title,
        filters: filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] })),
        properties: many ? ['openFile', 'multiSelections'] : ['openFile']
      }
      return window ? dialog.showOpenDialog(window, ask) : dialog.showOpenDialog(ask)
    })
    return canceled ? [] : filePaths
  },
  async chooseFolder({ title, startAt }) {
    const { canceled, filePaths } = await overTheWindow((window) => {
      const ask: Electron.OpenDialogOptions = {
        title,
        defaultPath: startAt,
        properties: ['openDirectory', 'createDirectory', 'promptToCreate']
      }
      return window ? dialog.showOpenDialog(window, ask) : dialog.showOpenDialog(ask)
    })
    return canceled ? null : (filePaths[0] ?? null)
  },
  async chooseWhereToSave({ title, name }) {
    const { canceled, filePath } = await overTheWindow((window) => {
      const ask: Electron.SaveDialogOptions = { title, defaultPath: name }
      return window ? dialog.showSaveDialog(window, ask) : dialog.showSaveDialog(ask)
    })
    return canceled || filePath === '' ? null : filePath
  },
  copyText(text) {
    // A clipboard held by another program must not end the app; the user can try again.
    Promise.resolve(clipboard.writeText(text)).catch(() => undefined)
  },
  openInBrowser: (url) => shell.openExternal(webLink(url)),
  async openPath(path) {
    const trouble = await shell.openPath(path)
    if (trouble !== '') fail('FILE_UNREADABLE', `The system did not open it: ${trouble}`)
  },
  revealInFolder(path) {
    shell.showItemInFolder(path)
  },
  companionFolder: () =>
    app.isPackaged ? join(process.resourcesPath, 'companion') : join(app.getAppPath(), 'resources/companion')
}

function overTheWindow<T>(show: (window: Electron.BrowserWindow | null) => Promise<T>): Promise<T> {
  return show(BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? null)
}
