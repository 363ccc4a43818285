/**
 * Joins the shell: the window at once, the session meanwhile, and menu, tray, notifications, power and
 * network around them. Everything here follows the session's state; nothing here deals with papers.
 */
import { app, BrowserWindow, dialog, nativeTheme } from 'electron'
import { homepage } from '../../../package.json'
import windowIcon from '../../../resources/icons/256x256.png?asset'
import type { Events } from '../../contract/events'
import type { Theme } from '../../contract/settings'
import type { RunView } from '../../contract/views'
import type { Core } from '../core'
import type { Host } from '../platform/host'
import { STOP_SIGNALS } from '../platform/stop-signals'
import type { Session } from '../session/session-api'
import { watchAlerts } from './alert-notices'
import type { Commands, Shown } from './commands'
import { systemDialogs } from './system-dialogs'
import { makeDockProgress } from './dock-progress'
import { makePendingNavigation } from './pending-navigation'
import { guardTheProfile } from './guard'
import { onUnexpected } from './crash-handler'
import { makeMenu } from './menu'
import { followNetwork } from './network'
import { makeNotifier } from './notifications'
import { onClose } from './on-close'
import { followPower } from './power'
import { serveThePage } from './protocol'
import { makeQuit } from './quit'
import { mayPause, runLine } from './run-words'
import { answerRequests, tellPages } from './transport'
import { makeTray } from './tray'
import { lookForUpdates } from './updates'
import { openWindow, showWindow } from './window'
import { recallWindow } from './window-memory'

export interface ShellParts {
  readonly host: Host
  readonly dataDir: string
  /** Loads what is below the window; called when the page has its scripts and this process is idle. */
  readonly openCore: (pageServed: Promise<void>) => Promise<Core>
  /** Aborted here when the app closes: the core ends its work. */
  readonly closing: AbortController
  /** Resolves when the log is on disk. */
  readonly closeLog: () => Promise<void>
  readonly rendererDir: string
  readonly preload: string
  readonly devServer: string | null
}

export interface Shell {
  /** Files from a second start, or from the system. */
  readonly openFiles: (paths: readonly string[]) => void
  readonly show: () => void
}

const CLOSE_WITHIN_MS = 2_000

/** Size: the app's start in order; the decisions are in the files beside it. */
export function startShell(parts: ShellParts): Shell {
  const { host, dataDir, devServer, closing } = parts
  const { log } = host
  let session: Session | null = null
  let run: RunView | null = null
  let theme: Theme = recallWindow(dataDir).theme
  nativeTheme.themeSource = theme

  let pageIsServed: () => void = () => undefined
  const core = parts.openCore(
    new Promise((resolve) => {
      pageIsServed = resolve
    })
  )
  const opened = core.then((one) => one.opened)
  const pendingNavigation = makePendingNavigation((where) => {
    tellPages('go', where)
  })
  const setting = <K extends 'general.closeToTray' | 'general.notify' | 'general.checkUpdates'>(key: K) =>
    session?.settings.loaded().settings[key] ?? false

  guardTheProfile(devServer, log)
  serveThePage({
    rendererDir: parts.rendererDir,
    devServer,
    log,
    served: pageIsServed,
    bytes: async (path, range) => (await opened).bytes(path, range)
  })
  answerRequests({
    answer: async (name, input) => (await core).answer(name, input),
    devServer,
    log,
    pageListens: pendingNavigation.listens
  })

  // ── The window ──
  const show = (): void => {
    const [window] = BrowserWindow.getAllWindows()
    if (window === undefined) open()
    else showWindow(window)
  }
  const open = (): void => {
    const window = openWindow({
      dataDir,
      files: host.files,
      log,
      preload: parts.preload,
      icon: windowIcon,
      theme: () => theme,
      onClose: (fullScreen) =>
        onClose({
          quitting: quitting.begun(),
          closeToTray: setting('general.closeToTray'),
          trayIsThere: tray.isThere,
          platform: process.platform,
          fullScreen
        })
    })
    window.webContents.on('did-start-loading', pendingNavigation.gone)
    window.once('closed', pendingNavigation.gone)
    // Windows ends the session without asking the app, and the process soon after. An incomplete quit is like
    // a kill: the lock stays, so that the next start, which checks pid and start time
    // (`platform/process-start.ts`), finds at once which leases are dead.
    window.on('session-end', quit)
  }
  const go = (where: Events['go']): void => {
    show()
    pendingNavigation.go(where)
  }

  // ── Commands from outside of the page ──
  const quit = (): void => {
    app.quit()
  }
  const commands: Commands = {
    show,
    go: (place) => {
      go({ place })
    },
    palette: () => {
      go({ place: 'queue', palette: true })
    },
    pauseOrResume: () => {
      if (session === null) return
      attempt('pause or resume', mayPause(run?.phase ?? null) ? session.run.pause() : session.run.start())
    },
    theme: (wanted) => {
      if (session !== null) attempt('change the theme', session.settings.set('general.theme', wanted))
    },
    guide: () => {
      attempt('open the guide', systemDialogs.openInBrowser(`${homepage}/guide`))
    },
    quit
  }
  const attempt = (what: string, doing: Promise<void>): void => {
    doing.catch((error: unknown) => {
      log.warn(`Sheaf could not ${what}.`, { error: String(error) })
    })
  }

  // ── Displays outside of the page ──
  const tray = makeTray(commands, log)
  const drawMenu = makeMenu(commands, !app.isPackaged)
  const drawDock = makeDockProgress()
  const notifier = makeNotifier(
    {
      wanted: () => setting('general.notify'),
      clicked: ({ place }) => {
        go({ place })
      }
    },
    log
  )
  const draw = (): void => {
    const shown: Shown = {
      line: runLine(run),
      pauses: mayPause(run?.phase ?? null),
      ready: session !== null,
      theme
    }
    drawMenu(shown)
    tray.draw(shown)
    drawDock(run)
  }
  const followTheme = (wanted: Theme): void => {
    if (wanted === theme) return
    theme = wanted
    nativeTheme.themeSource = wanted
  }

  // ── The end ──
  const updates = lookForUpdates(() => setting('general.checkUpdates'), log)
  const close = async (): Promise<void> => {
    closing.abort(new Error('Sheaf closes'))
    await opened.then(
      (one) => one.close(),
      () => undefined
    )
  }
  const quitting = makeQuit({
    close: async () => {
      await close()
      await parts.closeLog()
    },
    waitMs: CLOSE_WITHIN_MS,
    end: (clean) => {
      if (!clean) updates.leaveIt()
      app.quit()
      // If a window or listener refuses to close: everything of ours is closed already.
      setTimeout(() => {
        app.exit(0)
      }, 1_000).unref()
    }
  })
  app.on('before-quit', (event) => {
    if (!quitting.mayGo()) event.preventDefault()
  })
  for (const signal of STOP_SIGNALS) process.on(signal, quit)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') quit()
  })
  app.on('activate', show)
  onUnexpected(process, {
    log,
    close: async () => {
      await Promise.race([close(), host.clock.sleep(CLOSE_WITHIN_MS)])
      await Promise.race([parts.closeLog(), host.clock.sleep(500)])
    },
    tell: (title, text) => {
      dialog.showErrorBox(title, text)
    },
    end: () => {
      app.exit(1)
    }
  })

  // ── Start ──
  draw()
  open()
  opened.then(
    ({ session: own, hasAnswered }) => {
      session = own
      const power = followPower(own, log, quit)
      const stopNetwork = followNetwork(own)
      const alerts = watchAlerts(host, {
        alerts: () => own.sheaf.alerts(closing.signal),
        show: (notice) => {
          notifier.show(notice)
        }
      })
      closing.signal.addEventListener('abort', () => {
        stopNetwork()
        alerts.stop()
      })
      const applySettings = (): void => {
        followTheme(own.settings.loaded().settings['general.theme'])
        power.follow(run?.phase ?? null, own.settings.loaded().settings['general.keepAwake'])
        draw()
      }
      own.events.on((name, payload) => {
        if (closing.signal.aborted) return
        if (name === 'go') {
          go(payload)
          return
        }
        tellPages(name, payload)
        if (name === 'run') {
          const wasAtWork = run !== null && run.phase !== 'idle'
          run = payload
          notifier.run(run)
          if (wasAtWork && run.phase === 'idle') alerts.look()
          applySettings()
        } else if (name === 'settings' || name === 'app') applySettings()
      })
      run = own.run.view()
      if (hasAnswered()) {
        tellPages('app', own.view())
        tellPages('run', run)
        tellPages('jobs', { revision: run.revision, changed: 'many', live: [] })
      }
      notifier.run(run)
      applySettings()
    },
    (error: unknown) => {
      // The session opens even when the ledger cannot be opened; an error here is a bug, and nothing works.
      throw error
    }
  )

  return {
    show,
    openFiles: (paths) => {
      if (paths.length === 0) return
      show()
      opened
        .then(async (one) => {
          const previewId = await one.readFiles(paths)
          go({ place: 'add', previewId })
        })
        .catch((error: unknown) => {
          log.warn('A file could not be opened.', { error: String(error) })
          session?.events.tell('notice', {
            tone: 'attention',
            text: 'The file could not be read.',
            hint: error instanceof Error ? error.message : null
          })
        })
    }
  }
}
