/**
 * The public API of `search`: which papers, and which pages of them, contain the words of a query. The index
 * is derived: everything in it can be read again from the library, so it may be lost, damaged or deleted at
 * any time and is then rebuilt. It has its own thread and its own file (`search.sqlite`), which is no ledger:
 * this is the only module besides `ledger` that contains SQL.
 */

/** A document of the index. Without pages it is found by its facts alone. */
export interface SearchDocument {
  readonly artifactId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  /** DOI and other identifiers, as typed by users */
  readonly names: readonly string[]
  /** changes with the facts or the file: a document indexed under the same stamp is not read again */
  readonly stamp: string
  /** the text by page; null when there is none */
  readonly pages: readonly string[] | null
}

/** The id of a paper and its stamp. */
export type Stamped = readonly [artifactId: string, stamp: string]

/** A paper that contains every word, in its facts or its text. */
export interface Found {
  readonly artifactId: string
  /** larger is better */
  readonly score: number
  /** 1-based number of the page with the words; null when they are only in the facts */
  readonly page: number | null
  /** number of pages with the words */
  readonly pages: number
}

/** Plain text with the hits between `MARK_BEGIN` and `MARK_END`. */
export interface Snippet {
  readonly page: number
  readonly text: string
}
export const MARK_BEGIN = '\u0002'
export const MARK_END = '\u0003'

export interface Search {
  /** Adds or replaces a document. Resolves when it can be found. */
  add(document: SearchDocument): Promise<void>
  remove(artifactIds: readonly string[]): Promise<void>
  /** Of all indexed documents. */
  ids(): Promise<readonly string[]>
  /** Of some papers: those that are missing or indexed under another stamp, in the given order. */
  stale(documents: readonly Stamped[]): Promise<readonly string[]>
  /** Has it reached its maximum size? New papers are then found by their facts alone. */
  isFull(): Promise<boolean>
  /**
   * All papers that contain all the words, best first. Words are joined by “and”, the last one may be a
   * prefix, quotes make a phrase; accents and case are ignored. No input is an error.
   */
  find(query: string): Promise<readonly Found[]>
  /** The hits with their context, on the page found. In the given order; null without a hit. */
  snippets(
    query: string,
    where: readonly { readonly artifactId: string; readonly page: number }[]
  ): Promise<readonly (Snippet | null)[]>
  /** Every page of one paper that contains all the words, in order. */
  hitsIn(artifactId: string, query: string): Promise<readonly Snippet[]>
  /** Saves pending changes and ends the thread. */
  close(): Promise<void>
}
