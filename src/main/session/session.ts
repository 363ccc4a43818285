/**
 * A user's session: decides which workspace is open, handles requests of the user and of the machine, and
 * emits the events of the contract. It decides when things happen; the workspace and Sheaf know how. It opens
 * whatever the state of the ledger: a failure is shown, and the rest of the app works.
 */
import { asSheafError, fail, SheafError, type ErrorData } from '../../contract/errors'
import type { SettingKey, Settings } from '../../contract/settings'
import type { AppView, Workspace as WorkspaceName } from '../../contract/views'
import type { Host } from '../platform/host'
import { OneAtATime } from '../platform/one-at-a-time'
import type { Sheaf } from '../sheaf-api'
import type { BibWatch } from './bib-watch'
import type { CompanionPort } from './companion-port'
import { NOTHING_RUNS } from './run-view'
import {
  clearSample,
  sampleDrafts,
  samplePlace,
  sampleSettings,
  startSampleWeb,
  type SampleWeb
} from './sample-workspace'
import type {
  Session,
  SessionChecks,
  SessionLibrary,
  SessionListeners,
  Tell,
  SessionMachine,
  SessionParts,
  SessionRun,
  SessionSample,
  SessionSettings
} from './session-api'
import type { SessionEvents } from './session-events'
import { checksOf, runOf } from './session-parts'
import { settingsOf } from './session-settings'
import type { LiveSettings } from './settings-live'
import type { UiMemory } from './ui-memory'
import { Workspace } from './workspace'

interface Kept {
  readonly settings: LiveSettings
  readonly memory: UiMemory
  readonly events: SessionEvents
}

export class LiveSession implements Session {
  readonly dataDir: string
  readonly run: SessionRun
  readonly settings: SessionSettings
  readonly library: SessionLibrary
  readonly checks: SessionChecks
  readonly events: SessionListeners
  readonly sample: SessionSample
  readonly machine: SessionMachine
  #begun: Promise<void> = Promise.resolve()
  readonly #host: Host
  readonly #parts: SessionParts
  readonly #settings: LiveSettings
  readonly #memory: UiMemory
  readonly #events: SessionEvents
  #revision = 0
  #workspace: Workspace | null = null
  #name: WorkspaceName = 'own'
  #sampleWeb: SampleWeb | null = null
  #isSampleFresh = false
  #trouble: SheafError | null = null
  #switchTrouble: ErrorData | null = null
  #isOnline = true
  #isClosed = false
  #appText = ''
  /** serializes opening, closing and changing workspaces */
  readonly #changes = new OneAtATime()

  constructor(host: Host, parts: SessionParts, { settings, memory, events }: Kept) {
    this.#host = host
    this.#parts = parts
    this.#settings = settings
    this.#memory = memory
    this.#events = events
    this.dataDir = parts.dataDir
    const workspace = { now: () => this.#workspace, must: () => this.#open() }
    this.run = runOf(workspace, {
      begun: () => this.#begun,
      idle: () => ({
        ...NOTHING_RUNS,
        limit: settings.loaded.settings['network.maxBandwidth'],
        revision: this.#revision
      }),
      rememberPause: async (paused) => {
        if (this.#name === 'own') await memory.setPaused(paused)
      }
    })
    this.checks = checksOf(workspace, events.reconciled.call)
    this.settings = settingsOf({
      settings,
      memory,
      sealer: parts.sealer,
      keys: () => this.#open().keys,
      apply: (key) => this.#apply(key),
      onChanged: () => {
        this.#settingsAreOther()
      }
    })
    this.library = this.#libraryPart()
    this.events = {
      on: (tell) => events.on(tell),
      tell: this.#tell,
      onReconciled: (listener) => events.reconciled.add(listener),
      onSettings: (listener) => events.settings.add(listener)
    }
    this.sample = { enter: () => this.#enterSample(), leave: () => this.#leaveSample() }
    this.machine = {
      suspend: async () => {
        await Promise.all([this.#workspace?.suspend(), memory.flush()])
      },
      resume: async () => {
        await this.#workspace?.resume()
      },
      network: (online) => {
        this.#isOnline = online
        this.#followNetwork()
      }
    }
  }

  view(): AppView {
    const { settings, origins } = this.#settings.loaded
    return {
      version: this.#parts.version,
      platform: this.#parts.platform,
      firstStart: !this.#memory.welcomed && origins['safety.switch'] !== 'file',
      workspace: this.#name,
      libraryFolder: this.#libraryFolder(),
      mailto: settings['general.mailto'],
      switch: this.#name === 'sample' ? 'on' : this.#effective()['safety.switch'],
      trouble: this.#trouble?.toData() ?? null,
      switchTrouble: this.#switchTrouble,
      libraryTrouble: this.#workspace?.library.trouble ?? null,
      offersRebuild: this.#workspace?.library.offersRebuild ?? false,
      remembered: this.#memory.remembered
    }
  }

  get sheaf(): Sheaf {
    if (this.#workspace !== null) return this.#workspace.sheaf
    throw this.#trouble ?? new SheafError('TRANSITION_REFUSED', 'The library is being opened or closed.')
  }

  readonly #tell: Tell = (...told) => {
    this.#events.tell(...told)
  }

  get bibs(): BibWatch {
    return this.#open().bibs
  }

  get companion(): CompanionPort {
    return this.#open().companion
  }

  close(): Promise<void> {
    this.#isClosed = true
    return this.#changes.run(async () => {
      await this.#closeWorkspace()
      await this.#memory.flush().catch(() => undefined)
    })
  }

  openOwn(): Promise<void> {
    return this.#changes.run(() => this.#openOwn())
  }

  reopen(): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#trouble === null) return
      await this.#openOwn()
      if (this.#workspace !== null) this.#workspaceIsOther()
    })
  }

  #libraryFolder(): string {
    return this.#name === 'sample' ? samplePlace(this.dataDir).libraryDir : this.#ownLibrary()
  }

  #libraryPart(): SessionLibrary {
    const folder = (): string => this.#libraryFolder()
    return {
      get folder() {
        return folder()
      },
      look: async (how) => {
        await this.#open().library.look(how)
      },
      moveTo: async (to) => {
        const { library } = this.#open()
        await library.assertIs(to)
        await this.settings.set('files.library', to)
        if (library.trouble === null) await library.cameBack()
        else await library.look({ startNew: false })
        this.#workspaceIsOther()
      },
      rebuild: async (signal) => {
        const rebuilt = await this.#open().library.rebuild(signal)
        this.#workspaceIsOther()
        return rebuilt
      },
      watching: () => this.#workspace?.downloads.view ?? { folder: null, isThere: false }
    }
  }

  #enterSample(): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#name === 'sample') return
      await this.#closeWorkspace()
      this.#name = 'sample'
      try {
        await this.#openSample()
      } catch (error) {
        await this.#closeWorkspace()
        this.#name = 'own'
        await this.#openOwn()
        throw error
      } finally {
        this.#workspaceIsOther()
      }
    })
  }

  #leaveSample(): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#name === 'own') return
      await this.#closeWorkspace()
      this.#name = 'own'
      await this.#openOwn()
      this.#workspaceIsOther()
    })
  }

  async #openOwn(): Promise<void> {
    if (this.#isClosed) return
    this.#trouble = null
    const where = { dataDir: this.dataDir, libraryDir: this.#ownLibrary() }
    try {
      this.#workspace = await this.#openWorkspace(where, this.#effective(), this.#memory.paused)
    } catch (error) {
      this.#trouble = asSheafError(error)
      this.#host.log.error(`The ledger could not be opened: ${this.#trouble.message}`)
      this.#tellApp()
      return
    }
    this.#followNetwork()
    this.#begun = this.#begin(this.#workspace)
    this.#tellApp()
  }

  async #openSample(): Promise<void> {
    if (!this.#isSampleFresh) await clearSample(this.#host.files, this.dataDir)
    this.#isSampleFresh = true
    this.#sampleWeb = await startSampleWeb()
    const workspace = await this.#openWorkspace(
      samplePlace(this.dataDir),
      sampleSettings(this.#sampleWeb),
      false
    )
    this.#workspace = workspace
    this.#begun = this.#begin(workspace)
    await workspace.plan(sampleDrafts(), new AbortController().signal)
  }

  #openWorkspace(
    where: { readonly dataDir: string; readonly libraryDir: string },
    settings: Settings,
    paused: boolean
  ): Promise<Workspace> {
    return Workspace.open({
      host: this.#host,
      ...where,
      settings,
      paused,
      ...(this.#parts.sealer === undefined ? {} : { sealer: this.#parts.sealer }),
      version: this.#parts.version,
      tell: this.#tell,
      nextRevision: () => {
        this.#revision += 1
        return this.#revision
      },
      onReconciled: this.#events.reconciled.call,
      onLibrary: () => {
        this.#tellApp()
      },
      onFault: (error) => {
        this.#sayFault(error)
      }
    })
  }

  /** Begins work when everything is ready; if that fails, with the switch off. */
  async #begin(workspace: Workspace): Promise<void> {
    try {
      await workspace.putRight()
    } catch (error) {
      if (this.#workspace !== workspace || this.#isClosed) return
      await this.#switchFailed(workspace, error).catch((second: unknown) => {
        this.#sayFault(second)
      })
    }
    if (this.#workspace === workspace && !this.#isClosed) workspace.loop.begin()
  }

  async #closeWorkspace(): Promise<void> {
    const workspace = this.#workspace
    const web = this.#sampleWeb
    this.#workspace = null
    this.#sampleWeb = null
    await workspace?.close()
    await this.#begun
    await web?.close()
  }

  /** Applies the loaded settings. The sample has its own. */
  async #apply(key: SettingKey): Promise<void> {
    if (this.#name === 'sample') return
    const workspace = this.#workspace
    if (workspace === null) {
      // This setting may be what makes opening possible.
      if (this.#trouble !== null) await this.#openOwn()
      return
    }
    const before = workspace.sheaf.options
    if (key === 'safety.switch') this.#switchTrouble = null
    const next = this.#effective()
    await workspace.sheaf.applySettings(next, this.#ownLibrary())
    if (workspace.sheaf.options.libraryDir !== before.libraryDir) workspace.watchCatalog()
    if (before.settings['safety.switch'] === 'off' && next['safety.switch'] !== 'off') {
      try {
        await workspace.reconcile('switched on')
      } catch (error) {
        await this.#switchFailed(workspace, error)
      }
    }
    workspace.loop.wake()
    await workspace.follow()
  }

  /**
   * The switch should be on but could not be: Sheaf runs with it off and reports that (docs/design.md §9).
   */
  async #switchFailed(workspace: Workspace, error: unknown): Promise<void> {
    this.#switchTrouble = asSheafError(error).toData()
    this.#host.log.error(`Crash-safe downloads could not be turned on: ${this.#switchTrouble.message}`)
    await workspace.sheaf.applySettings(this.#effective(), this.#ownLibrary())
    await workspace.follow()
    this.#tellApp()
  }

  #effective(): Settings {
    const { settings } = this.#settings.loaded
    return this.#switchTrouble === null ? settings : { ...settings, 'safety.switch': 'off' }
  }

  #ownLibrary(): string {
    const chosen = this.#settings.loaded.settings['files.library']
    return chosen === '' ? this.#parts.standardLibraryDir : chosen
  }

  /** The sample needs no network. */
  #followNetwork(): void {
    if (this.#workspace === null || this.#name === 'sample') return
    if (this.#isOnline) this.#workspace.sheaf.resumeRuns('OFFLINE')
    else this.#workspace.sheaf.standStill('OFFLINE', 'There is no network.')
    if (this.#isOnline) this.#workspace.loop.wake()
  }

  #open(): Workspace {
    if (this.#workspace !== null) return this.#workspace
    return fail(
      this.#trouble?.code ?? 'TRANSITION_REFUSED',
      this.#trouble?.message ?? 'The library is being opened or closed.'
    )
  }

  #settingsAreOther(): void {
    this.#events.settings.call()
    this.#tellApp()
    this.#tell('run', this.run.view())
  }

  /** Everything on screen now belongs to another library. */
  #workspaceIsOther(): void {
    this.#tellApp()
    this.#revision += 1
    this.#tell('run', this.run.view())
    this.#tell('jobs', { revision: this.#revision, changed: 'many', live: [] })
    this.#tell('library', { revision: this.#revision })
    this.#events.reconciled.call()
  }

  #tellApp(): void {
    const view = this.view()
    const text = JSON.stringify(view)
    if (text === this.#appText) return
    this.#appText = text
    this.#tell('app', view)
  }

  #sayFault(error: unknown): void {
    const { message, hint } = asSheafError(error)
    this.#host.log.error(`Something went wrong: ${message}`)
    this.#events.notice(message, hint)
  }
}
