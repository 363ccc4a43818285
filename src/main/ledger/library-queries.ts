/**
 * The library screen's queries: finished files with the facts shown in the list, and the times of runs. The
 * rest of a file's provenance is not read here: parsing it would dominate the time for a list of 20,000
 * papers.
 */
import type { PaperView } from '../../contract/library-views'
import type { Identifiers } from '../../contract/work'
import { ACCEPTED_BY_PERSON, FORMATS, PAPER_VERDICTS } from '../../contract/words'
import { objectPathOfRow, paperPathOfRow } from '../platform/recorded-path'
import type { RowPage } from '../platform/slices'
import type { Reader, SqlRow } from './ledger'
import { askNumber, numberOf, numberOrNull, textOf, textOrNull, wordOf } from './row-values'
import { isObject } from '../../contract/unknown-values'

/** The facts shown of a paper, as far as the ledger has them. */
export interface PaperRow extends Omit<PaperView, 'doi' | 'identifier' | 'thumbnailAt' | 'readAt' | 'hit'> {
  /** `article`, `preprint`, … */
  readonly type: string | null
  readonly ids: Identifiers
  /** where the file was fetched from */
  readonly url: string | null
  /** relative to the library */
  readonly path: string
  readonly paperPath: string | null
}

/** A file that the user confirmed counts as the right paper, whatever the check found. */
const COLUMNS = `a.artifact_id, a.work_id, a.job_id, a.format, a.sha256, a.bytes, a.path, a.paper_path,
  a.finalized_at,
  CASE WHEN a.because = '${ACCEPTED_BY_PERSON}' THEN 'match' ELSE a.verdict END AS verdict,
  a.source, a.license, a.version, a.url, a.pages,
  w.title, w.authors_json, w.year, w.venue, w.ids_json, json_extract(w.facts_json, '$.type') AS type`

/**
 * The next papers after a position (0: from the start). All at once would block other work: 20,000 take a fifth of a
 * second.
 */
export function papersAfter(reader: Reader, place: number, limit: number): RowPage<PaperRow, number> {
  const rows = reader.all(
    `SELECT a.rowid AS place, ${COLUMNS} FROM artifacts a LEFT JOIN works w ON w.work_id = a.work_id
     WHERE a.rowid > ? ORDER BY a.rowid LIMIT ?`,
    [place, limit]
  )
  const last = rows.at(-1)
  return {
    rows: rows.map(paperOf),
    next: last === undefined || rows.length < limit ? null : numberOf(last, 'place')
  }
}

/** A page of all papers in the order in which they came into the ledger: nothing but the page is read. */
export function papersInOrder(
  reader: Reader,
  {
    direction,
    offset,
    limit
  }: { readonly direction: 'up' | 'down'; readonly offset: number; readonly limit: number }
): readonly PaperRow[] {
  const way = direction === 'up' ? 'ASC' : 'DESC'
  return reader
    .all(
      `SELECT ${COLUMNS} FROM
         (SELECT artifact_no AS place FROM artifact_rows ORDER BY artifact_no ${way} LIMIT ? OFFSET ?)
         JOIN artifacts a ON a.rowid = place LEFT JOIN works w ON w.work_id = a.work_id
       ORDER BY place ${way}`,
      [limit, offset]
    )
    .map(paperOf)
}

/** The last row number: about as many papers as there are. */
export function lastPaperRow(reader: Reader): number {
  return askNumber(reader, 'SELECT max(artifact_no) AS n FROM artifact_rows')
}

export function numberOfPapers(reader: Reader): number {
  return askNumber(reader, 'SELECT count(*) AS n FROM artifact_rows')
}

export function paperById(reader: Reader, artifactId: string): PaperRow | null {
  const row = reader.get(
    `SELECT ${COLUMNS} FROM artifacts a LEFT JOIN works w ON w.work_id = a.work_id WHERE a.artifact_id = ?`,
    [artifactId]
  )
  return row === null ? null : paperOf(row)
}

/** The time span of a run; a run whose process died has no end. */
export interface RunSpan {
  readonly runId: string
  readonly startedAt: number
  readonly finishedAt: number | null
}

/** Ordered by start. */
export function runSpans(reader: Reader): RunSpan[] {
  return reader
    .all('SELECT run_id, started_at, finished_at FROM runs ORDER BY started_at, rowid')
    .map((row) => ({
      runId: textOf(row, 'run_id'),
      startedAt: numberOf(row, 'started_at'),
      finishedAt: numberOrNull(row, 'finished_at')
    }))
}

function paperOf(row: SqlRow): PaperRow {
  return {
    artifactId: textOf(row, 'artifact_id'),
    workId: textOf(row, 'work_id'),
    jobId: textOrNull(row, 'job_id'),
    title: textOrNull(row, 'title'),
    authors: listIn(row['authors_json']),
    year: numberOrNull(row, 'year'),
    venue: textOrNull(row, 'venue'),
    type: word(row['type']),
    ids: idsIn(row['ids_json']),
    source: word(row['source']) ?? 'manual',
    license: word(row['license']),
    version: word(row['version']),
    url: word(row['url']),
    verdict: wordOf(row, 'verdict', PAPER_VERDICTS),
    format: wordOf(row, 'format', FORMATS),
    sha256: textOf(row, 'sha256'),
    bytes: numberOf(row, 'bytes'),
    pages: typeof row['pages'] === 'number' ? row['pages'] : null,
    addedAt: numberOf(row, 'finalized_at'),
    path: objectPathOfRow(textOf(row, 'path'), {
      sha256: textOf(row, 'sha256'),
      format: wordOf(row, 'format', FORMATS)
    }),
    paperPath: paperPathOfRow(textOrNull(row, 'paper_path'))
  }
}

/** An artifact whose work is not in the ledger has no facts, but is listed all the same. */
function listIn(json: unknown): string[] {
  const value = parsed(json)
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function idsIn(json: unknown): Identifiers {
  const value = parsed(json)
  if (!isObject(value)) return {}
  return Object.fromEntries(Object.entries(value).filter(([, id]) => typeof id === 'string'))
}

function parsed(json: unknown): unknown {
  return typeof json === 'string' ? (JSON.parse(json) as unknown) : null
}

function word(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
