/** The table `reconciliations`: each comparison of ledger and disk, with its reason and findings. */
import { reconcileLineSchema, type ReconcileLine } from '../../contract/lines'
import type { Reader, SqlRow, Writer } from './ledger'
import { numberOf, numberOrNull, objectOf, textOf, toJson } from './row-values'

export interface ReconciliationRow {
  readonly at: number
  readonly finishedAt: number | null
  /** e.g. `start`, `demand`, `resume`, `periodic` */
  readonly why: string
  /** null when another version wrote the row in another form */
  readonly line: ReconcileLine | null
}

export function insertReconciliation(
  writer: Writer,
  row: {
    readonly at: number
    readonly finishedAt: number | null
    readonly why: string
    readonly line: ReconcileLine
  }
): void {
  writer.run('INSERT INTO reconciliations (at, finished_at, why, findings_json) VALUES (?, ?, ?, ?)', [
    row.at,
    row.finishedAt,
    row.why,
    toJson(row.line)
  ])
}

export function lastReconciliation(reader: Reader): ReconciliationRow | null {
  return listReconciliations(reader, 1)[0] ?? null
}

/** Newest first. */
export function listReconciliations(reader: Reader, limit: number): ReconciliationRow[] {
  return reader
    .all('SELECT * FROM reconciliations ORDER BY reconciliation_id DESC LIMIT ?', [limit])
    .map(reconciliationOf)
}

function reconciliationOf(row: SqlRow): ReconciliationRow {
  return {
    at: numberOf(row, 'at'),
    finishedAt: numberOrNull(row, 'finished_at'),
    why: textOf(row, 'why'),
    line: reconcileLineSchema.safeParse(objectOf(row, 'findings_json')).data ?? null
  }
}
