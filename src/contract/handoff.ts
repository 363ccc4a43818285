/** Papers that need a person: which they are, and what is shown of each. */
import type { ErrorCode } from './errors'

/** Failures that a browser does not help with; every other paper that is not retried automatically is handed off. */
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

/** A file of the watched folder that may be this paper; the user says whether it is. */
export interface FileQuestion {
  /** names the file to `handoff.answer` */
  readonly sha256: string
  /** without its folder */
  readonly name: string
  /** why it is not sure */
  readonly because: string
}

export interface HandOffRow {
  readonly jobId: string
  readonly workId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  /** a DOI, an arXiv id, …: what stands under the title */
  readonly identifier: string
  /** its page, as the user's browser opens it: through the library's proxy where one is set */
  readonly url: string
  /** null: nothing failed so far, only a file is in question */
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
  /** null: none is watched */
  readonly folder: string | null
  /** false: its drive may be unplugged; null: it was not looked at yet */
  readonly isThere: boolean | null
}

/** The screen: the list, and the watched folder. */
export interface HandOffView extends HandOffPage {
  readonly watching: WatchingView
}
