/**
 * Location of a file's provenance: in the result of its STREAM until the file is listed, then in the row of
 * its artifact, once. The op keeps the fields that the history needs (source, verdict, pages); readers of the
 * op get the complete result as long as the artifact exists.
 */
import { isOfJob, keyOf, keyOfText, typeNumber } from './history-names'
import { fenceOf } from './leases'
import type { Reader, Writer } from './ledger'
import { packedListed } from './packed-results'
import { numberOrNull } from './row-values'

const IS_HELD = `op_type = 'STREAM' AND result_code = 'OK' AND json_valid(result_json)
  AND json_type(result_json, '$.provenance.fetchedAt') IS NOT NULL`

/** The STREAM of a job whose result still contains the provenance of these bytes; null: none. */
export function streamHolding(r: Reader, jobId: string, sha256: string): string | null {
  const row = r.get(
    `SELECT op_key FROM artifact_ops WHERE ${isOfJob('?1')} AND ${IS_HELD} AND json_extract(result_json, '$.sha256') = ?2
     ORDER BY finished_at DESC LIMIT 1`,
    [jobId, sha256]
  )
  return row === null ? null : String(row['op_key'])
}

const MOVED = [
  'tier',
  'version',
  'license',
  'evidence',
  'url',
  'finalUrl',
  'foundOn',
  'chain',
  'headers',
  'checks'
]
  .concat('encrypted', 'fetchedAt')
  .map((name) => `'$.provenance.${name}'`)
  .join(', ')

const FINALIZE = String(typeNumber('FINALIZE'))

/** Removes from the op what the artifact now contains. 0: the lease is stale. */
export function dropMovedProvenance(
  w: Writer,
  opKey: string,
  holder: { readonly jobId: string; readonly epoch: number }
): number {
  const row = w.get(
    `SELECT json_remove(result_json, ${MOVED}) AS result, context_json,
       (SELECT f.op_no - o.rowid FROM op_rows f WHERE f.job = o.job AND f.op_type = ${FINALIZE}
          AND f.context = unhex(json_extract(o.result_json, '$.sha256'))) AS finalize
     FROM artifact_ops o WHERE key = ?`,
    [keyOf(opKey)]
  )
  if (row === null) return 0
  const result = String(row['result'])
  const packed = packedListed(String(row['context_json']), result, numberOrNull(row, 'finalize'))
  return w.run(
    `UPDATE op_rows SET result_json = CAST(?1 AS ${packed === null ? 'TEXT' : 'BLOB'})
     WHERE key = ?2 AND ${fenceOf('?3', '?4')}`,
    [packed ?? result, keyOf(opKey), holder.jobId, holder.epoch]
  )
}

/** As SQL: the complete `result_json` of a row of `artifact_ops` called `o`. */
export const WHOLE_RESULT = `(SELECT CASE
  WHEN o.op_type = 'STREAM' AND o.result_code = 'OK' AND json_valid(own.result)
    AND json_type(own.result, '$.provenance') = 'object'
    AND json_type(own.result, '$.provenance.fetchedAt') IS NULL
  THEN coalesce((SELECT json_set(own.result, '$.provenance', json(a.provenance_json)) FROM artifacts a
    WHERE a.hash = ${keyOfText("json_extract(own.result, '$.sha256')")} AND a.job_id = o.job_id
      AND json_valid(a.provenance_json) LIMIT 1), own.result)
  ELSE own.result END FROM (SELECT o.result_json AS result) own)`
