/** The table `reconciliations`: each time ledger and disk were compared, why, and what was found. */
import type { Reader, SqlRow, Writer } from './ledger'
import { numberOf, numberOrNull, objectOf, textOf, toJson } from './row-values'

export interface ReconciliationRow {
  readonly at: number
  readonly finishedAt: number | null
  /** e.g. `start`, `demand`, `resume`, `periodic` */
  readonly why: string
  readonly findings: Readonly<Record<string, unknown>>
}

export function insertReconciliation(
  writer: Writer,
  row: {
    readonly at: number
    readonly finishedAt: number | null
    readonly why: string
    readonly findings: object
  }
): void {
  writer.run('INSERT INTO reconciliations (at, finished_at, why, findings_json) VALUES (?, ?, ?, ?)', [
    row.at,
    row.finishedAt,
    row.why,
    toJson(row.findings)
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
    findings: objectOf(row, 'findings_json')
  }
}
