/** The user's linked `.bib` files as the screen shows them. */

/**
 * looking: not read yet. watched: everything is in order. in_editor: links wait until the editor closes the
 * file. changing: another program changed it meanwhile; it is read again, and nothing was overwritten. gone,
 * unreadable, unwritable: `because` says why.
 */
export const BIB_STATES = [
  'looking',
  'watched',
  'in_editor',
  'changing',
  'gone',
  'unreadable',
  'unwritable'
] as const
export type BibState = (typeof BIB_STATES)[number]

export interface BibStanding {
  readonly state: BibState
  /** a sentence; null where the state is sufficient */
  readonly because: string | null
  readonly entries: number
  /** with a `file` field */
  readonly withFile: number
  /** without a file, and in the queue */
  readonly inQueue: number
  /** without a file and without an identifier */
  readonly nameless: number
}

export interface BibView extends BibStanding {
  /** names the file in a request */
  readonly id: string
  readonly name: string
  readonly folder: string
  /** total number of links that Sheaf wrote into it */
  readonly links: number
  /** epoch seconds */
  readonly writtenAt: number | null
  /** the named list of its papers */
  readonly list: string
}

export interface BibsView {
  /** false while crash-safe downloads are off: then no file is watched */
  readonly watching: boolean
  readonly bibs: readonly BibView[]
}
