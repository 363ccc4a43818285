/**
 * Electron's entry: determines the folders, builds a Host, connects core and shell, and ensures one Sheaf per
 * data folder. No top-level await: Electron delays `ready` until this module has been evaluated. For the same
 * reason the core is a module of its own, loaded once the window is being created.
 */
import { app } from 'electron'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'
import type { Core } from './core'
import { nodeFiles } from './platform/node-files'
import { nodeClock, nodeHost } from './platform/node-host'
import { closeDataFolder, withPrivateFolder } from './platform/private-folder'
import type { Machine } from './settings/standard-folders'
import { systemVault } from './shell/vault'
import { makeAppLog } from './shell/app-log'
import { dataFolders } from './shell/data-folder'
import { systemDialogs } from './shell/system-dialogs'
import { guardEveryPage } from './shell/guard'
import { filesToOpen, isReferenceFile } from './shell/opened-files'
import { nameTheScheme } from './shell/protocol'
import { sandboxNote } from './shell/sandbox-note'
import { systemProxy } from './shell/system-proxy'
import { startShell, type Shell } from './shell/start-shell'
import { startUtility } from './shell/utility-child'

const here = import.meta.dirname
const machine: Machine = { platform: process.platform, home: homedir(), env: process.env }
const { dataDir, browserDir } = dataFolders(app.commandLine.getSwitchValue('user-data-dir'), machine)
app.setName('Sheaf')
app.setAppUserModelId('org.example.sheaf')
app.setPath('userData', dataDir)
app.setPath('sessionData', browserDir)
nameTheScheme()

/** Every system supported by Electron is one of these three to the page. */
function platformOf(platform: NodeJS.Platform): 'win32' | 'darwin' | 'linux' {
  return platform === 'win32' || platform === 'darwin' ? platform : 'linux'
}

/** Files named on this command line; in development the app's own folder comes first. */
const named = (argv: readonly string[], workingDir: string): readonly string[] =>
  filesToOpen(argv.slice(app.isPackaged ? 1 : 2), workingDir)

if (app.requestSingleInstanceLock()) {
  const waiting = [...named(process.argv, process.cwd())]
  let shell: Shell | null = null
  const openFiles = (paths: readonly string[]): void => {
    if (shell === null) waiting.push(...paths)
    else shell.openFiles(paths)
  }
  app.on('second-instance', (_, argv, workingDir) => {
    shell?.show()
    openFiles(named(argv, workingDir))
  })
  // macOS passes files by an event, possibly before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    if (isReferenceFile(path)) openFiles([path])
  })
  const files = withPrivateFolder(nodeFiles, dataDir)
  const appLog = makeAppLog(files, dataDir, () => nodeClock.now())
  const devServer = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null)
  // Chromium asks before a page accesses the local network; the bundler’s client may do so.
  if (devServer !== null) app.commandLine.appendSwitch('disable-features', 'LocalNetworkAccessChecks')
  guardEveryPage(devServer, appLog.log)
  const note = sandboxNote({ noSandbox: app.commandLine.hasSwitch('no-sandbox') })
  if (note !== null) appLog.log.warn(note)
  const host = { ...nodeHost(appLog.log, 'app', true), files, startChild: startUtility, systemProxy }
  const closing = new AbortController()
  const openCore = (pageServed: Promise<void>): Promise<Core> =>
    import('./core').then((core) =>
      core.openCore({
        host,
        systemDialogs,
        recentLog: appLog.recent,
        dataDir,
        // The system returns the documents folder even if it was moved or renamed.
        standardLibraryDir: join(app.getPath('documents'), 'Sheaf'),
        version,
        platform: platformOf(process.platform),
        sealer: systemVault(),
        pageServed,
        signal: closing.signal
      })
    )
  void app.whenReady().then(() => {
    void closeDataFolder(files, dataDir, machine.home)
    shell = startShell({
      host,
      dataDir,
      openCore,
      closing,
      closeLog: appLog.close,
      rendererDir: join(here, '../renderer'),
      preload: join(here, '../preload/index.cjs'),
      devServer
    })
    shell.openFiles(waiting.splice(0))
  })
} else {
  app.quit()
}
