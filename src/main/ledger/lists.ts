/**
 * The tables `lists` and `list_entries`: works that the user requested together, under a name. A work can be
 * in several lists. Every entry of a source keeps its row, so that planning the same file again adds nothing
 * and duplicates can be counted (PRISMA 2020, records removed before screening).
 */
import { z } from 'zod'
import { fail } from '../../contract/errors'
import { MOST_LIST_NAME_CHARS } from '../../contract/limits'
import type { Reader, Writer } from './ledger'
import { askNumber, numberOf, textOf, textOrNull, textsOf } from './row-values'

export interface ListSummary {
  readonly listId: number
  readonly name: string
  readonly createdAt: number
  readonly updatedAt: number
  /** entries of all sources */
  readonly records: number
  /** distinct works among them */
  readonly works: number
  /** entries that could not be planned */
  readonly refused: number
}

/** The stored form of a name; BAD_OPTION when it is invalid. */
function listName(text: string): string {
  const name = spelled(text)
  if (name === '' || name.length > MOST_LIST_NAME_CHARS || /\p{C}/u.test(name))
    return fail('BAD_OPTION', `The name of a list has 1 to ${String(MOST_LIST_NAME_CHARS)} characters.`)
  return name
}

const spelled = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** The id of the list of this name; created when it is new. */
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

interface ListPlace {
  readonly listId: number
  /** the file's name, or the option */
  readonly origin: string
  /** the position in the source: the line, or the given text */
  readonly place: string
  readonly now: number
}

export interface NewListEntry extends ListPlace {
  readonly workId: string
  readonly citationKey: string | null
  /** the number of this work's entry in its source, from 1: the second one is a duplicate */
  readonly nth: number
}

/**
 * Adds the nth entry of a work in a source (from 1) to the list, unless it exists. The same source again adds
 * nothing, even when its lines moved; another source of the same name removes nothing.
 */
export function putListEntry(w: Writer, entry: NewListEntry): void {
  const { listId, origin, workId } = entry
  const there = askNumber(
    w,
    'SELECT count(*) AS n FROM list_entries WHERE list_id = ? AND origin = ? AND work_id = ?',
    [listId, origin, workId]
  )
  if (there >= entry.nth) {
    w.run(
      `UPDATE list_entries SET citation_key = ? WHERE list_id = ? AND origin = ? AND work_id = ?
       AND citation_key IS NULL`,
      [entry.citationKey, listId, origin, workId]
    )
  } else {
    w.run(
      `INSERT INTO list_entries (list_id, origin, place, work_id, citation_key, added_at)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (list_id, origin, place) DO UPDATE SET work_id = excluded.work_id,
         citation_key = excluded.citation_key, refused_because = NULL`,
      [listId, origin, freePlace(w, entry), workId, entry.citationKey, entry.now]
    )
  }
  noteListChange(w, entry)
}

/** An entry that could not be planned: a record without a work, once per position of a source. */
export function putRefusedEntry(w: Writer, entry: ListPlace & { readonly because: string }): void {
  w.run(
    `INSERT INTO list_entries (list_id, origin, place, refused_because, added_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (list_id, origin, place) DO UPDATE SET refused_because = excluded.refused_because`,
    [entry.listId, entry.origin, freePlace(w, entry), entry.because, entry.now]
  )
  noteListChange(w, entry)
}

/** The position, or a variant when another work has it: `12`, `12 (2)`, … */
function freePlace(w: Writer, { listId, origin, place }: ListPlace): string {
  for (let nth = 1; ; nth += 1) {
    const name = nth === 1 ? place : `${place} (${String(nth)})`
    const taken = w.get(
      'SELECT 1 FROM list_entries WHERE list_id = ? AND origin = ? AND place = ? AND work_id IS NOT NULL',
      [listId, origin, name]
    )
    if (taken === null) return name
  }
}

function noteListChange(w: Writer, { listId, now }: ListPlace): void {
  w.run('UPDATE lists SET updated_at = ? WHERE list_id = ?', [now, listId])
}

/** Ordered by name. */
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
/** The same by the list's stored name; an unknown name matches no rows. */
export const IN_LIST_NAMED = `SELECT work_id FROM list_entries WHERE work_id IS NOT NULL
  AND list_id = (SELECT list_id FROM lists WHERE name = ?)`

/** The works of a list by name, for filters outside of SQL; empty when there is no such list. */
export function workIdsOfList(r: Reader, name: string): ReadonlySet<string> {
  const json = r.get(`SELECT json_group_array(work_id) AS ids FROM (${IN_LIST_NAMED})`, [name])?.['ids']
  return new Set(z.array(z.string()).parse(parsed(json)))
}

/** The same as row numbers of `works`. */
export function workRowsOfList(r: Reader, name: string): ReadonlySet<number> {
  const json = r.get(
    `SELECT json_group_array(w.rowid) AS rows FROM works w WHERE w.work_id IN (${IN_LIST_NAMED})`,
    [name]
  )?.['rows']
  return new Set(z.array(z.number()).parse(parsed(json)))
}

const parsed = (json: unknown): unknown => JSON.parse(typeof json === 'string' ? json : '[]')

export interface ListedWork {
  readonly workId: string
  /** of the first entry that has a citation key */
  readonly citationKey: string | null
}

/** The works of a list, in the order of addition. */
export function worksOfList(r: Reader, listId: number): ListedWork[] {
  return r
    .all(
      // With a single min(), SQLite takes the other columns from the row of the minimum.
      `SELECT work_id, citation_key,
         min(printf('%020.6f %s %012d', added_at, origin, CAST(place AS INTEGER))) AS first
       FROM list_entries WHERE list_id = ? AND work_id IS NOT NULL GROUP BY work_id ORDER BY first, work_id`,
      [listId]
    )
    .map((row) => ({ workId: textOf(row, 'work_id'), citationKey: textOrNull(row, 'citation_key') }))
}

/** Their ids. */
export function worksInList(r: Reader, listId: number): ReadonlySet<string> {
  return new Set(textsOf(r.all(`SELECT DISTINCT work_id FROM (${IN_LIST})`, [listId]), 'work_id'))
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

/** Number of a list's `list_entries` rows that have a work. */
export function plannedEntries(r: Reader, listId: number): number {
  return askNumber(r, `SELECT count(*) AS n FROM (${IN_LIST})`, [listId])
}
