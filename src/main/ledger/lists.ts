/**
 * The tables `lists` and `list_entries`: works that the user asked for together, under a name. A work
 * can be in several lists. Every entry of a source keeps its row, so that planning the same file again
 * adds nothing and duplicates can be counted (PRISMA 2020, records removed before screening).
 */
import { fail } from '../../contract/errors'
import type { Reader, Writer } from './ledger'
import { numberOf, textOf, textOrNull } from './row-values'

export interface ListSummary {
  readonly listId: number
  readonly name: string
  readonly createdAt: number
  readonly updatedAt: number
  /** entries of all sources */
  readonly records: number
  /** different works among them */
  readonly works: number
  /** entries that could not be planned */
  readonly refused: number
}

const MOST_NAME_CHARS = 100

/** A name as it is kept; BAD_OPTION when it is none. */
function listName(text: string): string {
  const name = spelled(text)
  if (name === '' || name.length > MOST_NAME_CHARS || /\p{C}/u.test(name))
    return fail('BAD_OPTION', `The name of a list has 1 to ${String(MOST_NAME_CHARS)} characters.`)
  return name
}

const spelled = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** The id of the list of this name; written down when it is new. */
export function needList(w: Writer, given: string, now: number): number {
  const name = listName(given)
  w.run('INSERT INTO lists (name, created_at, updated_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
    name,
    now,
    now
  ])
  const row = w.get('SELECT list_id FROM lists WHERE name = ?', [name])
  return row === null ? 0 : numberOf(row, 'list_id')
}

export function listByName(r: Reader, name: string): number | null {
  const row = r.get('SELECT list_id FROM lists WHERE name = ?', [spelled(name)])
  return row === null ? null : numberOf(row, 'list_id')
}

export interface NewListEntry {
  readonly listId: number
  /** the file's name, or the option */
  readonly origin: string
  /** where in it: the line, or what was given */
  readonly place: string
  readonly workId: string | null
  readonly citationKey: string | null
  readonly refusedBecause: string | null
  readonly now: number
}

/** The same place of the same source again takes the place of what it said before. */
export function putListEntry(w: Writer, entry: NewListEntry): void {
  w.run(
    `INSERT INTO list_entries (list_id, origin, place, work_id, citation_key, refused_because, added_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (list_id, origin, place) DO UPDATE SET work_id = excluded.work_id,
       citation_key = coalesce(excluded.citation_key, citation_key), refused_because = excluded.refused_because`,
    [
      entry.listId,
      entry.origin,
      entry.place,
      entry.workId,
      entry.citationKey,
      entry.refusedBecause,
      entry.now
    ]
  )
  w.run('UPDATE lists SET updated_at = ? WHERE list_id = ?', [entry.now, entry.listId])
}

/** By name. */
export function allLists(r: Reader): ListSummary[] {
  return r
    .all(
      `SELECT l.*, count(e.place) AS records, count(DISTINCT e.work_id) AS works,
         count(e.refused_because) AS refused
       FROM lists l LEFT JOIN list_entries e USING (list_id) GROUP BY l.list_id ORDER BY l.name`
    )
    .map((row) => ({
      listId: numberOf(row, 'list_id'),
      name: textOf(row, 'name'),
      createdAt: numberOf(row, 'created_at'),
      updatedAt: numberOf(row, 'updated_at'),
      records: numberOf(row, 'records'),
      works: numberOf(row, 'works'),
      refused: numberOf(row, 'refused')
    }))
}

/** A condition on `work_id` for rows of one list; its parameter is the list's id. */
export const IN_LIST = 'SELECT work_id FROM list_entries WHERE list_id = ? AND work_id IS NOT NULL'

export interface ListedWork {
  readonly workId: string
  /** of the first entry that has one */
  readonly citationKey: string | null
}

/** The works of a list in the order in which they were added. */
export function worksOfList(r: Reader, listId: number): ListedWork[] {
  return r
    .all(
      // Of the row with the least of a single min(), SQLite hands out the other columns too.
      `SELECT work_id, citation_key,
         min(printf('%020.6f %s %012d', added_at, origin, CAST(place AS INTEGER))) AS first
       FROM list_entries WHERE list_id = ? AND work_id IS NOT NULL GROUP BY work_id ORDER BY first, work_id`,
      [listId]
    )
    .map((row) => ({ workId: textOf(row, 'work_id'), citationKey: textOrNull(row, 'citation_key') }))
}

export interface RefusedEntry {
  readonly origin: string
  readonly place: string
  readonly because: string
}

export function refusedOfList(r: Reader, listId: number): RefusedEntry[] {
  return r
    .all(
      `SELECT origin, place, refused_because FROM list_entries
       WHERE list_id = ? AND refused_because IS NOT NULL ORDER BY origin, CAST(place AS INTEGER)`,
      [listId]
    )
    .map((row) => ({
      origin: textOf(row, 'origin'),
      place: textOf(row, 'place'),
      because: textOf(row, 'refused_because')
    }))
}

/** How many rows of `list_entries` have a work, in a list. */
export function plannedEntries(r: Reader, listId: number): number {
  const row = r.get('SELECT count(*) AS n FROM list_entries WHERE list_id = ? AND work_id IS NOT NULL', [
    listId
  ])
  return row === null ? 0 : numberOf(row, 'n')
}
