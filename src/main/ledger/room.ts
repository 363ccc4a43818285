/**
 * Size limits of a ledger. sql.js keeps the database file in one typed array, whose length ends at 4 GiB
 * (Node 20 refuses longer buffers, sql.js computes sizes in 32 bits). No commit could write a larger file and
 * it would never open again, so new papers are refused well before, with room left for all papers in flight,
 * and SQLite itself stops at a size that still opens.
 */
import { SheafError } from '../../contract/errors'
import { isDone } from '../../contract/states'
import { STATES } from '../../contract/words'
import type { Reader } from './ledger'
import { askNumber, sqlList } from './row-values'

/** New papers are refused from this size on: about 700,000 finished papers (docs/performance.md). */
export const FULL_AT_BYTES = 3 * 1024 ** 3
/** SQLite refuses to grow beyond this multiple of it: 3.5 GiB, which can still be opened. */
export const LARGEST_SHARE = 7 / 6
/** Ledger bytes of a paper from its plan to its end, measured with rows as the engine writes them. */
const PAPER_BYTES = 17_000
/** Minimum size of a planned job. */
const LEAST_JOB_BYTES = 1_000

const OPEN_JOBS = `SELECT count(*) AS n FROM artifact_jobs
  WHERE state IN (${sqlList(STATES.filter((state) => state !== 'FAILED' && !isDone(state)))})`

/** Throws LEDGER_FULL unless the papers in flight and `papers` more can be finished. */
export function assertRoom(r: Reader, papers: number, fullAtBytes: number): void {
  const used = usedBytes(r)
  // Most ledgers are so small that the papers in flight need not be counted.
  if (used + (used / LEAST_JOB_BYTES + papers) * PAPER_BYTES <= fullAtBytes) return
  const open = askNumber(r, OPEN_JOBS)
  if (used + (open + papers) * PAPER_BYTES > fullAtBytes) throw ledgerFull(used)
}

/** SQLITE_FULL: SQLite writes to no disk here, so it is the limit set when the database was opened. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.message === 'database or disk is full'
}

export function ledgerFull(usedBytes: number, cause?: unknown): SheafError {
  const size = usedBytes >= 1e9 ? `${(usedBytes / 1e9).toFixed(1)} GB` : `${(usedBytes / 1e6).toFixed(1)} MB`
  return new SheafError('LEDGER_FULL', `The ledger is full: it holds ${size} and takes no new papers.`, {
    cause,
    facts: { bytes: usedBytes }
  })
}

/** Bytes of the database in use; free pages are reused first. */
export function usedBytes(r: Reader): number {
  const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map((name) =>
    Number(Object.values(r.get(`PRAGMA ${name}`) ?? {})[0] ?? 0)
  )
  return ((pages ?? 0) - (free ?? 0)) * (size ?? 0)
}
