/**
 * The table `work_references`: what the user's own reference says of a work, packed by `works` (JSON of at
 * most 20,000 characters; the ledger does not look inside). The first one stays, as the first facts do. A
 * work that was named by a plain identifier has no row.
 */
import type { Reader, Writer } from './ledger'
import { textOf } from './row-values'

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
