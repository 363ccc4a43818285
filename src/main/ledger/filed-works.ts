/**
 * Stored files with what their works' references say, page by page: for exports. One statement for a page; a
 * file's provenance and a work's locations are not read.
 */
import type { Identifiers, WorkFacts } from '../../contract/work'
import { FILED, filedOf, type FiledArtifact } from './artifacts'
import type { Reader } from './ledger'
import { textOrNull } from './row-values'
import { citedOf } from './works'

export interface FiledWork {
  readonly artifact: FiledArtifact
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** the user's own reference, packed by `works` */
  readonly reference?: string
}

const COLUMNS = FILED.split(', ')
  .map((column) => `a.${column}`)
  .join(', ')

/** The next files of any library after an artifact id, in the order of these ids. */
export function filedWorksAfter(reader: Reader, artifactId: string, limit: number): FiledWork[] {
  const found: FiledWork[] = []
  reader.each(
    `SELECT ${COLUMNS}, w.work_id AS known, w.title, w.authors_json, w.year, w.venue, w.ids_json, w.facts_json,
       r.reference_json
     FROM artifacts a LEFT JOIN works w ON w.work_id = a.work_id
       LEFT JOIN work_references r ON r.work_id = a.work_id
     WHERE a.artifact_id > ? ORDER BY a.artifact_id LIMIT ?`,
    [artifactId, limit],
    (row) => {
      const reference = textOrNull(row, 'reference_json')
      const work = row['known'] === null ? { ids: {}, facts: {} } : citedOf(row)
      found.push({
        artifact: filedOf(row),
        ids: work.ids,
        facts: work.facts,
        ...(reference === null ? {} : { reference })
      })
    }
  )
  return found
}
