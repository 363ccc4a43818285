/**
 * What a surface (command line, IPC) may ask of Sheaf. `sheaf.ts` builds it by joining the rooms;
 * nothing here knows how it is asked or shown. Every method refuses with a SheafError that says what
 * to do; long ones take a signal and stop within two seconds of its abort, with all bytes kept.
 */
import type { HostStanding } from '../contract/insights-views'
import type { HandOffPage } from '../contract/handoff'
import type { KeyName } from '../contract/keys'
import type { Line, DoneLine, PlannedLine, ReconcileLine, SummaryLine } from '../contract/lines'
import type { RetrievalReport } from '../contract/retrieval-report'
import type { Settings } from '../contract/settings'
import type { ConnectionTest } from '../contract/settings-views'
import type { TitleMatch } from '../contract/matches'
import type { WorkDraft, WorkFacts, Identifiers, PartFacts } from '../contract/work'
import type { SheafError } from '../contract/errors'
import type { Format, State } from '../contract/words'
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
import type { HowToMatch } from './engine/titles/match-titles'
import type { HandOver } from './engine/zotero/hand-over'
import type { ZoteroReading } from './engine/zotero/zotero-library'
import type { ZoteroOutcome } from './engine/zotero/zotero-session'
import type { KeyOf } from './engine/citation-keys'
import type { LibraryCatalog, CatalogPaper } from './engine/library-catalog'
import type { QuarantinedFile } from './library/library'
import type { ZoteroHolding } from './net/zotero/zotero-reading'
import type { Thumbnails } from './library/thumbnails'
import type { RecoveryReport, SqlRow } from './ledger/ledger'
import type { ListSummary } from './ledger/lists'
import type { Finding, ReconciliationCounts } from './ledger/recover-queries'
import type { Among, QueueAsk, QueuePage, QueueQuery, QueueTotals } from './ledger/queue-queries'
import type { InsightsReport } from './insights/insights'
import type { Alert } from './insights/alerts'
import type { TelemetryFormat } from './insights/telemetry/write-telemetry'
import type { MeasuresReport } from './insights/measures'
import type { Found, Search } from './search/search'

export interface SheafOptions {
  readonly dataDir: string
  /** absolute */
  readonly libraryDir: string
  readonly settings: Settings
  readonly version: string
  /** what the kept-aside damage means to the caller: the command line ends with status 5 */
  readonly onDamage: 'throw' | 'recover'
  /** reads papers for the search in the background; without it `find` finds nothing */
  readonly search?: boolean
  /** keys of services, asked for at every use; absent: there are none */
  readonly keys?: (name: KeyName) => string | null
  /** a folder that held papers and is not there: refuse (LIBRARY_MISSING), or open and stand still */
  readonly onMissingLibrary?: 'throw' | 'pause'
  /** the former library is given up: this folder becomes the library, whatever is in it */
  readonly newLibrary?: boolean
}

/** OpenAlex search (docs/cli.md, selectors). */
export interface TopicSearch {
  readonly topic?: string
  readonly topicId?: string
  readonly query?: string
  readonly yearStart?: number
  readonly yearEnd?: number
  readonly oaOnly?: boolean
  readonly max?: number
  readonly perPage?: number
}

export interface PlanRequest {
  /** already read from options and files, in the order given; what is no array is asked for piece by piece, once */
  readonly drafts: Iterable<WorkDraft>
  readonly search?: TopicSearch
  readonly formats: readonly Format[]
  readonly priority?: number
  /** puts the works in a named list; needs the switch on */
  readonly list?: PlanList
}

export interface PlanReport {
  readonly planned: readonly PlannedLine[]
  readonly newJobs: number
  readonly existingJobs: number
  /** works that their owner removed: not planned again */
  readonly tombstones: number
  /** jobs among them that are not recorded (the switch): they are gone when this process ends */
  readonly unrecorded: number
}

export interface RunRequest {
  /** absent: resume what is there */
  readonly plan?: PlanRequest
  /** start without reconciling first (a test's wish) */
  readonly skipReconcile?: boolean
}

export interface JobFilter {
  readonly state?: readonly State[]
  readonly reason?: readonly string[]
  readonly text?: string
  /** only of this named list; NO_SUCH_LIST */
  readonly list?: string
  readonly limit?: number
  readonly offset?: number
  /** the id of a job: only those that come after it; a next page costs no more than the first */
  readonly after?: string
}

export interface StatusReport {
  readonly byState: Readonly<Record<State, number>>
  readonly byReason: Readonly<Record<string, number>>
  readonly bytesInLibrary: number
  readonly artifacts: number
  readonly lastRun: SqlRow | null
  readonly lastReconcile: ReconcileLine | null
  readonly measures: MeasuresReport
  readonly alerts: readonly Alert[]
  readonly paused: { readonly code: string; readonly sentence: string } | null
}

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
  LibraryCatalog as Shelf,
  CatalogPaper,
  KeyOf
}

export type { Finding, ReconciliationCounts }

/** Lists of works become jobs; what is there already, and what would be fetched. */
export interface SheafPlanning {
  /**
   * Plans jobs; `planned` lines are emitted once durable. Fetches no file. A search that fails when works
   * were handed over already is an `error` line, here as in `run` and `preview`; all else goes on.
   */
  plan(request: PlanRequest, signal: AbortSignal): Promise<PlanReport>
  /**
   * --dry-run and --list-only: resolves and emits `candidate` lines; writes no job and no file. With
   * `onlyFirst` as a run resolves, until one source names a file, and with `expected` lines and a `forecast`.
   */
  preview(
    request: PlanRequest & { readonly onlyFirst?: boolean },
    signal: AbortSignal
  ): Promise<PreviewReport>
  /** What is there already under any of these works' names, in their order; null: nothing. Plans nothing. */
  lookUp(drafts: readonly WorkDraft[]): readonly (KnownWork | null)[]
  /** The file that a run would most likely fetch for each work, in their order, and what they come to. Plans nothing. */
  expectCopies(
    drafts: readonly WorkDraft[],
    how: Parameters<typeof expectCopies>[2]
  ): ReturnType<typeof expectCopies>
  /** What services propose for references that only a title names, in their order. Plans nothing. */
  matchTitles(references: readonly WorkFacts[], how: HowToMatch): Promise<readonly TitleMatch[]>
  /** Works that a search finds, page by page; `total` is what it has in all. Plans nothing; SEARCH_FAILED. */
  searchWorks(
    search: TopicSearch,
    signal: AbortSignal
  ): AsyncIterable<{ readonly page: readonly WorkDraft[]; readonly total: number | null }>
  lists(): readonly ListSummary[]
  /** What the browser companion may ask. */
  readonly companion: Companion
  /** How a paper would be named under a template. */
  nameUnder(
    template: string,
    work: { readonly workId: string; readonly ids: Identifiers; readonly facts: WorkFacts }
  ): string
  /** A paper's page as the user opens it: behind the institution's proxy, when one is set and the page may need it. */
  landingAddress(canonicalUrl: string): string
}

/** Runs, and why they would stand still. */
export interface SheafRuns {
  /** Works until no job is due. Emits all lines but the summary, which is returned. */
  run(request: RunRequest, signal: AbortSignal): Promise<SummaryLine>
  /** Epoch seconds at which a run would find something to do: now or before, later, or never (null). */
  dueAt(): number | null
  /** A run that waits looks for work again at once. */
  lookAgain(): void
  /** Why a run would stand still, or does; null when it would not. */
  standsStill(): { readonly code: StopReason; readonly sentence: string } | null
  /** Runs stand still from now on, with every byte kept, until `resumeRuns` says that this reason is gone. */
  standStill(code: StopReason, sentence: string): void
  resumeRuns(code: StopReason): void
  /** Called when a run begins or ceases to stand still, or may have. */
  onStandStill(listener: () => void): () => void
  /** Renews this process's leases now, and stops the workers that have lost one: after a sleep. */
  checkLeases(): void
  /** Is a worker of this process at it? */
  isActive(jobId: string): boolean
  /** Resolves when the jobs of this process that run now have ended, or after the time that a stop may take. */
  ended(): Promise<void>
  activeCount(): number
}

/** Jobs one by one, and what a person does with them. */
export interface SheafJobs {
  /** rows of artifact_jobs with title/authors/year of the work added */
  jobs(filter: JobFilter): readonly SqlRow[]
  /** The id of the job a user means: id, unique beginning, or work. NO_SUCH_JOB, BAD_OPTION. */
  jobNamed(text: string): string
  /** rows of artifact_ops of a job, in order; NO_SUCH_JOB */
  ops(jobId: string): readonly SqlRow[]
  history(jobId: string): readonly HistoryEntry[]
  /** The unfinished bytes of a job that lie in staging; null when there are none that may be trusted. */
  part(jobId: string): Promise<PartFacts | null>
  /** The names and facts of a work; null when the ledger does not know it. */
  namesOf(workId: string): { readonly ids: Identifiers; readonly facts: WorkFacts } | null
  /** Puts failed jobs back, also those that are not recorded; resolves to how many. */
  retry(which: {
    readonly reasons?: readonly string[]
    readonly jobIds?: readonly string[]
    readonly list?: string
  }): Promise<number>
  pause(which: { readonly jobIds: readonly string[] } | 'all'): Promise<number>
  resume(which: { readonly jobIds: readonly string[] } | 'all'): Promise<number>
  cancel(jobIds: readonly string[]): Promise<number>
  /** Sets failed jobs aside, and takes them up again; a retry takes them up too. */
  ignore(jobIds: readonly string[]): Promise<number>
  unignore(jobIds: readonly string[]): Promise<number>
}

/** The queue as the app shows it: pages and counts, quick with 100,000 jobs; also of jobs that are not recorded. */
export interface SheafQueue {
  /** A page of the queue; quick with 100,000 jobs. */
  queuePage(ask: QueueAsk): Promise<QueuePage>
  /** Counts under a text, of a list: groups, and reasons of what needs attention. */
  queueCounts(among?: Among): Promise<QueueTotals>
  /** Counts of everything, at once. */
  queueTotals(): QueueTotals
  queueIds(query: QueueQuery): Promise<readonly string[]>
  /** One job with the columns of a queue page (`recorded: 0` when it is not recorded); null when there is none. */
  jobRow(jobId: string): SqlRow | null
  /** Called when jobs changed, many times a second at most once a turn; `many` when they are too many to name. */
  onJobs(listener: (changed: readonly string[] | 'many') => void): () => void
}

/** Ledger, library and disk brought into agreement. */
export interface SheafCare {
  reconcile(how: HowToReconcile, signal: AbortSignal): Promise<ReconcileLine>
  lastReconcile(): ReconcileLine | null
  /** Past reconciliations with their counts, newest first. */
  reconciliations(limit: number): readonly ReconciliationCounts[]
  /** What one of them found, at most so many of each kind; none when there is no such one. */
  findings(id: number, most: number): readonly Finding[]
  /**
   * What a process left that ended without saying goodbye: its runs are ended as `died`. Null when there
   * is nothing of the kind. To be asked once, before anything is reconciled.
   */
  endDeadRuns(): Promise<DeadRuns | null>
  /** Makes the ledger anew from the library: its manifest and the hash of every object. Idempotent. */
  rebuild(
    how: { readonly onProgress?: (done: number, total: number) => void },
    signal: AbortSignal
  ): Promise<AdoptReport>
  /**
   * Gives the papers that are here the names of the naming template, each as an op of its job; what an earlier
   * process had begun is finished first. A file that is not the stored one keeps its name. LIBRARY_MISSING.
   */
  renamePapers(request: RenameRequest, how: HowToRename): Promise<void>
  /** Why the library is not used (LIBRARY_MISSING); null when it is. */
  missingLibrary(): SheafError | null
  /** The library is looked for again; `startNew`: what is in its place is used instead. True when in use. */
  findLibrary(how: { readonly startNew: boolean }): Promise<boolean>
  /** Is this folder the library that is missing, by its id or by the files that the ledger recorded? */
  isMissingLibrary(folder: string): Promise<boolean>
  /** Papers lie in the library, and the ledger knows no job: a rebuild is offered. */
  isLibraryUnknown(): Promise<boolean>
}

/** Files that come in by hand or leave the library. */
export interface SheafFiles {
  attach(jobId: string, file: string, signal: AbortSignal): Promise<DoneLine>
  /**
   * Takes in PDFs that are already there. Every file found is reported exactly once; originals are only
   * read. Throws what stops an import as a whole: the signal's reason, a disk in trouble.
   */
  importFiles(request: ImportRequest, how: Parameters<typeof importFiles>[2]): Promise<void>
  /** Papers that need a person, oldest first, each with its page as the user's browser opens it; NO_SUCH_LIST. */
  handOffList(request: HandOffRequest): HandOffPage
  /** The watched download folder, and the user's answers about its files. */
  readonly handOff: HandOff
  /** Takes a paper out and leaves a tombstone; NO_SUCH_WORK */
  remove(jobOrWorkId: string): Promise<{ readonly workId: string; readonly files: number }>
  undoRemove(jobOrWorkId: string): Promise<{ readonly workId: string }>
  /** Takes out a paper that only the library file knows; NO_SUCH_WORK */
  removeListed(artifactId: string): Promise<{ readonly workId: string; readonly files: number }>
  /** Called when a file came into the quarantine or left it, for whatever reason. */
  onQuarantine(listener: () => void): () => void
  quarantineList(): Promise<readonly QuarantinedFile[]>
  quarantineAccept(id: string, signal: AbortSignal): Promise<DoneLine>
  quarantineReject(id: string): Promise<QuarantinedFile>
  /** Every file of the ledger, read page by page; NO_SUCH_LIST. */
  library(list?: string): Iterable<LibraryEntry>
  /** the ledger in the manifest.sqlite3 form */
  exportManifest(): Promise<Uint8Array>
  /** Stops between two pieces of the file when the signal says so; what was taken over stays. */
  importManifest(
    bytes: Uint8Array,
    signal: AbortSignal
  ): Promise<{
    readonly jobs: number
    readonly ops: number
    readonly known: number
    readonly problems: readonly string[]
  }>
}

/** Reference managers of the user. */
export interface SheafManagers {
  /** Sends papers to a running Zotero, or gives its items their files, each once. */
  readonly handOver: HandOver
  /** The user's own .bib files, kept. */
  readonly bibs: LinkedBibs
  /** The user's Zotero library, by the settings `zotero.url` and `zotero.dataFolder`. Nothing is written. */
  readZotero(signal: AbortSignal): Promise<ZoteroReading>
  /** Its items by a copy of its database; null when there is none and the setting names none. FILE_NOT_FOUND, BAD_FILE. */
  zoteroDatabase(): Promise<readonly ZoteroHolding[] | null>
}

/** The papers that are here, and their full text. */
export interface SheafLibrary {
  /** What the library screen lists: papers of the ledger and of the library file alike. */
  readonly catalog: LibraryCatalog
  readonly thumbnails: Thumbnails
  /** Called whenever the shelf, or what is unread of it, has changed; also when it is another one now. */
  onCatalogChange(listener: () => void): () => void
  /** Papers that hold the words, best first; empty while the search cannot be asked. */
  find(query: string): Promise<readonly Found[]>
  snippets: Search['snippets']
  hitsIn: Search['hitsIn']
  /** papers whose text is still being read for the search */
  unread(): number
  /** The search index takes no more texts: papers that came later are found by their facts alone. */
  isSearchFull(): boolean
  /** Citation keys by the setting `export.citationKey`, for an export of works of the ledger or the library file. */
  citationKeys(): Promise<KeyOf>
  /** The full text of what is here; papers that the index does not know are read first. */
  searchLibrary(ask: SearchAsk, signal: AbortSignal): Promise<SearchAnswer>
}

/** What was done, as figures. */
export interface SheafFigures {
  /** of a named list: its jobs and files only; NO_SUCH_LIST */
  status(list?: string): StatusReport
  /** Attempts and events as a text of that form, and how many they are. */
  telemetry(ask: {
    readonly format: TelemetryFormat
    /** epoch seconds; 0: everything */
    readonly since: number
    readonly withUrls: boolean
  }): { readonly text: string; readonly events: number }
  /** What was sought and retrieved, of a list or (null) of everything; NO_SUCH_LIST */
  report(list: string | null): RetrievalReport
  /** The same, which with a large ledger takes a while and does not block. */
  reportInSlices(list: string | null, signal: AbortSignal): Promise<RetrievalReport>
  /** Every host that was contacted: how often, what for, how it stands. */
  hosts(): readonly HostStanding[]
  /** A host that is not asked for a day, or that is asked again at once, by hand. Durable on return. */
  setHostOpen(host: string, isOpen: boolean): Promise<void>
  /** The report over the last days (of a named list); with a large ledger it takes a while and does not block. */
  insights(
    of: { readonly days: number; readonly list?: string },
    signal: AbortSignal
  ): Promise<InsightsReport>
  /** The same report, for a caller that only reads. */
  figures(days: number, signal: AbortSignal): Promise<InsightsReport>
}

/** Checks of the network connection that a user starts. */
export interface SheafNetwork {
  /** One question to a service, by the settings as they are: does the way out work, and which is it? */
  testConnection(signal: AbortSignal): Promise<ConnectionTest>
  /** Throws CA_FILE_UNUSABLE for a file that holds no certificates. */
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
  /** Everything that happens, as the lines of docs/cli.md; returns how to stop listening. */
  on(listener: (line: Line) => void): () => void
  /**
   * Settings count at once, without the ledger being opened again. A run that captured what changed is
   * stopped, every byte stays, and its caller begins another. FOLDER_UNUSABLE: nothing was changed.
   */
  applySettings(settings: Settings, libraryDir?: string): Promise<void>
  /** Resolves when all that was recorded until now is on disk. */
  flush(): Promise<void>
  /** Stops what runs, keeps all bytes, snapshots, gives the lock back. */
  close(): Promise<void>
}
