/**
 * The door of `search`: which papers, and where in them, hold the words a person typed. The index is
 * derived: everything in it can be read again from the library, so it may be lost, damaged or thrown
 * away at any time and is then rebuilt. It lives in a thread of its own and in a file of its own
 * (`search.sqlite`), which is no ledger: this is the one room beside `ledger` that speaks SQL.
 */

/** Something to be found. Without pages it is found by its facts alone. */
export interface SearchDocument {
  readonly artifactId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  /** DOI and other names, as a person would type them */
  readonly names: readonly string[]
  /** changes when the facts or the file change: what is indexed under the same stamp is not read again */
  readonly stamp: string
  /** the text, page by page, from the first; null when there is none to read */
  readonly pages: readonly string[] | null
}

/** A paper in which every word stands, somewhere in its facts or its text. */
export interface Found {
  readonly artifactId: string
  /** larger is better */
  readonly score: number
  /** 1-based; the page that has the words; null when they are in the facts only */
  readonly page: number | null
  /** on how many pages they stand */
  readonly pages: number
}

/** Plain text, with the words found between `MARK_BEGIN` and `MARK_END`. */
export interface Snippet {
  readonly page: number
  readonly text: string
}
export const MARK_BEGIN = '\u0002'
export const MARK_END = '\u0003'

export interface Search {
  /** Puts a document in, in place of an earlier one. Resolves when it can be found. */
  add(document: SearchDocument): Promise<void>
  remove(artifactIds: readonly string[]): Promise<void>
  /** What is indexed, and under which stamp. */
  stamps(): Promise<ReadonlyMap<string, string>>
  /** Has it reached its largest size? New papers are then found by their facts alone. */
  isFull(): Promise<boolean>
  /**
   * All papers that hold all the words, best first. Words are joined by “and”, the last one may be a
   * beginning, “…” holds words together; accents and case do not matter. No input is an error.
   */
  find(query: string): Promise<readonly Found[]>
  /** The words in their surroundings, on the page found. In the order asked; null where none stand. */
  snippets(
    query: string,
    where: readonly { readonly artifactId: string; readonly page: number }[]
  ): Promise<readonly (Snippet | null)[]>
  /** Every page of one paper on which the words stand together, in order. */
  hitsIn(artifactId: string, query: string): Promise<readonly Snippet[]>
  /** Saves what is new, and ends the thread. */
  close(): Promise<void>
}
