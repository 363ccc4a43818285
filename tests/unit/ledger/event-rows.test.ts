/** State changes are in the row of the event before them; the view shows each as a row, as if it had its own. */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { STATES } from '../../../src/contract/words'
import { Database } from '../../../src/main/ledger/database'
import { leaseWaitsMs } from '../../../src/main/ledger/insights-queries'
import {
  deleteEvents,
  EVENT_KINDS,
  eventsOfJob,
  insertEvent,
  type NewEvent
} from '../../../src/main/ledger/job-events'
import { jobOf, opOf } from '../../../src/main/ledger/history-names'
import { insertJob } from '../../../src/main/ledger/jobs'
import type { Reader, SqlRow, Writer } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import { eventRowsSince } from './telemetry-rows'
import { migratedLedger } from '../../kit/old-ledger'

const JOBS = ['a'.repeat(32), 'b'.repeat(32), 'not recorded'] as const
const [JOB, OTHER] = JOBS
const KEY = 'b1'.repeat(32)

let engine: SqlEngine
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})

const moved = (
  from: NewEvent['from'],
  to: NewEvent['to'],
  at: number,
  more: Partial<NewEvent> = {}
): NewEvent =>
  ({
    jobId: JOB,
    at,
    kind: 'state',
    from,
    to,
    epoch: 1,
    op: { opKey: KEY, opAttempt: 1 },
    ...more
  }) as NewEvent
const planned: NewEvent = { jobId: JOB, at: 2.25, kind: 'planned', detail: { name: 'dois.txt', line: 7 } }
const leased: NewEvent = {
  ...{ jobId: JOB, at: 1790366008.701, kind: 'lease', to: 'LEASED', epoch: 1 },
  detail: { owner: 'vm:24312:1796066007', attempt: 1, wait_ms: 0.197 }
}
const AT = 1790366010.904

test('the state changes of a lease are in its row, and few bytes', () => {
  const events = [
    planned,
    leased,
    moved('LEASED', 'HEAD_DONE', AT),
    moved('HEAD_DONE', 'STREAMING', AT + 0.001, { op: { opKey: KEY, opAttempt: 3 } }),
    moved('STREAMING', 'FAILED', 1790366008.5, { op: undefined as never })
  ]
  const r = written((w) => {
    for (const event of events) insertEvent(w, event)
  })
  expect(r.all('SELECT event_id, detail_json, moves FROM event_rows')).toEqual([
    { event_id: 8, detail_json: `[${number(r, 'dois.txt')},7]`, moves: '' },
    {
      event_id: 16,
      detail_json: `[${number(r, 'vm:24312:1796066007')},1,0.197]`,
      moves: [
        `[2203,${number(r, 'LEASED')},${number(r, 'HEAD_DONE')},"b1b1b1b1b1b1"]`,
        `[2204,${number(r, 'HEAD_DONE')},${number(r, 'STREAMING')},"b1b1b1b1b1b1",3]`,
        `[-201,${number(r, 'STREAMING')},${number(r, 'FAILED')}]`
      ].join()
    }
  ])
  expect(eventsOfJob(r, JOB)).toEqual(
    [8, 16, 17, 18, 19].map((event_id, n) => ({ event_id, ...asShown(events[n]) }))
  )
  expect(leaseWaitsMs(r, 0)).toEqual([0.197])
})

test('a state change of another lease, with a detail, or after another event has a row of its own', () => {
  const rows = [
    moved('LEASED', 'HEAD_DONE', AT),
    { ...leased, epoch: 2, detail: { owner: 'o', attempt: 2, wait_ms: 1e-9 } },
    moved('LEASED', 'HEAD_DONE', AT),
    moved('HEAD_DONE', 'FAILED', AT, { detail: { reason: 'TIMEOUT' } }),
    moved('LEASED', 'HEAD_DONE', AT + 1e-6, { epoch: 2 }),
    moved('LEASED', 'HEAD_DONE', AT, { op: { opKey: 'no key', opAttempt: 1 } }),
    { ...leased, jobId: OTHER, at: 5.2505, detail: { owner: 'o', wait_ms: 1, attempt: 2 } },
    moved('LEASED', 'HEAD_DONE', AT, { jobId: OTHER })
  ] satisfies NewEvent[]
  const r = written((w) => {
    for (const event of rows) insertEvent(w, event)
  })
  expect(r.all('SELECT event_id, moves FROM event_rows')).toEqual(
    rows.map((_, n) => ({ event_id: 8 * (n + 1), moves: '' }))
  )
  expect(all(r)).toEqual(rows.map((event) => asShown(event)))
})

test('a row has seven of them, and the next begins another', () => {
  const events = Array.from({ length: 17 }, (_, n) => moved('LEASED', 'HEAD_DONE', AT + n))
  const r = written((w) => {
    insertEvent(w, leased)
    insertEvent(w, { ...leased, jobId: OTHER })
    for (const event of events) insertEvent(w, event)
  })
  expect(eventsOfJob(r, JOB).map((row) => row['at'])).toEqual([leased.at, ...events.map(({ at }) => at)])
  expect(r.all('SELECT event_id FROM event_rows ORDER BY event_id').map((row) => row['event_id'])).toEqual([
    8, 16, 24, 32
  ])
  expect(new Set(r.all('SELECT event_id FROM job_events').map((row) => row['event_id'])).size).toBe(19)
})

test('rows of schema 21 are the same rows, and none gets a state change that has no number', async () => {
  const old = { job: JOB, kind: 'lease', at: 2, from_state: null, to_state: 'LEASED', lease_epoch: 1 }
  const rows = [3, 4, 5].map((event_id) => ({ event_id, ...old, detail_json: '{"wait_ms":2}' }))
  const r = await migratedLedger(
    21,
    rows.map((row) => ({ table: 'event_rows', row }))
  )
  expect(
    r.all(
      'SELECT event_id, kind, to_state, detail_json, moves FROM job_events JOIN event_rows USING (event_id, kind, to_state, detail_json)'
    )
  ).toEqual(
    rows.map(({ event_id, kind, to_state, detail_json }) => ({
      event_id,
      kind,
      to_state,
      detail_json,
      moves: null
    }))
  )
  const fresh = written((w) => {
    for (const { event_id: id } of rows)
      w.run(`INSERT INTO event_rows (event_id, job, at, kind, lease_epoch) VALUES (?, ?, 2, 'lease', 1)`, [
        id,
        1
      ])
    insertEvent(w, moved('LEASED', 'HEAD_DONE', AT))
  })
  expect(fresh.all('SELECT event_id FROM job_events').map((row) => row['event_id'])).toEqual([3, 4, 5, 13])
})

test('those of a job that is not recorded are deleted together', () => {
  const r = written((w) => {
    for (const jobId of JOBS)
      for (const event of [leased, moved('LEASED', 'HEAD_DONE', AT)]) insertEvent(w, { ...event, jobId })
    deleteEvents(w, JOBS[2])
  })
  expect(all(r)).toHaveLength(4)
})

const ms = fc.integer({ min: 0, max: 4e12 }).map((n) => n / 1000)
const detail = fc.oneof(
  fc.record({ owner: fc.string({ unit: 'binary' }), attempt: fc.nat(), wait_ms: fc.oneof(ms, fc.double()) }),
  fc.record({ owner: fc.constant('vm:1:2'), attempt: fc.nat(9), wait_ms: ms }, { requiredKeys: [] }),
  fc.record({ name: fc.constantFrom('dois.txt', '"a"', 'ü', 'a/b'), line: fc.oneof(fc.integer(), ms) }),
  fc.record({ name: fc.constantFrom(null, 7, [], ['x'], {}), line: fc.nat() }),
  fc.dictionary(fc.string(), fc.jsonValue())
)
const event = fc
  .record(
    {
      jobId: fc.constantFrom(...JOBS),
      at: fc.oneof(ms, fc.double({ min: 0, max: 1e10, noNaN: true })),
      kind: fc.oneof(
        { weight: 4, arbitrary: fc.constant('state' as const) },
        fc.constantFrom(...EVENT_KINDS)
      ),
      from: fc.constantFrom(...STATES),
      to: fc.constantFrom(...STATES),
      epoch: fc.constantFrom(1, 2),
      op: fc.record({
        opKey: fc.constantFrom(KEY, 'c2'.repeat(32), 'no key', '[['),
        opAttempt: fc.constantFrom(1, 2)
      }),
      detail
    },
    { requiredKeys: ['jobId', 'at', 'kind'] }
  )
  .chain((one) => fc.boolean().map((bare) => (bare && one.detail ? without(one) : one)))

test('the view shows what it shows of rows of their own', () => {
  const [packed, plain] = [opened(), opened()]
  const [together, alone] = [packed.reader, plain.reader]
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      for (const [database, insert] of [[packed, insertEvent] as const, [plain, insertAlone] as const])
        database.transact((w) => {
          w.run('DELETE FROM event_rows')
          for (const one of events) insert(w, one)
        })
      for (const jobId of JOBS) {
        const shown = eventsOfJob(together, jobId)
        expect(shown.map(({ event_id: _, ...row }) => (expect(_).toBeTypeOf('number'), row))).toEqual(
          eventsOfJob(alone, jobId).map(({ event_id: _, ...row }) => (expect(_).toBeTypeOf('number'), row))
        )
      }
      const ids = together.all('SELECT event_id FROM job_events').map((row) => row['event_id'])
      expect(new Set(ids).size).toBe(events.length)
      const told = eventRowsSince(together, 0)
      expect(told.map((row) => Number(row['id']))).toEqual(ids.map(Number).sort((a, b) => a - b))
    }),
    { numRuns: 30 }
  )
})

function without<T extends { detail?: unknown }>({ detail: _, ...rest }: T): Omit<T, 'detail'> {
  expect(_).toBeDefined()
  return rest
}

/** As schema 21 wrote it. */
function insertAlone(w: Writer, event: NewEvent): void {
  w.run(
    `INSERT INTO event_rows (job, at, kind, from_state, to_state, lease_epoch, detail_json, op, op_attempt)
     VALUES (${jobOf('?1')}, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
    [
      ...[event.jobId, event.at, event.kind, event.from ?? null, event.to ?? null, event.epoch ?? null],
      event.detail === undefined ? null : JSON.stringify(event.detail),
      event.op === undefined ? null : opOf(event.op.opKey),
      event.op?.opAttempt ?? null
    ]
  )
}

function asShown(event: NewEvent | undefined): SqlRow {
  if (event === undefined) return {}
  return {
    ...{ job_id: event.jobId, at: event.at, kind: event.kind },
    ...{ from_state: event.from ?? null, to_state: event.to ?? null, lease_epoch: event.epoch ?? null },
    detail_json: event.detail === undefined ? null : JSON.stringify(event.detail),
    op_key: event.op?.opKey.slice(0, 12) ?? null,
    op_attempt: event.op?.opAttempt ?? null
  }
}

function all(r: Reader): SqlRow[] {
  return JOBS.flatMap((jobId) => eventsOfJob(r, jobId)).map((row) => {
    const { event_id: id, ...shown } = row
    expect(id).toBeTypeOf('number')
    return shown
  })
}

function number(r: Reader, word: string): number {
  return Number(r.get('SELECT word_no FROM words WHERE word = ?', [word])?.['word_no'])
}

function written(change: (w: Writer) => void): Reader {
  const database = opened()
  database.transact(change)
  return database.reader
}

function opened(): Database {
  const database = new Database(engine, null)
  database.transact((w) => {
    migrateQuietly(w)
    for (const jobId of [JOB, OTHER])
      insertJob(w, {
        ...{
          jobId,
          workId: jobId,
          artifactId: `${jobId}#pdf`,
          canonicalUrl: 'https://a.example/',
          runId: 'r'
        },
        ...{ idempotencyKey: jobId, priority: 0, now: 2 }
      })
  })
  return database
}
