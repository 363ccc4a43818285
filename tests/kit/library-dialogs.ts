/**
 * Dependencies of a group of handlers around a real Sheaf. System dialogs are recorded instead of opened.
 * What the session stores for the screens is held in memory.
 */
import type { SystemDialogs } from '../../src/main/ipc/system-dialogs'
import type { HandlerDeps } from '../../src/main/ipc/handler-deps'
import { nodeHost } from '../../src/main/platform/node-host'
import { makeLog } from '../../src/main/platform/log'
import type { Session } from '../../src/main/session/session-api'
import type { SheafWorld } from './sheaf-world'

export interface NotedDialogs extends SystemDialogs {
  readonly copied: string[]
  readonly revealed: string[]
  readonly opened: string[]
  saveAt: string | null
}

export function notedDialogs(): NotedDialogs {
  const systemDialogs: NotedDialogs = {
    copied: [],
    revealed: [],
    opened: [],
    saveAt: null,
    chooseFiles: () => Promise.resolve([]),
    chooseFolder: () => Promise.resolve(null),
    chooseWhereToSave: () => Promise.resolve(systemDialogs.saveAt),
    copyText: (text) => {
      systemDialogs.copied.push(text)
    },
    openInBrowser: () => Promise.resolve(),
    openPath: (path) => {
      systemDialogs.opened.push(path)
      return Promise.resolve()
    },
    revealInFolder: (path) => {
      systemDialogs.revealed.push(path)
    },
    companionFolder: () => ''
  }
  return systemDialogs
}

export function partsAround(
  world: SheafWorld,
  more: Partial<Session> = {}
): HandlerDeps & { readonly systemDialogs: NotedDialogs } {
  const remembered: Record<string, unknown> = {}
  const session = {
    get sheaf() {
      return world.sheaf
    },
    dataDir: world.dataDir,
    library: { folder: world.libraryDir },
    view: () => ({ remembered }),
    settings: {
      remember: (key: string, value: unknown) => {
        remembered[key] = JSON.parse(JSON.stringify(value)) as unknown
        return Promise.resolve()
      }
    },
    events: { tell: () => undefined, on: () => () => undefined },
    run: {
      wake: () => undefined,
      plan: async (drafts: Parameters<Session['run']['plan']>[0], signal: AbortSignal) => {
        const report = await world.sheaf.plan({ drafts, formats: ['pdf'] }, signal)
        return {
          ...report,
          removed: report.tombstones,
          jobIds: report.planned.map((line) => line.job_id)
        }
      }
    },
    ...more
  } as unknown as Session
  const log = makeLog(
    () => undefined,
    'error',
    () => 0
  )
  return {
    session,
    systemDialogs: notedDialogs(),
    host: nodeHost(log),
    recentLog: () => [],
    revision: () => 7,
    signal: new AbortController().signal
  }
}
