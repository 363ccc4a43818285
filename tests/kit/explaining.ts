/** A writer for tests of query plans. */
import type { SqlValue, Writer } from '../../src/main/ledger/ledger'

/** The same writer, which also puts the plan of every statement there. */
export function explaining(w: Writer, plans: string[]): Writer {
  const explain = (sql: string, parameters: readonly SqlValue[] = []): void => {
    for (const row of w.all(`EXPLAIN QUERY PLAN ${sql}`, parameters)) plans.push(String(row['detail']))
  }
  return {
    ...w,
    all: (sql, parameters) => {
      explain(sql, parameters)
      return w.all(sql, parameters)
    },
    get: (sql, parameters) => {
      explain(sql, parameters)
      return w.get(sql, parameters)
    },
    each: (sql, parameters, row) => {
      explain(sql, parameters)
      w.each(sql, parameters, row)
    },
    run: (sql, parameters) => {
      explain(sql, parameters)
      return w.run(sql, parameters)
    }
  }
}
