/**
 * The table `tombstones`: works removed by the user stay removed (docs/design.md §10). The row contains what
 * is needed to undo it; planning the work again reports "removed on DATE, by you".
 */
import type { Reader, SqlRow, Writer } from './ledger'
import { numberOf, objectOf, textOf, toJson } from './row-values'

export interface Tombstone {
  readonly workId: string
  readonly removedAt: number
  readonly removedBy: string
  /** what the engine needs to undo the removal */
  readonly undo: Readonly<Record<string, unknown>>
}

/** Replaces an existing tombstone. */
export function addTombstone(
  writer: Writer,
  tombstone: {
    readonly workId: string
    readonly removedAt: number
    readonly removedBy: string
    readonly undo: object
  }
): void {
  writer.run(
    `INSERT INTO tombstones (work_id, removed_at, removed_by, undo_json) VALUES (?, ?, ?, ?)
     ON CONFLICT (work_id) DO UPDATE SET removed_at = excluded.removed_at,
       removed_by = excluded.removed_by, undo_json = excluded.undo_json`,
    [tombstone.workId, tombstone.removedAt, tombstone.removedBy, toJson(tombstone.undo)]
  )
}

export function tombstoneOf(reader: Reader, workId: string): Tombstone | null {
  const row = reader.get('SELECT * FROM tombstones WHERE work_id = ?', [workId])
  return row === null ? null : tombOf(row)
}

/** Was any work ever removed? */
export function isAnyTombstone(reader: Reader): boolean {
  return reader.get('SELECT 1 AS yes FROM tombstones LIMIT 1') !== null
}

export function listTombstones(reader: Reader): Tombstone[] {
  return reader.all('SELECT * FROM tombstones ORDER BY removed_at, work_id').map(tombOf)
}

/** False when the work has no tombstone. */
export function removeTombstone(writer: Writer, workId: string): boolean {
  return writer.run('DELETE FROM tombstones WHERE work_id = ?', [workId]) > 0
}

function tombOf(row: SqlRow): Tombstone {
  return {
    workId: textOf(row, 'work_id'),
    removedAt: numberOf(row, 'removed_at'),
    removedBy: textOf(row, 'removed_by'),
    undo: objectOf(row, 'undo_json')
  }
}
