/**
 * A user's session of the app: opens Sheaf for a workspace and keeps it running; pauses and resumes it for
 * the user, the network and the machine's sleep; applies settings at once; emits the events of the contract.
 * Contains no Electron: the shell reports power and network, and `ipc` calls it. It opens even when the
 * ledger cannot be opened: then `view().trouble` contains the reason and `sheaf` throws.
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
import type { Keys } from '../settings/keys'
import type { FindSealer } from '../settings/sealed-entry'
import type { LoadedSettings } from '../settings/load-settings'
import type { PlanList, Sheaf } from '../sheaf-api'
import type { CompanionPort } from './companion-port'

/** What the shell (or a test) provides about environment and program; the rest comes from the Host. */
export interface SessionParts {
  /** absolute */
  readonly dataDir: string
  /** absolute: the default library folder */
  readonly standardLibraryDir: string
  readonly version: string
  readonly platform: AppView['platform']
  /** the system's keychain; absent where there is none */
  readonly sealer?: FindSealer
  /** Called when settings are read; awaited before the ledger is opened, which blocks the process. */
  readonly beforeOpening?: (early: EarlySession) => Promise<void>
}

/** A name with its payload: checking the name tells the type of the payload. */
export type Told = { [N in EventName]: [name: N, payload: Events[N]] }[EventName]
export type Tell = (...told: Told) => void

/** Received bytes of an active job. */
export interface LiveBytes {
  readonly bytes: number
  readonly totalBytes: number | null
  readonly bytesPerSecond: number
  readonly continuedFrom: number | null
}

export interface SessionRun {
  /** Resolves when an earlier process's state is reconciled and work may begin; never rejects. */
  readonly begun: Promise<void>
  view(): RunView
  /** Resume by the user: works until nothing is due, and again whenever a job becomes due. */
  start(): Promise<void>
  /** Pause by the user; kept across restarts. Resolves when nothing runs any more, within 2 s. */
  pause(): Promise<void>
  /** null as soon as no worker holds the job */
  live(jobId: string): LiveBytes | null
  /** Plans drafts, adds them to a list, and starts work unless paused. Durable on return. */
  plan(drafts: readonly WorkDraft[], signal: AbortSignal, list?: PlanList): Promise<PlannedView>
  /** A job was requeued, freed or attached from outside the run: look for due jobs again. */
  wake(): void
}

export interface SessionSettings {
  /** API keys of the open workspace */
  readonly keys: Keys
  /** new keys are sealed by the system's keychain */
  isVault(): Promise<boolean>
  loaded(): LoadedSettings
  /**
   * Validates, writes, applies at once; BAD_SETTING contains what is allowed. Refuses settings overridden by
   * the environment.
   */
  set(key: SettingKey, value: unknown): Promise<void>
  reset(key: SettingKey): Promise<void>
  welcome(answer: {
    /** absolute; null keeps the default */
    readonly libraryDir: string | null
    readonly mailto: string
    readonly switch: SwitchPosition
  }): Promise<void>
  /** Stores a screen's state across restarts. */
  remember(key: string, value: unknown): Promise<void>
}

export interface SessionLibrary {
  /** absolute; of the open workspace */
  readonly folder: string
  /** Checks again for the missing library; `startNew` makes the folder in its place a new one. */
  look(how: { readonly startNew: boolean }): Promise<void>
  /** The missing library is now in this folder; LIBRARY_MISSING when it is not. */
  moveTo(folder: string): Promise<void>
  /** Adopts every paper of the library into the ledger. */
  rebuild(signal: AbortSignal): Promise<RebuiltView>
  /** the watched download folder */
  watching(): WatchingView
}

export interface SessionChecks {
  interruption(): InterruptionView | null
  dismissInterruption(): void
  /** Starts a check of ledger against disk; a second one during a check is refused (TRANSITION_REFUSED). */
  begin(how: { readonly verifyHashes: boolean }): void
  cancel(): void
  /** the check in progress */
  view(): VerifyView | null
  /** Findings of the last reconcile that are still valid, such as unknown files. */
  standing(kind: FindingKind): readonly string[]
}

export interface SessionListeners {
  on(tell: Tell): () => void
  /**
   * The recover screen changed: a reconcile ended, a check started, progressed or ended, a file entered or
   * left the quarantine, the banner appeared or disappeared. At most a few times a second.
   */
  onReconciled(listener: () => void): () => void
  /** A setting or its origin changed. */
  onSettings(listener: () => void): () => void
  /** For handlers that emit events to the page (notice, go, searching, library). */
  readonly tell: Tell
}

/** The built-in sample library. */
export interface SessionSample {
  enter(): Promise<void>
  leave(): Promise<void>
}

/** Events of the machine, reported by the shell. */
export interface SessionMachine {
  /** before sleep */
  suspend(): Promise<void>
  /** after wake */
  resume(): Promise<void>
  network(online: boolean): void
}

/** What is available before the ledger is open. */
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
  /** the user's linked .bib files, of the open workspace */
  readonly bibs: {
    readonly view: BibsView
    /** a file was linked or unlinked */
    changed(): void
  }
  /** the port of the browser companion, of the open workspace */
  readonly companion: Pick<CompanionPort, 'view' | 'newToken'>
  /** Tries again to open the workspace; `view().trouble` contains the reason if that fails. */
  reopen(): Promise<void>
  /** Stops active work, keeps every byte, releases the lock; waits at most 2 s for what hangs. */
  close(): Promise<void>
}
