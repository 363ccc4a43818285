/**
 * Rows of `lookups`: a service's batch answers about one work, until its job has read them or a day has
 * passed. No query is repeated after a crash between the answer and the job's RESOLVE.
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

/** Answers about one work that are not older than `since`; unreadable rows are left out. */
export function lookupsOf(r: Reader, workId: string, since: number): LookupPart[] {
  return r
    .all('SELECT part_json FROM lookups WHERE work_id = ? AND answered_at >= ?', [workId, since])
    .flatMap((row) => {
      const kept = jsonOrNull(String(row['part_json']))
      if (!isObject(kept)) return []
      const { record } = kept
      // Rows of schema 11 and before contain the record as text, with every quote escaped twice.
      const isText = record === null || typeof record === 'string'
      const part = lookupPartSchema.safeParse(isText ? kept : { ...kept, record: JSON.stringify(record) })
      return part.success ? [part.data] : []
    })
}

export function forgetLookups(w: Writer, workId: string): number {
  return w.run('DELETE FROM lookups WHERE work_id = ?', [workId])
}

/** Deletes answers from before this instant. */
export function dropOldLookups(w: Writer, before: number): number {
  return w.run('DELETE FROM lookups WHERE answered_at < ?', [before])
}

/** Parses a service's stored answer; text that is not JSON, or is a JSON string, stays text. */
function recordOf(record: string): unknown {
  const value = jsonOrNull(record)
  return isObject(value) || Array.isArray(value) ? value : record
}
