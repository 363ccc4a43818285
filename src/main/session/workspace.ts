/**
 * An open Sheaf with its run loop, live bytes, changes and run bar. The session has one at a time: the user's
 * own or the sample's. It emits events of the contract and keeps nothing that grows with time.
 */
import { counted } from '../../contract/counted'
import type { Line, ReconcileLine } from '../../contract/lines'
import type { Settings } from '../../contract/settings'
import type { FindingKind, InterruptionView } from '../../contract/recover-views'
import type { PlannedView } from '../../contract/add-views'
import type { RunView } from '../../contract/views'
import type { WorkDraft } from '../../contract/work'
import { openKeys, type Keys } from '../settings/keys'
import type { FindSealer } from '../settings/sealed-entry'
import type { Host } from '../platform/host'
import { Soon } from '../platform/soon'
import type { DeadRuns, PlanList, Sheaf } from '../sheaf-api'
import { BibWatch } from './bib-watch'
import { Checks } from './checks'
import { CompanionPort } from './companion-port'
import { DownloadWatch } from './download-watch'
import { interruptionOf, keptDownloads } from './interruption'
import { JobChanges } from './job-changes'
import { isMissing, LibraryWatch } from './library-watch'
import { LiveStreams } from './live-bytes'
import { LiveRun } from './live-run'
import { RunLoop } from '../sheaf-run-loop'
import type { Tell } from './session-api'

export interface WorkspaceParts {
  /** the system's keychain, where there is one */
  readonly sealer?: FindSealer
  readonly host: Host
  readonly dataDir: string
  readonly libraryDir: string
  readonly settings: Settings
  readonly version: string
  readonly paused: boolean
  readonly tell: Tell
  /** grows during the whole session, across workspaces */
  readonly nextRevision: () => number
  readonly onReconciled: () => void
  /** the library was found, lost, or rebuilt */
  readonly onLibrary: () => void
  readonly onFault: (error: unknown) => void
}

const JOBS_EVERY_MS = 100
const RUN_EVERY_MS = 250
const SECOND_MS = 1_000

export class Workspace {
  readonly sheaf: Sheaf
  readonly keys: Keys
  readonly loop: RunLoop
  readonly streams = new LiveStreams()
  readonly checks: Checks
  readonly library: LibraryWatch
  readonly downloads: DownloadWatch
  readonly bibs: BibWatch
  readonly companion: CompanionPort
  interruption: InterruptionView | null = null
  readonly #parts: WorkspaceParts
  readonly #run: LiveRun
  readonly #changes = new JobChanges()
  readonly #closing = new AbortController()
  #stops: (() => void)[] = []
  #stopCatalog: () => void = () => undefined
  #lastReconcile: ReconcileLine | null
  #isProgress = false
  #isLibraryStale = false
  #isReconcileStale = false
  readonly #jobsSoon: Soon
  readonly #runSoon: Soon
  readonly #secondSoon: Soon

  static async open(parts: WorkspaceParts): Promise<Workspace> {
    const { host, dataDir, libraryDir, settings, version } = parts
    const { sealer } = parts
    const keys = await openKeys({
      files: host.files,
      env: host.env,
      dataDir,
      ...(sealer === undefined ? {} : { sealer })
    })
    const how = {
      dataDir,
      libraryDir,
      settings,
      version,
      onDamage: 'recover',
      search: true,
      onMissingLibrary: 'pause',
      keys: keys.get
    } as const
    // Half of the code: loaded on demand, so that the window does not wait for it.
    const { openSheaf } = await import('../sheaf')
    const sheaf = await openSheaf(host, how)
    return new Workspace(parts, sheaf, keys)
  }

  /** Size: joins the parts of a workspace one after another; nothing is decided here. */
  private constructor(parts: WorkspaceParts, sheaf: Sheaf, keys: Keys) {
    const { clock } = parts.host
    this.#parts = parts
    this.sheaf = sheaf
    this.keys = keys
    this.#lastReconcile = sheaf.lastReconcile()
    this.#jobsSoon = new Soon(clock, JOBS_EVERY_MS, () => {
      this.#tellJobs()
    })
    this.#runSoon = new Soon(clock, RUN_EVERY_MS, () => {
      this.#tellLater()
    })
    this.#secondSoon = new Soon(clock, SECOND_MS, () => {
      this.#second()
    })
    this.checks = new Checks({
      sheaf: () => sheaf,
      onChange: () => {
        this.#reconcileIsStale()
      },
      onEnd: (fault) => {
        parts.onReconciled()
        if (fault !== null) parts.onFault(fault)
      }
    })
    this.loop = new RunLoop({
      sheaf,
      clock,
      paused: parts.paused,
      onChange: () => {
        this.#run.countAgain()
        this.#run.tell()
        this.#secondSoon.call()
      },
      onFault: parts.onFault
    })
    this.library = new LibraryWatch({
      sheaf,
      host: parts.host,
      onChange: parts.onLibrary,
      onBack: async () => {
        if (sheaf.options.settings['safety.switch'] !== 'off') await this.reconcile('library is back')
        this.loop.wake()
      },
      onFault: parts.onFault
    })
    this.downloads = new DownloadWatch({
      sheaf,
      tell: parts.tell,
      nextRevision: parts.nextRevision,
      onAttached: () => {
        this.loop.wake()
      },
      onFault: parts.onFault
    })
    this.bibs = new BibWatch({
      sheaf,
      tell: parts.tell,
      nextRevision: parts.nextRevision,
      plan: async (drafts, name, signal) => (await this.plan(drafts, signal, { name })).newJobs,
      onFault: parts.onFault
    })
    this.companion = new CompanionPort({
      host: parts.host,
      sheaf,
      dataDir: parts.dataDir,
      version: parts.version,
      ...(parts.sealer === undefined ? {} : { sealer: parts.sealer }),
      plan: (drafts, list, signal) =>
        this.plan(drafts, signal, list === undefined ? undefined : { name: list }),
      onFile: () => {
        parts.tell('handoff', { revision: parts.nextRevision() })
        this.loop.wake()
      }
    })
    this.#run = new LiveRun({
      sheaf,
      loop: this.loop,
      streams: this.streams,
      tell: parts.tell,
      nextRevision: parts.nextRevision
    })
    this.#stops.push(
      sheaf.on((line) => {
        this.#hear(line)
      }),
      sheaf.onJobs((changed) => {
        this.#run.countAgain()
        this.#changes.add(changed)
        this.#jobsSoon.call()
        this.#runSoon.call()
      }),
      sheaf.onQuarantine(() => {
        this.#reconcileIsStale()
      }),
      sheaf.onStandStill(() => {
        this.#run.tell()
        parts.onLibrary()
      })
    )
    this.#stops.push(
      ...[this.#jobsSoon, this.#runSoon, this.#secondSoon].map((soon) => () => {
        soon.close()
      })
    )
    this.#secondSoon.call()
    this.watchCatalog()
  }

  /** Repairs what an earlier process left and reports it. Throws when it cannot be repaired. */
  async putRight(): Promise<void> {
    const dead = await this.sheaf.endDeadRuns()
    const remembers = this.sheaf.options.settings['safety.switch'] !== 'off'
    await this.#tellSummary(dead, remembers ? await this.#reconcileAtStart() : null)
    await this.library.offer()
    this.downloads.begin()
    this.bibs.begin()
    await this.companion.begin()
  }

  /** Null while the library is missing: then its files cannot be judged. */
  async #reconcileAtStart(): Promise<ReconcileLine | null> {
    try {
      return this.sheaf.missingLibrary() === null ? await this.reconcile('start') : null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  reconcile(why: string): Promise<ReconcileLine> {
    return this.sheaf.reconcile({ verifyHashes: false, quick: true, why }, this.#closing.signal)
  }

  async plan(drafts: readonly WorkDraft[], signal: AbortSignal, list?: PlanList): Promise<PlannedView> {
    const formats = this.sheaf.options.settings['files.formats']
    const report = await this.sheaf.plan({ drafts, formats, ...(list === undefined ? {} : { list }) }, signal)
    if (list !== undefined) {
      this.#parts.tell('lists', { revision: this.#parts.nextRevision() })
      // A screen that shows the list has other rows, even if no job and no paper changed.
      this.#changes.add('many')
      this.#jobsSoon.call()
      this.#libraryIsStale()
    }
    this.#run.countAgain()
    this.#runSoon.call()
    this.loop.wake()
    return {
      newJobs: report.newJobs,
      existingJobs: report.existingJobs,
      removed: report.tombstones,
      jobIds: report.planned.filter((line) => line.tombstone === undefined).map((line) => line.job_id)
    }
  }

  runView(): RunView {
    return this.#run.view()
  }

  standing(kind: FindingKind): readonly string[] {
    return this.#lastReconcile?.ids?.[kind] ?? []
  }

  /** After the library moved there is another catalog. */
  watchCatalog(): void {
    this.#stopCatalog()
    this.#stopCatalog = this.sheaf.onCatalogChange(() => {
      this.#libraryIsStale()
    })
    this.#libraryIsStale()
  }

  /** Applies changed settings. */
  async follow(): Promise<void> {
    this.#runSoon.call()
    this.downloads.follow()
    this.bibs.follow()
    await this.companion.follow()
  }

  /** Before sleep: everything stops, keeps its bytes, and is on disk. */
  async suspend(): Promise<void> {
    this.sheaf.standStill('SUSPENDED', 'The computer is asleep.')
    await this.sheaf.ended()
    await this.sheaf.flush()
  }

  async resume(): Promise<void> {
    try {
      this.sheaf.checkLeases()
      if (this.sheaf.options.settings['safety.switch'] !== 'off') await this.reconcile('resume')
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#parts.onFault(error)
    } finally {
      this.sheaf.resumeRuns('SUSPENDED')
      this.loop.wake()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#stopCatalog()
    this.library.stop()
    await Promise.all([
      this.checks.close(),
      this.loop.close(),
      this.downloads.close(),
      this.bibs.close(),
      this.companion.close()
    ])
    await this.sheaf.close()
  }

  #hear(line: Line): void {
    this.streams.hear(line)
    if (line.type === 'progress') {
      this.#isProgress = true
      this.#jobsSoon.call()
    }
    // A line may change the run bar, and its speeds are counted by the second.
    this.#runSoon.call()
    this.#secondSoon.call()
    if (line.type === 'reconcile') {
      this.#lastReconcile = line
      if (line.adopted > 0) this.#tellAdopted(line.adopted)
      this.#parts.onReconciled()
      // Requeued jobs start now instead of at the next check.
      this.loop.wake()
    }
  }

  #tellAdopted(papers: number): void {
    this.#parts.tell('notice', {
      tone: 'good',
      text: `${counted(papers, 'paper')} already in the library folder ${papers === 1 ? 'was' : 'were'} recognised.`,
      hint: 'Nothing is downloaded again.'
    })
  }

  async #tellSummary(dead: DeadRuns | null, line: ReconcileLine | null): Promise<void> {
    const { host } = this.#parts
    this.interruption = interruptionOf({
      dead,
      line,
      downloads: dead === null ? [] : await keptDownloads(this.sheaf, dead.jobIds),
      damage: this.sheaf.recovery.damage?.sentence ?? null
    })
    if (this.interruption === null) return
    const { at, leases, downloads, damage } = this.interruption
    host.log.info('The session before did not end cleanly', { at, leases, kept: downloads.length, damage })
    this.#parts.onReconciled()
  }

  #tellJobs(): void {
    if (this.#changes.isEmpty && !this.#isProgress) return
    this.#isProgress = false
    this.#parts.tell('jobs', {
      revision: this.#parts.nextRevision(),
      changed: this.#changes.take(),
      live: this.streams.all().map(({ jobId, bytes, totalBytes, bytesPerSecond }) => ({
        jobId,
        bytes,
        totalBytes,
        bytesPerSecond
      }))
    })
  }

  #tellLater(): void {
    this.#run.tell()
    if (this.#isLibraryStale) {
      this.#isLibraryStale = false
      this.#parts.tell('library', { revision: this.#parts.nextRevision() })
    }
    if (this.#isReconcileStale) {
      this.#isReconcileStale = false
      this.#parts.onReconciled()
    }
  }

  #libraryIsStale(): void {
    this.#isLibraryStale = true
    this.#runSoon.call()
  }

  #reconcileIsStale(): void {
    this.#isReconcileStale = true
    this.#runSoon.call()
  }

  /** Once a second while something runs, is received or was a minute ago, or is due later. */
  #second(): void {
    this.streams.second((jobId) => this.sheaf.isActive(jobId))
    if (this.#run.second()) this.#secondSoon.call()
  }
}
