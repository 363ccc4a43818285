/**
 * The view `artifacts` of the table `artifact_rows`: finished files. Paths are relative to the library, with forward
 * slashes, and are not trusted when a row is read: an object's path follows from its hash, and a name outside of `papers/` is
 * read as null. Each content hash is stored once (docs/design.md, G5): several rows may share its object.
 */
import type { ArtifactRow } from '../../contract/work'
import { FORMATS, PAPER_VERDICTS } from '../../contract/words'
import { objectPath, objectPathOfRow, paperPathOfRow } from '../platform/recorded-path'
import type { RowPage } from '../platform/slices'
import { ofWork, PAPER, PAPER_PATH, PATH, SHA256, upsertRow, type NewArtifact } from './artifact-rows'
import { keyOf } from './history-names'
import type { Reader, SqlRow, Writer } from './ledger'
import { CURRENT_LIBRARY_NUMBER } from './libraries'
import { IN_LIST } from './lists'
import { askNumber, numberOf, objectOf, textOf, textOrNull, wordOf } from './row-values'
import { provenanceOfRow } from '../../contract/op-results'

/** An artifact with the facts by which a later job recognises the same file by its URL. */
export interface StoredArtifact extends ArtifactRow {
  /** canonical URL of the file itself */
  readonly fileUrl: string | null
  /** its validator, in the engine's format */
  readonly fileValidator: string | null
}

/** Location and bytes of a file: what a check of the disk needs. */
export type FiledArtifact = Omit<ArtifactRow, 'finalizedAt' | 'verdict' | 'provenance'>

/** The columns of `filedOf`. */
export const FILED = 'artifact_id, work_id, job_id, format, sha256, bytes, path, paper_path'

export type { NewArtifact } from './artifact-rows'

export function upsertArtifact(writer: Writer, row: NewArtifact): void {
  upsertRow(writer, row)
}

export function artifactById(reader: Reader, artifactId: string): StoredArtifact | null {
  const row = reader.get('SELECT * FROM artifacts WHERE artifact_id = ?', [artifactId])
  return row === null ? null : artifactOf(row)
}

/** Does another paper of the current library have the same readable name? (Same bytes, same name.) */
export function isNameShared(reader: Reader, paperPath: string, artifactId: string): boolean {
  const sql = `SELECT 1 FROM artifacts WHERE hash = (SELECT hash FROM artifacts WHERE artifact_id = ?1)
    AND paper_path = ?2 AND artifact_id <> ?1 AND library IS ${CURRENT_LIBRARY_NUMBER} LIMIT 1`
  return reader.get(sql, [artifactId, paperPath]) !== null
}

/** All artifacts with these bytes, the oldest first; without `except`, whose provenance would be built for nothing. */
export function artifactsByHash(
  reader: Reader,
  sha256: string,
  except: string | null = null
): StoredArtifact[] {
  return reader
    .all('SELECT * FROM artifacts WHERE hash = ? AND artifact_id IS NOT ?', [keyOf(sha256), except])
    .sort((one, other) => timeOf(one) - timeOf(other) || compareIds(one, other))
    .map(artifactOf)
}

// Rows are few and sorted here: to sort them SQLite opens a table of its own, which costs more than finding them.
const timeOf = (row: SqlRow): number => numberOf(row, 'finalized_at')
const compareIds = (one: SqlRow, other: SqlRow): number =>
  textOf(one, 'artifact_id') < textOf(other, 'artifact_id') ? -1 : 1

export function artifactsOfWork(reader: Reader, workId: string): StoredArtifact[] {
  return reader
    .all(`SELECT * FROM artifacts WHERE ${ofWork('?1')}`, [workId])
    .sort(compareIds)
    .map(artifactOf)
}

/** The newest artifact that was fetched from this file URL. */
export function artifactByFileUrl(reader: Reader, url: string): StoredArtifact | null {
  const [row] = reader
    .all('SELECT * FROM artifacts WHERE file_url = ?', [url])
    .sort((one, other) => timeOf(other) - timeOf(one) || compareIds(one, other))
  return row === undefined ? null : artifactOf(row)
}

export function filedById(reader: Reader, artifactId: string): FiledArtifact | null {
  const row = reader.get(`SELECT ${FILED} FROM artifacts WHERE artifact_id = ?`, [artifactId])
  return row === null ? null : filedOf(row)
}

/** The next files of the current library after an id, so that many can be read with pauses in between. */
export function filedAfter(
  reader: Reader,
  artifactId: string,
  limit: number
): RowPage<FiledArtifact, string> {
  const rows = reader
    .all(
      `SELECT ${FILED} FROM artifacts WHERE +library IS ${CURRENT_LIBRARY_NUMBER} AND artifact_id > ?
       ORDER BY artifact_id LIMIT ?`,
      [artifactId, limit]
    )
    .map(filedOf)
  return { rows, next: rows.at(-1)?.artifactId ?? null }
}

/** The next files of the current library behind a row (0: from the first on), each with its row. */
export function filedAfterRow(
  reader: Reader,
  row: number,
  limit: number
): RowPage<{ readonly artifact: FiledArtifact; readonly row: number }, number> {
  const rows = reader
    .all(
      `SELECT rowid AS row, ${FILED} FROM artifacts WHERE +library IS ${CURRENT_LIBRARY_NUMBER} AND rowid > ?
       ORDER BY rowid LIMIT ?`,
      [row, limit]
    )
    .map((found) => ({ artifact: filedOf(found), row: numberOf(found, 'row') }))
  return { rows, next: rows.at(-1)?.row ?? null }
}

/** The next artifacts after an id that lie in other libraries, each with that library's id. */
export function artifactsElsewhere(
  reader: Reader,
  artifactId: string,
  limit: number
): RowPage<{ readonly artifact: StoredArtifact; readonly libraryId: string | null }, string> {
  if (!isAnyElsewhere(reader)) return { rows: [], next: null }
  const rows = reader
    .all(
      `SELECT * FROM artifacts WHERE library IS NOT ${CURRENT_LIBRARY_NUMBER} AND artifact_id > ?
       ORDER BY artifact_id LIMIT ?`,
      [artifactId, limit]
    )
    .map((row) => ({ artifact: artifactOf(row), libraryId: textOrNull(row, 'library_id') }))
  return { rows, next: rows.at(-1)?.artifact.artifactId ?? null }
}

/** How many artifacts lie in a library that is not in use. */
export function numberElsewhere(reader: Reader): number {
  const sql = `SELECT count(*) AS n FROM artifact_rows WHERE library IS NOT ${CURRENT_LIBRARY_NUMBER}`
  return askNumber(reader, sql)
}

/** Usually there is none; the index answers without reading a row. */
function isAnyElsewhere(reader: Reader): boolean {
  const isFound = (condition: string): boolean =>
    reader.get(`SELECT 1 AS found FROM artifact_rows WHERE ${condition} LIMIT 1`) !== null
  const current = reader.get(`SELECT ${CURRENT_LIBRARY_NUMBER} AS number`)?.['number'] ?? null
  // Numbers sort before texts, and every text after the empty one.
  if (current === null) return isFound('library < 0') || isFound('library >= 0') || isFound("library > ''")
  return (
    isFound('library IS NULL') ||
    isFound(`library < ${CURRENT_LIBRARY_NUMBER}`) ||
    isFound(`library > ${CURRENT_LIBRARY_NUMBER}`)
  )
}

/** Records that the file is now in the current library. */
export function moveToCurrentLibrary(
  writer: Writer,
  artifactId: string,
  at: { readonly path: string; readonly paperPath: string | null }
): void {
  writer.run(
    `UPDATE artifact_rows SET path = ${PATH}, paper = ${PAPER}, library = ${CURRENT_LIBRARY_NUMBER}
     WHERE artifact_id = ?`,
    [at.path, at.paperPath, artifactId]
  )
}

/** The hashes of the next recorded files behind a row (0: from the first on). */
export function hashesAfter(
  reader: Reader,
  row: number,
  limit: number
): RowPage<{ readonly artifactId: string; readonly sha256: string }, number> {
  let next: number | null = null
  const rows: { artifactId: string; sha256: string }[] = []
  reader.each(
    'SELECT rowid AS row, artifact_id, sha256 FROM artifacts WHERE rowid > ? ORDER BY rowid LIMIT ?',
    [row, limit],
    (found) => {
      next = numberOf(found, 'row')
      rows.push({ artifactId: textOf(found, 'artifact_id'), sha256: textOf(found, 'sha256') })
    }
  )
  return { rows, next }
}

/** Where a row says that its files lie, as it stands in the row. */
export interface FilePlace {
  readonly artifactId: string
  readonly path: string
  readonly paperPath: string | null
  readonly bytes: number
  /** in the library in use */
  readonly isHere: boolean
  /** `path` is the object of its hash */
  readonly isObject: boolean
}

/**
 * The places of the next artifacts of any library behind a row (0: from the first on). In the order of the rows: by
 * their ids, every page of the table would be read again for each of its rows.
 */
export function placesAfter(reader: Reader, row: number, limit: number): RowPage<FilePlace, number> {
  const rows: FilePlace[] = []
  let next: number | null = null
  // Of the table: the view would spell the path of an object twice for each row, to be compared with itself.
  reader.each(
    `SELECT artifact_no AS row, artifact_id, format, ${SHA256} AS sha256, path, ${PAPER_PATH} AS paper_path, bytes,
       library IS ${CURRENT_LIBRARY_NUMBER} AS here
     FROM artifact_rows WHERE artifact_no > ? ORDER BY artifact_no LIMIT ?`,
    [row, limit],
    (found) => {
      next = numberOf(found, 'row')
      const object = objectPath(textOf(found, 'sha256'), textOf(found, 'format'))
      const path = textOrNull(found, 'path') ?? object
      rows.push({
        artifactId: textOf(found, 'artifact_id'),
        path,
        paperPath: textOrNull(found, 'paper_path'),
        bytes: numberOf(found, 'bytes'),
        isHere: found['here'] === 1,
        isObject: path === object
      })
    }
  )
  return { rows, next }
}

/** False when there is no such artifact. `paperPath: null` removes the readable name. */
export function setPaths(
  writer: Writer,
  artifactId: string,
  paths: { readonly path?: string | undefined; readonly paperPath?: string | null | undefined }
): boolean {
  let changed = 0
  if (paths.path !== undefined) {
    changed += writer.run(`UPDATE artifact_rows SET path = ${PATH} WHERE artifact_id = ?`, [
      paths.path,
      artifactId
    ])
  }
  if (paths.paperPath !== undefined) {
    changed += writer.run(`UPDATE artifact_rows SET paper = ${PAPER} WHERE artifact_id = ?`, [
      paths.paperPath,
      artifactId
    ])
  }
  return changed > 0
}

export function deleteArtifact(writer: Writer, artifactId: string): boolean {
  return writer.run('DELETE FROM artifact_rows WHERE artifact_id = ?', [artifactId]) > 0
}

/** Number of rows of the current library: fast, unlike `countArtifacts`. */
export function numberOfArtifacts(reader: Reader): number {
  const sql = `SELECT count(*) AS n FROM artifact_rows WHERE library IS ${CURRENT_LIBRARY_NUMBER}`
  return askNumber(reader, sql)
}

/** Number of rows and of distinct files, and the bytes of those files. */
export function countArtifacts(
  reader: Reader,
  list: number | null = null
): { artifacts: number; objects: number; bytes: number } {
  const from =
    list === null
      ? 'artifact_rows'
      : `(SELECT hash, bytes FROM (SELECT DISTINCT work_id AS listed FROM (${IN_LIST})) JOIN artifacts ON ${ofWork('listed')})`
  const row = reader.get(
    `SELECT coalesce(sum(n), 0) AS artifacts, count(*) AS objects, coalesce(sum(bytes), 0) AS bytes
     FROM (SELECT hash, count(*) AS n, max(bytes) AS bytes FROM ${from} GROUP BY hash)`,
    list === null ? [] : [list]
  ) ?? { artifacts: 0, objects: 0, bytes: 0 }
  return {
    artifacts: numberOf(row, 'artifacts'),
    objects: numberOf(row, 'objects'),
    bytes: numberOf(row, 'bytes')
  }
}

export function filedOf(row: SqlRow): FiledArtifact {
  const [sha256, format] = [textOf(row, 'sha256'), wordOf(row, 'format', FORMATS)]
  return {
    artifactId: textOf(row, 'artifact_id'),
    workId: textOf(row, 'work_id'),
    jobId: textOrNull(row, 'job_id'),
    format,
    sha256,
    bytes: numberOf(row, 'bytes'),
    path: objectPathOfRow(textOf(row, 'path'), { sha256, format }),
    paperPath: paperPathOfRow(textOrNull(row, 'paper_path'))
  }
}

function artifactOf(row: SqlRow): StoredArtifact {
  return {
    ...filedOf(row),
    finalizedAt: numberOf(row, 'finalized_at'),
    verdict: wordOf(row, 'verdict', PAPER_VERDICTS),
    provenance: provenanceOfRow(objectOf(row, 'provenance_json')),
    fileUrl: textOrNull(row, 'file_url'),
    fileValidator: textOrNull(row, 'file_validator')
  }
}
