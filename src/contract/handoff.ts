/** The hand-off: papers that need the user, and the facts shown of each. */
import type { ErrorCode } from './errors'

/** Failures that a browser cannot solve; every other paper without an automatic retry is handed off. */
export const NOT_HANDED_OFF = [
  'CANCELLED',
  'INTERNAL',
  'FILE_UNWRITABLE',
  'NAMED_BY_TITLE_ONLY',
  'NOT_A_WORK',
  'BAD_URL',
  'TOO_LARGE',
  'WRONG_XML'
] as const satisfies readonly ErrorCode[]

/** A file of the watched folder that may be this paper; the user decides. */
export interface FileQuestion {
  /** identifies the file in `handoff.answer` */
  readonly sha256: string
  /** without its folder */
  readonly name: string
  /** why it is uncertain */
  readonly because: string
}

export interface HandOffRow {
  readonly jobId: string
  readonly workId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  /** a DOI, an arXiv id, …, shown under the title */
  readonly identifier: string
  /** its page for the user's browser: through the library's proxy when one is set */
  readonly url: string
  /** null: nothing has failed, but a file is in question */
  readonly reason: string | null
  /** epoch seconds */
  readonly since: number
  readonly question: FileQuestion | null
}

export interface HandOffPage {
  readonly total: number
  readonly rows: readonly HandOffRow[]
}

export interface WatchingView {
  /** null: no folder is watched */
  readonly folder: string | null
  /** false: its drive may be unplugged; null: not checked yet */
  readonly isThere: boolean | null
}

/** The screen: the list, and the watched folder. */
export interface HandOffView extends HandOffPage {
  readonly watching: WatchingView
}
