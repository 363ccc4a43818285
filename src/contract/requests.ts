/**
 * The one table of what the page may ask main: name → input, checked in main by this very schema →
 * output. Handlers, the preload's surface and the page's bridge are all derived from it, so that a
 * missing handler does not compile. Errors cross as data; nothing here names a path of the disk.
 */
import { z } from 'zod'
import { KEY_NAMES, type KeysView } from './keys'
import type { ErrorData } from './errors'
import { MOST_DROPPED_BYTES, MOST_PASTED_CHARS } from './limits'
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
  collectionName,
  count,
  bytes,
  listName,
  jobQuery,
  whichJobs,
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
  /** only a type: there is never a value */
  readonly output?: O
}
const ask =
  <I extends z.ZodType>(input: I) =>
  <O>(): Request<I, O> => ({ input })

export const REQUESTS = {
  // The app
  'app.state': ask(nothing)<AppView>(),
  /** Tries again to open what could not be opened; its answer says whether that is still so. */
  'app.reopen': ask(nothing)<AppView>(),
  /** Looks for the missing library once more; `startNew` begins a new one in its place. */
  'app.lookForLibrary': ask(z.strictObject({ startNew: z.boolean() }))<AppView>(),
  /** Lets the user show where the missing library is now; null when they did not. LIBRARY_MISSING. */
  'app.findLibrary': ask(nothing)<AppView | null>(),
  /** Takes every paper of the library into the ledger: its manifest, and the hash of each file. */
  'app.rebuildLibrary': ask(nothing)<RebuiltView>(),
  /** Answers the welcome screen; the folder is the one chosen with `app.chooseLibrary`, else the standard one. */
  'app.welcome': ask(z.strictObject({ mailto: text(320), switch: z.enum(SWITCH_POSITIONS) }))<AppView>(),
  /** Lets the person choose the library folder in the system's dialog; null when they did not. */
  'app.chooseLibrary': ask(nothing)<{ readonly folder: string } | null>(),
  /** Enters or leaves the built-in sample library; entering plans and runs it. */
  'app.sample': ask(z.strictObject({ enter: z.boolean() }))<AppView>(),
  /** Remembers something about the screens: sort, widths, filters. */
  'app.remember': ask(z.strictObject({ key: text(60).min(1), value: z.json() }))<null>(),
  'app.copy': ask(z.strictObject({ text: text(5_000_000) }))<null>(),
  /** Opens a web address (http, https) in the system's browser. */
  'app.openLink': ask(z.strictObject({ url: text(10_000) }))<null>(),
  'app.openDataFolder': ask(nothing)<null>(),
  'app.openLibraryFolder': ask(nothing)<null>(),
  /** Writes a support file where the person says; secrets are left out. null when they said nowhere. */
  'app.exportDiagnostics': ask(nothing)<{ readonly file: string } | null>(),

  // The run
  'run.state': ask(nothing)<RunView>(),
  /** Resume: works until nothing is due, and again whenever something becomes due. */
  'run.start': ask(nothing)<RunView>(),
  'run.pause': ask(nothing)<RunView>(),

  // Add papers
  /** Reads what was pasted or dropped and says what is new; plans nothing. */
  'plan.read': ask(
    z.strictObject({
      text: text(MOST_PASTED_CHARS).optional(),
      files: z
        .array(z.strictObject({ name: text(500), bytes: bytes(MOST_DROPPED_BYTES) }))
        .max(50)
        .optional()
    })
  )<PreviewView>(),
  /** Lets the person choose reference files in the system's dialog; null when they did not. */
  'plan.chooseFiles': ask(nothing)<PreviewView | null>(),
  'plan.search': ask(topicSearch)<PreviewView>(),
  /** Ends a search that goes on; what was found until then is shown. */
  'plan.stopSearch': ask(nothing)<null>(),
  /** Looks up what only a title names; the preview with what was found. Ends when it is discarded. */
  'plan.match': ask(z.strictObject({ previewId: text(100) }))<PreviewView>(),
  /** Looks up which open copy each new paper would be fetched from; no file is asked for. Ends when it is discarded. */
  'plan.expect': ask(z.strictObject({ previewId: text(100) }))<PreviewView>(),
  'plan.rows': ask(
    z.strictObject({
      previewId: text(100),
      kind: z.enum(PREVIEW_KINDS).optional(),
      offset: count(10_000_000),
      limit: z.number().int().min(1).max(500)
    })
  )<{ readonly total: number; readonly rows: readonly PreviewRow[] }>(),
  /** Plans what is new in a preview (but the rows left out), and begins to work unless paused. */
  'plan.commit': ask(
    z.strictObject({
      previewId: text(100),
      leaveOut: z.array(count(10_000_000)).max(100_000).optional(),
      /** rows to confirm whose proposed paper is the one that is meant */
      confirmed: z.array(count(10_000_000)).max(100_000).optional(),
      /**
       * Puts everything that the preview names in this list, made when it is new: also papers that are there
       * already, and as records without a paper what was not understood or not confirmed. BAD_OPTION.
       */
      list: listName.optional()
    })
  )<PlannedView>(),
  /** Ends a planning that goes on; what was planned until then stays planned. */
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
      offset: count(10_000_000),
      limit: z.number().int().min(1).max(500)
    })
  )<JobPage>(),
  /** Counts under the text of the filter, of a list; groups and reasons each on their own. */
  'jobs.counts': ask(
    z.strictObject({ text: text(500).optional(), list: listName.optional() })
  )<QueueCounts>(),
  'jobs.detail': ask(z.strictObject({ jobId }))<JobDetail>(),
  'jobs.retry': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.pause': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.resume': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.cancel': ask(whichJobs)<{ readonly changed: number }>(),
  /** Sets failed jobs aside: they no longer ask for attention. */
  'jobs.ignore': ask(whichJobs)<{ readonly changed: number }>(),
  'jobs.unignore': ask(whichJobs)<{ readonly changed: number }>(),
  /** Takes the paper out of the library and leaves a tombstone. */
  'jobs.remove': ask(z.strictObject({ jobId }))<{ readonly workId: string; readonly files: number }>(),
  'jobs.undoRemove': ask(z.strictObject({ jobId }))<{ readonly workId: string }>(),
  /** Opens the landing page (at most ten at a time) in the system's browser. */
  'jobs.openLanding': ask(z.strictObject({ jobIds: z.array(jobId).min(1).max(10) }))<null>(),
  /** Copies titles, identifiers and addresses, one job a line. */
  'jobs.copyList': ask(whichJobs)<{ readonly changed: number }>(),
  /** Lets the person choose a file in the system's dialog; null when they did not. */
  'jobs.attach': ask(z.strictObject({ jobId }))<JobDetail | null>(),
  /** A file that was dropped on a row. */
  'jobs.attachBytes': ask(
    z.strictObject({ jobId, name: text(500), bytes: bytes(MOST_DROPPED_BYTES) })
  )<JobDetail>(),

  // Papers that need a person
  'handoff.list': ask(
    z.strictObject({
      list: listName.optional(),
      offset: count(10_000_000),
      limit: z.number().int().min(1).max(500)
    })
  )<HandOffView>(),
  /** Is the file in question this paper? It is attached, or never asked about again. */
  'handoff.answer': ask(
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), isThePaper: z.boolean() })
  )<null>(),

  // The browser companion
  'companion.get': ask(nothing)<CompanionView>(),
  /** The token until now is worth nothing from then on. */
  'companion.newToken': ask(nothing)<CompanionView>(),
  /** Puts the companion's files where a browser can load them from, and shows the folder. */
  'companion.showFolder': ask(nothing)<null>(),

  // PDFs that the user has already
  'imports.list': ask(
    z.strictObject({
      fate: z.enum(IMPORT_FATES),
      offset: count(10_000_000),
      limit: z.number().int().min(1).max(500)
    })
  )<ImportsView>(),
  /** Chosen in the system's dialog; they are read at once. */
  'imports.chooseFiles': ask(nothing)<{ readonly chosen: number }>(),
  'imports.chooseFolder': ask(nothing)<{ readonly chosen: number }>(),
  /** A PDF that was dropped; resolves when there is room for the next one. */
  'imports.give': ask(z.strictObject({ name: text(500).min(1), bytes: bytes(MOST_DROPPED_BYTES) }))<null>(),
  'imports.stop': ask(nothing)<null>(),
  /** These are the papers that are proposed for them. */
  'imports.accept': ask(z.strictObject({ ids: z.array(importId).min(1).max(20_000) }))<null>(),
  /** This is the paper of that name; BAD_REQUEST when the text names none. */
  'imports.fileAs': ask(z.strictObject({ id: importId, identifier: text(500).min(1) }))<null>(),
  'imports.leave': ask(z.strictObject({ ids: z.array(importId).min(1).max(20_000) }))<null>(),

  // Reference managers
  /** Reads the Zotero library: the running Zotero where it may be asked, else a copy of its database. */
  'zotero.state': ask(nothing)<ZoteroView>(),
  /** Plans the items without a file that an identifier names, as they were read last. FILE_NOT_FOUND, BAD_FILE. */
  'zotero.getMissing': ask(z.strictObject({ collection: collectionName }))<PlannedView>(),
  /** The same as a preview of Add papers, with those that only a title names. */
  'zotero.showMissing': ask(z.strictObject({ collection: collectionName }))<PreviewView>(),
  /** Sends papers as items with their files, each once: these, or all. ZOTERO_CLOSED, NOT_ZOTERO, ZOTERO_READ_ONLY. */
  'zotero.send': ask(
    z.strictObject({ artifactIds: z.array(artifactId).min(1).max(100_000).optional() })
  )<ZoteroHanded>(),
  /** Gives items that have no file the papers that are here. ZOTERO_CANNOT, ZOTERO_API_OFF, ZOTERO_DENIED. */
  'zotero.attach': ask(z.strictObject({ collection: collectionName }))<ZoteroHanded>(),
  /** Ends the handing over between two papers; what arrived until then counts. */
  'zotero.stop': ask(nothing)<null>(),
  /** The user's own .bib files that Sheaf watches and writes links into. */
  'bibs.list': ask(nothing)<BibsView>(),
  /** Chosen in the system's dialog. BAD_FILE, FILE_UNREADABLE, TOO_LARGE. */
  'bibs.link': ask(nothing)<BibsView>(),
  /** The file stays as it is, and is left alone from then on. */
  'bibs.unlink': ask(z.strictObject({ id: bibId }))<BibsView>(),
  'bibs.show': ask(z.strictObject({ id: bibId }))<null>(),

  // The library
  /** How many papers there are (of a list), for the figure in the rail. */
  'library.count': ask(z.strictObject({ list: listName.optional() }))<{
    readonly papers: number
    readonly revision: number
  }>(),
  'library.list': ask(
    z.strictObject({
      query: paperQuery,
      sort: z.enum(PAPER_SORTS),
      direction,
      offset: count(10_000_000),
      limit: z.number().int().min(1).max(500)
    })
  )<PaperPage>(),
  'library.paper': ask(z.strictObject({ artifactId }))<PaperDetail>(),
  'library.reveal': ask(z.strictObject({ artifactId }))<null>(),
  'library.openWith': ask(z.strictObject({ artifactId }))<null>(),
  'library.copyCitation': ask(
    z.strictObject({ artifactIds: z.array(artifactId).min(1).max(10_000), format: citationFormat })
  )<{ readonly copied: number }>(),
  /** Copies papers in a CSL style: one citation of all, or a bibliography. */
  'library.cite': ask(
    z.strictObject({
      artifactIds: z.array(artifactId).min(1).max(MOST_CITED),
      /** one that comes with Sheaf, or the id of the user's own */
      style: z.union([z.enum(CITATION_STYLES), styleId]),
      locale: z.enum(CITATION_LOCALES),
      what: z.enum(['citation', 'bibliography'])
    })
  )<{ readonly copied: number; readonly text: string }>(),
  /** The user's own styles. */
  'styles.list': ask(nothing)<OwnStylesView>(),
  /** Chosen in the system's dialog; BAD_FILE says what is wrong with it. */
  'styles.choose': ask(nothing)<OwnStylesView>(),
  /** One that was dropped; BAD_FILE. */
  'styles.give': ask(
    z.strictObject({ name: text(500).min(1), bytes: bytes(MOST_STYLE_FILE_BYTES) })
  )<OwnStylesView>(),
  'styles.remove': ask(z.strictObject({ id: styleId }))<OwnStylesView>(),
  /** Writes where the person says; null when they said nowhere. */
  'library.export': ask(
    z.strictObject({
      which: z.union([
        z.strictObject({ artifactIds: z.array(artifactId).min(1).max(100_000) }),
        z.strictObject({ query: paperQuery })
      ]),
      format: exportFormat
    })
  )<{ readonly file: string; readonly papers: number } | null>(),
  /** The provenance of one paper as JSON, copied. */
  'library.copyProvenance': ask(z.strictObject({ artifactId }))<null>(),
  'library.remove': ask(z.strictObject({ artifactId }))<{
    readonly workId: string
    readonly files: number
  }>(),
  'library.undoRemove': ask(z.strictObject({ workId: text(3_000).min(1) }))<{ readonly workId: string }>(),
  /** Keeps a picture (PNG or WebP) of the first page that the page has drawn. */
  'library.keepThumbnail': ask(
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: bytes(2_000_000) })
  )<null>(),
  'reader.remember': ask(
    z.strictObject({ artifactId, page: z.number().int().min(1).max(1_000_000), zoom: text(20) })
  )<ReaderState>(),

  // Recover
  'reconcile.state': ask(nothing)<RecoverView>(),
  'reconcile.findings': ask(z.strictObject({ id: count(1e9) }))<readonly FindingView[]>(),
  /** Begins a check; its progress and end come as events. Answers at once. */
  'reconcile.start': ask(z.strictObject({ verifyHashes: z.boolean() }))<RecoverView>(),
  'reconcile.cancel': ask(nothing)<RecoverView>(),
  'reconcile.dismiss': ask(nothing)<RecoverView>(),
  'reconcile.revealUnknown': ask(z.strictObject({ index: count(1_000_000) }))<null>(),
  'quarantine.accept': ask(z.strictObject({ id: text(500).min(1) }))<RecoverView>(),
  'quarantine.reject': ask(z.strictObject({ id: text(500).min(1) }))<RecoverView>(),

  // Insights
  /** Of a list: without alerts and forecast, which are about everything. */
  'insights.get': ask(
    z.strictObject({ days: z.number().int().min(1).max(3_650), list: listName.optional() })
  )<InsightsView>(),
  /** The switch in steps: both groups, and whether the next step is advised. */
  'insights.rollout': ask(nothing)<RolloutView>(),
  /**
   * One step from where the page saw the switch (a second click changes nothing). TRANSITION_REFUSED when
   * the figures speak against it, unless `force`; BAD_SETTING when the environment decides.
   */
  'insights.setRollout': ask(
    z.strictObject({
      from: z.number().min(0).max(100),
      to: z.enum(['next', 'back']),
      force: z.boolean()
    })
  )<RolloutView>(),
  /** Every host that was contacted, and how it stands. */
  'insights.hosts': ask(nothing)<BoardView>(),
  /** A host is not asked for a day, or is asked again at once. */
  'insights.setHostOpen': ask(z.strictObject({ host: hostName, isOpen: z.boolean() }))<BoardView>(),

  // The retrieval report
  /** Of a list, or of everything; NO_SUCH_LIST. */
  'report.get': ask(z.strictObject({ list: listName.optional() }))<ReportView>(),
  /** Writes it where the user says; null when they said nowhere. */
  'report.export': ask(z.strictObject({ list: listName.optional(), format: z.enum(REPORT_FILES) }))<{
    readonly file: string
  } | null>(),

  // Settings
  /** Which services have a key, and where it is kept; never the key. */
  'keys.list': ask(nothing)<KeysView>(),
  'keys.set': ask(z.strictObject({ service: z.enum(KEY_NAMES), value: text(1_000).min(1) }))<KeysView>(),
  'keys.remove': ask(z.strictObject({ service: z.enum(KEY_NAMES) }))<KeysView>(),
  'settings.list': ask(nothing)<SettingsView>(),
  /** Checks, keeps, and takes effect at once; BAD_SETTING says what is allowed. */
  'settings.set': ask(z.strictObject({ key: settingKey, value: z.json() }))<SettingsView>(),
  'settings.reset': ask(z.strictObject({ key: settingKey }))<SettingsView>(),
  /** Checks only: null, or what is wrong with the value. */
  'settings.check': ask(z.strictObject({ key: settingKey, value: z.json() }))<ErrorData | null>(),
  /** How a paper would be named under this template. */
  'settings.nameExample': ask(z.strictObject({ template: text(300) }))<{ readonly name: string }>(),
  /** The citation key of the same paper under this pattern; BAD_SETTING. */
  'settings.keyExample': ask(z.strictObject({ pattern: text(200) }))<{ readonly key: string }>(),
  'settings.chooseLibrary': ask(nothing)<SettingsView | null>(),
  /** The folder whose new PDFs are attached to the papers that wait; null when none was chosen. */
  'settings.chooseWatchFolder': ask(nothing)<SettingsView | null>(),
  /** Zotero’s data folder; null when none was chosen, BAD_FILE when the folder holds no zotero.sqlite. */
  'settings.chooseZoteroFolder': ask(nothing)<SettingsView | null>(),
  /** A file of certificates, chosen in the system's dialog and read before it is kept; CA_FILE_UNUSABLE. */
  'settings.chooseCaFile': ask(nothing)<SettingsView | null>(),
  /** Asks one service by the settings as they are. */
  'settings.testConnection': ask(nothing)<ConnectionTest>(),
  /** What renaming the papers that are here would come to; changes nothing. */
  'settings.previewRename': ask(nothing)<RenamePreview>(),
  /** Gives the papers that are here the names of the naming template; progress comes as `renaming`. */
  'settings.renamePapers': ask(nothing)<RenameOutcome>(),
  /** Ends it between two papers. */
  'settings.cancelRename': ask(nothing)<null>()
} as const satisfies Record<RequestName, Request<z.ZodType, unknown>>

export type InputOf<N extends RequestName> = z.input<(typeof REQUESTS)[N]['input']>
export type CheckedInputOf<N extends RequestName> = z.output<(typeof REQUESTS)[N]['input']>
export type OutputOf<N extends RequestName> =
  (typeof REQUESTS)[N] extends Request<z.ZodType, infer Output> ? Output : never

/** What crosses the border: an answer, or an error as data (Electron keeps only a message otherwise). */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorData }
