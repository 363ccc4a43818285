/**
 * Queries of the queue: groups, counts, pages. The index in memory must answer like the SQL after any
 * changes: a few hundred jobs are changed at random and compared.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { JOB_GROUPS, JOB_SORTS } from '../../../src/contract/views'
import { STATES } from '../../../src/contract/words'
import type { Ledger, Writer } from '../../../src/main/ledger/ledger'
import { needList, putListEntry } from '../../../src/main/ledger/lists'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { QueueIndex } from '../../../src/main/ledger/queue-index'
import { merged, sortedInSlices } from '../../../src/main/ledger/queue-order'
import {
  countGroups,
  idsOfQuery,
  pageOfJobs,
  queueRow,
  type QueueQuery
} from '../../../src/main/ledger/queue-queries'
import { makeWorld, type World } from './ledger-world'

let world: World
let ledger: Ledger
let index: QueueIndex
let seed = 7
const die = (sides: number): number => {
  // Park–Miller: the same numbers in every run.
  seed = (seed * 48_271) % 2_147_483_647
  return seed % sides
}
const one = <T>(list: readonly T[]): T => list[die(list.length)] as T

beforeEach(async () => {
  seed = 7
  world = makeWorld()
  const host = world.host()
  ledger = await openLedger(host, { folder: world.folder })
  index = new QueueIndex(ledger, host.clock)
})
afterEach(async () => {
  index.close()
  await ledger.close()
  await world.end()
})

interface Job {
  readonly state?: string
  readonly hold?: string | null
  readonly reason?: string | null
  readonly next?: number | null
  readonly lease?: string | null
  readonly title?: string | null
  readonly year?: number | null
  readonly host?: string | null
}

function addJob(w: Writer, n: number, job: Job = {}): void {
  const workId = `doi:10.1/${String(n)}`
  w.run(
    'INSERT INTO works (work_id, title, authors_json, year, ids_json, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 1, 1)',
    [
      workId,
      job.title === undefined ? `Title number ${String(n)}` : job.title,
      JSON.stringify([one(['Okafor, A.', 'Björk, B.', 'Ivanov, C.'])]),
      job.year ?? null,
      JSON.stringify({ doi: `10.1/${String(n)}` })
    ]
  )
  w.run(
    `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
       idempotency_key, hold, reason, next_attempt_at, lease_owner, host, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      `job-${String(n)}`,
      workId,
      `${workId}#pdf`,
      `https://doi.org/10.1/${String(n)}`,
      job.state ?? 'PLANNED',
      1_000 + (n % 50),
      2_000 + n,
      `key-${String(n)}`,
      job.hold ?? null,
      job.reason ?? null,
      job.next ?? null,
      job.lease ?? null,
      job.host ?? null,
      n % 3 === 0 ? 'run-a' : 'run-b'
    ]
  )
  // Every seventh work is in a list when it is planned.
  if (n % 7 === 0) listWork(w, workId)
  if (n % 4 === 0) {
    w.run(`INSERT INTO attempt_rows (job, at, source, outcome, elapsed_ms) VALUES (?, 1, ?, 'no_pdf', 1)`, [
      `job-${String(n)}`,
      one(['unpaywall', 'arxiv'])
    ])
  }
}

function listWork(w: Writer, workId: string): void {
  const listId = needList(w, 'sevens', 1)
  putListEntry(w, { listId, origin: 'refs', place: workId, workId, citationKey: null, nth: 1, now: 1 })
}

function anyJob(): Job {
  const state = one(STATES)
  return {
    state,
    hold: one([null, null, null, 'paused', 'ignored', 'removed']),
    reason: state === 'FAILED' ? one(['NO_OPEN_COPY', 'LOGIN_PAGE', 'TIMEOUT']) : null,
    next: one([null, null, 5, 9e9]),
    lease: one([null, 'here:1:1']),
    year: one([null, 1999, 2005, 2020]),
    host: one([null, 'a.example', 'b.example'])
  }
}

const QUERIES: readonly QueueQuery[] = [
  ...JOB_GROUPS.map((group) => ({ group })),
  { group: 'attention', reasons: ['NO_OPEN_COPY', 'TIMEOUT'] },
  { group: 'all', source: 'arxiv' },
  { group: 'all', runId: 'run-a', reasons: ['LOGIN_PAGE'] },
  { group: 'waiting', text: 'Okafor number 1' },
  { group: 'all', text: '10.1/7' },
  { group: 'all', text: 'nothing has this' },
  { group: 'all', list: 'sevens' },
  { group: 'attention', list: 'sevens', reasons: ['NO_OPEN_COPY'] },
  { group: 'all', list: 'not a list' }
]

async function compare(): Promise<void> {
  const now = world.host().clock.now()
  for (const among of [
    {},
    { text: 'okafor' },
    { text: '10.1/1' },
    { list: 'sevens' },
    { text: '1', list: 'sevens' }
  ]) {
    expect(await index.counts(among), JSON.stringify(among)).toEqual(
      ledger.read((r) => countGroups(r, among, now))
    )
  }
  for (const query of QUERIES) {
    expect([...(await index.ids(query))], JSON.stringify(query)).toEqual(
      ledger.read((r) => idsOfQuery(r, query))
    )
  }
  for (const sort of JOB_SORTS) {
    for (const direction of ['up', 'down'] as const) {
      const ask = { query: one(QUERIES), sort, direction, offset: die(40), limit: 25 }
      const found = await index.page(ask)
      expect(found, JSON.stringify(ask)).toEqual(ledger.read((r) => pageOfJobs(r, ask)))
    }
  }
}

test('every combination of state, hold and time has its group', () => {
  ledger.transact((w) => {
    addJob(w, 1)
    addJob(w, 2, { hold: 'paused' })
    addJob(w, 3, { state: 'FAILED', reason: 'TIMEOUT', next: 9e9 })
    addJob(w, 4, { state: 'STREAMING', lease: 'here:1:1' })
    addJob(w, 5, { state: 'STREAMING' })
    addJob(w, 6, { state: 'FAILED', reason: 'NO_OPEN_COPY' })
    addJob(w, 7, { state: 'FAILED', reason: 'NO_OPEN_COPY', hold: 'ignored' })
    addJob(w, 8, { state: 'DEDUPED' })
    addJob(w, 9, { state: 'SKIPPED_DUPLICATE' })
    addJob(w, 10, { hold: 'removed' })
  })
  const counts = ledger.read((r) => countGroups(r, {}, 100))
  expect(counts).toEqual({
    all: 10,
    waiting: 4,
    active: 1,
    attention: 1,
    done: 2,
    ignored: 2,
    later: 2,
    byReason: [{ reason: 'NO_OPEN_COPY', count: 1 }]
  })
  expect(ledger.read((r) => queueRow(r, 'job-4'))).toMatchObject({ state: 'STREAMING', source: 'arxiv' })
  expect(ledger.read((r) => queueRow(r, 'nobody'))).toBeNull()
})

test.each([
  ['one priority', 1],
  ['several', 5],
  ['one for each job', 1_200]
])('the first of all, by age: with %s', (_, priorities) => {
  ledger.transact((w) => {
    for (let n = 0; n < 1_200; n += 1) {
      addJob(w, n, anyJob())
      w.run('UPDATE artifact_jobs SET priority = ? WHERE job_id = ?', [
        (n % priorities) - 2,
        `job-${String(n)}`
      ])
    }
  })
  for (const direction of ['up', 'down'] as const) {
    const sign = direction === 'up' ? 1 : -1
    const numbers = Array.from({ length: 1_200 }, (_, n) => n)
    const wanted = numbers
      .sort((a, b) => sign * ((a % 50) - (b % 50) || a - b))
      .map((n) => `job-${String(n)}`)
    for (const [offset, limit] of [
      [0, 100],
      [37, 200],
      [950, 100],
      [1_190, 50],
      [5_000, 10]
    ] as const) {
      const page = ledger.read((r) =>
        pageOfJobs(r, { query: { group: 'all' }, sort: 'added', direction, offset, limit })
      )
      expect(page.total).toBe(1_200)
      expect(page.rows.map((row) => row['job_id'])).toEqual(wanted.slice(offset, offset + limit))
    }
  }
})

describe('the index in memory', () => {
  test('answers like the SQL before and after it has read everything', async () => {
    await ledger.commit((w) => {
      for (let n = 0; n < 2_000; n += 1) addJob(w, n, anyJob())
    })
    const first = await index.page({
      query: { group: 'all' },
      sort: 'added',
      direction: 'up',
      offset: 0,
      limit: 5
    })
    expect(first.total).toBe(2_000)
    await compare()
  })

  test('and stays correct when jobs are added, changed and removed', async () => {
    await ledger.commit((w) => {
      for (let n = 0; n < 300; n += 1) addJob(w, n, anyJob())
    })
    await compare()
    let next = 300
    for (let round = 0; round < 12; round += 1) {
      await ledger.commit((w) => {
        for (let change = 0; change < 40; change += 1) {
          const id = `job-${String(die(next))}`
          const job = anyJob()
          switch (die(6)) {
            case 5:
              // A known work is added to the list.
              listWork(w, `doi:10.1/${String(die(next))}`)
              break
            case 0:
              addJob(w, next, job)
              next += 1
              break
            case 1:
              w.run('DELETE FROM artifact_jobs WHERE job_id = ?', [id])
              break
            case 2:
              w.run(
                'UPDATE works SET title = ?, year = ? WHERE work_id = (SELECT work_id FROM artifact_jobs WHERE job_id = ?)',
                [
                  one([null, `Renamed ${String(next)} ${String(change)} ${String(round)}`]),
                  job.year ?? null,
                  id
                ]
              )
              break
            default:
              w.run(
                'UPDATE artifact_jobs SET state = ?, hold = ?, reason = ?, next_attempt_at = ?, host = ?, updated_at = ? WHERE job_id = ?',
                [
                  job.state ?? 'PLANNED',
                  job.hold ?? null,
                  job.reason ?? null,
                  job.next ?? null,
                  job.host ?? null,
                  5_000 + die(1_000),
                  id
                ]
              )
          }
        }
      })
      await compare()
    }
  })

  test('reports which jobs changed', async () => {
    await ledger.commit((w) => {
      addJob(w, 1)
      addJob(w, 2)
    })
    const heard: (readonly string[] | 'many')[] = []
    await index.begin()
    index.onChange((changed) => heard.push(changed))
    await ledger.commit((w) => {
      w.run(`UPDATE artifact_jobs SET hold = 'paused' WHERE job_id = 'job-2'`)
    })
    index.totals()
    expect(heard).toEqual([['job-2']])
    await ledger.commit((w) => {
      for (let n = 10; n < 400; n += 1) addJob(w, n)
    })
    index.totals()
    expect(heard.at(-1)).toBe('many')
  })

  test('is not changed by a transaction that was refused', async () => {
    await ledger.commit((w) => {
      addJob(w, 1)
    })
    await index.begin()
    expect(() =>
      ledger.transact((w) => {
        addJob(w, 2)
        throw new Error('refused')
      })
    ).toThrow('refused')
    expect(index.totals().all).toBe(1)
  })
})

test('sorting in slices gives the same order', async () => {
  const keys = Array.from({ length: 20_000 }, () => die(5_000))
  const compareKeys = (a: number, b: number): number => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b
  let pauses = 0
  const order = await sortedInSlices(keys.length, compareKeys, () => {
    pauses += 1
    return Promise.resolve()
  })
  expect([...order]).toEqual(keys.map((_, n) => n).sort(compareKeys))
  expect(pauses).toBeGreaterThan(3)
  const moved = [3, 19_999, 7_000]
  for (const n of moved) keys[n] = die(5_000)
  expect([...merged(order, moved, compareKeys, keys.length)]).toEqual(keys.map((_, n) => n).sort(compareKeys))
})
