/** A Zotero library as shown on the screen, and the result of a hand-over. */
import type { ErrorData } from './errors'

/** The outcome of one paper's hand-over. */
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
  /** items without a file; the following counts are subsets */
  readonly missing: number
  /** Sheaf has the paper, which can be attached to the item */
  readonly here: number
  /** in the queue, or removed from the library by the user */
  readonly known: number
  /** identified only by a title */
  readonly nameless: number
}

export interface ZoteroView {
  /** null: Zotero is not running, or another program answers at its address */
  readonly running: {
    /** null: unknown */
    readonly version: string | null
    readonly api: 'on' | 'off'
    /** programs may attach files to existing items (Zotero 10 and later) */
    readonly attaches: boolean
  } | null
  /** why it does not answer; null while it does */
  readonly silent: ErrorData | null
  /** where the collections were read from; null: they could not be read */
  readonly source: 'api' | 'database' | null
  /** why nothing was readable */
  readonly unread: ErrorData | null
  /** the whole library first, then collections by name */
  readonly collections: readonly ZoteroCollectionView[]
}

/** Progress of a hand-over. */
export interface ZoteroProgress {
  readonly done: number
  /** Zotero is waiting for the user's permission */
  readonly confirm: boolean
}

/** A paper that was not handed over, or whose outcome is unknown. */
export interface ZoteroProblem {
  readonly title: string | null
  readonly action: ZoteroAction
  readonly because: string
  readonly hint: string
}

export interface ZoteroHanded {
  readonly counts: Readonly<Record<ZoteroAction, number>>
  /** items that existed already and have no file */
  readonly withoutFile: number
  /** the first of them */
  readonly problems: readonly ZoteroProblem[]
  /** only Sheaf's own records were known: neither the local API nor a database was readable */
  readonly blind: boolean
  /** Zotero's permission was for one change only */
  readonly oneTime: boolean
}

/** From Zotero 10 on, programs may add files to items; one that names its database is no older. */
export function attachesFiles(about: {
  readonly major: number | null
  /** id of the database; null: it names none */
  readonly serverId: string | null
}): boolean {
  return about.major === null ? about.serverId !== null : about.major >= 10
}
