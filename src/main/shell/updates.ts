/**
 * Newer versions of Sheaf, from the feed named in the package: looked for and fetched in the background
 * if the person wants that, put in place only when Sheaf has quit with everything closed, never while
 * papers come in. A feed that does not answer costs a line in the log and nothing else.
 */
import { app } from 'electron'
import type { Log } from '../platform/log'

const FIRST_LOOK_MS = 60_000
const LOOK_EVERY_MS = 6 * 3_600_000

export interface Updates {
  /** Sheaf did not close cleanly: what was fetched stays where it is until the next time. */
  readonly leaveIt: () => void
}

export function lookForUpdates(wanted: () => boolean, log: Log): Updates {
  let leaveIt = (): void => undefined
  if (app.isPackaged) {
    const look = async (): Promise<void> => {
      if (!wanted()) return
      // A large library for a rare need.
      const { autoUpdater } = await import('electron-updater').then((module) => module.default)
      autoUpdater.logger = null
      autoUpdater.autoDownload = true
      autoUpdater.autoInstallOnAppQuit = true
      leaveIt = () => {
        autoUpdater.autoInstallOnAppQuit = false
      }
      await autoUpdater.checkForUpdates()
    }
    const quietly = (): void => {
      look().catch((error: unknown) => {
        log.info('No newer version could be looked for.', { error: String(error).slice(0, 300) })
      })
    }
    setTimeout(quietly, FIRST_LOOK_MS).unref()
    setInterval(quietly, LOOK_EVERY_MS).unref()
  }
  return {
    leaveIt: () => {
      leaveIt()
    }
  }
}
