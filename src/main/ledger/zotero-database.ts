/**
 * Reads Zotero's database from a copy of its bytes: works of all libraries except feeds, with their
 * identifiers, collections and attachments. Columns are requested by name and types by their names, since
 * both differ between versions and installations. Nothing is ever written. Schemas 123 (Zotero 7) to 129
 * (10).
 */
import type { Database, SqlJsStatic, SqlValue } from 'sql.js'
import { fail } from '../../contract/errors'
import { addTo } from '../platform/add-to'
import { DISTRUST } from './database'
import { withWal } from './sqlite-wal'

export interface ZoteroItem {
  readonly key: string
  readonly type: string
  /** fields by Zotero's own names: `DOI`, `title`, `extra`, … */
  readonly fields: Readonly<Record<string, string>>
  /** `Family, Given`, in order */
  readonly authors: readonly string[]
  /** names of the collections it is in, and of their parents */
  readonly collections: readonly string[]
  /** not in the trash */
  readonly attachments: readonly ZoteroAttachment[]
}

export interface ZoteroAttachment {
  readonly key: string
  /** 0 stored file, 1 stored page or file, 2 linked file, 3 link to the web */
  readonly linkMode: number
  readonly contentType: string
  readonly path: string
}

/** Throws BAD_FILE when the bytes are no database of Zotero. */
export function readZoteroDatabase(
  engine: SqlJsStatic,
  bytes: Uint8Array,
  wal: Uint8Array | null
): readonly ZoteroItem[] {
  let database: Database | null = null
  try {
    database = new engine.Database(withWal(bytes, wal ?? new Uint8Array()))
    database.run(DISTRUST)
    return itemsOf(database)
  } catch (error) {
    return fail('BAD_FILE', 'zotero.sqlite cannot be read as a database of Zotero 7 or later.', {
      cause: error
    })
  } finally {
    database?.close()
  }
}

const DELETED = 'SELECT itemID FROM deletedItems'

function itemsOf(database: Database): readonly ZoteroItem[] {
  const fields = grouped(
    database,
    `SELECT d.itemID AS id, f.fieldName AS name, v.value AS value FROM itemData d
     JOIN fieldsCombined f ON f.fieldID = d.fieldID JOIN itemDataValues v ON v.valueID = d.valueID`
  )
  const creators = grouped(
    database,
    `SELECT c.itemID AS id, r.lastName AS last, r.firstName AS first, r.fieldMode AS mode
     FROM itemCreators c JOIN creators r ON r.creatorID = c.creatorID ORDER BY c.itemID, c.orderIndex`
  )
  const attachments = grouped(
    database,
    `SELECT a.parentItemID AS id, i.key AS key, a.linkMode AS mode, a.contentType AS type, a.path AS path
     FROM itemAttachments a JOIN items i ON i.itemID = a.itemID
     WHERE a.parentItemID IS NOT NULL AND a.itemID NOT IN (${DELETED}) ORDER BY a.itemID`
  )
  const collections = collectionsOf(database)
  return rows(
    database,
    `SELECT i.itemID AS id, i.key AS key, t.typeName AS type FROM items i
     JOIN itemTypesCombined t ON t.itemTypeID = i.itemTypeID JOIN libraries l ON l.libraryID = i.libraryID
     WHERE t.typeName NOT IN ('attachment', 'note', 'annotation') AND l.type <> 'feed'
       AND i.itemID NOT IN (${DELETED}) ORDER BY i.itemID`
  ).map((row) => {
    const id = text(row['id'])
    return {
      key: text(row['key']),
      type: text(row['type']),
      fields: Object.fromEntries(
        (fields.get(id) ?? []).map((one) => [text(one['name']), text(one['value'])])
      ),
      authors: (creators.get(id) ?? []).map(({ last, first, mode }) =>
        Number(mode) === 1 || text(first) === '' ? text(last) : `${text(last)}, ${text(first)}`
      ),
      collections: collections.get(id) ?? [],
      attachments: (attachments.get(id) ?? []).map((one) => ({
        key: text(one['key']),
        linkMode: Number(one['mode']),
        contentType: text(one['type']),
        path: text(one['path'])
      }))
    }
  })
}

/** By item: the names of its collections and of their parents. */
function collectionsOf(database: Database): ReadonlyMap<string, readonly string[]> {
  const found = grouped(
    database,
    `WITH RECURSIVE above(id, name, parent, depth) AS (
       SELECT c.collectionID, c.collectionName, c.parentCollectionID, 0 FROM collections c
       UNION ALL
       SELECT a.id, c.collectionName, c.parentCollectionID, a.depth + 1
       FROM above a JOIN collections c ON c.collectionID = a.parent WHERE a.depth < 50)
     SELECT ci.itemID AS id, a.name AS name FROM collectionItems ci JOIN above a ON a.id = ci.collectionID
     WHERE ci.collectionID NOT IN (SELECT collectionID FROM deletedCollections)`
  )
  return new Map([...found].map(([id, of]) => [id, of.map((row) => text(row['name']))]))
}

type Row = Record<string, SqlValue>

function rows(database: Database, sql: string): Row[] {
  const statement = database.prepare(sql)
  try {
    const found: Row[] = []
    while (statement.step()) found.push(statement.getAsObject())
    return found
  } finally {
    statement.free()
  }
}

function grouped(database: Database, sql: string): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows(database, sql)) addTo(found, text(row['id']), row)
  return found
}

const text = (value: SqlValue | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
