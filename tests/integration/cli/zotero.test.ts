/**
 * Items of a Zotero library without a file, read from a copy of its database and write-ahead log, and
 * planned.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import initSqlJs from 'sql.js'
import { readZoteroDatabase } from '../../../src/main/ledger/zotero-database'
import type { CliEnd } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

const FIXTURE = resolve('tests/fixtures/zotero')

let world: CliWorld
let data: string
beforeAll(async () => {
  world = await makeCliWorld()
  data = join(world.folder, 'zotero')
  await mkdir(join(data, 'storage', 'ATTWHOLE'), { recursive: true })
  await mkdir(join(data, 'storage', 'ATTTRASH'), { recursive: true })
  for (const name of ['zotero.sqlite', 'zotero.sqlite-wal']) await cp(join(FIXTURE, name), join(data, name))
  await writeFile(join(data, 'storage', 'ATTWHOLE', 'whole.pdf'), '%PDF-1.4')
  await writeFile(join(data, 'storage', 'ATTTRASH', 'whole.pdf'), '%PDF-1.4')
}, 180_000)
afterAll(() => world.end())

const found = (end: CliEnd): unknown[] =>
  (end.lines as unknown as Record<string, unknown>[])
    .filter((line) => line['type'] === 'zotero')
    .map((line) => [line['item_key'], line['work_id'], line['action']])

const MISSING = [
  ['BROKEN01', 'doi:10.5555/broken', 'missing'],
  ['LINK0001', 'doi:10.5555/link', 'missing'],
  ['PAGE0001', 'arxiv:2401.00001', 'missing'],
  ['TRASHATT', 'doi:10.5555/trashatt', 'missing'],
  ['OUTSIDE1', 'doi:10.5555/outside', 'missing'],
  ['GROUP001', 'doi:10.5555/group', 'missing'],
  ['NAMELESS', null, 'missing'],
  ['LATE0001', 'doi:10.5555/late', 'missing']
]

test('a broken, trashed or linked attachment, a saved page and a feed do not count as files; nothing changes', async () => {
  const before = await Promise.all(
    (await readdir(data)).map((name) => readFile(join(data, name)).catch(() => name))
  )
  const end = await world.sheaf(['zotero', 'missing', '--zotero-data', data, '--json'])
  expect(end.status).toBe(0)
  expect(found(end)).toEqual(MISSING)
  const after = await Promise.all(
    (await readdir(data)).map((name) => readFile(join(data, name)).catch(() => name))
  )
  expect(after).toEqual(before)
  const some = await world.sheaf([
    'zotero',
    'missing',
    '--zotero-data',
    data,
    '--collection',
    'Review',
    '--json'
  ])
  // A collection includes the items of its subcollections.
  expect(found(some)).toEqual(MISSING.slice(0, 2))
}, 180_000)

test('they are planned, and items without an identifier are reported', async () => {
  const end = await world.sheaf([
    ...['plan', '--from-zotero', '--zotero-data', data, '--json', '--enable-idempotency']
  ])
  expect(end.status).toBe(3)
  const planned = end.lines.flatMap((line) => (line.type === 'planned' ? [line.work_id] : []))
  expect(planned.sort()).toEqual(MISSING.flatMap(([, id]) => (id === null ? [] : [id])).sort())
  expect(end.lines.find((line) => line.type === 'error')).toMatchObject({ code: 'NAMED_BY_TITLE_ONLY' })
}, 180_000)

test('a missing folder or another kind of library is refused with a message', async () => {
  const none = await world.sheaf(['zotero', 'missing', '--zotero-data', world.folder])
  expect(none.status).toBe(2)
  expect(none.stderr).toContain('--zotero-data')
  await writeFile(join(world.folder, 'zotero.sqlite'), 'no database')
  const bad = await world.sheaf(['zotero', 'missing', '--zotero-data', world.folder])
  expect(bad.stderr).toContain('cannot be read as a database of Zotero')
  const collection = await world.sheaf([
    'zotero',
    'missing',
    '--zotero-data',
    data,
    '--collection',
    'Nowhere'
  ])
  expect(collection.status).toBe(2)
  expect((await world.sheaf(['plan', '--doi', '10.5555/x', '--collection', 'Review'])).status).toBe(2)
}, 180_000)

test('the write-ahead log is read up to its last complete commit', async () => {
  const engine = await initSqlJs()
  const [database, wal] = await Promise.all(
    ['zotero.sqlite', 'zotero.sqlite-wal'].map((name) => readFile(join(FIXTURE, name)))
  )
  const keys = (log: Uint8Array | null): string[] =>
    readZoteroDatabase(engine, database!, log).map(({ key }) => key)
  expect(keys(null)).not.toContain('LATE0001')
  expect(keys(null)).toContain('GONE0001')
  expect(keys(wal!)).toContain('LATE0001')
  expect(keys(wal!)).not.toContain('GONE0001')
  expect(keys(wal!.subarray(0, wal!.length - 40))).not.toContain('LATE0001')
  const damaged = Buffer.from(wal!)
  damaged[damaged.length - 10] = (damaged[damaged.length - 10] ?? 0) ^ 1
  expect(keys(damaged)).not.toContain('LATE0001')
})
