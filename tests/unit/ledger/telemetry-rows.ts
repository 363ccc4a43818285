/** The rows of telemetry since an instant, as an export reads them: first their times, then the whole rows. */
import type { Reader, SqlRow } from '../../../src/main/ledger/ledger'
import { attemptRows, attemptTimes, eventRows, eventTimes } from '../../../src/main/ledger/telemetry-queries'

function readTwice(
  r: Reader,
  since: number,
  { times, rows }: { readonly times: typeof eventTimes; readonly rows: typeof eventRows }
): SqlRow[] {
  const rowNos = new Set<number>()
  times(r, since, (row) => rowNos.add(Number(row['row_no'])))
  const read: SqlRow[] = []
  rows(r, [...rowNos], (row) => read.push(row))
  return read
}

export const eventRowsSince = (r: Reader, since: number): SqlRow[] =>
  readTwice(r, since, { times: eventTimes, rows: eventRows })

export const attemptRowsSince = (r: Reader, since: number): SqlRow[] =>
  readTwice(r, since, { times: attemptTimes, rows: attemptRows })
