/**
 * The table of all requests from the page to main: name → input, checked in main by this schema → output.
 * Handlers, the preload's API and the page's bridge are all derived from it, so that a missing handler does
 * not compile. Errors cross as data; no input is a path of the disk.
 */
import { z } from 'zod'
import { KEY_NAMES, type KeysView } from './keys'
import type { ErrorData } from './errors'
import { MOST_DROPPED_BYTES, MOST_FILES_AT_ONCE, MOST_PASTED_CHARS } from './limits'
import type { ListView } from './list-views'
import type { RequestName } from './request-names'
import {
  JOB_SORTS,
  type AppView,
  type JobPage,
  type QueueCounts,
  type RebuiltView,
  type RunView
} from './views'
import { PAPER_SORTS, type PaperDetail, type PaperPage, type ReaderState } from './library-views'
import { PREVIEW_KINDS, type PlannedView, type PreviewRow, type PreviewView } from './add-views'
import type { FindingView, RecoverView } from './recover-views'
import type { BoardView, InsightsView, RolloutView } from './insights-views'
import type { JobDetail } from './job-views'
import {
  CITATION_LOCALES,
  CITATION_STYLES,
  MOST_CITED,
  MOST_STYLE_FILE_BYTES,
  type OwnStylesView
} from './citation-styles'
import type { BibsView } from './bibs'
import type { CompanionView } from './companion'
import type { HandOffView } from './handoff'
import type { ConnectionTest, RenameOutcome, RenamePreview, SettingsView } from './settings-views'
import { REPORT_FILES, type ReportView } from './retrieval-report'
import { IMPORT_FATES, type ImportsView } from './import-views'
import {
  nothing,
  text,
  jobId,
  artifactId,
  styleId,
  bibId,
  importId,
  sha256,
  collectionName,
  count,
  bytes,
  listName,
  jobQuery,
  whichJobs,
  page,
  paperQuery,
  topicSearch,
  direction,
  citationFormat,
  exportFormat,
  hostName,
  settingKey
} from './request-inputs'
import { SWITCH_POSITIONS } from './words'
import type { ZoteroHanded, ZoteroView } from './zotero'

export { MOST_DROPPED_BYTES, MOST_PASTED_CHARS }
export type { JobQuery, WhichJobs, PaperQuery, TopicSearchInput } from './request-inputs'

interface Request<I extends z.ZodType, O> {
  readonly input: I
  /** only a type: never has a value */
  readonly output?: O
}
const ask =
  <I extends z.ZodType>(input: I) =>
  <O>(): Request<I, O> => ({ input })

export const REQUESTS = {
  // The app
  'app.state': ask(nothing)<AppView>(),
  /** Tries again to open the workspace; the answer contains the trouble, if it persists. */
  'app.reopen': ask(nothing)<AppView>(),
  /** Checks again for the missing library; `startNew` creates a new one in its place. */
  'app.lookForLibrary': ask(z.strictObject({ startNew: z.boolean() }))<AppView>(),
  /** The user selects the missing library's folder; null when cancelled. LIBRARY_MISSING. */
  'app.findLibrary': ask(nothing)<AppView | null>(),
  /** Adopts every paper of the library into the ledger: its manifest, and the hash of each file. */
  'app.rebuildLibrary': ask(nothing)<RebuiltView>(),
  /**
   * Stores the answers of the welcome screen; the folder is the one from `app.chooseLibrary`, else the
   * default.
   */
  'app.welcome': ask(z.strictObject({ mailto: text(320), switch: z.enum(SWITCH_POSITIONS) }))<AppView>(),
  /** The user selects the library folder in the system's dialog; null when cancelled. */
  'app.chooseLibrary': ask(nothing)<{ readonly folder: string } | null>(),
  /** Enters or leaves the built-in sample library; entering plans and runs it. */
  'app.sample': ask(z.strictObject({ enter: z.boolean() }))<AppView>(),
  /** Stores a state of the screens: sort order, widths, filters. */
  'app.remember': ask(z.strictObject({ key: text(60).min(1), value: z.json() }))<null>(),
  'app.copy': ask(z.strictObject({ text: text(5_000_000) }))<null>(),
  /** Opens a web address (http, https) in the system's browser. */
  'app.openLink': ask(z.strictObject({ url: text(10_000) }))<null>(),
  'app.openDataFolder': ask(nothing)<null>(),
  'app.openLibraryFolder': ask(nothing)<null>(),
  /** Writes a support file where the user chooses, without secrets; null when cancelled. */
  'app.exportDiagnostics': ask(nothing)<{ readonly file: string } | null>(),

  // The run
  'run.state': ask(nothing)<RunView>(),
  /** Resumes: works until nothing is due, and again whenever a job becomes due. */
  'run.start': ask(nothing)<RunView>(),
  'run.pause': ask(nothing)<RunView>(),

  // Add papers
  /** Parses pasted or dropped input and returns a preview; plans nothing. */
  'plan.read': ask(
    z.strictObject({
      text: text(MOST_PASTED_CHARS).optional(),
      files: z
        .array(z.strictObject({ name: text(500), bytes: bytes(MOST_DROPPED_BYTES) }))
        .max(MOST_FILES_AT_ONCE)
        .optional()
    })
  )<PreviewView>(),
  /** The user selects reference files in the system's dialog; null when cancelled. */
  'plan.chooseFiles': ask(nothing)<PreviewView | null>(),
  'plan.search': ask(topicSearch)<PreviewView>(),
  /** Ends an active search; the results so far are shown. */
  'plan.stopSearch': ask(nothing)<null>(),
  /** Looks up rows identified only by a title and returns the updated preview. Ends when it is discarded. */
  'plan.match': ask(z.strictObject({ previewId: text(100) }))<PreviewView>(),
  /**
   * Looks up the open copy that each new paper would be fetched from; no file is requested. Ends when it is
   * discarded.
   */
  'plan.expect': ask(z.strictObject({ previewId: text(100) }))<PreviewView>(),
  'plan.rows': ask(
    z.strictObject({
      previewId: text(100),
      kind: z.enum(PREVIEW_KINDS).optional(),
      ...page
    })
  )<{ readonly total: number; readonly rows: readonly PreviewRow[] }>(),
  /** Plans the new rows of a preview (except excluded ones), and starts work unless paused. */
  'plan.commit': ask(
    z.strictObject({
      previewId: text(100),
      leaveOut: z.array(count(10_000_000)).max(100_000).optional(),
      /** rows whose proposed paper the user confirmed */
      confirmed: z.array(count(10_000_000)).max(100_000).optional(),
      /**
       * Adds every row of the preview to this list, which is created if needed: also existing papers, and, as
       * records without a paper, rows not understood or not confirmed. BAD_OPTION.
       */
      list: listName.optional()
    })
  )<PlannedView>(),
  /** Ends an active planning; planned papers stay planned. */
  'plan.stop': ask(nothing)<null>(),
  'plan.discard': ask(z.strictObject({ previewId: text(100) }))<null>(),

  // Named lists
  'lists.all': ask(nothing)<readonly ListView[]>(),

  // The queue
  'jobs.list': ask(
    z.strictObject({
      query: jobQuery,
      sort: z.enum(JOB_SORTS),
      direction,
      ...page
    })
  )<JobPage>(),
  /** Counts under the text filter, of a list; totals for each group and reason. */
  'jobs.counts': ask(
    z.strictObject({ text: text(500).optional(), list: listName.optional() })
  )<QueueCounts>(),
  'jobs.detail': ask(z.strictObject({ jobId }))<JobDetail>(),
  'jobs.retry': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.pause': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.resume': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.cancel': ask(whichJobs)<{ readonly changed: number }>(),
  /** Ignores failed jobs: they no longer need attention. */
  'jobs.ignore': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.unignore': ask(whichJobs)<{ readonly changed: number }>(),
  /** Removes the paper from the library and leaves a tombstone. */
  'jobs.remove': ask(z.strictObject({ jobId }))<{ readonly workId: string; readonly files: number }>(),
  'jobs.undoRemove': ask(z.strictObject({ jobId }))<{ readonly workId: string }>(),
  /** Opens the landing page (at most ten at a time) in the system's browser. */
  'jobs.openLanding': ask(z.strictObject({ jobIds: z.array(jobId).min(1).max(10) }))<null>(),
  /** Copies titles, identifiers and addresses, one line per job. */
  'jobs.copyList': ask(whichJobs)<{ readonly changed: number }>(),
  /** The user selects a file in the system's dialog; null when cancelled. */
  'jobs.attach': ask(z.strictObject({ jobId }))<JobDetail | null>(),
  /** A file dropped on a row. */
  'jobs.attachBytes': ask(
    z.strictObject({ jobId, name: text(500), bytes: bytes(MOST_DROPPED_BYTES) })
  )<JobDetail>(),

  // Papers that need the user
  'handoff.list': ask(
    z.strictObject({
      list: listName.optional(),
      ...page
    })
  )<HandOffView>(),
  /** Answers whether the file in question is this paper: it is attached, or never proposed again. */
  'handoff.answer': ask(z.strictObject({ sha256, isThePaper: z.boolean() }))<null>(),

  // The browser companion
  'companion.get': ask(nothing)<CompanionView>(),
  /** The previous token becomes invalid. */
  'companion.newToken': ask(nothing)<CompanionView>(),
  /** Copies the companion's files to a folder that a browser can load, and shows it. */
  'companion.showFolder': ask(nothing)<null>(),

  // Imported PDFs
  'imports.list': ask(
    z.strictObject({
      fate: z.enum(IMPORT_FATES),
      ...page
    })
  )<ImportsView>(),
  /** Selected in the system's dialog and read at once. */
  'imports.chooseFiles': ask(nothing)<{ readonly chosen: number }>(),
  'imports.chooseFolder': ask(nothing)<{ readonly chosen: number }>(),
  /** A dropped PDF; resolves when there is room for the next one. */
  'imports.give': ask(z.strictObject({ name: text(500).min(1), bytes: bytes(MOST_DROPPED_BYTES) }))<null>(),
  'imports.stop': ask(nothing)<null>(),
  /** Confirms the proposed papers of these files. */
  'imports.accept': ask(z.strictObject({ ids: z.array(importId).min(1).max(20_000) }))<null>(),
  /** Files it as the paper with this identifier; BAD_REQUEST when the text contains none. */
  'imports.fileAs': ask(z.strictObject({ id: importId, identifier: text(500).min(1) }))<null>(),
  'imports.leave': ask(z.strictObject({ ids: z.array(importId).min(1).max(20_000) }))<null>(),

  // Reference managers
  /**
   * Reads the Zotero library: from the running Zotero if its API is available, else from a copy of its
   * database.
   */
  'zotero.state': ask(nothing)<ZoteroView>(),
  /**
   * Plans the items without a file that have an identifier, as of the last reading. FILE_NOT_FOUND, BAD_FILE.
   */
  'zotero.getMissing': ask(z.strictObject({ collection: collectionName }))<PlannedView>(),
  /** Returns them as a preview of Add papers, including those identified only by a title. */
  'zotero.showMissing': ask(z.strictObject({ collection: collectionName }))<PreviewView>(),
  /**
   * Creates items with their files, each once: these papers, or all. ZOTERO_CLOSED, NOT_ZOTERO,
   * ZOTERO_READ_ONLY.
   */
  'zotero.send': ask(
    z.strictObject({ artifactIds: z.array(artifactId).min(1).max(100_000).optional() })
  )<ZoteroHanded>(),
  /** Attaches existing papers to items without a file. ZOTERO_CANNOT, ZOTERO_API_OFF, ZOTERO_DENIED. */
  'zotero.attach': ask(z.strictObject({ collection: collectionName }))<ZoteroHanded>(),
  /** Ends the hand-over between two papers; earlier papers stay handed over. */
  'zotero.stop': ask(nothing)<null>(),
  /** The user's linked .bib files. */
  'bibs.list': ask(nothing)<BibsView>(),
  /** Selected in the system's dialog. BAD_FILE, FILE_UNREADABLE, TOO_LARGE. */
  'bibs.link': ask(nothing)<BibsView>(),
  /** The file stays as it is and is no longer followed. */
  'bibs.unlink': ask(z.strictObject({ id: bibId }))<BibsView>(),
  'bibs.show': ask(z.strictObject({ id: bibId }))<null>(),

  // The library
  /** Number of papers (of a list), for the rail. */
  'library.count': ask(z.strictObject({ list: listName.optional() }))<{
    readonly papers: number
    readonly revision: number
  }>(),
  'library.list': ask(
    z.strictObject({
      query: paperQuery,
      sort: z.enum(PAPER_SORTS),
      direction,
      ...page
    })
  )<PaperPage>(),
  'library.paper': ask(z.strictObject({ artifactId }))<PaperDetail>(),
  'library.reveal': ask(z.strictObject({ artifactId }))<null>(),
  'library.openWith': ask(z.strictObject({ artifactId }))<null>(),
  'library.copyCitation': ask(
    z.strictObject({ artifactIds: z.array(artifactId).min(1).max(10_000), format: citationFormat })
  )<{ readonly copied: number }>(),
  /** Copies papers in a CSL style: one citation for all, or a bibliography. */
  'library.cite': ask(
    z.strictObject({
      artifactIds: z.array(artifactId).min(1).max(MOST_CITED),
      /** a built-in style, or the id of a style added by the user */
      style: z.union([z.enum(CITATION_STYLES), styleId]),
      locale: z.enum(CITATION_LOCALES),
      what: z.enum(['citation', 'bibliography'])
    })
  )<{ readonly copied: number; readonly text: string }>(),
  /** The user's own styles. */
  'styles.list': ask(nothing)<OwnStylesView>(),
  /** Selected in the system's dialog; BAD_FILE contains the error. */
  'styles.choose': ask(nothing)<OwnStylesView>(),
  /** A dropped style; BAD_FILE. */
  'styles.give': ask(
    z.strictObject({ name: text(500).min(1), bytes: bytes(MOST_STYLE_FILE_BYTES) })
  )<OwnStylesView>(),
  'styles.remove': ask(z.strictObject({ id: styleId }))<OwnStylesView>(),
  /** Writes where the user chooses; null when cancelled. */
  'library.export': ask(
    z.strictObject({
      which: z.union([
        z.strictObject({ artifactIds: z.array(artifactId).min(1).max(100_000) }),
        z.strictObject({ query: paperQuery })
      ]),
      format: exportFormat
    })
  )<{ readonly file: string; readonly papers: number } | null>(),
  /** Copies the provenance of one paper as JSON. */
  'library.copyProvenance': ask(z.strictObject({ artifactId }))<null>(),
  'library.remove': ask(z.strictObject({ artifactId }))<{
    readonly workId: string
    readonly files: number
  }>(),
  'library.undoRemove': ask(z.strictObject({ workId: text(3_000).min(1) }))<{ readonly workId: string }>(),
  /** Stores a picture (PNG or WebP) of the first page, drawn by the page. */
  'library.keepThumbnail': ask(z.strictObject({ sha256, bytes: bytes(2_000_000) }))<null>(),
  'reader.remember': ask(
    z.strictObject({ artifactId, page: z.number().int().min(1).max(1_000_000), zoom: text(20) })
  )<ReaderState>(),

  // Recover
  'reconcile.state': ask(nothing)<RecoverView>(),
  'reconcile.findings': ask(z.strictObject({ id: count(1e9) }))<readonly FindingView[]>(),
  /** Starts a check; progress and result are sent as events. Returns at once. */
  'reconcile.start': ask(z.strictObject({ verifyHashes: z.boolean() }))<RecoverView>(),
  'reconcile.cancel': ask(nothing)<RecoverView>(),
  'reconcile.dismiss': ask(nothing)<RecoverView>(),
  'reconcile.revealUnknown': ask(z.strictObject({ index: count(1_000_000) }))<null>(),
  'quarantine.accept': ask(z.strictObject({ id: text(500).min(1) }))<RecoverView>(),
  'quarantine.reject': ask(z.strictObject({ id: text(500).min(1) }))<RecoverView>(),

  // Insights
  /** For a list: without alerts and forecast, which cover everything. */
  'insights.get': ask(
    z.strictObject({ days: z.number().int().min(1).max(3_650), list: listName.optional() })
  )<InsightsView>(),
  /** The steps of the switch: both groups, and whether the next step is advised. */
  'insights.rollout': ask(nothing)<RolloutView>(),
  /**
   * One step from the position that the page showed (a second click changes nothing). TRANSITION_REFUSED when
   * the figures contradict it, unless `force`; BAD_SETTING when the environment decides.
   */
  'insights.setRollout': ask(
    z.strictObject({
      from: z.number().min(0).max(100),
      to: z.enum(['next', 'back']),
      force: z.boolean()
    })
  )<RolloutView>(),
  /** Every contacted host with its state. */
  'insights.hosts': ask(nothing)<BoardView>(),
  /** Closes a host for a day, or opens it again at once. */
  'insights.setHostOpen': ask(z.strictObject({ host: hostName, isOpen: z.boolean() }))<BoardView>(),

  // The retrieval report
  /** Of a list, or of everything; NO_SUCH_LIST. */
  'report.get': ask(z.strictObject({ list: listName.optional() }))<ReportView>(),
  /** Writes where the user chooses; null when cancelled. */
  'report.export': ask(z.strictObject({ list: listName.optional(), format: z.enum(REPORT_FILES) }))<{
    readonly file: string
  } | null>(),

  // Settings
  /** The services with a key, and where it is stored; never the key. */
  'keys.list': ask(nothing)<KeysView>(),
  'keys.set': ask(z.strictObject({ service: z.enum(KEY_NAMES), value: text(1_000).min(1) }))<KeysView>(),
  'keys.remove': ask(z.strictObject({ service: z.enum(KEY_NAMES) }))<KeysView>(),
  'settings.list': ask(nothing)<SettingsView>(),
  /** Validates, stores and applies at once; BAD_SETTING contains the allowed values. */
  'settings.set': ask(z.strictObject({ key: settingKey, value: z.json() }))<SettingsView>(),
  'settings.reset': ask(z.strictObject({ key: settingKey }))<SettingsView>(),
  /** Validates only: null, or the error. */
  'settings.check': ask(z.strictObject({ key: settingKey, value: z.json() }))<ErrorData | null>(),
  /** The name of an example paper under this template. */
  'settings.nameExample': ask(z.strictObject({ template: text(300) }))<{ readonly name: string }>(),
  /** The citation key of the same paper under this pattern; BAD_SETTING. */
  'settings.keyExample': ask(z.strictObject({ pattern: text(200) }))<{ readonly key: string }>(),
  'settings.chooseLibrary': ask(nothing)<SettingsView | null>(),
  /** Selects the folder whose new PDFs are attached to waiting papers; null when cancelled. */
  'settings.chooseWatchFolder': ask(nothing)<SettingsView | null>(),
  /**
   * Selects Zotero’s data folder; null when cancelled, BAD_FILE when the folder contains no zotero.sqlite.
   */
  'settings.chooseZoteroFolder': ask(nothing)<SettingsView | null>(),
  /** Selects a file of certificates, which is read before it is stored; CA_FILE_UNUSABLE. */
  'settings.chooseCaFile': ask(nothing)<SettingsView | null>(),
  /** Sends one request to a service with the current settings. */
  'settings.testConnection': ask(nothing)<ConnectionTest>(),
  /** Previews the renaming of all existing papers; changes nothing. */
  'settings.previewRename': ask(nothing)<RenamePreview>(),
  /** Renames existing papers to the naming template; progress is sent as `renaming`. */
  'settings.renamePapers': ask(nothing)<RenameOutcome>(),
  /** Stops renaming between two papers. */
  'settings.cancelRename': ask(nothing)<null>()
} as const satisfies Record<RequestName, Request<z.ZodType, unknown>>

export type InputOf<N extends RequestName> = z.input<(typeof REQUESTS)[N]['input']>
export type CheckedInputOf<N extends RequestName> = z.output<(typeof REQUESTS)[N]['input']>
export type OutputOf<N extends RequestName> =
  (typeof REQUESTS)[N] extends Request<z.ZodType, infer Output> ? Output : never

/** What crosses the process border: an answer, or an error as data (Electron would keep only its message). */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorData }
