/**
 * What the app asks of the queue at its start, and what one changed job costs, does not grow with the number
 * of finished jobs: nothing is read into memory, and statements return as many rows.
 */
import { expect, test } from 'vitest'
import type { Ledger, LedgerTables, Reader, SqlRow } from '../../../src/main/ledger/ledger'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { QueueIndex } from '../../../src/main/ledger/queue-index'
import { nodeClock } from '../../../src/main/platform/node-host'
import { makeWorld } from './ledger-world'

const done = (ledger: Ledger, jobs: number): Promise<void> =>
  ledger.commit((w) => {
    for (let n = 0; n < jobs; n += 1) {
      const name = String(n)
      w.run(
        `INSERT INTO works (work_id, title, authors_json, ids_json, created_at, updated_at) VALUES (?, ?, '[]', '{}', 1, 1)`,
        [`doi:10.1/${name}`, `Title ${name}`]
      )
      w.run(
        `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
           idempotency_key) VALUES (?, ?, ?, ?, 'DEDUPED', ?, 1, ?)`,
        [
          `job-${name}`,
          `doi:10.1/${name}`,
          `doi:10.1/${name}#pdf`,
          `https://doi.org/10.1/${name}`,
          n,
          `key-${name}`
        ]
      )
    }
  })

/** The ledger, with a count of the rows that its statements return. */
function counting(ledger: Ledger): { readonly tables: LedgerTables; readonly rows: () => number } {
  let rows = 0
  const seen = <T extends SqlRow | null>(row: T): T => {
    rows += 1
    return row
  }
  const counted = (r: Reader): Reader => ({
    ...r,
    get: (sql, parameters) => seen(r.get(sql, parameters)),
    all: (sql, parameters) => r.all(sql, parameters).map(seen),
    each: (sql, parameters, visit) => {
      r.each(sql, parameters, (row) => {
        visit(seen(row))
      })
    }
  })
  return {
    tables: {
      transact: (change) => ledger.transact(change),
      commit: (change) => ledger.commit(change),
      flush: () => ledger.flush(),
      trouble: () => ledger.trouble(),
      read: (ask) => ledger.read((r) => ask(counted(r))),
      onRow: (listener) => ledger.onRow(listener)
    },
    rows: () => rows
  }
}

async function costOf(jobs: number): Promise<{ readonly start: number; readonly change: number }> {
  const world = makeWorld()
  const host = world.host()
  const ledger = await openLedger(host, { folder: world.folder })
  await done(ledger, jobs)
  const { tables, rows } = counting(ledger)
  const index = new QueueIndex(tables, nodeClock)
  try {
    const heard: unknown[] = []
    index.onChange((changed) => heard.push(changed))
    expect(index.totals()).toMatchObject({ all: jobs, done: jobs })
    for (const group of ['all', 'done', 'waiting', 'attention'] as const) {
      const page = await index.page({
        query: { group },
        sort: 'added',
        direction: 'down',
        offset: 0,
        limit: 50
      })
      expect(page.total).toBe(group === 'all' || group === 'done' ? jobs : 0)
      if (page.total > 0) expect(page.rows[0]?.['job_id']).toBe(`job-${String(jobs - 1)}`)
    }
    await nodeClock.sleep(2_000)
    const start = rows()
    await ledger.commit((w) => {
      w.run(`UPDATE artifact_jobs SET hold = 'paused', state = 'PLANNED' WHERE job_id = 'job-7'`)
    })
    await nodeClock.sleep(200)
    expect(heard).toEqual([['job-7']])
    expect(index.totals()).toMatchObject({ all: jobs, done: jobs - 1, waiting: 1 })
    return { start, change: rows() - start }
  } finally {
    index.close()
    await ledger.close()
    await world.end()
  }
}

test('counts that were slow to make are made again later, and are told then', async () => {
  const world = makeWorld()
  const host = world.host()
  const ledger = await openLedger(host, { folder: world.folder })
  await done(ledger, 3)
  const { tables } = counting(ledger)
  let ms = 0
  const clock = { ...nodeClock, monotonicMs: () => ms }
  // The first count takes 40 ms.
  const slow: LedgerTables = {
    ...tables,
    read: (ask) => {
      ms += 40
      return tables.read(ask)
    }
  }
  const index = new QueueIndex(slow, clock)
  try {
    const heard: unknown[] = []
    index.onChange((changed) => heard.push(changed))
    expect(index.totals().done).toBe(3)
    await ledger.commit((w) => {
      w.run(`UPDATE artifact_jobs SET state = 'PLANNED' WHERE job_id = 'job-1'`)
    })
    await nodeClock.sleep(100)
    expect(heard).toEqual([['job-1']])
    expect(index.totals().done).toBe(3)
    ms += 1_000
    await nodeClock.sleep(600)
    expect(heard).toEqual([['job-1'], []])
    expect(index.totals().done).toBe(2)
  } finally {
    index.close()
    await ledger.close()
    await world.end()
  }
})

test('as many rows are read of 2,500 finished jobs as of 250', async () => {
  expect(await costOf(2_500)).toEqual(await costOf(250))
})
