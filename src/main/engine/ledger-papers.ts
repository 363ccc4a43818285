/**
 * The papers of the ledger as papers of the catalog: each with the run that was active when it arrived. Reads the
 * ledger at every call and keeps only the runs.
 */
import { artifactsByHash } from '../ledger/artifacts'
import type { Ledger } from '../ledger/ledger'
import {
  lastPaperRow,
  numberOfPapers,
  paperById,
  papersAfter,
  papersInOrder,
  runSpans,
  type PaperRow,
  type RunSpan
} from '../ledger/library-queries'
import { inPages } from '../platform/slices'
import type { CatalogPaper } from './catalog-paper'

export interface PageAsk {
  readonly direction: 'up' | 'down'
  readonly offset: number
  readonly limit: number
}

/** Read between two pauses: about ten milliseconds. */
export const STEP_PAPERS = 250

export class LedgerPapers {
  readonly #ledger: Pick<Ledger, 'read'>
  #runs: readonly RunSpan[] = []

  constructor(ledger: Pick<Ledger, 'read'>) {
    this.#ledger = ledger
  }

  /** Start times by run, as of the last papers read. */
  runs(): ReadonlyMap<string, number> {
    return new Map(this.#runs.map((run) => [run.runId, run.startedAt]))
  }

  count(): number {
    return this.#ledger.read(numberOfPapers)
  }

  /** At least the number of papers, without counting them. */
  most(): number {
    return this.#ledger.read(lastPaperRow)
  }

  /** A page in the order of arrival. */
  page(ask: PageAsk): { readonly papers: readonly CatalogPaper[]; readonly all: number } {
    return this.#ledger.read((r) => {
      this.#runs = runSpans(r)
      return { papers: papersInOrder(r, ask).map((row) => this.paperOf(row)), all: numberOfPapers(r) }
    })
  }

  /** All, some at a time, with a pause between two slices. */
  async *inSlices(): AsyncGenerator<readonly CatalogPaper[]> {
    this.#runs = this.#ledger.read(runSpans)
    const pageFrom = (from: number) => this.#ledger.read((r) => papersAfter(r, from, STEP_PAPERS))
    for await (const rows of inPages(0, pageFrom)) yield rows.map((row) => this.paperOf(row))
  }

  /** Those of these papers that the ledger has. */
  some(artifactIds: Iterable<string>): ReadonlyMap<string, CatalogPaper> {
    return this.#ledger.read((r) => {
      this.#runs = runSpans(r)
      const found = new Map<string, CatalogPaper>()
      for (const id of artifactIds) {
        const row = paperById(r, id)
        if (row !== null) found.set(id, this.paperOf(row))
      }
      return found
    })
  }

  withHash(sha256: string): readonly CatalogPaper[] {
    return this.#ledger.read((r) =>
      artifactsByHash(r, sha256)
        .flatMap((one) => paperById(r, one.artifactId) ?? [])
        .map((row) => this.paperOf(row))
    )
  }

  /** `recorded`: the row is of the ledger. */
  paperOf(row: PaperRow, recorded = true): CatalogPaper {
    return { ...row, runId: runAt(this.#runs, row.addedAt), recorded }
  }
}

/** The run active at that instant; a run without an end lasted until the next began. */
function runAt(runs: readonly RunSpan[], at: number): string | null {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.startedAt ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  const run = runs[low - 1]
  if (run === undefined) return null
  return run.finishedAt === null || at <= run.finishedAt ? run.runId : null
}
