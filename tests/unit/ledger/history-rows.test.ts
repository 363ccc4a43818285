/** The compact history of schema 17 gives the same rows as before, through the views and every reader. */
import { expect, test } from 'vitest'
import { attemptRowsOfJob, insertAttempt, outcomesBySource } from '../../../src/main/ledger/attempts'
import { successBySource } from '../../../src/main/ledger/insights-queries'
import { eventsOfJob } from '../../../src/main/ledger/job-events'
import { insertJob } from '../../../src/main/ledger/jobs'
import { attemptRowsSince, eventRowsSince } from './telemetry-rows'
import type { Reader, SqlRow } from '../../../src/main/ledger/ledger'
import { openKit } from '../engine/ledger-kit'
import { migratedLedger, type OldRow } from '../../kit/old-ledger'

const JOB = 'a'.repeat(32)
const KEY = 'b1'.repeat(32)
const job = {
  job_id: JOB,
  work_id: 'W1',
  artifact_id: 'W1#pdf',
  canonical_url: 'https://doi.org/10.1/a',
  state: 'DEDUPED',
  created_at: 1,
  updated_at: 9,
  idempotency_key: 'c'.repeat(64),
  run_id: 'run-1'
}
const attempt = {
  run_id: 'run-1',
  job_id: JOB,
  work_id: null,
  at: 2.5,
  source: 'arxiv',
  tier: 'direct_oa',
  url: null,
  outcome: 'skipped',
  reason: 'NO_OPEN_COPY',
  detail: 'arXiv is asked by arXiv id, and none is known.',
  status: null,
  elapsed_ms: 0,
  bytes: null,
  op_key: KEY.slice(0, 12),
  op_attempt: 1
}
const url = 'https://a.example/paper.pdf'
const attempts = [
  { attempt_id: 1, ...attempt },
  { attempt_id: 2, ...attempt, source: 'openalex', outcome: 'no_pdf', status: 200, elapsed_ms: 76, url },
  // Of schema 12 and before: an op named by its whole key, an op that does not exist, and no op.
  { attempt_id: 3, ...attempt, source: 'pmc', outcome: 'success', bytes: 9, op_key: KEY },
  { attempt_id: 4, ...attempt, op_key: 'no key', detail: 'Named on https://a.example/page.' },
  { attempt_id: 5, ...attempt, op_key: null, op_attempt: null, reason: null, tier: null, detail: null },
  // Attempts with recording off: of a job and of a work that no other row names.
  { attempt_id: 6, ...attempt, job_id: 'f'.repeat(32), work_id: 'W2', outcome: 'error', op_key: null },
  { attempt_id: 8, ...attempt, job_id: null, work_id: 'W3', outcome: 'success', op_key: null }
]
const events = [
  { kind: 'planned', from_state: null, to_state: null, op_key: null, detail_json: '{"line":7}' },
  { kind: 'lease', from_state: null, to_state: 'LEASED', op_key: null, detail_json: '{"wait_ms":2}' },
  { kind: 'state', from_state: 'LEASED', to_state: 'HEAD_DONE', op_key: KEY.slice(0, 12), detail_json: null }
].map((event, n) => ({ event_id: n + 3, job_id: JOB, at: n, lease_epoch: n, op_attempt: 1, ...event }))
const ops = [
  { op_key: KEY, job_id: JOB, op_type: 'HEAD', started_at: 2, context_json: JSON.stringify({ url }) }
]

const rows: OldRow[] = [
  { table: 'artifact_jobs', row: job },
  ...ops.map((row) => ({ table: 'artifact_ops', row })),
  ...attempts.map((row) => ({ table: 'attempts', row })),
  ...events.map((row) => ({ table: 'job_events', row }))
]

const all = (r: Reader, table: string): SqlRow[] =>
  r.all(`SELECT * FROM ${table} ORDER BY 1`).map((row) => {
    const { job, row_no: number, ...shown } = row
    expect([job, number]).not.toContain(JOB)
    return shown
  })

test.each([11, 15, 16])('rows of schema %i are read back unchanged', async (version) => {
  const r = await migratedLedger(version, rows)
  expect(all(r, 'attempts')).toEqual(attempts)
  expect(all(r, 'job_events')).toEqual(events)
  const named = { op_key: KEY, work_id: 'W1' }
  expect(attemptRowsOfJob(r, JOB)).toEqual(
    attempts
      .slice(0, 5)
      .map((row) => ({ ...row, ...named, op_key: row.op_key?.startsWith('b1') ? KEY : row.op_key }))
  )
  expect(attemptRowsOfJob(r, 'f'.repeat(32))).toEqual([attempts[5]])
  expect(eventsOfJob(r, JOB)).toEqual(
    events.map((row) => ({ ...row, op_key: row.op_key === null ? null : KEY }))
  )
  expect(attemptRowsSince(r, 0).map((row) => [row['job_id'], row['work_id'], row['source']])).toEqual(
    attempts.map((row) => [row.job_id, row.job_id === JOB ? 'W1' : row.work_id, row.source])
  )
  expect(eventRowsSince(r, 1)).toMatchObject([
    { kind: 'lease', job_id: JOB, work_id: 'W1', wait_ms: 2 },
    { kind: 'state', from_state: 'LEASED', to_state: 'HEAD_DONE' }
  ])
  expect(successBySource(r)).toEqual({
    arxiv: { tried: 2, succeeded: 0 },
    openalex: { tried: 1, succeeded: 0 },
    pmc: { tried: 1, succeeded: 0 }
  })
  expect(outcomesBySource(r).filter((row) => row.outcome === 'skipped')).toMatchObject([
    { source: 'arxiv', reason: null, count: 1 },
    { source: 'arxiv', reason: 'NO_OPEN_COPY', count: 2 }
  ])
})

test('a job that was tried with recording off, and is recorded later, is one job', async () => {
  const { ledger } = await openKit()
  const tried = (jobId: string | null, workId: string | null, outcome: 'no_pdf' | 'skipped') => ({
    ...({ runId: 'r', jobId, workId, at: 1, source: 'pmc', tier: 'direct_oa', url: null, outcome } as const),
    ...({ reason: 'NO_OPEN_COPY', detail: 'Not in PMC.', elapsedMs: 1 } as const)
  })
  await ledger.commit((w) => {
    insertAttempt(w, tried(JOB, 'W1', 'no_pdf'))
    insertJob(w, {
      ...{ jobId: JOB, workId: 'W1', artifactId: 'W1#pdf', canonicalUrl: 'https://a.example/', runId: 'r' },
      ...{ idempotencyKey: 'k', priority: 0, now: 2 }
    })
    insertAttempt(w, tried(JOB, 'W1', 'no_pdf'))
    insertAttempt(w, tried(null, 'W2', 'no_pdf'))
  })
  ledger.read((r) => {
    expect(attemptRowsOfJob(r, JOB).map((row) => [row['job_id'], row['detail']])).toEqual([
      [JOB, 'Not in PMC.'],
      [JOB, 'Not in PMC.']
    ])
    expect(successBySource(r)).toEqual({ pmc: { tried: 2, succeeded: 0 } })
    // Recurring words are stored as numbers.
    expect(r.all('SELECT DISTINCT typeof(source) AS s, typeof(detail) AS d FROM attempt_rows')).toEqual([
      { s: 'integer', d: 'integer' }
    ])
  })
})
