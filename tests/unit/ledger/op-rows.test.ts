/** Ops in few bytes (schema 20): the view shows the same rows as before, every reader too, and none reads all of them. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { OP_KINDS } from '../../../src/contract/words'
import { attemptRowsOfJob, insertAttempt } from '../../../src/main/ledger/attempts'
import { Database } from '../../../src/main/ledger/database'
import { typeNumber } from '../../../src/main/ledger/history-names'
import { eventsOfJob, insertEvent } from '../../../src/main/ledger/job-events'
import { deleteJob, insertJob } from '../../../src/main/ledger/jobs'
import { lastUpdateOfLeased } from '../../../src/main/ledger/leases'
import type { Reader, SqlRow, Writer } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import {
  abandonOp,
  beginOp,
  deleteOps,
  finalizeIntents,
  finishOp,
  interruptOps,
  lastOpRow,
  lastSuccess,
  lastSuccessAt,
  opByKey,
  opsInFlight,
  opsOfJob,
  voidOps
} from '../../../src/main/ledger/ops'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { dropMovedProvenance, streamHolding } from '../../../src/main/ledger/streamed-provenance'
import { eventRowsSince } from './telemetry-rows'
import { explaining } from '../../kit/explaining'
import { migratedLedger, type OldRow } from '../../kit/old-ledger'

const JOB = 'a'.repeat(32)
const GONE = 'e'.repeat(32)
const KEY = 'b1'.repeat(32)
const jobs = [
  { job_id: JOB, job_no: 7, work_id: 'W1' },
  { job_id: 'imported-1', job_no: 8, work_id: 'W2' }
].map((row) => ({
  ...row,
  artifact_id: `${row.work_id}#pdf`,
  canonical_url: `https://doi.org/10.1/${row.work_id}`,
  state: 'DEDUPED',
  created_at: 1,
  updated_at: 9,
  idempotency_key: row.work_id.repeat(9)
}))
const op = {
  job_id: JOB,
  started_at: 2.25,
  finished_at: 3.5,
  result_code: 'OK',
  result_json: '{"ü":"\\u0000"}',
  attempt: 2,
  replays: 1,
  lease_epoch: 3,
  recovery: 'continued',
  context_json: '{"url":"https://a.example/1"}'
}
const open = { finished_at: null, result_code: null, result_json: null, recovery: null, context_json: null }
const SHA = 'd4'.repeat(32)
const target = `objects/d4/${SHA}.pdf`
const ops = [
  { op_key: KEY, ...op, op_type: 'HEAD' },
  // Of another tool: a key that is none of ours, or in capitals; a kind that no list has; a job that no row has.
  { op_key: 'op 1', ...op, op_type: 'STREAM', job_id: 'imported-1' },
  { op_key: 'AB'.repeat(32), ...op, ...open, op_type: 'WATCH' },
  { op_key: 'ab'.repeat(32), ...op, op_type: 'INDEX', result_json: '{cut' },
  { op_key: 'xy'.repeat(32), ...op, op_type: 'DEDUPE' },
  { op_key: 'c2'.repeat(32), ...op, op_type: 'FINALIZE', job_id: GONE },
  // What the context of a hash says is said by 32 bytes, unless it says more, or says it otherwise.
  ...[
    ['INDEX', { sha256: SHA }],
    ['DEDUPE', { sha256: SHA }],
    ['FINALIZE', { sha256: SHA, target_path: target }],
    ['FINALIZE', { sha256: SHA, target_path: target.replace('pdf', 'xml') }],
    ['INDEX', { sha256: SHA.toUpperCase() }],
    ['FINALIZE', { sha256: SHA }],
    ['STREAM', { sha256: SHA }],
    ['DEDUPE', { sha256: `"${SHA.slice(1)}` }],
    ['INDEX', { sha256: 'short' }]
  ].map(([op_type, context], n) => ({
    ...{ op_key: `of a hash ${String(n)}`, ...op, op_type, context_json: JSON.stringify(context) }
  })),
  { op_key: '7', ...op, ...open, op_type: 'RENAME', job_id: '7', started_at: 4 }
]
const rows: OldRow[] = [
  ...jobs.map((row) => ({ table: 'artifact_jobs', row })),
  ...ops.map((row) => ({ table: 'artifact_ops', row })),
  { table: 'event_rows', row: { event_id: 1, job: 7, at: 2, kind: 'op', op: KEY, op_attempt: 1 } }
]

const shown = (r: Reader): SqlRow[] =>
  r.all('SELECT * FROM artifact_ops ORDER BY rowid').map((row) => {
    const { rowid, key, job, ...columns } = row
    expect([rowid, key, job]).not.toContain(null)
    return columns
  })

test('rows of schema 19 are the same rows', async () => {
  const r = await migratedLedger(19, rows)
  expect(shown(r)).toEqual(ops)
  expect(r.all('SELECT typeof(key) AS k, typeof(job) AS j, typeof(op_type) AS t FROM op_rows')).toEqual([
    { k: 'blob', j: 'integer', t: 'integer' },
    { k: 'text', j: 'integer', t: 'integer' },
    { k: 'text', j: 'integer', t: 'text' },
    { k: 'blob', j: 'integer', t: 'integer' },
    { k: 'text', j: 'integer', t: 'integer' },
    { k: 'blob', j: 'text', t: 'integer' },
    ...Array.from({ length: 9 }, () => ({ k: 'text', j: 'integer', t: 'integer' })),
    { k: 'text', j: 'text', t: 'integer' }
  ])
  expect(
    r.all(`SELECT op_no FROM op_rows WHERE typeof(context) = 'blob'`).map((row) => row['op_no'])
  ).toEqual([7, 8, 9])
  expect(opByKey(r, KEY)).toMatchObject({ jobId: JOB, kind: 'HEAD', recovery: 'continued', attempt: 2 })
  expect(opByKey(r, 'op 1')).toMatchObject({ jobId: 'imported-1', kind: 'STREAM' })
  expect(opByKey(r, 'b2'.repeat(32))).toBeNull()
  expect(opsOfJob(r, GONE).map(({ opKey }) => opKey)).toEqual(['c2'.repeat(32)])
  expect(opsOfJob(r, '7').map(({ kind }) => kind)).toEqual(['RENAME'])
  expect(lastOpRow(r)).toBe(16)
  expect(finalizeIntents(r, 6, 9)).toMatchObject([{ jobId: JOB, context: { target_path: target } }])
  expect(eventsOfJob(r, JOB)).toMatchObject([{ op_key: KEY }])
})

test('a second migration from 19 changes no row', async () => {
  const database = await ledger()
  database.transact((w) => {
    begin(w, KEY, 'STREAM')
    w.run(`UPDATE _meta SET value = '19' WHERE key = 'schema_version'`)
  })
  const before = shown(database.reader)
  database.transact((w) => migrateQuietly(w))
  expect(shown(database.reader)).toEqual(before)
})

test('a context is written as the migration writes it, and read as it was given', async () => {
  const [before, database] = [await migratedLedger(19, rows), await ledger()]
  const hashOps = ops.filter((row) => row.op_key.startsWith('of a hash'))
  database.transact((w) => {
    for (const row of hashOps)
      begin(w, row.op_key, row.op_type as (typeof OP_KINDS)[number], row.context_json ?? '')
  })
  const stored = (r: Reader): SqlRow[] =>
    r.all(`SELECT context FROM op_rows WHERE key LIKE 'of a hash%' ORDER BY op_no`)
  expect(stored(database.reader)).toEqual(stored(before))
  expect(shown(database.reader).map((row) => row['context_json'])).toEqual(
    hashOps.map((row) => row.context_json)
  )
})

test('every kind has its number in the view', async () => {
  const database = await ledger()
  database.transact((w) => {
    OP_KINDS.forEach((kind, n) => {
      begin(w, String(n), kind)
    })
  })
  const found = database.reader.all('SELECT op_type FROM artifact_ops ORDER BY rowid')
  expect(found.map((row) => row['op_type'])).toEqual(OP_KINDS)
  expect(database.reader.all('SELECT DISTINCT typeof(op_type) AS t FROM op_rows')).toEqual([{ t: 'integer' }])
})

test('a key is there once, and an op of a job that was unknown goes on under its number', async () => {
  const database = await ledger()
  database.transact((w) => {
    w.run(`INSERT INTO op_rows (key, job, op_type, started_at) VALUES (?, ?, 3, 1)`, [
      Buffer.from(KEY, 'hex'),
      JOB
    ])
    begin(w, KEY, 'STREAM')
  })
  expect(opsOfJob(database.reader, JOB)).toMatchObject([{ opKey: KEY, attempt: 2, leaseEpoch: 0 }])
  expect(database.reader.all('SELECT job FROM op_rows')).toEqual([{ job: 1 }])
  const end = { ...STREAM, leaseEpoch: 0, resultCode: 'OK', resultJson: '{}', recovery: null, now: 9 }
  expect(database.transact((w) => finishOp(w, { opKey: KEY, ...end })).value).toBe(1)
})

test('what a job leaves when it is dropped with its ops is nothing', async () => {
  const database = await ledger()
  database.transact((w) => {
    begin(w, KEY, 'STREAM')
    deleteOps(w, JOB)
    deleteJob(w, JOB)
  })
  expect(shown(database.reader)).toEqual([])
})

test('the time of the latest success of a kind is found without its result', async () => {
  const database = await ledger()
  const end = { ...STREAM, leaseEpoch: 0, resultCode: 'OK', resultJson: '{}', recovery: null }
  const at = () => lastSuccessAt(database.reader, JOB, 'STREAM')
  database.transact((w) => begin(w, KEY, 'STREAM'))
  expect(at()).toBeNull()
  database.transact((w) => finishOp(w, { ...end, opKey: KEY, now: 3 }))
  expect(at()).toBe(3)
  const other = 'c3'.repeat(32)
  database.transact((w) => {
    begin(w, other, 'STREAM')
    finishOp(w, { ...end, opKey: other, now: 5 })
  })
  expect(at()).toBe(5)
  expect(lastSuccess(database.reader, JOB, 'STREAM')).toMatchObject({ opKey: other, finishedAt: 5 })
  expect(lastSuccessAt(database.reader, JOB, 'RESOLVE')).toBeNull()
})

test('no statement of a running job, of its history or of telemetry reads all ops', async () => {
  const database = await ledger()
  const plans: string[] = []
  database.transact((writer) => {
    const w = explaining(writer, plans)
    begin(w, KEY, 'STREAM')
    begin(w, 'c3'.repeat(32), 'HEAD')
    opByKey(w, KEY)
    opsOfJob(w, JOB)
    lastSuccess(w, JOB, 'STREAM')
    lastSuccessAt(w, JOB, 'STREAM')
    insertAttempt(w, attempt, { holder: { jobId: JOB, epoch: 0 }, op: { opKey: KEY, opAttempt: 1 } })
    insertEvent(w, { jobId: JOB, at: 2, kind: 'op', op: { opKey: KEY, opAttempt: 1 } })
    finishOp(w, {
      ...STREAM,
      opKey: KEY,
      leaseEpoch: 0,
      resultCode: 'OK',
      resultJson: '{}',
      recovery: null,
      now: 3
    })
    streamHolding(w, JOB, 'f'.repeat(64))
    dropMovedProvenance(w, KEY, { jobId: JOB, epoch: 0 })
    expect(attemptRowsOfJob(w, JOB)).toMatchObject([{ url: attempt.url, op_key: KEY }])
    expect(writer.all('SELECT url FROM attempt_rows')).toEqual([{ url: 1 }])
    eventsOfJob(w, JOB)
    eventRowsSince(w, 0)
    interruptOps(w, JOB, 'pause', 4)
    abandonOp(w, KEY, '{}', 4)
    voidOps(w, { jobId: JOB }, ['STREAM'], 'gone')
    voidOps(w, { jobId: JOB, epoch: 0 }, ['STREAM'], 'gone')
    lastOpRow(w)
    lastUpdateOfLeased(w)
    finalizeIntents(w, 0, 9)
    opsInFlight(w)
    deleteOps(w, JOB)
  })
  expect(plans.length).toBeGreaterThan(40)
  // Open ops have an index of their own; telemetry reads the events of a time. The views `attempts`
  // and `job_events` give the rows of the job that their two parts found, one of them those of a list. A result
  // is one row by itself.
  expect(
    plans.filter(
      (plan) =>
        plan.startsWith('SCAN ') &&
        !/^SCAN (e|CONSTANT ROW|o USING INDEX artifact_ops_open|attempts|job_events|([sm]|json_each) VIRTUAL TABLE.*|(own|packed|item)\b.*)$/.test(
          plan
        )
    )
  ).toEqual([])
})

const CONTEXT = '{"url":"https://a.example/1"}'
const STREAM = { kind: 'STREAM', contextJson: CONTEXT } as const
const attempt = {
  ...({ runId: 'r', jobId: JOB, workId: 'W1', at: 2, source: 'pmc', tier: 'direct_oa' } as const),
  ...({ url: 'https://a.example/1', outcome: 'success', reason: null, elapsedMs: 1 } as const)
}

async function ledger(): Promise<Database> {
  const database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  database.transact((w) => {
    migrateQuietly(w)
    insertJob(w, {
      ...{ jobId: JOB, workId: 'W1', artifactId: 'W1#pdf', canonicalUrl: 'https://a.example/', runId: 'r' },
      ...{ idempotencyKey: 'k', priority: 0, now: 2 }
    })
  })
  return database
}

function begin(w: Writer, opKey: string, kind: (typeof OP_KINDS)[number], context = CONTEXT): void {
  expect(typeNumber(kind)).toBeGreaterThan(0)
  beginOp(w, { opKey, jobId: JOB, kind, contextJson: context, leaseEpoch: 0, now: 2 })
}
