/**
 * Updates of Sheaf, from the feed named in the package: checked and downloaded in the background if the user
 * wants that, installed only after a clean quit, never during downloads. An unreachable feed or a failed
 * download only causes a log line.
 */
import { app } from 'electron'
import { execFile } from 'node:child_process'
import type { Log } from '../platform/log'
import { updatePolicy } from './update-policy'
import { HOUR_SECONDS } from '../../contract/durations'

const FIRST_LOOK_MS = 60_000
const LOOK_EVERY_MS = 6 * HOUR_SECONDS * 1000

export interface Updates {
  /** Sheaf did not close cleanly: the downloaded update stays until the next time. */
  readonly leaveIt: () => void
}

export function lookForUpdates(wanted: () => boolean, log: Log): Updates {
  let leaveIt = (): void => undefined
  const look = async (): Promise<void> => {
    if (!wanted()) return
    // A large library, rarely needed.
    const { autoUpdater } = await import('electron-updater').then((module) => module.default)
    autoUpdater.logger = null
    autoUpdater.autoDownload = true
    autoUpdater.autoInstallOnAppQuit = true
    leaveIt = () => {
      autoUpdater.autoInstallOnAppQuit = false
    }
    const found = await autoUpdater.checkForUpdates()
    // With autoDownload the download is a separate promise: unhandled, its failure would end the app.
    await found?.downloadPromise
  }
  const quietly = (): void => {
    look().catch((error: unknown) => {
      log.info('No newer version could be looked for or downloaded.', { error: String(error).slice(0, 300) })
    })
  }
  void isSigned().then((signed) => {
    const policy = updatePolicy({
      packaged: app.isPackaged,
      platform: process.platform,
      env: process.env,
      signed
    })
    if (policy.kind === 'none') {
      log.info('Sheaf does not update itself.', { because: policy.because })
      return
    }
    setTimeout(quietly, FIRST_LOOK_MS).unref()
    setInterval(quietly, LOOK_EVERY_MS).unref()
  })
  return {
    leaveIt: () => {
      leaveIt()
    }
  }
}

/** macOS only: does the system accept this application's signature? */
function isSigned(): Promise<boolean> {
  if (process.platform !== 'darwin' || !app.isPackaged) return Promise.resolve(false)
  return new Promise((resolve) => {
    execFile(
      '/usr/bin/codesign',
      ['--verify', '--strict', process.execPath],
      { timeout: 10_000 },
      (error) => {
        resolve(error === null)
      }
    )
  })
}
