/**
 * What Insights has counted of the ledger, kept in memory: in parts of 2,048 rows, by the hour. A part is counted again
 * once one of its rows was written, whatever was written; so the figures are those of a full count, and another count
 * reads only the parts with new or changed rows. Nothing is written for it. Other work runs between two parts, so the
 * figures are not of a single instant; no decision depends on them.
 */
import {
  sumFigures,
  type Counted,
  type Counting,
  type InsightsFigures,
  type ReadSlice
} from './insights-figures'
import {
  attemptPart,
  COUNTED_TABLES,
  filedPart,
  jobPart,
  jobsOfWorks,
  lastRow,
  leasePart,
  Names,
  opPart,
  recoveredJobs,
  type AttemptPart,
  type CountedTable,
  type FiledPart,
  type JobPart,
  type LeasePart,
  type NameTables,
  type OpPart,
  type Rows
} from './insights-rows'
import type { LedgerTables, Reader } from './ledger'
import { workIdsOfList } from './lists'

/** A part is counted in 1 to 25 ms, the latter where its rows lie on disk. */
const PART_ROWS = 2_048
/** Works of a list that are counted between two yields. */
const WORKS_AT_ONCE = 100

export class KeptFigures {
  readonly #onRow: LedgerTables['onRow'] | null
  readonly #names: NameTables = { jobs: new Names(), sources: new Names() }
  readonly #ops: Parts<OpPart>
  readonly #leases: Parts<LeasePart>
  readonly #attempts: Parts<AttemptPart>
  readonly #filed: Parts<FiledPart>
  readonly #jobs: Parts<JobPart>
  #isFollowing = false

  /** `onRow` of the ledger that is read; null: only one count is made. */
  constructor(onRow: LedgerTables['onRow'] | null, { partRows = PART_ROWS } = {}) {
    this.#onRow = onRow
    this.#ops = new Parts('ops', opPart, partRows)
    this.#leases = new Parts('leases', leasePart, partRows)
    this.#attempts = new Parts('attempts', attemptPart, partRows)
    this.#filed = new Parts('filed', filedPart, partRows)
    this.#jobs = new Parts('jobs', jobPart, partRows)
  }

  async count(read: ReadSlice, how: Counting): Promise<InsightsFigures> {
    const { list } = how
    if (list !== null) return sumFigures(read, await countedOfList(read, { ...how, list }), how)
    this.#follow()
    const names = this.#names
    // Jobs last: a row that names a job by its id was written before the job was.
    for (const parts of this.#parts()) await parts.bringUpToDate(read, names)
    const recovered = await read((r) => recoveredJobs(r, how.recoveriesSince, { of: null, names }))
    return sumFigures(
      read,
      {
        names,
        ops: this.#ops.all(),
        leases: this.#leases.all(),
        attempts: this.#attempts.all(),
        filed: this.#filed.all(),
        jobs: this.#jobs.all(),
        recovered
      },
      how
    )
  }

  #parts(): readonly Parts<unknown>[] {
    return [this.#ops, this.#leases, this.#attempts, this.#filed, this.#jobs]
  }

  #follow(): void {
    if (this.#isFollowing || this.#onRow === null) return
    this.#isFollowing = true
    const byTable = new Map<string, Parts<unknown>>(
      this.#parts().map((parts) => [COUNTED_TABLES[parts.table], parts])
    )
    this.#onRow((table, row) => byTable.get(table)?.noteWritten(row))
  }
}

/** What was counted of one table. */
class Parts<T> {
  readonly table: CountedTable
  readonly #partRows: number
  readonly #countRows: (r: Reader, rows: Rows, names: NameTables) => T
  readonly #counted: T[] = []
  /** parts with a row that was written, or may have been: the transaction may have been rolled back */
  readonly #written = new Set<number>()

  constructor(
    table: CountedTable,
    countRows: (r: Reader, rows: Rows, names: NameTables) => T,
    partRows: number
  ) {
    this.#partRows = partRows
    this.table = table
    this.#countRows = countRows
  }

  noteWritten(row: number): void {
    this.#written.add(Math.ceil(row / this.#partRows) - 1)
  }

  async bringUpToDate(read: ReadSlice, names: NameTables): Promise<void> {
    const parts = Math.ceil((await read((r) => lastRow(r, this.table))) / this.#partRows)
    const due = new Set([...this.#written].filter((part) => part < this.#counted.length))
    for (let part = this.#counted.length; part < parts; part += 1) due.add(part)
    for (const part of due) {
      await read((r) => {
        this.#written.delete(part)
        const after = part * this.#partRows
        this.#counted[part] = this.#countRows(r, { after, upTo: after + this.#partRows }, names)
      })
    }
  }

  all(): readonly T[] {
    return [...this.#counted]
  }
}

/** A list has its own works only, so their rows are read by their jobs. */
async function countedOfList(
  read: ReadSlice,
  { list, recoveriesSince }: Counting & { readonly list: string }
): Promise<Counted> {
  const names = { jobs: new Names(), sources: new Names() }
  const works = [...(await read((r) => workIdsOfList(r, list)))]
  const ops: OpPart[] = []
  const leases: LeasePart[] = []
  const attempts: AttemptPart[] = []
  const filed: FiledPart[] = []
  const jobs: JobPart[] = []
  const recovered: number[] = []
  for (let from = 0; from < works.length; from += WORKS_AT_ONCE) {
    await read((r) => {
      const of = works.slice(from, from + WORKS_AT_ONCE)
      const ofJobs = { of: jobsOfWorks(r, of) }
      ops.push(opPart(r, ofJobs, names))
      leases.push(leasePart(r, ofJobs, names))
      attempts.push(attemptPart(r, ofJobs, names))
      filed.push(filedPart(r, { of }))
      jobs.push(jobPart(r, { of }, names))
      recovered.push(...recoveredJobs(r, recoveriesSince, { of: ofJobs.of, names }))
    })
  }
  return { names, ops, leases, attempts, filed, jobs, recovered }
}
