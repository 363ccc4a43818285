/** The queries of `status` and `jobs` use indexes; none scans a table. */
import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { measure } from '../../../src/main/insights/measures'
import { countArtifacts } from '../../../src/main/ledger/artifacts'
import { Database } from '../../../src/main/ledger/database'
import { listJobs, type JobQuery } from '../../../src/main/ledger/job-lists'
import { endingsSince, secondsToComplete } from '../../../src/main/ledger/insights-queries'
import {
  attemptPart,
  filedPart,
  jobPart,
  leasePart,
  Names,
  opPart,
  type Rows
} from '../../../src/main/ledger/insights-rows'
import { insertJob, jobIdsIn } from '../../../src/main/ledger/jobs'
import { isAnyDue, leasedJobs, leasesOf, nextDueAt, staleLeases } from '../../../src/main/ledger/leases'
import { renamesInFlight } from '../../../src/main/ledger/ops'
import type { Reader, SqlValue } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'

let database: Database
beforeAll(async () => {
  database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  database.transact((w) => {
    migrateQuietly(w)
    for (let n = 0; n < 25; n += 1) {
      const id = String(n).padStart(2, '0')
      insertJob(w, {
        jobId: `job-${id}`,
        workId: `doi:10.5555/${id}`,
        artifactId: `doi:10.5555/${id}#pdf`,
        canonicalUrl: `https://doi.org/10.5555/${id}`,
        idempotencyKey: `key-${id}`,
        priority: 0,
        runId: null,
        // Several with the same time: the order must be total.
        now: Math.floor(n / 4)
      })
    }
  })
})

/** The query plans of every statement that `ask` runs. */
function plansOf(ask: (r: Reader) => void): string[] {
  const plans: string[] = []
  const explain = (sql: string, parameters: readonly SqlValue[] = []): void => {
    for (const row of database.reader.all(`EXPLAIN QUERY PLAN ${sql}`, parameters))
      plans.push(String(row['detail']))
  }
  ask({
    all: (sql, parameters) => {
      explain(sql, parameters)
      return database.reader.all(sql, parameters)
    },
    get: (sql, parameters) => {
      explain(sql, parameters)
      return database.reader.get(sql, parameters)
    },
    each: (sql, parameters, row) => {
      explain(sql, parameters)
      database.reader.each(sql, parameters, row)
    }
  })
  return plans
}

const query: JobQuery = {
  states: [],
  reasons: [],
  list: null,
  text: null,
  limit: 7,
  offset: 0,
  after: null
}

test('figures: every large table is read through an index', () => {
  const plans = plansOf((r) => {
    measure(r, 1_000)
    countArtifacts(r)
  })
  expect(plans.length).toBeGreaterThan(8)
  expect(
    plans.filter(
      (plan) => /^SCAN (?!\(|recovered|subquery)/.test(plan) && !/USING (COVERING )?INDEX/.test(plan)
    )
  ).toEqual([])
})

test('what Insights counts is read by row numbers, and of a list by its works and jobs', () => {
  const names = { jobs: new Names(), sources: new Names() }
  const plans = (rows: Rows): string[] =>
    plansOf((r) => {
      for (const part of [opPart, leasePart, attemptPart, filedPart, jobPart]) part(r, rows, names)
    }).filter((plan) => /^(SEARCH|SCAN) \w+/.test(plan) && !/^SCAN (CONSTANT|json_each)/.test(plan))
  const byNumber = plans({ after: 0, upTo: 9 })
  expect(byNumber.filter((plan) => plan.includes('INTEGER PRIMARY KEY (rowid>? AND rowid<?)'))).toHaveLength(
    5
  )
  const ofJobs = plans({ of: [1, 'job-01'] })
  for (const plan of [...byNumber, ...ofJobs]) expect(plan).toMatch(/^SEARCH \w+ USING /)
})

test('figures of a day, and the queries of a start, read no row of finished jobs', () => {
  const plans = plansOf((r) => {
    endingsSince(r, 1_000)
    secondsToComplete(r, 1_000)
    staleLeases(r, 1_000, () => false)
    leasesOf(r, 'worker')
    leasedJobs(r)
    jobIdsIn(r, ['FINALIZED', 'INDEXED'])
    renamesInFlight(r)
    isAnyDue(r, 1_000)
    nextDueAt(r)
  })
  expect(plans.length).toBeGreaterThan(9)
  // Open ops have a partial index of their own.
  expect(
    plans.filter((plan) => /^SCAN /.test(plan) && !/SCAN o$|INDEX artifact_ops_open/.test(plan))
  ).toEqual([])
})

test('figures of a day read the jobs of that day only, by the index of their ends', () => {
  const plans = plansOf((r) => {
    endingsSince(r, 1_000)
    secondsToComplete(r, 1_000)
  })
  const ofJobs = plans.filter((plan) => /(artifact_jobs|\bj)\b/.test(plan))
  expect(ofJobs).toHaveLength(2)
  for (const plan of ofJobs) expect(plan).toContain('INDEX artifact_jobs_by_end (updated_at>?)')
})

test('jobs: the first page needs no sort, and the pages together are the list, each job once', () => {
  const plans = plansOf((r) => listJobs(r, query))
  expect(plans.filter((plan) => plan.includes('TEMP B-TREE'))).toEqual([])
  const whole = listJobs(database.reader, { ...query, limit: -1 }).map((row) => row['job_id'])
  expect(whole).toHaveLength(25)
  const paged: unknown[] = []
  for (let after: string | null = null; ;) {
    const rows = listJobs(database.reader, { ...query, after })
    paged.push(...rows.map((row) => row['job_id']))
    if (rows.length < query.limit) break
    after = String(rows.at(-1)?.['job_id'])
  }
  expect(paged).toEqual(whole)
})
