/**
 * Electron's entry: settles the folders, builds a Host, joins session and ipc under the shell, and
 * sees that there is one Sheaf a data folder. Nothing here may wait at the top level: Electron holds
 * `ready` back until this module has been evaluated.
 */
import { app } from 'electron'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'
import { makeAnswer } from './ipc/answer'
import { makeHandlers } from './ipc/handlers'
import { keepSeen } from './ipc/keep-seen'
import { makeBytes } from './ipc/page-bytes'
import { readFilesIntoPreview } from './ipc/read-preview'
import { nodeFiles } from './platform/node-files'
import { nodeClock, nodeHost } from './platform/node-host'
import { openSession } from './session/session'
import { standardLibraryDir, type Machine } from './settings/standard-folders'
import { makeAppLog } from './shell/app-log'
import { dataFolders } from './shell/data-folder'
import { guardEveryPage } from './shell/guard'
import { filesToOpen, isReferenceFile } from './shell/opened-files'
import { nameTheScheme } from './shell/protocol'
import { startShell, type Shell } from './shell/start-shell'

const here = import.meta.dirname
const machine: Machine = { platform: process.platform, home: homedir(), env: process.env }
const { dataDir, browserDir } = dataFolders(app.commandLine.getSwitchValue('user-data-dir'), machine)
app.setName('Sheaf')
app.setAppUserModelId('org.example.sheaf')
app.setPath('userData', dataDir)
app.setPath('sessionData', browserDir)
app.enableSandbox()
nameTheScheme()

/** Every system Electron runs on is one of these three to the page. */
function platformOf(platform: NodeJS.Platform): 'win32' | 'darwin' | 'linux' {
  return platform === 'win32' || platform === 'darwin' ? platform : 'linux'
}

/** What was named on this command line; in development the app's own folder comes first. */
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
  // macOS hands files over by an event of its own, possibly before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    if (isReferenceFile(path)) openFiles([path])
  })
  const appLog = makeAppLog(nodeFiles, dataDir, () => nodeClock.now())
  const devServer = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null)
  // Chromium asks before a page reaches into the local network; the bundler’s client may.
  if (devServer !== null) app.commandLine.appendSwitch('disable-features', 'LocalNetworkAccessChecks')
  guardEveryPage(devServer, appLog.log)
  const host = nodeHost(appLog.log)
  void app.whenReady().then(() => {
    shell = startShell({
      host,
      dataDir,
      recentLog: appLog.recent,
      closeLog: appLog.close,
      rendererDir: join(here, '../renderer'),
      preload: join(here, '../preload/index.cjs'),
      devServer,
      openSession: (beforeOpening) =>
        openSession(host, {
          dataDir,
          standardLibraryDir: standardLibraryDir(machine),
          version,
          platform: platformOf(process.platform),
          beforeOpening
        }),
      join: (parts) => {
        const seen = keepSeen(parts)
        return {
          answer: seen.noting(makeAnswer(makeHandlers(parts), host.log)),
          bytes: makeBytes(parts),
          readFiles: async (paths) => (await readFilesIntoPreview(parts, paths)).previewId,
          close: seen.close
        }
      }
    })
    shell.openFiles(waiting.splice(0))
  })
} else {
  app.quit()
}
