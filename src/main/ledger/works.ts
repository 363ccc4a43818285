/**
 * The tables `works` and `name_rows`. Every known name of a work leads to it, and the first `work_id` stays
 * (docs/design.md, G1). Facts are only added, never overwritten: the user's own reference takes precedence
 * over later answers of services.
 */
import {
  SCHEMES,
  type Identifiers,
  type OaLocation,
  type Scheme,
  type Work,
  type WorkFacts
} from '../../contract/work'
import type { Reader, SqlRow, SqlValue, Writer } from './ledger'
import { askNumber, listOf, numberOrNull, objectOf, textOf, textOrNull, toJson, wordOf } from './row-values'
import { isObject } from '../../contract/unknown-values'

export interface NewWork {
  readonly workId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly arxivVersion?: string | undefined
  readonly locations?: readonly OaLocation[] | undefined
  readonly now: number
}

export interface WorkName {
  readonly scheme: Scheme
  readonly value: string
}

/** A name that led to another work already. */
export interface TakenName extends WorkName {
  readonly workId: string
}

/** False when the work already exists; nothing is changed then. */
export function insertWork(writer: Writer, work: NewWork): boolean {
  const { title, authors, year, venue, ...others } = work.facts
  const inserted = writer.run(
    `INSERT OR IGNORE INTO works (work_id, title, authors_json, year, venue, facts_json, ids_json,
       locations_json, arxiv_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      work.workId,
      title ?? null,
      authors === undefined ? null : toJson(authors),
      year ?? null,
      venue ?? null,
      toJson(others),
      toJson(work.ids),
      toJson(work.locations ?? []),
      work.arxivVersion ?? null,
      work.now,
      work.now
    ]
  )
  return inserted > 0
}

export function workById(reader: Reader, workId: string): Work | null {
  const row = reader.get('SELECT * FROM works WHERE work_id = ?', [workId])
  return row === null ? null : workOf(row)
}

/** The `work_id` a name leads to. A work has the name that its id contains (`doi:…`), unless a row says otherwise (schema 27). */
export function workByName(reader: Reader, scheme: Scheme, value: string): string | null {
  const row = reader.get(
    `SELECT coalesce((SELECT work_id FROM name_rows WHERE scheme = ? AND value = ?),
       (SELECT work_id FROM works WHERE work_id = ?)) AS work_id`,
    [scheme, value, idSpelling(scheme, value)]
  )
  return row === null ? null : textOrNull(row, 'work_id')
}

/** The id of a work that contains this name; null: no id does. */
function idSpelling(scheme: Scheme, value: string): string | null {
  if (scheme === 'openalex') return /^W\d+$/.test(value) ? value : null
  return ['doi', 'arxiv', 'pmcid'].includes(scheme) && value !== '' ? `${scheme}:${value}` : null
}

/** The name that the id of a work contains. */
export function nameIn(workId: string): WorkName | null {
  const value = workId.slice(workId.indexOf(':') + 1)
  return (
    SCHEMES.map((scheme) => ({ scheme, value })).find((name) => idSpelling(name.scheme, value) === workId) ??
    null
  )
}

export function namesOfWork(reader: Reader, workId: string): WorkName[] {
  return reader
    .all('SELECT scheme, value FROM work_names WHERE work_id = ? ORDER BY scheme, value', [workId])
    .map((row) => ({ scheme: wordOf(row, 'scheme', SCHEMES), value: textOf(row, 'value') }))
}

/** Makes names lead to a work; names that already lead to another work stay there and are returned. */
export function addNames(writer: Writer, workId: string, names: readonly WorkName[]): { taken: TakenName[] } {
  const taken: TakenName[] = []
  for (const { scheme, value } of names) {
    const holder = workByName(writer, scheme, value)
    if (holder === null) insertName(writer, { scheme, value, workId })
    else if (holder !== workId) taken.push({ scheme, value, workId: holder })
  }
  return { taken }
}

/** Makes all names of one work lead to another (two rows turned out to be one work). */
export function pointNames(writer: Writer, fromWorkId: string, toWorkId: string): void {
  writer.run('UPDATE name_rows SET work_id = ? WHERE work_id = ?', [toWorkId, fromWorkId])
  const own = nameIn(fromWorkId)
  if (own !== null && workById(writer, fromWorkId) !== null) insertName(writer, { ...own, workId: toWorkId })
}

/** A name that has a row keeps it. */
function insertName(writer: Writer, { scheme, value, workId }: TakenName): void {
  writer.run('INSERT OR IGNORE INTO name_rows (scheme, value, work_id) VALUES (?, ?, ?)', [
    scheme,
    value,
    workId
  ])
}

export interface FoundFacts {
  readonly ids?: Identifiers | undefined
  readonly facts?: WorkFacts | undefined
  readonly locations?: readonly OaLocation[] | undefined
}

/** Adds missing facts and new locations. False when nothing was new, or there is no such work. */
export function mergeFacts(writer: Writer, workId: string, found: FoundFacts, now: number): boolean {
  const work = workById(writer, workId)
  if (work === null) return false
  const ids = { ...found.ids, ...work.ids }
  const facts = { ...found.facts, ...work.facts }
  const locations = joinLocations(work.locations, found.locations ?? [])
  const { title, authors, year, venue, ...others } = facts
  const values: SqlValue[] = [
    title ?? null,
    authors === undefined ? null : toJson(authors),
    year ?? null,
    venue ?? null,
    toJson(others),
    toJson(ids),
    toJson(locations)
  ]
  if (sameJson(ids, work.ids) && sameJson(facts, work.facts) && locations.length === work.locations.length) {
    return false
  }
  writer.run(
    `UPDATE works SET title = ?, authors_json = ?, year = ?, venue = ?, facts_json = ?, ids_json = ?,
       locations_json = ?, updated_at = ? WHERE work_id = ?`,
    [...values, now, workId]
  )
  return true
}

export interface WorksPage {
  /** part of a title, an author or a name */
  readonly text?: string | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

/** Works, oldest first. */
export function listWorks(reader: Reader, page: WorksPage = {}): Work[] {
  const like = `%${(page.text ?? '').replace(/[\\%_]/g, '\\$&')}%`
  return reader
    .all(
      `SELECT * FROM works WHERE title LIKE ?1 ESCAPE '\\' OR authors_json LIKE ?1 ESCAPE '\\'
         OR work_id LIKE ?1 ESCAPE '\\' OR ids_json LIKE ?1 ESCAPE '\\'
       ORDER BY created_at, work_id LIMIT ?2 OFFSET ?3`,
      [like, page.limit ?? -1, page.offset ?? 0]
    )
    .map(workOf)
}

/** Calls `visit` for every work that has a title, in planning order. */
export function eachTitle(reader: Reader, visit: (workId: string, title: string) => void): void {
  reader.each('SELECT work_id, title FROM works WHERE title IS NOT NULL ORDER BY rowid', [], (row) => {
    visit(textOf(row, 'work_id'), textOf(row, 'title'))
  })
}

export function countWorks(reader: Reader): number {
  return askNumber(reader, 'SELECT count(*) AS n FROM works')
}

function workOf(row: SqlRow): Work {
  const arxivVersion = textOrNull(row, 'arxiv_version')
  return {
    workId: textOf(row, 'work_id'),
    ...citedOf(row),
    ...(arxivVersion === null ? {} : { arxivVersion }),
    locations: listOf(row, 'locations_json').filter(isObject)
  }
}

/** What a reference says of a work; its columns are `title, authors_json, year, venue, ids_json, facts_json`. */
export function citedOf(row: SqlRow): Pick<Work, 'ids' | 'facts'> {
  return {
    ids: textsOnly(objectOf(row, 'ids_json')),
    facts: { ...mainFactsOf(row), ...textsOnly(objectOf(row, 'facts_json')) }
  }
}

/** The facts with columns of their own: `title, authors_json, year, venue`. */
export function mainFactsOf(row: SqlRow): WorkFacts {
  const title = textOrNull(row, 'title')
  const year = numberOrNull(row, 'year')
  const venue = textOrNull(row, 'venue')
  const authors = row['authors_json'] === null ? null : listOf(row, 'authors_json').filter(isText)
  return {
    ...(title === null ? {} : { title }),
    ...(authors === null ? {} : { authors }),
    ...(year === null ? {} : { year }),
    ...(venue === null ? {} : { venue })
  }
}

function textsOnly(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => isText(pair[1])))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function joinLocations(old: readonly OaLocation[], found: readonly OaLocation[]): OaLocation[] {
  const seen = new Set(old.map(placeOf))
  const fresh = found.filter((location) => {
    const place = placeOf(location)
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
  return [...old, ...fresh]
}

function placeOf(location: OaLocation): string {
  return `${location.pdfUrl ?? ''}\n${location.landingUrl ?? ''}`
}

function sameJson(one: object, other: object): boolean {
  const sorted = (value: object): string =>
    JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  return sorted(one) === sorted(other)
}
