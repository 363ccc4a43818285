/**
 * The table `libraries`: every library folder that this ledger has used, by the id stored in the folder
 * (docs/design.md, G12). `_meta.library_id` names the current one; newly recorded artifacts belong to it.
 */
import type { Reader, SqlRow, Writer } from './ledger'
import { getMeta, setMeta } from './meta'
import { askNumber, numberOf, textOf } from './row-values'

export interface KnownLibrary {
  readonly libraryId: string
  /** absolute path of its last use */
  readonly path: string
  /** papers were seen in it, whether or not this ledger records them */
  readonly holdsPapers: boolean
}

const CURRENT = 'library_id'

/** As SQL: the current library, or null, as rows of `artifact_rows` name it. */
export const CURRENT_LIBRARY_NUMBER = `(SELECT coalesce((SELECT l.library_no FROM libraries l WHERE l.library_id = m.value),
  m.value) FROM _meta m WHERE m.key = '${CURRENT}')`

export function libraryById(reader: Reader, libraryId: string): KnownLibrary | null {
  const row = reader.get('SELECT * FROM libraries WHERE library_id = ?', [libraryId])
  return row === null ? null : libraryOf(row)
}

/** The current library; null before the first one was recognised. */
export function currentLibrary(reader: Reader): KnownLibrary | null {
  const id = getMeta(reader, CURRENT)
  return id === null ? null : libraryById(reader, id)
}

/**
 * Makes this the current library. Files of a ledger from before there were library ids belong to the first
 * one.
 */
export function useLibrary(
  writer: Writer,
  library: { readonly libraryId: string; readonly path: string; readonly now: number }
): void {
  writer.run(
    `INSERT INTO libraries (library_id, path, first_seen, last_seen, library_no)
     VALUES (?, ?, ?, ?, (SELECT coalesce(max(library_no), 0) + 1 FROM libraries))
     ON CONFLICT (library_id) DO UPDATE SET path = excluded.path, last_seen = excluded.last_seen`,
    [library.libraryId, library.path, library.now, library.now]
  )
  setMeta(writer, CURRENT, library.libraryId)
  writer.run(
    `UPDATE artifact_rows SET library = ${CURRENT_LIBRARY_NUMBER} WHERE library IS NULL OR library = ?`,
    [library.libraryId]
  )
}

export function noteHoldsPapers(writer: Writer, libraryId: string): void {
  writer.run('UPDATE libraries SET holds_papers = 1 WHERE library_id = ? AND holds_papers = 0', [libraryId])
}

/** Number of recorded files in the library; for null, those without a library id. */
export function countFilesOf(reader: Reader, libraryId: string | null): number {
  return askNumber(
    reader,
    `SELECT count(*) AS n FROM artifact_rows
     WHERE library IS coalesce((SELECT library_no FROM libraries WHERE library_id = ?1), ?1)`,
    [libraryId]
  )
}

function libraryOf(row: SqlRow): KnownLibrary {
  return {
    libraryId: textOf(row, 'library_id'),
    path: textOf(row, 'path'),
    holdsPapers: numberOf(row, 'holds_papers') === 1
  }
}
