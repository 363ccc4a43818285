/**
 * One person's session at the app: Sheaf opened for a workspace, kept running, stopped and gone on
 * with by the person, the network and the machine's sleep; settings that take effect at once; and the
 * events of the contract. No Electron in here: the shell tells it of power and network, the ipc room
 * asks it. It opens even when the ledger cannot be: then `view().trouble` says why and `sheaf` throws.
 */
import type { BibsView } from '../../contract/bibs'
import type { EventName } from '../../contract/event-names'
import type { Events } from '../../contract/events'
import type { WatchingView } from '../../contract/handoff'
import type { SettingKey } from '../../contract/settings'
import type { AppView, RebuiltView, RunView } from '../../contract/views'
import type { FindingKind, InterruptionView, VerifyView } from '../../contract/recover-views'
import type { PlannedView } from '../../contract/add-views'
import type { WorkDraft } from '../../contract/work'
import type { SwitchPosition } from '../../contract/words'
import type { FindSealer, Keys } from '../settings/keys'
import type { LoadedSettings } from '../settings/load-settings'
import type { PlanList, Sheaf } from '../sheaf-api'
import type { CompanionPort } from './companion-port'

/** What the shell (or a test) says of the place and the program; the rest comes from the Host. */
export interface SessionParts {
  /** absolute */
  readonly dataDir: string
  /** absolute: where the library is when no setting says otherwise */
  readonly standardLibraryDir: string
  readonly version: string
  readonly platform: AppView['platform']
  /** the system's keychain; absent where there is none */
  readonly sealer?: FindSealer
  /** Settings are read; awaited before the ledger is opened, which holds everything else up meanwhile. */
  readonly beforeOpening?: (early: EarlySession) => Promise<void>
}

export type Tell = <N extends EventName>(name: N, payload: Events[N]) => void

/** Bytes of a job under way. */
export interface LiveBytes {
  readonly bytes: number
  readonly totalBytes: number | null
  readonly bytesPerSecond: number
  readonly continuedFrom: number | null
}

export interface SessionRun {
  /** Resolves when what an earlier process left was put right, and work may begin; never rejects. */
  readonly begun: Promise<void>
  view(): RunView
  /** The person's Resume: works until nothing is due, and again whenever something becomes due. */
  start(): Promise<void>
  /** The person's Pause; remembered over a restart. Resolves when nothing runs any more, within 2 s. */
  pause(): Promise<void>
  /** null as soon as no worker holds it */
  live(jobId: string): LiveBytes | null
  /** Plans drafts, puts them in a list, and begins to work unless paused. Durable on return. */
  plan(drafts: readonly WorkDraft[], signal: AbortSignal, list?: PlanList): Promise<PlannedView>
  /** Something was put back, freed or attached from outside the run: look for work again. */
  wake(): void
}

export interface SessionSettings {
  /** keys of services, of the workspace that is open */
  readonly keys: Keys
  /** new keys are sealed by the system's keychain */
  isVault(): Promise<boolean>
  loaded(): LoadedSettings
  /** Checks, writes, takes effect at once; BAD_SETTING says what is allowed. Refuses what the environment decides. */
  set(key: SettingKey, value: unknown): Promise<void>
  reset(key: SettingKey): Promise<void>
  welcome(answer: {
    /** absolute; null keeps the standard one */
    readonly libraryDir: string | null
    readonly mailto: string
    readonly switch: SwitchPosition
  }): Promise<void>
  /** What a screen keeps over a restart. */
  remember(key: string, value: unknown): Promise<void>
}

export interface SessionLibrary {
  /** absolute; of the workspace that is open */
  readonly folder: string
  /** Looks for the missing library once more; `startNew` takes what is in its place for a new one. */
  look(how: { readonly startNew: boolean }): Promise<void>
  /** The missing library is in this folder now; LIBRARY_MISSING when it is not. */
  moveTo(folder: string): Promise<void>
  /** Takes every paper of the library into the ledger. */
  rebuild(signal: AbortSignal): Promise<RebuiltView>
  /** the watched download folder */
  watching(): WatchingView
}

export interface SessionChecks {
  interruption(): InterruptionView | null
  dismissInterruption(): void
  /** Begins a check of ledger against disk; a second one while one goes on is refused (TRANSITION_REFUSED). */
  begin(how: { readonly verifyHashes: boolean }): void
  cancel(): void
  /** the check that goes on */
  view(): VerifyView | null
  /** The findings of the last reconcile that still stand, such as unknown files. */
  standing(kind: FindingKind): readonly string[]
}

export interface SessionListeners {
  on(tell: Tell): () => void
  /**
   * Something on the recover screen changed: a reconcile ended, a check goes on or has ended, a file came into
   * the quarantine or left it, the banner came or went. At most a few times a second.
   */
  onReconciled(listener: () => void): () => void
  /** A setting changed, or where one comes from. */
  onSettings(listener: () => void): () => void
  /** For handlers that have something to say to the page (notice, go, searching, library). */
  readonly tell: Tell
}

/** The built-in sample library. */
export interface SessionSample {
  enter(): Promise<void>
  leave(): Promise<void>
}

/** What the shell says of the machine. */
export interface SessionMachine {
  /** it goes to sleep */
  suspend(): Promise<void>
  /** it is back */
  resume(): Promise<void>
  network(online: boolean): void
}

/** What can be asked before the ledger is open. */
export interface EarlySession {
  view(): AppView
  readonly run: Pick<SessionRun, 'view'>
}

export interface Session {
  view(): AppView
  /** The open Sheaf of the workspace; throws the SheafError that `view().trouble` shows when there is none. */
  readonly sheaf: Sheaf
  readonly dataDir: string
  readonly run: SessionRun
  readonly settings: SessionSettings
  readonly library: SessionLibrary
  readonly checks: SessionChecks
  readonly events: SessionListeners
  readonly sample: SessionSample
  readonly machine: SessionMachine
  /** the user's own .bib files, of the workspace that is open */
  readonly bibs: {
    readonly view: BibsView
    /** one was linked or unlinked */
    changed(): void
  }
  /** the port of the browser companion, of the workspace that is open */
  readonly companion: Pick<CompanionPort, 'view' | 'newToken'>
  /** Tries again to open what could not be opened; `view().trouble` says whether that is still so. */
  reopen(): Promise<void>
  /** Stops what runs, keeps every byte, gives the lock back; at most 2 s of waiting for what hangs. */
  close(): Promise<void>
}
