/** Two ledgers joined as one queue give the same pages, counts and ids as one ledger with all the jobs. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JOB_GROUPS, JOB_SORTS, type JobSort } from '../../../src/contract/views'
import { JoinedQueue } from '../../../src/main/ledger/joined-queue'
import type { SqlRow, SqlValue, Writer } from '../../../src/main/ledger/ledger'
import { openMemoryLedger, type MemoryLedger } from '../../../src/main/ledger/memory-ledger'
import { QueueIndex } from '../../../src/main/ledger/queue-index'
import { countGroups, idsOfQuery, pageOfJobs, type QueueQuery } from '../../../src/main/ledger/queue-queries'
import { makeWorld, type World } from './ledger-world'

let world: World
let [whole, recorded, unrecorded]: MemoryLedger[] = []
let queue: JoinedQueue

beforeEach(async () => {
  world = makeWorld()
  const host = world.host()
  ;[whole, recorded, unrecorded] = await Promise.all([1, 2, 3].map(() => openMemoryLedger(host)))
  queue = new JoinedQueue(new QueueIndex(recorded!, host.clock))
})
afterEach(async () => {
  queue.close()
  for (const ledger of [whole, recorded, unrecorded]) ledger?.close()
  await world.end()
})

function addJob(w: Writer, n: number): void {
  const workId = `doi:10.1/${String(n)}`
  const title = [null, 'Rivers', 'rivers of ice', 'Tides'][n % 4] ?? null
  const state = ['PLANNED', 'LEASED', 'FAILED', 'DEDUPED'][n % 4] ?? ''
  w.run('INSERT INTO works (work_id, title, year, created_at, updated_at) VALUES (?, ?, ?, 1, 1)', [
    workId,
    title,
    n % 3 === 0 ? null : 1990 + (n % 5)
  ])
  w.run(
    `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
       idempotency_key, reason, lease_owner, host) VALUES (?1, ?2, ?2 || '#pdf', 'https://doi.org/x', ?3, ?4, ?5, ?1, ?6, ?7, ?8)`,
    [
      `job-${String(n)}`,
      workId,
      state,
      1_000 + (n % 7),
      2_000 - n,
      state === 'FAILED' ? ['TIMEOUT', 'NO_OPEN_COPY'][n % 2]! : null,
      state === 'LEASED' ? 'here:1:1' : null,
      n % 2 === 0 ? null : 'a.example'
    ]
  )
}

const isRecorded = (n: number): boolean => n % 5 < 2

function fill(): void {
  for (let n = 0; n < 60; n += 1) {
    for (const ledger of [whole, isRecorded(n) ? recorded : unrecorded])
      ledger?.transact((w) => {
        addJob(w, n)
      })
  }
  queue.join(new QueueIndex(unrecorded!, world.host().clock))
}

const QUERIES: readonly QueueQuery[] = [
  ...JOB_GROUPS.map((group) => ({ group })),
  { group: 'all', text: 'rivers' },
  { group: 'all', reasons: ['TIMEOUT'] },
  { group: 'all', text: 'nothing has this' }
]

/** The value that a row is sorted by; rows with equal values may be in either order. */
function keyOf(row: SqlRow, sort: JobSort): SqlValue {
  const group = { DEDUPED: 3, FAILED: 2, PLANNED: 1, LEASED: 0 }[String(row['state'])] ?? null
  const title = row['title']
  return {
    added: row['created_at'] ?? null,
    updated: row['updated_at'] ?? null,
    title: typeof title === 'string' ? title.toLowerCase() : null,
    year: row['year'] ?? null,
    state: group,
    source: row['source'] ?? null,
    host: row['host'] ?? null
  }[sort]
}

test('the pages together are the jobs of both in order, each job once', async () => {
  fill()
  for (const query of QUERIES) {
    for (const sort of JOB_SORTS) {
      for (const direction of ['up', 'down'] as const) {
        const ask = { query, sort, direction }
        const name = JSON.stringify(ask)
        const expected = whole!.read((r) => pageOfJobs(r, { ...ask, offset: 0, limit: 100 }))
        const rows: SqlRow[] = []
        for (let offset = 0; offset < expected.total; offset += 7) {
          const page = await queue.page({ ...ask, offset, limit: 7 })
          expect(page.total, name).toBe(expected.total)
          rows.push(...page.rows)
        }
        expect(
          rows.map((row) => keyOf(row, sort)),
          name
        ).toEqual(expected.rows.map((row) => keyOf(row, sort)))
        expect(rows.map((row) => row['job_id']).sort(), name).toEqual(
          expected.rows.map((row) => row['job_id']).sort()
        )
        for (const row of rows) {
          const n = Number(String(row['job_id']).slice(4))
          expect(row['recorded'], name).toBe(isRecorded(n) ? undefined : 0)
        }
      }
    }
  }
})

test('counts and ids are those of both', async () => {
  fill()
  const now = world.host().clock.now()
  for (const among of [{}, { text: 'rivers' }]) {
    expect(await queue.counts(among)).toEqual(whole!.read((r) => countGroups(r, among, now)))
  }
  expect(queue.totals()).toEqual(whole!.read((r) => countGroups(r, {}, now)))
  for (const query of QUERIES)
    expect([...(await queue.ids(query))].sort()).toEqual([...whole!.read((r) => idsOfQuery(r, query))].sort())
})

test('a listener gets changes of both ledgers until it stops', async () => {
  const changedIds: string[] = []
  const stop = queue.onChange((changed) => {
    changedIds.push(...(changed === 'many' ? [] : changed))
  })
  fill()
  await queue.page({ query: { group: 'all' }, sort: 'added', direction: 'up', offset: 0, limit: 1 })
  const change = (ledger: MemoryLedger | undefined, jobId: string): void => {
    ledger?.transact((w) => w.run('UPDATE artifact_jobs SET updated_at = 5 WHERE job_id = ?', [jobId]))
    queue.totals()
  }
  changedIds.length = 0
  change(unrecorded, 'job-2')
  change(recorded, 'job-1')
  expect(changedIds).toEqual(['job-2', 'job-1'])
  stop()
  change(unrecorded, 'job-3')
  expect(changedIds).toEqual(['job-2', 'job-1'])
})
