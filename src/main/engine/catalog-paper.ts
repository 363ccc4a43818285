/** A paper of the catalog. */
import type { PaperRow } from '../ledger/library-queries'

export interface CatalogPaper extends PaperRow {
  /** the run that was active when it arrived; null when none was (an attached file) */
  readonly runId: string | null
  /** recorded in the ledger; false: only in the library file */
  readonly recorded: boolean
}
