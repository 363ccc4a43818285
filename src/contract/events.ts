/**
 * What main tells the page: what changed, under a growing `revision`, at most ten times a second a
 * name. An event says where to look, not what is there; a gap in the revisions means “ask again”.
 */
import type { EventName } from './event-names'
import type { AppView, RunView } from './views'
import type { RecoverView } from './recover-views'
import type { SettingsView } from './settings-views'
import type { ZoteroProgress } from './zotero'

/** The screens of the rail, the one behind the queue, and the one over them. */
export const PLACES = [
  'queue',
  'library',
  'recover',
  'insights',
  'settings',
  'handoff',
  'imports',
  'managers',
  'report',
  'add'
] as const
export type Place = (typeof PLACES)[number]

export const NOTICE_TONES = ['good', 'quiet', 'attention'] as const

export interface Events extends Record<EventName, unknown> {
  readonly app: AppView
  readonly run: RunView
  /** Jobs that changed; `many` when they are too many to name. Live bytes of those under way come along. */
  readonly jobs: {
    readonly revision: number
    readonly changed: readonly string[] | 'many'
    readonly live: readonly {
      readonly jobId: string
      readonly bytes: number
      readonly totalBytes: number | null
      readonly bytesPerSecond: number
    }[]
  }
  readonly library: { readonly revision: number }
  /** A list is new, or papers were put in one. */
  readonly lists: { readonly revision: number }
  /** A file of the watched folder was decided about, or the folder came or went. */
  readonly handoff: { readonly revision: number }
  /** A PDF that the user has already was filed or waits for an answer. */
  readonly imports: { readonly revision: number }
  /** Papers are being handed over to Zotero; null: no more. */
  readonly zotero: { readonly handing: ZoteroProgress | null }
  /** A linked .bib was read, written or left alone. */
  readonly bibs: { readonly revision: number }
  readonly reconcile: RecoverView
  readonly settings: SettingsView
  /** A search for papers goes on: how many were found, of how many. */
  readonly searching: { readonly found: number; readonly of: number | null }
  /** Titles are being looked up: how many of how many are. */
  readonly matching: { readonly done: number; readonly of: number }
  /** Open copies are being looked for: for how many papers of how many. */
  readonly expecting: { readonly done: number; readonly of: number }
  /** Papers are being planned: how many of how many are. */
  readonly planning: { readonly planned: number; readonly of: number }
  /** Papers are being renamed: how many of how many were looked at. */
  readonly renaming: { readonly done: number; readonly of: number }
  /** Something to say in passing. */
  readonly notice: {
    readonly tone: (typeof NOTICE_TONES)[number]
    readonly text: string
    readonly hint: string | null
  }
  /** The tray, the menu, a notification or a second start wants the page to go somewhere. */
  readonly go: {
    readonly place: Place
    readonly jobId?: string
    /** a preview that was read from files opened with Sheaf */
    readonly previewId?: string
    readonly palette?: boolean
  }
}
