/** PDFs that the user has already: what became of each, and what is shown of it. */

/** `unsure`: the user says whether it is the proposed paper; `refused`: no whole PDF of a paper, or removed. */
export const IMPORT_FATES = ['unsure', 'refused', 'filed', 'existing'] as const
export type ImportFate = (typeof IMPORT_FATES)[number]

export interface ImportRow {
  readonly id: string
  /** the file without its folder */
  readonly name: string
  readonly fate: ImportFate
  /** of the paper that is proposed; null: none is, or its title is not known */
  readonly title: string | null
  /** a DOI, an arXiv id, …, of the paper that is proposed, or under which it was filed; null: none */
  readonly identifier: string | null
  /** why it is not sure or not taken; how it was recognised */
  readonly because: string
  /** the queue has its history */
  readonly jobId: string | null
  /** it is being filed now */
  readonly busy: boolean
}

export interface ImportsView {
  readonly working: boolean
  readonly counts: Readonly<Record<ImportFate, number>>
  /** rows of the fate that was asked for */
  readonly total: number
  readonly offset: number
  readonly rows: readonly ImportRow[]
}
