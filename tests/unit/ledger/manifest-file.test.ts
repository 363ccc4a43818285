/** DocsToKG's manifest.sqlite3: exports are readable by DocsToKG, its files can be imported. */
import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Database } from '../../../src/main/ledger/database'
import { idsOfImported } from '../../../src/main/engine/imported-ids'
import { importManifest } from '../../../src/main/ledger/import-manifest'
import type { SqlRow, Writer } from '../../../src/main/ledger/ledger'
import { exportManifest } from '../../../src/main/ledger/manifest-file'
import { jobOf, type ManifestProblem } from '../../../src/main/ledger/manifest-rows'
import { readManifest } from '../../../src/main/ledger/manifest-thread'
import { MANIFEST_LIMITS, readManifestBytes } from '../../../src/main/ledger/read-manifest'
import { migrate } from '../../../src/main/ledger/migrate'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import { workById, workByName } from '../../../src/main/ledger/works'
import { makeLog } from '../../../src/main/platform/log'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { insertOp } from '../../kit/op-rows'

const log = makeLog(
  () => undefined,
  'error',
  () => 0
)
const never = new AbortController().signal
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

/** As DocsToKG's own migration creates it, without its pragmas. */
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

test('jobs and ops are imported with their ids, without leases', () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'STREAMING', 'worker-7')
    job(writer, '2', 'DEDUPED')
    op(writer, 'a', '1', 'HEAD', '{"code":"OK"}')
    op(writer, 'b', '1', 'STREAM', null)
  })
  const manifest = readManifestBytes(engine, bytes)
  expect(manifest.problems).toEqual([])
  const imported = ours.transact((writer) =>
    importManifest(writer, manifest, { now: 9, idsOf: idsOfImported })
  ).value
  expect(imported).toEqual({ jobs: 2, ops: 2, skipped: 0 })
  expect(ours.reader.get(`SELECT * FROM artifact_jobs WHERE job_id = '1'`)).toMatchObject({
    state: 'STREAMING',
    lease_owner: null,
    lease_until: null,
    lease_epoch: 0,
    idempotency_key: 'key-1'
  })
  expect(workById(ours.reader, 'W1')).toMatchObject({ ids: { openalex: 'W1' } })
  expect(workByName(ours.reader, 'openalex', 'W2')).toBe('W2')

  const again = ours.transact((writer) => importManifest(writer, manifest, { now: 9, idsOf: idsOfImported }))
  expect(again.value).toEqual({ jobs: 0, ops: 0, skipped: 4 })
  expect(again.statements).toEqual([])
})

test('rows that cannot be imported are reported in full', () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'PLANNED')
    job(writer, '2', 'DONE_MAYBE')
    op(writer, 'a', '1', 'TELEPORT', '{}')
    op(writer, 'b', '2', 'HEAD', '{}')
    op(writer, 'c', '1', 'HEAD', '{"text": "cut in the mid')
  })
  const manifest = readManifestBytes(engine, bytes)
  expect(manifest.jobs.map(({ jobId }) => jobId)).toEqual(['1'])
  expect(manifest.problems.map(({ key, because }) => [key, because])).toEqual([
    ['2', expect.stringContaining('DONE_MAYBE')],
    ['a', expect.stringContaining('TELEPORT')],
    ['b', 'no job 2 was taken'],
    ['c', expect.stringContaining('no JSON')]
  ])
  expect(manifest.problems[0]?.row).toMatchObject({ job_id: '2', state: 'DONE_MAYBE' })
})

test('defect 04: an op with a truncated result has an unknown outcome', () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'LEASED')
    op(writer, 'c', '1', 'HEAD', '{"text": "cut in the mid')
  })
  const manifest = readManifestBytes(engine, bytes)
  ours.transact((writer) => importManifest(writer, manifest, { now: 9, idsOf: idsOfImported }))
  const row = ours.reader.get(`SELECT result_code, result_json FROM artifact_ops WHERE op_key = 'c'`)
  expect(row?.['result_code']).toBe('ABANDONED')
  expect(JSON.parse(String(row?.['result_json']))).toEqual({
    imported_code: 'OK',
    imported_text: '{"text": "cut in the mid'
  })
})

test('an export can be imported again, and SQLite tools see version 3', async () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'FAILED')
    op(writer, 'a', '1', 'HEAD', '{"ü":1}')
  })
  const manifest = readManifestBytes(engine, bytes)
  ours.transact((writer) => importManifest(writer, manifest, { now: 9, idsOf: idsOfImported }))
  const given = await exportManifest(nodeFiles, ours.reader)
  const reimported = readManifestBytes(engine, given)
  expect(reimported).toEqual(manifest)
  const opened = new Database(engine, given)
  expect(opened.reader.get(`SELECT value FROM _meta WHERE key = 'schema_version'`)).toEqual({ value: '3' })
  const columns = opened.reader.all(`SELECT name FROM pragma_table_info('artifact_jobs')`)
  expect(columns.slice(0, 10).map((row) => row['name'])).toEqual(
    new Database(engine, bytes).reader
      .all(`SELECT name FROM pragma_table_info('artifact_jobs')`)
      .map((row) => row['name'])
  )
})

test('an export has no password, key or mail address in it', async () => {
  const insert = `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, created_at, updated_at,
    idempotency_key) VALUES ('1', 'w', 'a', 'https://me:secret1@a.example/x?api_key=secret2', 1, 2, 'k')`
  ours.transact((writer) => {
    writer.run(insert)
    insertOp(writer, {
      op_key: 'o',
      job_id: '1',
      op_type: 'RESOLVE',
      started_at: 3,
      result_code: 'OK',
      result_json: JSON.stringify({
        url: 'https://a.example/y?access_token=secret3&email=secret4@b.example',
        n: '"x"'
      })
    })
  })
  const bytes = Buffer.from(await exportManifest(nodeFiles, ours.reader))
  expect(bytes.includes('secret')).toBe(false)
  expect(bytes.includes('https://a.example/x?api_key=***')).toBe(true)
  expect(readManifestBytes(engine, bytes).problems).toEqual([])
})

test('a file in WAL mode is read as of its last checkpoint', () => {
  const bytes = theirFile((writer) => {
    job(writer, '1', 'PLANNED')
  })
  bytes.fill(2, 18, 20)
  expect(readManifestBytes(engine, bytes).jobs).toHaveLength(1)
})

describe('any other file is refused, with what it lacks', () => {
  const check = (name: string, bytes: () => Uint8Array, words: RegExp): void => {
    test(name, async () => {
      await expect(Promise.resolve().then(() => readManifestBytes(engine, bytes()))).rejects.toMatchObject({
        code: 'NOT_A_MANIFEST',
        message: expect.stringMatching(words) as string
      })
    })
  }
  check('a PDF', () => Buffer.from(`%PDF-1.4 ${'x'.repeat(5000)}`), /no SQLite database/)
  check('an empty file', () => new Uint8Array(), /no table artifact_jobs/)
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
  check(
    'a ledger of Sheaf itself',
    () => {
      const database = new Database(engine, null)
      database.transact((writer) => migrate(writer, log))
      return database.bytes()
    },
    /ledger of Sheaf itself.*export --format manifest-sqlite/
  )
  check('a truncated manifest', () => theirFile(() => undefined).subarray(0, 5000), /SQLite database/)
})

describe('a hostile file', () => {
  const refused = async (fill: string[], words: RegExp): Promise<void> => {
    const database = new Database(engine, null)
    database.transact((writer) => {
      for (const sql of fill) writer.run(sql)
    })
    await expect(readManifest(database.bytes(), never)).rejects.toMatchObject({
      code: 'NOT_A_MANIFEST',
      message: expect.stringMatching(words) as string
    })
  }
  const [, , JOBS = '', OPS = ''] = THEIRS
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)'

  test('a view in place of a table is not read', () =>
    refused(
      [`CREATE VIEW artifact_jobs AS ${endless} SELECT 'j' || x AS job_id FROM c`, OPS],
      /artifact_jobs in the file is no plain table/
    ))
  test('a view whose name differs in case is not read', () =>
    refused(
      [`CREATE VIEW ARTIFACT_OPS AS ${endless} SELECT x FROM c`, JOBS],
      /artifact_ops .* no plain table/
    ))
  test('a generated column is not read', () =>
    refused(
      [
        JOBS.replace('idempotency_key TEXT NOT NULL', 'idempotency_key TEXT AS (hex(zeroblob(100000000)))'),
        OPS
      ],
      /computes its column idempotency_key/
    ))
  test('a virtual table is not read', () =>
    refused(['CREATE VIRTUAL TABLE artifact_jobs USING fts3(job_id, work_id)', OPS], /no plain table/))

  test.each<[string, (row: SqlRow) => SqlRow]>([
    ['an id with a path and blanks', (row) => ({ ...row, job_id: '../ x' })],
    ['an id of 1,000 characters', (row) => ({ ...row, job_id: 'x'.repeat(1_000) })],
    ['a file: address', (row) => ({ ...row, canonical_url: 'file:///etc/passwd' })],
    ['a javascript: address', (row) => ({ ...row, canonical_url: 'javascript:alert(1)' })],
    ['a title of escapes', (row) => ({ ...row, work_id: '\u001b]0;x\u0007' })],
    ['bytes in a text column', (row) => ({ ...row, state: new Uint8Array([1]) })],
    ['a negative time', (row) => ({ ...row, created_at: -1 })],
    ['text in a time column', (row) => ({ ...row, created_at: 'soon' })],
    ['an infinite time', (row) => ({ ...row, created_at: Infinity })]
  ])('a row with %s is reported and not imported', (_, spoil) => {
    const row: SqlRow = {
      job_id: '1',
      work_id: 'W1',
      artifact_id: 'W1#pdf',
      canonical_url: 'https://doi.org/10.1/1',
      state: 'PLANNED',
      created_at: 1,
      updated_at: 2,
      idempotency_key: 'k'
    }
    const problems: ManifestProblem[] = []
    expect(jobOf(row, problems)).not.toBeNull()
    expect(jobOf(spoil(row), problems)).toBeNull()
    expect(problems).toHaveLength(1)
    expect(JSON.stringify(problems).length).toBeLessThan(2_000)
  })

  test.each([
    '{"path":"../victim","bytes":1}',
    '{"path":"/etc/passwd"}',
    '{"path":"C:\\\\x.pdf"}',
    '{"paperPath":"papers/../../x.pdf"}',
    '{"sha256":"../../x"}',
    `"${'x'.repeat(30_000)}"`
  ])('a result that is %.40s gives an unknown outcome', (result) => {
    const bytes = theirFile((writer) => {
      job(writer, '1', 'FINALIZED')
      op(writer, 'a', '1', 'FINALIZE', result)
    })
    const manifest = readManifestBytes(engine, bytes)
    expect(manifest.ops).toMatchObject([{ resultCode: 'ABANDONED' }])
    expect(manifest.ops[0]?.resultJson?.length).toBeLessThan(10_000)
    expect(manifest.problems).toHaveLength(1)
  })

  test('reading stops at the limits of rows, text and problems', () => {
    const bytes = theirFile((writer) => {
      for (let n = 0; n < 30; n += 1) job(writer, String(n), n < 10 ? 'PLANNED' : 'NO_STATE')
    })
    for (const limit of [{ rows: 20 }, { chars: 200 }, { problems: 5 }]) {
      expect(() => readManifestBytes(engine, bytes, { ...MANIFEST_LIMITS, ...limit })).toThrow(/file/)
    }
    expect(readManifestBytes(engine, bytes).jobs).toHaveLength(10)
  })

  test('reading a manifest limits no other database of the process, whose limit could not be raised again', () => {
    const limit = (): unknown => ours.reader.get('SELECT * FROM pragma_hard_heap_limit')?.['hard_heap_limit']
    expect(limit()).toBe(0)
    readManifestBytes(
      engine,
      theirFile((writer) => {
        job(writer, '1', 'PLANNED')
      })
    )
    expect(limit()).toBe(0)
  })

  test('a CHECK that takes more memory than the reading thread may use ends the reading', async () => {
    const large = JOBS.replace('work_id TEXT NOT NULL', `$& CHECK (length(hex(zeroblob(150000000))) > 0)`)
    expect(large).not.toBe(JOBS)
    const row = `INSERT INTO artifact_jobs VALUES ('1', 'W1', 'W1#pdf', 'https://a.example/', 'PLANNED', NULL, NULL, 1, 2, 'k')`
    const other = new engine.Database()
    other.run(['PRAGMA ignore_check_constraints=on', ...THEIRS.slice(0, 2), large, OPS, row].join(';'))
    await expect(readManifest(other.export(), never)).rejects.toThrow(/out of memory/)
    other.close()
  })

  test('an abort signal and a time limit interrupt a running SQLite statement', async () => {
    // A CHECK that SQLite evaluates for every row takes minutes.
    const slow = JOBS.replace(
      /\)$/,
      `, CHECK (length(hex(zeroblob(40000000 + rowid))) > 0 AND length(hex(zeroblob(30000000 + rowid))) > 0))`
    )
    const raw = new engine.Database()
    raw.run('PRAGMA ignore_check_constraints=on')
    raw.run(slow)
    raw.run(OPS)
    raw.run(`INSERT INTO artifact_jobs WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000)
      SELECT x, 'W' || x, 'a', 'https://a.example/' || x, 'PLANNED', NULL, NULL, 1, 2, 'k' || x FROM c`)
    const bytes = raw.export()
    raw.close()
    const stop = new AbortController()
    const reading = readManifest(bytes, stop.signal)
    setTimeout(() => {
      stop.abort(new Error('stopped'))
    }, 1_500)
    const began = performance.now()
    await expect(reading).rejects.toThrow('stopped')
    expect(performance.now() - began).toBeLessThan(4_000)
    await expect(readManifest(bytes, never, 1_000)).rejects.toMatchObject({ code: 'NOT_A_MANIFEST' })
  }, 20_000)
})
