/**
 * A whole session in a temporary folder, with the fixture web instead of the internet: the app without
 * windows. Settings are written to `settings.json` before it opens, as by an earlier session.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EventName } from '../../src/contract/event-names'
import type { Events } from '../../src/contract/events'
import type { Settings } from '../../src/contract/settings'
import type { Host } from '../../src/main/platform/host'
import { makeLog, type LogLine } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { openSession } from '../../src/main/session/open-session'
import type { Sealer } from '../../src/main/settings/sealed-entry'
import type { Session } from '../../src/main/session/session-api'
import type { Web } from '../web/web'
import { draft, worldSettings } from './sheaf-world'
import { tempFolder } from './temp-folder'
import { keptChild } from './kept-children'

export type SessionEvents = { readonly [N in EventName]: Events[N][] }

export interface SessionWorld {
  readonly dataDir: string
  readonly libraryDir: string
  readonly events: SessionEvents
  readonly said: LogLine[]
  readonly session: Session
  plan(identifiers: readonly string[]): Promise<void>
  /** closes and opens again: a restart */
  reopen(): Promise<void>
}

export interface SessionWorldOptions {
  /** the system's keychain */
  readonly sealer?: Sealer
  readonly settings?: Partial<Settings>
  readonly env?: Readonly<Record<string, string>>
  readonly host?: (host: Host) => Host
  /** a folder that another process used before */
  readonly folder?: string
  /** for several tests: the caller closes it, and passes a folder */
  readonly isForAll?: boolean
}

/** The settings that differ from the defaults, in the form of `settings.json`. */
export function writeSettings(dataDir: string, web: Web | null, changed: Partial<Settings> = {}): void {
  mkdirSync(dataDir, { recursive: true })
  const settings = web === null ? changed : { ...ownSettings(web), ...changed }
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(settings))
}

function ownSettings(web: Web): Partial<Settings> {
  const settings = worldSettings(web)
  return {
    'safety.switch': settings['safety.switch'],
    'general.mailto': settings['general.mailto'],
    'network.rates': settings['network.rates'],
    'network.connectTo': settings['network.connectTo'],
    'network.firstByteTimeoutMs': settings['network.firstByteTimeoutMs'],
    'network.stallTimeoutMs': 30_000
  }
}

export async function openSessionWorld(
  web: Web | null,
  options: SessionWorldOptions = {}
): Promise<SessionWorld> {
  const folder = options.folder ?? tempFolder('session')
  const dataDir = join(folder, 'data')
  const libraryDir = join(folder, 'library')
  writeSettings(dataDir, web, options.settings)
  const said: LogLine[] = []
  const plain = nodeHost(
    makeLog(
      (line) => said.push(line),
      'debug',
      () => Date.now() / 1000
    )
  )
  const host: Host = {
    ...(options.host?.(plain) ?? plain),
    startChild: keptChild,
    env: options.env ?? {}
  }
  const events: { [N in EventName]: Events[N][] } = {
    app: [],
    run: [],
    jobs: [],
    library: [],
    lists: [],
    handoff: [],
    imports: [],
    zotero: [],
    bibs: [],
    reconcile: [],
    settings: [],
    searching: [],
    matching: [],
    expecting: [],
    planning: [],
    renaming: [],
    notice: [],
    go: []
  }
  const open = async (): Promise<Session> => {
    const session = await openSession(host, {
      dataDir,
      standardLibraryDir: libraryDir,
      version: '0.0.0-test',
      platform: 'linux',
      sealer: () => Promise.resolve(options.sealer ?? null)
    })
    session.events.on((name, payload) => {
      ;(events[name] as unknown[]).push(payload)
    })
    return session
  }
  let session = await open()
  if (options.isForAll !== true) onTestFinished(() => session.close())
  return {
    dataDir,
    libraryDir,
    events,
    said,
    get session() {
      return session
    },
    async plan(identifiers) {
      await session.run.plan(identifiers.map(draft), new AbortController().signal)
    },
    async reopen() {
      await session.close()
      session = await open()
    }
  }
}
