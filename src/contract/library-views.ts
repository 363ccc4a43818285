/** Files and the library as the page shows them. */
import type { Format, PaperVerdict } from './words'
import type { Identifiers, Provenance } from './work'

/** A finished file with its full provenance. */
export interface FileView extends Omit<Provenance, 'source' | 'version'> {
  readonly artifactId: string
  readonly sha256: string
  readonly bytes: number
  readonly format: Format
  /** relative to the library, for display */
  readonly path: string
  readonly finalizedAt: number
  readonly source: string
  readonly version: string | null
  /** address of the bytes within the page's own origin: `/artifact/<id>`; null when it is not a PDF */
  readonly readAt: string | null
}

export const PAPER_SORTS = ['added', 'title', 'author', 'year', 'venue', 'relevance'] as const
export type PaperSort = (typeof PAPER_SORTS)[number]

export interface PaperView {
  readonly artifactId: string
  readonly workId: string
  readonly jobId: string | null
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  readonly doi: string | null
  readonly identifier: string
  readonly source: string
  readonly license: string | null
  readonly version: string | null
  readonly verdict: PaperVerdict
  readonly format: Format
  readonly sha256: string
  readonly bytes: number
  readonly pages: number | null
  readonly addedAt: number
  /** address of a stored picture of the first page; null until there is one */
  readonly thumbnailAt: string | null
  readonly readAt: string | null
  /** the search words in the text; null when they are only in the facts */
  readonly hit: { readonly page: number; readonly snippet: string; readonly pages: number } | null
}

export interface FacetValue {
  readonly value: string
  readonly label: string
  readonly count: number
}
export interface Facets {
  readonly year: readonly FacetValue[]
  readonly source: readonly FacetValue[]
  readonly license: readonly FacetValue[]
  readonly run: readonly FacetValue[]
}

export interface PaperPage {
  readonly total: number
  /** number of papers in the library, without filters */
  readonly all: number
  /** of all files of the query; null: not counted yet, and neither are the facets */
  readonly bytes: number | null
  readonly offset: number
  readonly rows: readonly PaperView[]
  readonly facets: Facets
  /** papers whose text is not indexed yet */
  readonly unread: number
  /** the search index is full: later papers are found by their facts alone */
  readonly searchFull: boolean
  readonly revision: number
}

export interface PaperDetail {
  readonly paper: PaperView
  readonly ids: Identifiers
  readonly file: FileView
  readonly bibtex: string
  /** other works with identical bytes */
  readonly sameBytes: readonly { readonly artifactId: string; readonly title: string | null }[]
  readonly reader: ReaderState
}

export interface ReaderState {
  /** 1-based */
  readonly page: number
  readonly zoom: string
}
