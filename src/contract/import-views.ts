/** PDFs that the user imports: the outcome of each, and the facts shown of it. */

/**
 * `unsure`: the user decides whether it is the proposed paper; `refused`: not a complete PDF of a paper, or a
 * removed paper.
 */
export const IMPORT_FATES = ['unsure', 'refused', 'filed', 'existing'] as const
export type ImportFate = (typeof IMPORT_FATES)[number]

export interface ImportRow {
  readonly id: string
  /** the file without its folder */
  readonly name: string
  readonly fate: ImportFate
  /** of the proposed paper; null: there is none, or its title is unknown */
  readonly title: string | null
  /** a DOI, an arXiv id, …, of the proposed or filed paper; null: none */
  readonly identifier: string | null
  /** why it is uncertain or refused; how it was recognised */
  readonly because: string
  /** its job, for the history */
  readonly jobId: string | null
  /** it is being filed now */
  readonly busy: boolean
}

export interface ImportsView {
  readonly working: boolean
  readonly counts: Readonly<Record<ImportFate, number>>
  /** number of rows with the requested outcome */
  readonly total: number
  readonly offset: number
  readonly rows: readonly ImportRow[]
}
