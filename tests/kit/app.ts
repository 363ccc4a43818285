/**
 * A whole Sheaf as a user has it: the built app on its host, a data folder, a library, and the fixture web
 * instead of the internet. Nothing of the app is simulated. A world can be started, closed, killed and
 * started again; `test` gives a spec its worlds and cleans up after it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { expect, test as plainTest } from 'playwright/test'
import type { Settings } from '../../src/contract/settings'
import type { WebOptions, Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { startWorld, type World } from '../web/scholarly'
import { killHard, makeFolder, startBeside, startElectron } from './electron-host'
import { repositoryRoot } from './shared'

export interface AppStart {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface WorldOptions {
  readonly settings?: Partial<Settings>
  /** false: the welcome screen was not answered yet */
  readonly welcomed?: boolean
  readonly web?: WebOptions
}

/** A computer without Sheaf's data folder, with a copy of the library folder. */
export interface OtherComputer {
  readonly dataDir: string
  readonly libraryDir: string
  /** shows the welcome screen */
  start(how?: AppStart): Promise<RunningApp>
}

export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** Quits as a user does; resolves with the milliseconds by which the app delayed the end. */
  close(): Promise<number>
  /** SIGKILL of the main process and of its browser. */
  kill(): Promise<void>
}

export interface AppWorld {
  readonly web: Web
  readonly world: World
  readonly dataDir: string
  readonly libraryDir: string
  /** resolves when the app can be used */
  start(how?: AppStart): Promise<RunningApp>
  /** a second start beside the running one; resolves with its exit code */
  startAgain(args: readonly string[]): Promise<number | null>
  settingsFile(): Readonly<Record<string, unknown>>
  /** relative path → sha256 of every file under objects/ */
  objects(): Promise<Map<string, string>>
  papers(): Promise<string[]>
  /** A copy of the library folder as it is now, and nothing else. */
  otherComputer(): OtherComputer
}

/** The built app; another one, such as an unpacked package, may be named. */
const APP = process.env['SHEAF_APP'] ?? repositoryRoot

type OpenWorld = (works: readonly WorldWork[], options?: WorldOptions) => Promise<AppWorld>

/** `openWorld` for a spec: its apps are closed and its folders removed when the spec has ended. */
export const test = plainTest.extend<{ openWorld: OpenWorld }>({
  // Playwright reads the needed fixtures from this pattern; this one needs none.
  openWorld: async ({}, use) => {
    const open: OneWorld[] = []
    await use(async (works, options = {}) => {
      const made = await OneWorld.open(works, options)
      open.push(made)
      return made
    })
    for (const world of open) await world.end()
    expect(
      open.flatMap((world) => world.complaints),
      'what the pages complained about'
    ).toEqual([])
  }
})
export { expect } from 'playwright/test'

class OneWorld implements AppWorld {
  readonly dataDir: string
  readonly libraryDir: string
  /** errors on the pages' consoles: a refused script, a request that failed, an exception */
  readonly complaints: string[] = []
  readonly #running = new Set<ElectronApplication>()

  private constructor(
    readonly web: Web,
    readonly world: World,
    readonly folder: ReturnType<typeof makeFolder>
  ) {
    this.dataDir = join(folder.path, 'data')
    this.libraryDir = join(folder.path, 'library')
  }

  static async open(works: readonly WorldWork[], options: WorldOptions): Promise<OneWorld> {
    const { web, world } = await startWorld(works, options.web)
    const made = new OneWorld(web, world, makeFolder('app'))
    mkdirSync(made.dataDir)
    const settings: Partial<Settings> = {
      'general.mailto': 'reader@example.org',
      // A stored value of the switch implies that the welcome screen was answered.
      ...(options.welcomed === false ? {} : { 'safety.switch': 'on' as const }),
      'files.library': made.libraryDir,
      ...surroundings(web),
      ...options.settings
    }
    writeFileSync(join(made.dataDir, 'settings.json'), JSON.stringify(settings))
    if (options.welcomed !== false)
      writeFileSync(join(made.dataDir, 'ui.json'), JSON.stringify({ v: 1, welcomed: true }))
    return made
  }

  start(how: AppStart = {}): Promise<RunningApp> {
    return this.#startOn(this.dataDir, how)
  }

  otherComputer(): OtherComputer {
    const dataDir = join(this.folder.path, 'data of another computer')
    const libraryDir = join(this.folder.path, 'library of another computer')
    mkdirSync(dataDir)
    cpSync(this.libraryDir, libraryDir, { recursive: true })
    writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(surroundings(this.web)))
    return { dataDir, libraryDir, start: (how = {}) => this.#startOn(dataDir, how) }
  }

  async #startOn(dataDir: string, how: AppStart): Promise<RunningApp> {
    const app = await startElectron({ appPath: APP, userData: dataDir, ...how })
    this.#running.add(app)
    const page = await app.firstWindow()
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message))
    // Keys and drops work from here on; before that, the page shows that it opens.
    await page.locator('#app > :not(.opening)').first().waitFor()
    return {
      app,
      page,
      close: async () => {
        this.#running.delete(app)
        return closeAndTime(app)
      },
      kill: async () => {
        this.#running.delete(app)
        await killHard(app)
      }
    }
  }

  startAgain(args: readonly string[]): Promise<number | null> {
    return startBeside({ appPath: APP, userData: this.dataDir, args })
  }

  settingsFile(): Readonly<Record<string, unknown>> {
    return JSON.parse(readFileSync(join(this.dataDir, 'settings.json'), 'utf8')) as Record<string, unknown>
  }

  async objects(): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const shard of await namesIn(join(this.libraryDir, 'objects'))) {
      for (const name of await namesIn(join(this.libraryDir, 'objects', shard))) {
        const bytes = await readFile(join(this.libraryDir, 'objects', shard, name))
        found.set(`objects/${shard}/${name}`, createHash('sha256').update(bytes).digest('hex'))
      }
    }
    return found
  }

  papers(): Promise<string[]> {
    return namesIn(join(this.libraryDir, 'papers'))
  }

  async end(): Promise<void> {
    for (const app of this.#running) await app.close()
    await this.web.close()
    await this.folder.remove()
  }
}

/** Options of every app in a test: where its web is, and that no other server is asked. */
function surroundings(web: Web): Partial<Settings> {
  return {
    'general.checkUpdates': false,
    'network.rates': { '*': 500 },
    'network.connectTo': [...web.connectTo],
    'network.firstByteTimeoutMs': 5_000
  }
}

/** From the request to quit until the app lets go; the time that the host needs to end is not counted. */
async function closeAndTime(app: ElectronApplication): Promise<number> {
  let said = ''
  app.process().stdout?.on('data', (text) => (said += String(text)))
  await app.evaluate(({ app: own }) => {
    const began = performance.now()
    own.on('will-quit', () => process.stdout.write(`\nheld back for ${performance.now() - began} ms\n`))
  })
  await app.close()
  const [, ms] = /held back for ([\d.]+) ms/.exec(said) ?? []
  if (ms === undefined) throw new Error('The app ended in another way than by being asked to.')
  return Number(ms)
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : []
}
