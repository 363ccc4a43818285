/**
 * The API of Sheaf for its surfaces (command line, IPC). `sheaf.ts` implements it by joining the modules;
 * nothing here depends on the surface. Every method refuses with a SheafError; long ones take a signal and
 * stop within two seconds of its abort, with all bytes kept.
 */
import type { HostStanding } from '../contract/insights-views'
import type { HandOffPage } from '../contract/handoff'
import type { Line, DoneLine, ReconcileLine, SummaryLine } from '../contract/lines'
import type { RetrievalReport } from '../contract/retrieval-report'
import type { Settings } from '../contract/settings'
import type { ConnectionTest } from '../contract/settings-views'
import type { TitleMatch } from '../contract/matches'
import type { WorkDraft, WorkFacts, Identifiers, PartFacts } from '../contract/work'
import type { SheafError } from '../contract/errors'
import type { AdoptReport } from './engine/adopt-library'
import type { LibraryEntry } from './engine/answers'
import type { BibNews, LinkedBibs } from './engine/bib/linked-bibs'
import type { Companion } from './engine/companion/companion'
import type { DeadRuns } from './engine/dead-runs'
import type { StopReason } from './engine/gate'
import type { CaughtFile, HandOff } from './engine/handoff/hand-off'
import type { HandOffRequest } from './engine/handoff/hand-off-list'
import type { HistoryEntry } from './engine/history'
import type { PlanList } from './engine/lists'
import type { Imported, importFiles, ImportRequest } from './engine/import/import-files'
import type { KnownWork } from './engine/look-up'
import type { expectCopies, PreviewReport } from './engine/preview'
import type { HowToReconcile } from './engine/reconcile-parts'
import type { HowToRename, Renamed, RenameRequest } from './engine/rename-papers'
import type { SearchAnswer, SearchAsk, SearchHit } from './engine/search-library'
import type { TakenManifest } from './engine/take-manifest'
import type { HowToMatch } from './engine/titles/match-titles'
import type { HandOver } from './engine/zotero/hand-over'
import type { ZoteroReading } from './engine/zotero/zotero-library'
import type { ZoteroOutcome } from './engine/zotero/zotero-session'
import type { KeyOf } from './engine/citation-keys'
import type { CatalogPaper } from './engine/catalog-paper'
import type { LibraryCatalog } from './engine/library-catalog'
import type { QuarantinedFile } from './library/library'
import type { ZoteroHolding } from './net/zotero/zotero-reading'
import type { Thumbnails } from './library/thumbnails'
import type { RecoveryReport, SqlRow } from './ledger/ledger'
import type { ListSummary } from './ledger/lists'
import type { Finding, ReconciliationCounts } from './ledger/recover-queries'
import type { Among, QueueAsk, QueuePage, QueueQuery, QueueTotals } from './ledger/queue-queries'
import type { Alert } from './insights/alerts'
import type { InsightsReport } from './insights/insights'
import type { TelemetryFormat } from './insights/telemetry/write-telemetry'
import type { Found, Search } from './search/search'
import type {
  SheafOptions,
  TopicSearch,
  PlanRequest,
  PlanReport,
  RunRequest,
  JobFilter,
  StatusReport
} from './sheaf-requests'

export type { LibraryEntry, QueueAsk, QueuePage, QueueQuery, QueueTotals }
export type {
  BibNews,
  CaughtFile,
  Companion,
  DeadRuns,
  HistoryEntry,
  HowToReconcile,
  Imported,
  ImportRequest,
  KnownWork,
  ListSummary,
  PlanList,
  Renamed,
  RetrievalReport,
  SearchAnswer,
  SearchHit,
  StopReason,
  ZoteroHolding,
  ZoteroOutcome,
  ZoteroReading,
  QuarantinedFile,
  LibraryCatalog,
  CatalogPaper,
  KeyOf
}

export type { Finding, ReconciliationCounts }
export { changeOf, type ListChange } from './engine/list-change'

/** Turns lists of works into jobs; reports existing works, and what would be fetched. */
export interface SheafPlanning {
  /**
   * Plans jobs; `planned` lines are emitted once durable. Fetches no file. A search that fails after works
   * were yielded is reported as an `error` line, here as in `run` and `preview`; the rest continues.
   */
  plan(request: PlanRequest, signal: AbortSignal): Promise<PlanReport>
  /**
   * --dry-run and --list-only: resolves and emits `candidate` lines; writes no job and no file. With
   * `onlyFirst` it resolves like a run, until one source names a file, and emits `expected` lines and a
   * `forecast`.
   */
  preview(
    request: PlanRequest & { readonly onlyFirst?: boolean },
    signal: AbortSignal
  ): Promise<PreviewReport>
  /** Existing records under any name of these works, in their order; null: none. Plans nothing. */
  lookUp(drafts: readonly WorkDraft[]): readonly (KnownWork | null)[]
  /**
   * The file that a run would most likely fetch for each work, in their order, and the forecast. Plans
   * nothing.
   */
  expectCopies(
    drafts: readonly WorkDraft[],
    how: Parameters<typeof expectCopies>[2]
  ): ReturnType<typeof expectCopies>
  /** Proposals of services for references identified only by title, in their order. Plans nothing. */
  matchTitles(references: readonly WorkFacts[], how: HowToMatch): Promise<readonly TitleMatch[]>
  /**
   * Works found by a search, page by page; `total` is its number of results. Plans nothing; SEARCH_FAILED.
   */
  searchWorks(
    search: TopicSearch,
    signal: AbortSignal
  ): AsyncIterable<{ readonly page: readonly WorkDraft[]; readonly total: number | null }>
  lists(): readonly ListSummary[]
  /** The browser companion's operations. */
  readonly companion: Companion
  /** The name of a paper under a template. */
  nameUnder(
    template: string,
    work: { readonly workId: string; readonly ids: Identifiers; readonly facts: WorkFacts }
  ): string
  /**
   * The address of a paper's page for the browser: with the institution's proxy, when one is set and the page
   * may need it.
   */
  landingAddress(canonicalUrl: string): string
}

/** Runs, and the reasons for which they pause. */
export interface SheafRuns {
  /** Works until no job is due. Emits all lines except the summary, which is returned. */
  run(request: RunRequest, signal: AbortSignal): Promise<SummaryLine>
  /** Epoch seconds at which a run would have work: now or before, later, or never (null). */
  dueAt(): number | null
  /** Makes a waiting run look for due jobs at once. */
  lookAgain(): void
  /** Why a run is, or would be, paused; null when it is not. */
  standsStill(): { readonly code: StopReason; readonly sentence: string } | null
  /** Runs stand still from now on, with every byte kept, until `resumeRuns` says that this reason is gone. */
  standStill(code: StopReason, sentence: string): void
  resumeRuns(code: StopReason): void
  /** Called when a run is paused or resumed, or may have been. */
  onStandStill(listener: () => void): () => void
  /** Renews this process's leases now, and stops workers that have lost theirs: after a sleep. */
  checkLeases(): void
  /** Does a worker of this process hold the job? */
  isActive(jobId: string): boolean
  /** Resolves when the jobs of this process that run now have ended, or after the time that a stop may take. */
  ended(): Promise<void>
}

/** Single jobs, and the user's operations on them. */
export interface SheafJobs {
  /** rows of artifact_jobs with title, authors and year of the work */
  jobs(filter: JobFilter): readonly SqlRow[]
  /** Finds the job that the user means: id, unique prefix, or work. NO_SUCH_JOB, BAD_OPTION. */
  jobNamed(text: string): string
  /** rows of artifact_ops of a job, in order; NO_SUCH_JOB */
  ops(jobId: string): readonly SqlRow[]
  history(jobId: string): readonly HistoryEntry[]
  /** The partial file of a job in staging; null when there are no trusted bytes. */
  part(jobId: string): Promise<PartFacts | null>
  /** Identifiers and facts of a work; null when the ledger does not know it. */
  namesOf(workId: string): { readonly ids: Identifiers; readonly facts: WorkFacts } | null
  /** Requeues failed jobs, including unrecorded ones; resolves to their number. */
  retry(which: {
    readonly reasons?: readonly string[]
    readonly jobIds?: readonly string[]
    readonly list?: string
  }): Promise<number>
  pause(which: { readonly jobIds: readonly string[] } | 'all'): Promise<number>
  resume(which: { readonly jobIds: readonly string[] } | 'all'): Promise<number>
  cancel(jobIds: readonly string[]): Promise<number>
  /** Ignores failed jobs, and undoes that; a retry undoes it, too. */
  ignore(jobIds: readonly string[]): Promise<number>
  unignore(jobIds: readonly string[]): Promise<number>
}

/** The queue for the app: pages and counts, fast with 100,000 jobs; includes unrecorded jobs. */
export interface SheafQueue {
  /** A page of the queue; fast with 100,000 jobs. */
  queuePage(ask: QueueAsk): Promise<QueuePage>
  /** Counts under a text filter, of a list: by group, and by reason for those that need attention. */
  queueCounts(among?: Among): Promise<QueueTotals>
  /** Counts of all jobs, immediately available. */
  queueTotals(): QueueTotals
  queueIds(query: QueueQuery): Promise<readonly string[]>
  /** One job with the columns of a queue page (`recorded: 0` when unrecorded); null when there is none. */
  jobRow(jobId: string): SqlRow | null
  /**
   * Called when jobs changed, at most once per turn of the event loop; `many` when they are too many to name.
   */
  onJobs(listener: (changed: readonly string[] | 'many') => void): () => void
}

/** Reconciles ledger, library and disk. */
export interface SheafCare {
  reconcile(how: HowToReconcile, signal: AbortSignal): Promise<ReconcileLine>
  lastReconcile(): ReconcileLine | null
  /** Past reconciliations with their counts, newest first. */
  reconciliations(limit: number): readonly ReconciliationCounts[]
  /** The findings of one reconciliation, at most `most` of each kind; none when it does not exist. */
  findings(id: number, most: number): readonly Finding[]
  /**
   * What a crashed process left: its runs are ended as `died`. Null when there was none. Call once, before
   * anything is reconciled.
   */
  endDeadRuns(): Promise<DeadRuns | null>
  /** Rebuilds the ledger from the library: its manifest and the hash of every object. Idempotent. */
  rebuild(
    how: { readonly onProgress?: (done: number, total: number) => void },
    signal: AbortSignal
  ): Promise<AdoptReport>
  /**
   * Renames existing papers to the naming template, each as an op of its job; renames begun by an earlier
   * process are finished first. A file that is not the stored one keeps its name. LIBRARY_MISSING.
   */
  renamePapers(request: RenameRequest, how: HowToRename): Promise<void>
  /** Why the library is not in use (LIBRARY_MISSING); null when it is. */
  missingLibrary(): SheafError | null
  /**
   * Checks again for the library; `startNew`: uses the folder in its place instead. True when a library is in
   * use.
   */
  findLibrary(how: { readonly startNew: boolean }): Promise<boolean>
  /** Is this folder the missing library, by its id or by the files recorded in the ledger? */
  isMissingLibrary(folder: string): Promise<boolean>
  /** The library contains papers, and the ledger has no job: offer a rebuild. */
  isLibraryUnknown(): Promise<boolean>
}

/** Files added by hand, and files that leave the library. */
export interface SheafFiles {
  attach(jobId: string, file: string, signal: AbortSignal): Promise<DoneLine>
  /**
   * Imports existing PDFs. Every file found is reported exactly once; originals are only read. Throws what
   * stops an import as a whole: the signal's reason, disk errors.
   */
  importFiles(request: ImportRequest, how: Parameters<typeof importFiles>[2]): Promise<void>
  /** Papers that need the user, oldest first, each with its page for the browser; NO_SUCH_LIST. */
  handOffList(request: HandOffRequest): HandOffPage
  /** The watched download folder, and the user's answers about its files. */
  readonly handOff: HandOff
  /** Removes a paper and leaves a tombstone; NO_SUCH_WORK */
  remove(jobOrWorkId: string): Promise<{ readonly workId: string; readonly files: number }>
  undoRemove(jobOrWorkId: string): Promise<{ readonly workId: string }>
  /** Removes a paper that is only in the library file; NO_SUCH_WORK */
  removeListed(artifactId: string): Promise<{ readonly workId: string; readonly files: number }>
  /** Called when a file entered or left the quarantine, for any reason. */
  onQuarantine(listener: () => void): () => void
  quarantineList(): Promise<readonly QuarantinedFile[]>
  quarantineAccept(id: string, signal: AbortSignal): Promise<DoneLine>
  quarantineReject(id: string): Promise<QuarantinedFile>
  /** Every file of the ledger, read page by page; NO_SUCH_LIST. */
  library(list?: string): Iterable<LibraryEntry>
  /** the ledger in the format of manifest.sqlite3 */
  exportManifest(): Promise<Uint8Array>
  /** Stops between two pieces of the file when the signal aborts; imported pieces stay. */
  importManifest(bytes: Uint8Array, signal: AbortSignal): Promise<TakenManifest>
}

/** The user's reference managers. */
export interface SheafManagers {
  /** Sends papers to a running Zotero, or attaches files to its items, each once. */
  readonly handOver: HandOver
  /** The user's linked .bib files. */
  readonly bibs: LinkedBibs
  /**
   * Reads the user's Zotero library, by the settings `zotero.url` and `zotero.dataFolder`. Nothing is
   * written.
   */
  readZotero(signal: AbortSignal): Promise<ZoteroReading>
  /**
   * Its items from a copy of its database; null when there is none and the setting names none.
   * FILE_NOT_FOUND, BAD_FILE.
   */
  zoteroDatabase(): Promise<readonly ZoteroHolding[] | null>
}

/** The papers of the library, and their full text. */
export interface SheafLibrary {
  /** The papers for the library screen: those of the ledger and of the library file. */
  readonly catalog: LibraryCatalog
  readonly thumbnails: Thumbnails
  /**
   * Called whenever the catalog, or the number of unread papers, has changed; also when the library changed.
   */
  onCatalogChange(listener: () => void): () => void
  /** Papers that contain the words, best first; empty while the search is unavailable. */
  find(query: string): Promise<readonly Found[]>
  snippets: Search['snippets']
  hitsIn: Search['hitsIn']
  /** papers whose text is not indexed yet */
  unread(): number
  /** The search index is full: later papers are found by their facts alone. */
  isSearchFull(): boolean
  /**
   * Citation keys by the setting `export.citationKey`, for exporting works of the ledger or the library file.
   */
  citationKeys(): Promise<KeyOf>
  /** Searches the full text of the library; papers missing from the index are read first. */
  searchLibrary(ask: SearchAsk, signal: AbortSignal): Promise<SearchAnswer>
}

/** Statistics. */
export interface SheafFigures {
  /** of a named list: only its jobs and files; NO_SUCH_LIST */
  status(list?: string): StatusReport
  /** Attempts and events as the pieces of a text in the given format, to be read once, with their number. */
  telemetry(ask: {
    readonly format: TelemetryFormat
    /** epoch seconds; 0: everything */
    readonly since: number
    readonly withUrls: boolean
  }): { readonly pieces: Iterable<string>; readonly events: number }
  /** Works sought and retrieved, of a list or (null) of everything; NO_SUCH_LIST */
  report(list: string | null): RetrievalReport
  /** The same without blocking, for a large ledger. */
  reportInSlices(list: string | null, signal: AbortSignal): Promise<RetrievalReport>
  /** Every contacted host: number and purposes of requests, and its state. */
  hosts(): readonly HostStanding[]
  /** Closes a host for a day, or opens it at once, by the user. Durable on return. */
  setHostOpen(host: string, isOpen: boolean): Promise<void>
  /** The report over the last days (of a named list); slow for a large ledger, but it does not block. */
  insights(
    of: { readonly days: number; readonly list?: string },
    signal: AbortSignal
  ): Promise<InsightsReport>
  /** What misses its target now: a small part of the report. */
  alerts(signal: AbortSignal): Promise<readonly Alert[]>
  /** The same report, for a read-only caller. */
  figures(days: number, signal: AbortSignal): Promise<InsightsReport>
}

/** Tests of the network connection, started by the user. */
export interface SheafNetwork {
  /** Sends one request to a service with the current settings: is it reachable, and by which route? */
  testConnection(signal: AbortSignal): Promise<ConnectionTest>
  /** Throws CA_FILE_UNUSABLE for a file without certificates. */
  assertCaFile(path: string): Promise<void>
}

export interface Sheaf
  extends
    SheafPlanning,
    SheafRuns,
    SheafJobs,
    SheafQueue,
    SheafCare,
    SheafFiles,
    SheafManagers,
    SheafLibrary,
    SheafFigures,
    SheafNetwork {
  readonly recovery: RecoveryReport
  readonly options: SheafOptions
  /** Subscribes to all lines of docs/cli.md; returns how to unsubscribe. */
  on(listener: (line: Line) => void): () => void
  /**
   * Applies settings at once, without reopening the ledger. A run that captured a changed value is stopped,
   * every byte stays, and its caller starts another. FOLDER_UNUSABLE: nothing was changed.
   */
  applySettings(settings: Settings, libraryDir?: string): Promise<void>
  /** Resolves when everything recorded so far is on disk. */
  flush(): Promise<void>
  /** Stops active work, keeps all bytes, takes a snapshot, releases the lock. */
  close(): Promise<void>
}
