/** The user's own `.bib` files that Sheaf keeps links in, as the screen shows them. */

/**
 * looking: not read yet. watched: all is as it should be. in_editor: links wait until the editor that has it open is
 * closed. changing: another program wrote it meanwhile; it is read again, and nothing was overwritten. gone,
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
  /** a sentence; null where the state says it all */
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
  /** links that Sheaf wrote into it, all together */
  readonly links: number
  /** epoch seconds */
  readonly writtenAt: number | null
  /** the named list of its papers */
  readonly list: string
}

export interface BibsView {
  /** false while crash-safe downloads are off: then none is watched */
  readonly watching: boolean
  readonly bibs: readonly BibView[]
}
