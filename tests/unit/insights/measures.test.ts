import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { measure, type Measure } from '../../../src/main/insights/measures'
import { Database } from '../../../src/main/ledger/database'
import { insertAttempt } from '../../../src/main/ledger/attempts'
import { insertEvent } from '../../../src/main/ledger/job-events'
import { migrate } from '../../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { makeLog } from '../../../src/main/platform/log'
import type { OpKind, State } from '../../../src/contract/words'
import { insertOp } from '../../kit/op-rows'

const NOW = 1_800_000_000
const engine = await loadSqlEngine((path) => readFile(path))
let database = new Database(engine, null)
let jobs = 0

beforeEach(() => {
  database = new Database(engine, null)
  const silent = makeLog(
    () => undefined,
    'error',
    () => NOW
  )
  database.transact((w) => migrate(w, silent))
  jobs = 0
})

interface Story {
  readonly state: State
  readonly reason?: string
  readonly nextAttemptAt?: number
  /** seconds before NOW */
  readonly endedAgo?: number
  /** seconds of work before the end */
  readonly took?: number
  readonly waitMs?: number
  readonly recovered?: boolean
}

function job(jobTimes: Story): string {
  jobs += 1
  const id = `job-${jobs}`
  const ended = NOW - (jobTimes.endedAgo ?? 100)
  database.transact((w) => {
    w.run(
      `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
         idempotency_key, reason, next_attempt_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        `W${jobs}`,
        `W${jobs}#pdf`,
        `https://doi.org/10.1/${jobs}`,
        jobTimes.state,
        ended - 9_999,
        ended,
        id,
        jobTimes.reason ?? null,
        jobTimes.nextAttemptAt ?? null
      ]
    )
    const began = ended - (jobTimes.took ?? 5)
    insertEvent(w, { jobId: id, at: began, kind: 'lease', detail: { wait_ms: jobTimes.waitMs ?? 1 } })
    if (jobTimes.recovered) {
      insertEvent(w, { jobId: id, at: began + 1, kind: 'recovered' })
      insertEvent(w, { jobId: id, at: began + 2, kind: 'lease', detail: { wait_ms: 1 } })
    }
  })
  return id
}

function op(
  jobId: string,
  kind: OpKind,
  more: { replays?: number; attempt?: number; result?: object } = {}
): void {
  database.transact((w) => {
    insertOp(w, {
      op_key: `${jobId}-${kind}`,
      job_id: jobId,
      op_type: kind,
      started_at: NOW - 50,
      finished_at: NOW - 40,
      result_code: 'OK',
      result_json: JSON.stringify(more.result ?? {}),
      attempt: more.attempt ?? 1,
      replays: more.replays ?? 0
    })
  })
}

const named = (name: string): Measure => {
  const found = measure(database.reader, NOW).measures.find((one) => one.name === name)
  if (!found) throw new Error(`no measure ${name}`)
  return found
}

describe('no data', () => {
  it('is reported as no data, never as good or bad (defect 16)', () => {
    const report = measure(database.reader, NOW)
    for (const one of report.measures.filter((m) => m.target !== null)) {
      expect(one).toMatchObject({ value: null, status: 'no_data', errorBudgetLeft: null })
    }
    expect(report).toMatchObject({ bytesFetched: 0, bytesSavedByResume: 0, bytesFetchedTwice: 0 })
  })
})

describe('targets have one side (defect 15)', () => {
  it('a run far better than every target meets them all', () => {
    for (let n = 0; n < 20; n += 1) op(job({ state: 'DEDUPED', took: 1, recovered: n === 0 }), 'STREAM')
    for (const one of measure(database.reader, NOW).measures) {
      if (one.target === null) continue
      expect([one.name, one.status, one.errorBudgetLeft]).toEqual([one.name, 'met', 1])
    }
  })

  it('slow ones miss the quantile they belong to, and the budget shows how much is left', () => {
    for (let n = 0; n < 97; n += 1) job({ state: 'DEDUPED', took: 10 })
    for (let n = 0; n < 3; n += 1) job({ state: 'DEDUPED', took: 400 })
    expect(named('time_to_complete_p50')).toMatchObject({ value: 10, status: 'met' })
    expect(named('time_to_complete_p95')).toMatchObject({ value: 10, status: 'met' })
    expect(named('time_to_complete_p95').errorBudgetLeft).toBeCloseTo(0.4)
    expect(named('time_to_complete_p99')).toMatchObject({ value: 400, status: 'missed', errorBudgetLeft: 0 })
  })
})

describe('job completion', () => {
  it('leaves out jobs in flight, duplicates, cancelled ones and works without an open copy (defect 16)', () => {
    job({ state: 'DEDUPED' })
    job({ state: 'SKIPPED_DUPLICATE' })
    job({ state: 'STREAMING' })
    job({ state: 'PLANNED' })
    job({ state: 'FAILED', reason: 'SERVER_ERROR', nextAttemptAt: NOW + 60 })
    job({ state: 'FAILED', reason: 'CANCELLED' })
    job({ state: 'FAILED', reason: 'NO_OPEN_COPY' })
    expect(named('job_completion')).toMatchObject({ value: 1, status: 'met' })
    expect(named('no_open_copy').value).toBe(1)
    expect(named('duplicates').value).toBe(1)
    job({ state: 'FAILED', reason: 'LOGIN_PAGE' })
    expect(named('job_completion')).toMatchObject({ value: 0.5, status: 'missed', errorBudgetLeft: 0 })
  })

  it('counts one day only', () => {
    job({ state: 'FAILED', reason: 'LOGIN_PAGE', endedAgo: 90_000 })
    expect(named('job_completion').status).toBe('no_data')
  })
})

describe('crash recovery is counted, not assumed (defect 16)', () => {
  it('a recovered job that fails through Sheaf counts against it; one that waits does not count', () => {
    job({ state: 'DEDUPED', recovered: true })
    job({ state: 'FAILED', reason: 'NO_OPEN_COPY', recovered: true })
    job({ state: 'PLANNED', recovered: true })
    expect(named('crash_recovery')).toMatchObject({ value: 1, status: 'met' })
    job({ state: 'FAILED', reason: 'INTERNAL', recovered: true })
    expect(named('crash_recovery').value).toBeCloseTo(2 / 3)
    expect(named('crash_recovery').status).toBe('missed')
  })
})

describe('ops and attempts', () => {
  it('replays are a share of all op requests', () => {
    op(job({ state: 'DEDUPED' }), 'HEAD', { attempt: 3, replays: 1 })
    expect(named('replay_rate')).toMatchObject({ value: 0.25, status: 'missed' })
  })

  it('lease waits come from the lease events', () => {
    job({ state: 'DEDUPED', waitMs: 250 })
    expect(named('lease_wait_p99')).toMatchObject({ value: 250, status: 'missed', unit: 'ms' })
  })

  it('bytes are added up: fetched, saved by resume, fetched twice', () => {
    const id = job({ state: 'DEDUPED' })
    op(id, 'STREAM', { result: { bytes: 900, resumedFrom: 500, fetchedBytes: 400, fetchedTwice: 30 } })
    database.transact((w) => {
      for (const bytes of [500, 400]) {
        insertAttempt(w, {
          runId: null,
          jobId: id,
          workId: 'W1',
          at: NOW,
          source: 'arxiv',
          tier: 'direct_oa',
          url: null,
          outcome: 'success',
          reason: null,
          elapsedMs: 1,
          bytes
        })
      }
      w.run(
        `INSERT INTO artifact_rows (artifact_id, format, hash, bytes, finalized_at, verdict, source)
         VALUES ('W1#pdf', 'pdf', 'aa', 900, ?, 1, 'arxiv')`,
        [NOW]
      )
    })
    expect(measure(database.reader, NOW)).toMatchObject({
      bytesFetched: 900,
      bytesSavedByResume: 500,
      bytesFetchedTwice: 30,
      successBySource: { arxiv: { tried: 1, succeeded: 1 } },
      failuresByReason: {}
    })
  })
})
