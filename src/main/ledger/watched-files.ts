/**
 * The table `watched_files`: the outcome of each file of a watched folder. A row is valid as long as the file
 * has this size and time; a changed file is checked again and its row replaced.
 */
import type { Reader, SqlRow, Writer } from './ledger'
import { getMeta, setMeta } from './meta'
import { numberOf, placeholders, textOf, textOrNull, wordOf } from './row-values'

export const WATCHED_OUTCOMES = ['attached', 'asked', 'declined', 'other'] as const
export type WatchedOutcome = (typeof WATCHED_OUTCOMES)[number]

export interface WatchedFile {
  /** absolute */
  readonly folder: string
  readonly name: string
  readonly bytes: number
  /** epoch seconds */
  readonly modifiedAt: number
  /** null: it could not be read */
  readonly sha256: string | null
  readonly outcome: WatchedOutcome
  readonly jobId: string | null
  readonly because: string
}

const COLUMNS = 'folder, name, bytes, modified_at, sha256, outcome, job_id, because'

export function noteWatched(w: Writer, file: WatchedFile, now: number): void {
  w.run(`INSERT OR REPLACE INTO watched_files (${COLUMNS}, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    file.folder,
    file.name,
    file.bytes,
    file.modifiedAt,
    file.sha256,
    file.outcome,
    file.jobId,
    file.because,
    now
  ])
}

/** Sets the same answer for all files with these bytes. */
export function answerWatched(w: Writer, sha256: string, outcome: 'attached' | 'declined'): void {
  w.run(`UPDATE watched_files SET outcome = ? WHERE sha256 = ? AND outcome = 'asked'`, [outcome, sha256])
}

export function watchedIn(r: Reader, folder: string): WatchedFile[] {
  return r.all(`SELECT ${COLUMNS} FROM watched_files WHERE folder = ?`, [folder]).map(fileOf)
}

/** Files with these bytes, wherever they were seen, the last one first. */
export function watchedByHash(r: Reader, sha256: string): WatchedFile[] {
  return r
    .all(`SELECT ${COLUMNS} FROM watched_files WHERE sha256 = ? ORDER BY seen_at DESC`, [sha256])
    .map(fileOf)
}

/** The files in question of these jobs. */
export function askedFiles(r: Reader, jobIds: readonly string[]): Map<string, WatchedFile> {
  if (jobIds.length === 0) return new Map()
  const rows = r.all(
    `SELECT ${COLUMNS} FROM watched_files WHERE outcome = 'asked' AND job_id IN (${placeholders(jobIds)}) ORDER BY seen_at`,
    jobIds
  )
  return new Map(rows.map(fileOf).map((file) => [file.jobId ?? '', file]))
}

/** Epoch seconds of the first check of this folder; null: never. */
export function watchedSince(r: Reader, folder: string): number | null {
  const since = getMeta(r, `watched_since ${folder}`)
  return since === null ? null : Number(since)
}

export function beginWatching(w: Writer, folder: string, now: number): void {
  setMeta(w, `watched_since ${folder}`, String(now))
}

function fileOf(row: SqlRow): WatchedFile {
  return {
    folder: textOf(row, 'folder'),
    name: textOf(row, 'name'),
    bytes: numberOf(row, 'bytes'),
    modifiedAt: numberOf(row, 'modified_at'),
    sha256: textOrNull(row, 'sha256'),
    outcome: wordOf(row, 'outcome', WATCHED_OUTCOMES),
    jobId: textOrNull(row, 'job_id'),
    because: textOf(row, 'because')
  }
}
