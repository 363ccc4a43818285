/** The sliced report agrees with plain SQL statements; of the legacy group it knows attempts only. */
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import type { State } from '../../../src/contract/words'
import { insightsOver, type InsightsReport } from '../../../src/main/insights/insights'
import { measure } from '../../../src/main/insights/measures'
import { insertAttempt } from '../../../src/main/ledger/attempts'
import { Database } from '../../../src/main/ledger/database'
import { insertEvent } from '../../../src/main/ledger/job-events'
import { needList, putListEntry } from '../../../src/main/ledger/lists'
import { migrate } from '../../../src/main/ledger/migrate'
import { beginRun, endRun } from '../../../src/main/ledger/runs'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { makeLog } from '../../../src/main/platform/log'
import { insertOp } from '../../kit/op-rows'

const NOW = 1_800_000_000
const engine = await loadSqlEngine((path) => readFile(path))
let database = new Database(engine, null)

beforeEach(() => {
  database = new Database(engine, null)
  const silent = makeLog(
    () => undefined,
    'error',
    () => NOW
  )
  database.transact((w) => migrate(w, silent))
})

function job(id: string, state: State, more: { reason?: string; took?: number; hold?: string } = {}): void {
  const ended = NOW - 1_000
  database.transact((w) => {
    w.run(
      `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
         idempotency_key, reason, hold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, id, `${id}#pdf`, id, state, ended - 99, ended, id, more.reason ?? null, more.hold ?? null]
    )
    insertEvent(w, { jobId: id, at: ended - (more.took ?? 7), kind: 'lease', detail: { wait_ms: 3 } })
    insertOp(w, {
      op_key: `op of ${id}`,
      job_id: id,
      op_type: 'STREAM',
      started_at: ended - 5,
      finished_at: ended,
      result_code: 'OK',
      result_json: '{"resumedFrom":40,"fetchedTwice":2}',
      replays: 1
    })
  })
}

function attempt(
  jobId: string,
  outcome: 'success' | 'no_pdf' | 'error',
  bytes: number | null,
  ago = 500
): void {
  database.transact((w) => {
    insertAttempt(w, {
      runId: null,
      jobId,
      workId: jobId,
      at: NOW - ago,
      source: 'arxiv',
      tier: 'direct_oa',
      url: 'https://arxiv.org/x',
      outcome,
      reason: null,
      elapsedMs: 2_000,
      ...(bytes === null ? {} : { bytes })
    })
  })
}

const report = (days = 1, list?: string): Promise<InsightsReport> =>
  insightsOver(days, { now: NOW, isAlive: true, ...(list === undefined ? {} : { list }) }, (ask) =>
    Promise.resolve(ask(database.reader))
  )

describe('the report', () => {
  test('compares the last forecast with the result, and skips runs that looked nothing up', async () => {
    expect((await report()).lastForecast).toBeNull()
    const forecast = { works: 60, expected: 55, finish_ms: 57_000, paid_usd: 0 }
    const ran = (runId: string, at: number, summary: object): void => {
      database.transact((w) => {
        beginRun(w, { runId, startedAt: at, settings: {} })
        endRun(w, { runId, finishedAt: at + 9, howItEnded: 'finished', summary })
      })
    }
    ran('old', NOW - 300, { done: 1, duplicates: 0, elapsed_ms: 1, forecast: { ...forecast, expected: 1 } })
    ran('last', NOW - 200, { done: 53, duplicates: 1, elapsed_ms: 66_000, forecast })
    ran('rerun', NOW - 100, { done: 0, duplicates: 0, elapsed_ms: 5 })
    expect((await report()).lastForecast).toEqual({
      at: NOW - 191,
      works: 60,
      expected: 55,
      came: 54,
      expectedMs: 57_000,
      tookMs: 66_000,
      paidUsd: 0
    })
  })
  test('of an empty ledger says that there is no data', async () => {
    const empty = await report()
    expect(empty).toMatchObject({ bytesFetched: 0, overTime: [], bySource: [], byReason: [] })
    expect(empty.measures.filter(({ status }) => status === 'met' || status === 'missed')).toEqual([])
    expect(empty.groups).toEqual([
      expect.objectContaining({ works: 0, completion: null, medianSeconds: null }),
      expect.objectContaining({ works: 0, completion: null, medianSeconds: null })
    ])
  })

  test('agrees with the status report', async () => {
    job('a', 'DEDUPED', { took: 4 })
    job('b', 'DEDUPED', { took: 400 })
    job('c', 'SKIPPED_DUPLICATE')
    job('d', 'FAILED', { reason: 'NO_OPEN_COPY' })
    job('e', 'FAILED', { reason: 'LOGIN_PAGE' })
    job('f', 'FAILED', { reason: 'LOGIN_PAGE', hold: 'ignored' })
    job('g', 'STREAMING')
    database.transact((w) => {
      for (const id of ['a', 'e']) insertEvent(w, { jobId: id, at: NOW - 50, kind: 'recovered' })
    })
    attempt('a', 'success', 1_000)
    const plain = measure(database.reader, NOW)
    const sliced = await report()
    expect(sliced.measures).toEqual(plain.measures)
    expect(sliced).toMatchObject({
      bytesFetched: plain.bytesFetched,
      bytesSavedByResume: 280,
      bytesFetchedTwice: 14,
      byReason: [
        { reason: 'LOGIN_PAGE', count: 1 },
        { reason: 'NO_OPEN_COPY', count: 1 }
      ]
    })
    expect(sliced.timeToComplete.map(({ jobs }) => jobs)).toEqual([1, 0, 0, 0, 0, 0, 1])
    expect(sliced.groups[0]).toMatchObject({ works: 6, completed: 3, completion: 0.5, recoveries: 2 })
  })

  test('of a list counts its works only, and no global figures', async () => {
    job('a', 'DEDUPED')
    job('b', 'FAILED', { reason: 'LOGIN_PAGE' })
    job('c', 'FAILED', { reason: 'NO_OPEN_COPY' })
    attempt('a', 'success', 1_000)
    attempt('b', 'error', 50)
    attempt('unrecorded', 'success', 7)
    database.transact((w) => {
      const listId = needList(w, 'mine', NOW)
      for (const workId of ['a', 'c'])
        putListEntry(w, { listId, origin: 'x', place: workId, workId, citationKey: null, nth: 1, now: NOW })
      insertEvent(w, { jobId: 'b', at: NOW - 50, kind: 'recovered' })
    })
    const mine = await report(1, 'mine')
    expect(mine).toMatchObject({
      bytesFetched: 1_000,
      bytesFetchedTwice: 4,
      bySource: [{ source: 'arxiv', tried: 1 }],
      byReason: [{ reason: 'NO_OPEN_COPY', count: 1 }],
      alerts: [],
      lastForecast: null
    })
    expect(mine.groups[0]).toMatchObject({ works: 2, completed: 1, recoveries: 0 })
    expect(mine.groups[1]).toMatchObject({ works: 0 })
    expect((await report(1, 'not a list')).groups[0]).toMatchObject({ works: 0 })
  })

  test('leaves files that the user brought or accepted out of download times', async () => {
    job('fetched', 'DEDUPED', { took: 4 })
    job('brought', 'DEDUPED', { took: 400 })
    database.transact((w) => {
      w.run(`UPDATE op_rows SET context = '{"range_start":0,"url":"manual:6d3f"}' WHERE job = ?`, ['brought'])
    })
    const sliced = await report()
    expect(sliced.timeToComplete.map(({ jobs }) => jobs)).toEqual([1, 0, 0, 0, 0, 0, 0])
    expect(sliced.measures.find(({ name }) => name === 'time_to_complete_p99')).toMatchObject({ value: 4 })
    expect(sliced.measures).toEqual(measure(database.reader, NOW).measures)
  })

  test('counts its time span only, in whole buckets without gaps', async () => {
    attempt('a', 'success', 10, 3 * 86_400)
    attempt('a', 'success', 20, 600)
    expect((await report(1)).bytesFetched).toBe(20)
    const week = await report(7)
    expect(week).toMatchObject({ bytesFetched: 30, bucketSeconds: 86_400 })
    expect(((week.overTime[0]?.at ?? 0) - week.since) % 86_400).toBe(0)
    expect(week.since).toBeLessThanOrEqual(week.overTime[0]?.at ?? 0)
    expect(week.overTime.map(({ bytes }) => bytes)).toEqual([10, 0, 0, 20])
    expect(new Set(week.overTime.map(({ at }) => at % 86_400))).toEqual(new Set([0]))
  })

  test('counts works without a row by their attempts', async () => {
    job('recorded', 'DEDUPED')
    attempt('recorded', 'success', 500)
    attempt('once', 'success', 100)
    attempt('twice', 'error', 60, 700)
    attempt('twice', 'success', 100)
    attempt('closed', 'no_pdf', null)
    attempt('broken', 'error', 30)
    expect((await report()).groups[1]).toMatchObject({
      group: 'legacy',
      works: 4,
      completed: 2,
      completion: 2 / 3,
      bytesFetchedTwice: 60,
      recoveries: 0,
      medianSeconds: 2
    })
  })
})
