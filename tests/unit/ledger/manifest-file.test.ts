/** DocsToKG's manifest.sqlite3: what we give out it could read, what it wrote we take. */
import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Database } from '../../../src/main/ledger/database'
import { importManifest } from '../../../src/main/ledger/import-manifest'
import type { Writer } from '../../../src/main/ledger/ledger'
import { exportManifest, readManifest } from '../../../src/main/ledger/manifest-file'
import { migrate } from '../../../src/main/ledger/migrate'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import { workById, workByName } from '../../../src/main/ledger/works'
import { makeLog } from '../../../src/main/platform/log'
import { nodeFiles } from '../../../src/main/platform/node-files'

const log = makeLog(
  () => undefined,
  'error',
  () => 0
)
let engine: SqlEngine
let ours: Database
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})
beforeEach(() => {
  ours = freshLedger()
})
function freshLedger(): Database {
  const database = new Database(engine, null)
  database.transact((writer) => migrate(writer, log))
  return database
}

/** As DocsToKG's own migration makes it, but for its pragmas. */
const THEIRS = [
  'CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
  `INSERT INTO _meta VALUES ('schema_version', '3')`,
  `CREATE TABLE artifact_jobs (job_id TEXT PRIMARY KEY, work_id TEXT NOT NULL, artifact_id TEXT NOT NULL,
    canonical_url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'PLANNED', lease_owner TEXT, lease_until REAL,
    created_at REAL NOT NULL, updated_at REAL NOT NULL, idempotency_key TEXT NOT NULL)`,
  `CREATE TABLE artifact_ops (op_key TEXT PRIMARY KEY, job_id TEXT NOT NULL, op_type TEXT NOT NULL,
    started_at REAL NOT NULL, finished_at REAL, result_code TEXT, result_json TEXT)`
]
function theirFile(fill: (writer: Writer) => void): Uint8Array {
  const database = new Database(engine, null)
  database.transact((writer) => {
    for (const sql of THEIRS) writer.run(sql)
    fill(writer)
  })
  return database.bytes()
}
function job(writer: Writer, id: string, state: string, owner: string | null = null): void {
  writer.run('INSERT INTO artifact_jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    id,
    `W${id}`,
    `W${id}#pdf`,
    `https://doi.org/10.1/${id}`,
    state,
    owner,
    owner === null ? null : 1e9,
    1,
    2,
    `key-${id}`
  ])
}
function op(writer: Writer, key: string, jobId: string, type: string, result: string | null): void {
  writer.run('INSERT INTO artifact_ops VALUES (?, ?, ?, ?, ?, ?, ?)', [
    key,
    jobId,
    type,
    3,
    result === null ? null : 4,
    result === null ? null : 'OK',
    result
  ])
}

test('jobs and ops are taken over with their ids, without leases', async () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'STREAMING', 'worker-7')
    job(writer, '2', 'DEDUPED')
    op(writer, 'a', '1', 'HEAD', '{"code":"OK"}')
    op(writer, 'b', '1', 'STREAM', null)
  })
  const manifest = await readManifest(nodeFiles, bytes)
  expect(manifest.problems).toEqual([])
  const taken = ours.transact((writer) => importManifest(writer, manifest, { now: 9 })).value
  expect(taken).toEqual({ jobs: 2, ops: 2, skipped: 0 })
  expect(ours.reader.get(`SELECT * FROM artifact_jobs WHERE job_id = '1'`)).toMatchObject({
    state: 'STREAMING',
    lease_owner: null,
    lease_until: null,
    lease_epoch: 0,
    idempotency_key: 'key-1'
  })
  expect(workById(ours.reader, 'W1')).toMatchObject({ ids: { openalex: 'W1' } })
  expect(workByName(ours.reader, 'openalex', 'W2')).toBe('W2')

  const again = ours.transact((writer) => importManifest(writer, manifest, { now: 9 }))
  expect(again.value).toEqual({ jobs: 0, ops: 0, skipped: 4 })
  expect(again.statements).toEqual([])
})

test('rows that cannot be taken are reported with all they hold', async () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'PLANNED')
    job(writer, '2', 'DONE_MAYBE')
    op(writer, 'a', '1', 'TELEPORT', '{}')
    op(writer, 'b', '2', 'HEAD', '{}')
    op(writer, 'c', '1', 'HEAD', '{"text": "cut in the mid')
  })
  const manifest = await readManifest(nodeFiles, bytes)
  expect(manifest.jobs.map(({ jobId }) => jobId)).toEqual(['1'])
  expect(manifest.problems.map(({ key, because }) => [key, because])).toEqual([
    ['2', expect.stringContaining('DONE_MAYBE')],
    ['a', expect.stringContaining('TELEPORT')],
    ['b', 'no job 2 was taken'],
    ['c', expect.stringContaining('no JSON')]
  ])
  expect(manifest.problems[0]?.row).toMatchObject({ job_id: '2', state: 'DONE_MAYBE' })
})

test('defect 04: a result that was cut in the middle is an op whose outcome is unknown', async () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'LEASED')
    op(writer, 'c', '1', 'HEAD', '{"text": "cut in the mid')
  })
  const manifest = await readManifest(nodeFiles, bytes)
  ours.transact((writer) => importManifest(writer, manifest, { now: 9 }))
  const row = ours.reader.get(`SELECT result_code, result_json FROM artifact_ops WHERE op_key = 'c'`)
  expect(row?.['result_code']).toBe('ABANDONED')
  expect(JSON.parse(String(row?.['result_json']))).toEqual({
    imported_code: 'OK',
    imported_text: '{"text": "cut in the mid'
  })
})

test('what is given out can be taken in again, and an SQLite tool sees version 3', async () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'FAILED')
    op(writer, 'a', '1', 'HEAD', '{"ü":1}')
  })
  const manifest = await readManifest(nodeFiles, bytes)
  ours.transact((writer) => importManifest(writer, manifest, { now: 9 }))
  const given = await exportManifest(nodeFiles, ours.reader)
  const back = await readManifest(nodeFiles, given)
  expect(back).toEqual(manifest)
  const opened = new Database(engine, given)
  expect(opened.reader.get(`SELECT value FROM _meta WHERE key = 'schema_version'`)).toEqual({ value: '3' })
  const columns = opened.reader.all(`SELECT name FROM pragma_table_info('artifact_jobs')`)
  expect(columns.slice(0, 10).map((row) => row['name'])).toEqual(
    new Database(engine, bytes).reader
      .all(`SELECT name FROM pragma_table_info('artifact_jobs')`)
      .map((row) => row['name'])
  )
})

test('a file in WAL mode is read as of its last checkpoint', async () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'PLANNED')
  })
  bytes.fill(2, 18, 20)
  expect((await readManifest(nodeFiles, bytes)).jobs).toHaveLength(1)
})

describe('any other file is refused, with what it lacks', () => {
  const check = (name: string, bytes: () => Uint8Array, words: RegExp): void => {
    test(name, async () => {
      await expect(readManifest(nodeFiles, bytes())).rejects.toMatchObject({
        code: 'NOT_A_MANIFEST',
        message: expect.stringMatching(words) as string
      })
    })
  }
  check('a PDF', () => Buffer.from(`%PDF-1.4 ${'x'.repeat(5000)}`), /no SQLite database/)
  check('nothing', () => new Uint8Array(), /no table artifact_jobs/)
  check(
    'another database',
    () => {
      const database = new Database(engine, null)
      database.transact((writer) => {
        writer.run('CREATE TABLE artifact_jobs (job_id TEXT)')
      })
      return database.bytes()
    },
    /no column work_id/
  )
  check('a part of one', () => theirFile(() => undefined).subarray(0, 5000), /SQLite database/)
})
