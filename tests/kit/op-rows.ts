/** Rows of ops, as tests and benches put them into a ledger. */
import type { OpKind } from '../../src/contract/words'
import { jobOf, keyOf, typeNumber } from '../../src/main/ledger/history-names'
import type { SqlValue } from '../../src/main/ledger/ledger'

export interface OpColumns {
  readonly op_key: string
  readonly job_id: string
  readonly op_type: OpKind
  readonly [column: string]: SqlValue
}

export function insertOp(
  w: { run(sql: string, parameters: readonly SqlValue[]): unknown },
  op: OpColumns
): void {
  const { op_key: key, job_id: jobId, op_type: kind, ...rest } = op
  const columns = Object.keys(rest)
  const places = columns.map((_, n) => `?${String(n + 4)}`)
  w.run(
    `INSERT INTO op_rows (${['key', 'job', 'op_type', ...columns].join(', ')})
     VALUES (${['?1', jobOf('?2'), '?3', ...places].join(', ')})`,
    [keyOf(key), jobId, typeNumber(kind), ...columns.map((column) => rest[column] ?? null)]
  )
}
