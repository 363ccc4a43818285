/** A Zotero library as the screen shows it, and what came of handing papers over to it. */
import type { ErrorData } from './errors'

/** What became of one paper that was to be handed over. */
export const ZOTERO_ACTIONS = [
  'sent',
  'attached',
  'existing',
  'removed',
  'unknown',
  'failed',
  'would_send',
  'would_attach',
  'not_here'
] as const
export type ZoteroAction = (typeof ZOTERO_ACTIONS)[number]

export interface ZoteroCollectionView {
  /** null: the whole library */
  readonly name: string | null
  readonly items: number
  /** without a file; those that follow are among them */
  readonly missing: number
  /** Sheaf has its paper: the item can be given it */
  readonly here: number
  /** in the queue, or removed from the library by the user */
  readonly known: number
  /** only a title names it */
  readonly nameless: number
}

export interface ZoteroView {
  /** null: it is not running, or another program answers in its place */
  readonly running: {
    /** null: it does not say */
    readonly version: string | null
    readonly api: 'on' | 'off'
    /** it lets programs give items that exist a file (Zotero 10 and later) */
    readonly attaches: boolean
  } | null
  /** why it cannot be asked; null while it answers */
  readonly silent: ErrorData | null
  /** how the collections were read; null: they could not be */
  readonly source: 'api' | 'database' | null
  /** why nothing could be read */
  readonly unread: ErrorData | null
  /** the whole library first, then collections by name */
  readonly collections: readonly ZoteroCollectionView[]
}

/** Papers that are being handed over. */
export interface ZoteroProgress {
  readonly done: number
  /** Zotero asks its user whether Sheaf may write */
  readonly confirm: boolean
}

/** Something that was not done, or cannot be known. */
export interface ZoteroProblem {
  readonly title: string | null
  readonly action: ZoteroAction
  readonly because: string
  readonly hint: string
}

export interface ZoteroHanded {
  readonly counts: Readonly<Record<ZoteroAction, number>>
  /** items that were there already and have no file */
  readonly withoutFile: number
  /** the first of them */
  readonly problems: readonly ZoteroProblem[]
  /** only what Sheaf sent itself was known: neither the local API nor a database could be read */
  readonly blind: boolean
  /** Zotero gave a permission for one change only */
  readonly oneTime: boolean
}
