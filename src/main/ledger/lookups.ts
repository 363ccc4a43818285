/**
 * Rows of `lookups`: what a service's batch answered about one work, until its job has read it or a day
 * has passed. A crash between the answer and the job's RESOLVE asks nothing again.
 */
import { lookupPartSchema, type LookupPart } from '../../contract/lookups'
import type { Reader, Writer } from './ledger'
import { isObject, jsonOrNull } from '../../contract/unknown-values'

export function saveLookup(w: Writer, workId: string, part: LookupPart): void {
  w.run(
    `INSERT OR REPLACE INTO lookups (work_id, service, answered_at, part_json)
      VALUES (?, ?, ?, CAST(? AS TEXT))`,
    [
      workId,
      part.service,
      part.at,
      JSON.stringify({ ...part, record: part.record === null ? null : recordOf(part.record) })
    ]
  )
}

/** Answers about one work that are not older than `since`; a row that cannot be read is left out. */
export function lookupsOf(r: Reader, workId: string, since: number): LookupPart[] {
  return r
    .all('SELECT part_json FROM lookups WHERE work_id = ? AND answered_at >= ?', [workId, since])
    .flatMap((row) => {
      const kept = jsonOrNull(String(row['part_json']))
      if (!isObject(kept)) return []
      const { record } = kept
      // Rows of schema 11 and before have the record as text, with every quote in it escaped twice.
      const isText = record === null || typeof record === 'string'
      const part = lookupPartSchema.safeParse(isText ? kept : { ...kept, record: JSON.stringify(record) })
      return part.success ? [part.data] : []
    })
}

export function forgetLookups(w: Writer, workId: string): number {
  return w.run('DELETE FROM lookups WHERE work_id = ?', [workId])
}

/** Answers from before this instant are a reading of an older world. */
export function dropOldLookups(w: Writer, before: number): number {
  return w.run('DELETE FROM lookups WHERE answered_at < ?', [before])
}

/** What a service answered as its value; text that is no JSON, or a text of its own, stays text. */
function recordOf(record: string): unknown {
  const value = jsonOrNull(record)
  return isObject(value) || Array.isArray(value) ? value : record
}
