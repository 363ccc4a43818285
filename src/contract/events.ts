/**
 * Events from main to the page: what changed, with a growing `revision`, at most ten times a second per name.
 * An event names what to reload and does not contain it; after a gap in the revisions the page reloads.
 */
import type { EventName } from './event-names'
import type { AppView, RunView } from './views'
import type { RecoverView } from './recover-views'
import type { SettingsView } from './settings-views'
import type { ZoteroProgress } from './zotero'

/** The screens of the rail, the screen behind the queue, and the one over them. */
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
  /** Jobs that changed; `many` when they are too many to name. With the live bytes of active jobs. */
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
  /** A list was created, or papers were added to one. */
  readonly lists: { readonly revision: number }
  /** A file of the watched folder was decided, or the folder appeared or disappeared. */
  readonly handoff: { readonly revision: number }
  /** An imported PDF was filed or needs an answer. */
  readonly imports: { readonly revision: number }
  /** Progress of a hand-over to Zotero; null: finished. */
  readonly zotero: { readonly handing: ZoteroProgress | null }
  /** A linked .bib file was read, written or skipped. */
  readonly bibs: { readonly revision: number }
  readonly reconcile: RecoverView
  readonly settings: SettingsView
  /** Progress of a search for papers: number found, and the total. */
  readonly searching: { readonly found: number; readonly of: number | null }
  /** Progress of title look-ups. */
  readonly matching: { readonly done: number; readonly of: number }
  /** Progress of the look-up of open copies. */
  readonly expecting: { readonly done: number; readonly of: number }
  /** Progress of planning. */
  readonly planning: { readonly planned: number; readonly of: number }
  /** Progress of renaming. */
  readonly renaming: { readonly done: number; readonly of: number }
  /** A message for a toast. */
  readonly notice: {
    readonly tone: (typeof NOTICE_TONES)[number]
    readonly text: string
    readonly hint: string | null
  }
  /** The tray, the menu, a notification or a second start requests a navigation. */
  readonly go: {
    readonly place: Place
    readonly jobId?: string
    /** a preview read from files opened with Sheaf */
    readonly previewId?: string
    readonly palette?: boolean
  }
}
