/**
 * The facts of a retrieval report: counted by main, written to files and by the command line, shown by the
 * page.
 */

export interface ReportWork {
  readonly work_id: string
  /** the citation key of the user's own reference */
  readonly key?: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  readonly doi: string | null
  readonly outcome: 'retrieved' | 'not_retrieved'
  /** not retrieved: a code of docs/errors.md, or PENDING while it waits or is active */
  readonly reason?: string
  readonly source?: string
  readonly version?: string
  readonly license?: string
  /** ISO 8601, UTC: when it was retrieved, else when it was last searched for; null: not yet */
  readonly date: string | null
  readonly asked: readonly string[]
}

/** Size: a record: one member for each figure of the report. */
export interface RetrievalReport {
  /** null: everything in the ledger */
  readonly list: string | null
  readonly generated_at: string
  readonly first_date: string | null
  readonly last_date: string | null
  readonly records: number
  readonly duplicates: number
  /** entries that could not be planned, each with its line and why */
  readonly refused: number
  readonly sought: number
  readonly retrieved: number
  readonly not_retrieved: number
  readonly by_reason: Readonly<Record<string, number>>
  /** retrieved, by the source of the file */
  readonly by_source: Readonly<Record<string, number>>
  /** number of works for which the source was queried */
  readonly asked_by_source: Readonly<Record<string, number>>
  readonly by_version: Readonly<Record<string, number>>
  readonly by_year: Readonly<Record<string, Coverage>>
  readonly by_publisher: Readonly<Record<string, Coverage>>
  /** of the retrieved files */
  readonly by_license: Readonly<Record<string, number>>
  readonly refused_entries: readonly {
    readonly origin: string
    readonly place: string
    readonly because: string
  }[]
  readonly works: readonly ReportWork[]
}

export interface Coverage {
  readonly sought: number
  readonly retrieved: number
}

/** The screen's part; the works themselves are in the files and in the queue. */
export interface ReportView extends Omit<RetrievalReport, 'works'> {
  /** the flow diagram, identical to the file */
  readonly svg: string
}

/** `word`: the page's tables as a document that a word processor opens. */
export const REPORT_FILES = ['html', 'csv', 'word', 'svg'] as const
export type ReportFile = (typeof REPORT_FILES)[number]
