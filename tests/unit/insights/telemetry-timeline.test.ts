/** The events of a ledger in order of time, of which only those of one window are in memory. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { telemetryTimeline, type TelemetryEvent } from '../../../src/main/insights/telemetry/events'
import { insertAttempts, type AttemptRow } from '../../../src/main/ledger/attempts'
import { Database } from '../../../src/main/ledger/database'
import { insertEvent } from '../../../src/main/ledger/job-events'
import { insertJob } from '../../../src/main/ledger/jobs'
import type { Reader, Writer } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { insertOp } from '../../kit/op-rows'

const JOBS = ['a', 'b', 'c'].map((letter) => letter.repeat(32))
const SOURCES = ['arxiv', 'zenodo', 'core'] as const

/** Rows of three jobs, written one job after the other, that happened at the same instants. */
function write(w: Writer): void {
  for (const [n, jobId] of JOBS.entries()) {
    const holder = { jobId, epoch: 0 }
    const op = { opKey: String(n).repeat(64), opAttempt: 1 }
    const workId = `W${String(n)}`
    insertJob(w, {
      ...{
        jobId,
        workId,
        artifactId: `${workId}#pdf`,
        canonicalUrl: `https://a.example/${workId}`,
        runId: 'r'
      },
      ...{ idempotencyKey: jobId, priority: 0, now: 1 }
    })
    insertEvent(w, { jobId, at: 3, kind: 'lease', from: 'PLANNED', to: 'LEASED', epoch: 1 })
    insertEvent(w, { jobId, at: 5, kind: 'state', from: 'LEASED', to: 'HEAD_DONE', epoch: 1 })
    insertEvent(w, { jobId, at: 9 - n, kind: 'state', from: 'HEAD_DONE', to: 'FAILED', epoch: 1 })
    insertOp(w, {
      ...{
        op_key: op.opKey,
        job_id: jobId,
        op_type: 'RESOLVE',
        context: '{}',
        attempt: 1,
        lease_epoch: 1
      },
      ...{ started_at: 4, finished_at: 5, result_code: 'OK', replays: n }
    })
    const skipped = SOURCES.map((source): AttemptRow => ({
      ...{ runId: 'r', jobId, workId, at: 5, source, tier: 'direct_oa', url: null, outcome: 'skipped' },
      ...{ reason: 'NO_OPEN_COPY', detail: 'No id of it.', elapsedMs: 0 }
    }))
    const asked = {
      ...skipped[0]!,
      source: 'openalex',
      outcome: 'no_pdf',
      url: 'https://api.example/'
    } as const
    insertAttempts(w, [...skipped.slice(0, 2), asked, ...skipped.slice(2)], { holder, op })
  }
  const findings = JSON.stringify({ stale_leases: 2, abandoned_ops: [], relinked: [], requeued: 0 })
  w.run('INSERT INTO reconciliations (at, finished_at, why, findings_json) VALUES (5, 5, ?, ?)', [
    'start',
    findings
  ])
}

async function filled(): Promise<Database> {
  const database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  database.transact((w) => {
    migrateQuietly(w)
    write(w)
  })
  return database
}

const brief = ({ event, at, job_id: job, source }: TelemetryEvent): unknown[] =>
  [event, at, typeof job === 'string' ? job[0] : null, source].filter((one) => one !== undefined)

test('events at the same instant are in the order of their origins and rows, whatever the window', async () => {
  const { reader } = await filled()
  let reads = 0
  const all = (since: number, window: number): readonly TelemetryEvent[] => {
    reads = 0
    const read = <T>(ask: (r: Reader) => T): T => ((reads += 1), ask(reader))
    const { count, events } = telemetryTimeline(read, { since, withUrls: false }, window)
    const list = [...events]
    expect(list).toHaveLength(count)
    return list
  }
  const whole = all(0, 10_000)
  expect(reads).toBe(2)
  const perJob = (at: number, event: string, ...more: string[]): unknown[][] =>
    ['a', 'b', 'c'].map((job) => [event, at, job, ...more])
  expect(whole.map(brief)).toEqual([
    ...perJob(3, 'job_leased'),
    ...perJob(4, 'operation_started'),
    ...perJob(5, 'job_state_changed'),
    ['operation_completed', 5, 'a'],
    ...['b', 'c'].flatMap((job) => [
      ['operation_completed', 5, job],
      ['idempotency_replay', 5, job]
    ]),
    ...['a', 'b', 'c'].flatMap((job) =>
      ['arxiv', 'zenodo', 'openalex', 'core'].map((source) => ['attempt', 5, job, source])
    ),
    ['crash_recovery_event', 5, null],
    ...['c', 'b', 'a'].flatMap((job, n) => [
      ['job_state_changed', 7 + n, job],
      ['lease_released', 7 + n, job]
    ])
  ])
  for (const window of [1, 2, 3, 7]) {
    expect(all(0, window)).toEqual(whole)
    expect(reads).toBe(1 + Math.ceil(whole.length / window))
  }
  for (const since of [4, 5, 5.5, 9, 10]) {
    const later = whole.filter(({ at }) => at >= since)
    expect(all(since, 2)).toEqual(later)
  }
})

test('an event that is gone when its window is read is left out', async () => {
  const database = await filled()
  const { count, events } = telemetryTimeline((ask) => ask(database.reader), { since: 7, withUrls: false }, 1)
  database.transact((w) => {
    w.run('DELETE FROM event_rows WHERE event_id = 8')
  })
  expect(count).toBe(6)
  expect([...events].map(brief)).toEqual(
    ['c', 'b'].flatMap((job, n) => [
      ['job_state_changed', 7 + n, job],
      ['lease_released', 7 + n, job]
    ])
  )
})
