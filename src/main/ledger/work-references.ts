/**
 * The table `work_references`: the user's own reference of a work, packed by `works` (JSON of at most 20,000
 * characters, opaque to the ledger). The first one stays, like the first facts. A work named by a plain
 * identifier has no row.
 */
import type { WorkFacts } from '../../contract/work'
import type { RowPage } from '../platform/slices'
import type { Reader, Writer } from './ledger'
import { numberOf, textOf, textOrNull } from './row-values'
import { mainFactsOf } from './works'

export function keepReference(writer: Writer, workId: string, reference: string): void {
  // The cast lets the long text be bound as bytes (`database.ts`).
  writer.run('INSERT OR IGNORE INTO work_references (work_id, reference_json) VALUES (?, CAST(? AS TEXT))', [
    workId,
    reference
  ])
}

export function referenceOfWork(reader: Reader, workId: string): string | undefined {
  const row = reader.get('SELECT reference_json FROM work_references WHERE work_id = ?', [workId])
  return row === null ? undefined : textOf(row, 'reference_json')
}

/** The facts from which a citation key is made. */
export interface WorkToCite {
  readonly workId: string
  readonly facts: WorkFacts
  readonly reference?: string
}

/** The next works after a position (0: from the start), in planning order. */
export function worksToCite(reader: Reader, place: number, limit: number): RowPage<WorkToCite, number> {
  const rows = reader.all(
    `SELECT w.rowid AS place, w.work_id, w.title, w.authors_json, w.year, w.venue, r.reference_json
     FROM works w LEFT JOIN work_references r ON r.work_id = w.work_id
     WHERE w.rowid > ? ORDER BY w.rowid LIMIT ?`,
    [place, limit]
  )
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => {
      const reference = textOrNull(row, 'reference_json')
      return {
        workId: textOf(row, 'work_id'),
        facts: mainFactsOf(row),
        ...(reference === null ? {} : { reference })
      }
    }),
    next: last === undefined || rows.length < limit ? null : numberOf(last, 'place')
  }
}
