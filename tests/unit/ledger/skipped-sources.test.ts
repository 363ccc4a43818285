/** Sources that an op passed over are one row; the view shows one row a source, as if each had its own. */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { OUTCOMES, PROVIDERS, TIERS } from '../../../src/contract/words'
import {
  attemptRowsOfJob,
  deleteAttempts,
  insertAttempt,
  insertAttempts,
  LAST_SOURCE,
  outcomesBySource,
  type AttemptOf,
  type AttemptRow
} from '../../../src/main/ledger/attempts'
import { Database } from '../../../src/main/ledger/database'
import { successBySource } from '../../../src/main/ledger/insights-queries'
import { insertJob } from '../../../src/main/ledger/jobs'
import type { Reader, SqlRow, Writer } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import { attemptRowsSince } from './telemetry-rows'
import { migratedLedger } from '../../kit/old-ledger'

const JOB = 'a'.repeat(32)
const of: AttemptOf = { holder: { jobId: JOB, epoch: 0 }, op: { opKey: 'b1'.repeat(32), opAttempt: 2 } }

let engine: SqlEngine
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})

const skipped = (source: AttemptRow['source'], detail: string, at = 5): AttemptRow => ({
  ...{ runId: 'r', jobId: JOB, workId: 'W1', at, source, tier: 'direct_oa', url: null },
  ...{ outcome: 'skipped', reason: 'NO_OPEN_COPY', detail, elapsedMs: 0 }
})
const asked: AttemptRow = {
  ...skipped('openalex', 'It knows no copy.'),
  ...{ outcome: 'no_pdf', url: 'https://api.openalex.org/works', elapsedMs: 120.4, status: 200, bytes: 7 }
}
const TIER: readonly AttemptRow[] = [
  skipped('arxiv', 'No arXiv id.'),
  skipped('zenodo', 'No DOI of Zenodo.'),
  asked,
  skipped('core', 'No key is set.')
]

test('the sources of a tier that were passed over are one row', () => {
  const r = written((w) => {
    expect(insertAttempts(w, TIER, of)).toBe(4)
    expect(insertAttempts(w, [asked], of)).toBe(1)
    expect(insertAttempts(w, TIER, of)).toBe(4)
  })
  expect(r.all('SELECT attempt_id, source, typeof(detail) AS detail FROM attempt_rows')).toEqual([
    { attempt_id: 3, source: number(r, 'openalex'), detail: 'integer' },
    { attempt_id: 4, source: 0, detail: 'integer' },
    { attempt_id: 5, source: number(r, 'openalex'), detail: 'integer' },
    { attempt_id: 8, source: number(r, 'openalex'), detail: 'integer' },
    { attempt_id: 9, source: 0, detail: 'integer' }
  ])
  expect(r.all('SELECT DISTINCT detail FROM attempt_rows WHERE source = 0')).toHaveLength(1)
  const sources = attemptRowsOfJob(r, JOB).map((row) => [row['attempt_id'], row['source'], row['detail']])
  expect(sources).toEqual([...TIER, asked, ...TIER].map(({ source, detail }, n) => [n + 1, source, detail]))
  expect(successBySource(r)).toEqual({ openalex: { tried: 1, succeeded: 0 } })
  expect(outcomesBySource(r)).toMatchObject([
    { source: 'arxiv', outcome: 'skipped', count: 2, elapsedMs: 0 },
    { source: 'core', outcome: 'skipped', count: 2 },
    { source: 'openalex', outcome: 'no_pdf', count: 3, elapsedMs: 360, bytes: 21 },
    { source: 'zenodo', outcome: 'skipped', count: 2 }
  ])
  expect(r.get(`SELECT ${LAST_SOURCE} AS source FROM artifact_jobs j`)).toEqual({ source: 'core' })
})

test('a stale lease records none of them, and no list', () => {
  const r = written((w) => {
    expect(insertAttempts(w, TIER, { ...of, holder: { jobId: JOB, epoch: 7 } })).toBe(0)
  })
  expect(r.all('SELECT * FROM attempt_rows')).toEqual([])
  expect(r.all('SELECT * FROM words')).toEqual([])
})

test('with more words than are numbered, each has a row', () => {
  const r = written((w) => {
    w.run("INSERT INTO words (word_no, word) VALUES (10000, 'the last')")
    insertAttempts(w, TIER, of)
  })
  expect(r.all('SELECT source FROM attempt_rows').map((row) => row['source'])).toEqual(
    TIER.map(({ source }) => source)
  )
})

test('a list that a rolled-back transaction numbered is in the row itself', () => {
  const database = opened()
  const undone = (): void => {
    database.transact((w) => {
      insertAttempts(w, TIER, of)
      insertAttempts(w, TIER, of)
      throw new Error('not this time')
    })
  }
  expect(undone).toThrow('not this time')
  database.transact((w) => insertAttempts(w, TIER, of))
  expect(database.reader.get('SELECT typeof(detail) AS t FROM attempt_rows WHERE source = 0')).toEqual({
    t: 'text'
  })
  expect(attemptRowsOfJob(database.reader, JOB).map((row) => row['source'])).toEqual(
    TIER.map(({ source }) => source)
  )
})

test('those of a job without a row are deleted together', () => {
  const r = written((w) => {
    const other = TIER.map((row) => ({ ...row, jobId: 'not recorded' }))
    expect(insertAttempts(w, other)).toBe(4)
    insertAttempts(w, TIER, of)
    expect(attemptRowsOfJob(w, 'not recorded')).toHaveLength(4)
    deleteAttempts(w, 'not recorded')
  })
  expect(attemptRowsOfJob(r, JOB)).toHaveLength(4)
  expect(r.all('SELECT * FROM attempt_rows')).toHaveLength(2)
})

test.each([20, 27])('rows of schema %i are the same rows', async (version) => {
  const row = { job: JOB, run: 'r', at: 2.5, tier: 'direct_oa', outcome: 'skipped', elapsed_ms: 0 }
  const rows = [1, 2, 5].map((id) => ({
    attempt_id: id,
    ...row,
    source: 'core',
    detail: '[[0,"arxiv"]]',
    url: id === 5 ? 'https://a.example/5' : null
  }))
  const r = await migratedLedger(
    version,
    rows.map((one) => ({ table: 'attempt_rows', row: one }))
  )
  expect(r.all('SELECT attempt_id, source, detail, url FROM attempts ORDER BY attempt_id')).toEqual(
    rows.map(({ attempt_id, source, detail, url }) => ({ attempt_id, source, detail, url }))
  )
})

test('the address of a question about many papers is there once', () => {
  const shared = { ...asked, isShared: true }
  const r = written((w) => {
    w.run("INSERT INTO words (word_no, word) VALUES (5000, 'of a long use')")
    insertAttempts(w, [shared], of)
    insertAttempts(w, [{ ...shared, source: 'pmc', url: 'https://a.example/2' }, shared], of)
  })
  expect(r.all('SELECT url FROM attempt_rows').map((row) => typeof row['url'])).toEqual([
    'string',
    'string',
    'string'
  ])
  const early = written((w) => {
    insertAttempts(w, [shared], of)
    insertAttempts(w, [shared], { ...of, holder: { jobId: JOB, epoch: 7 } })
    insertAttempts(w, [shared])
  })
  const address = Number(number(early, shared.url ?? ''))
  expect(early.all('SELECT url FROM attempt_rows')).toEqual([{ url: address }, { url: address }])
  expect(address).toBeGreaterThan(1)
  expect(attemptRowsOfJob(early, JOB).map((row) => row['url'])).toEqual([shared.url, shared.url])
})

const attempts = fc.record({
  ...{ runId: fc.constant('r'), jobId: fc.constant(JOB), workId: fc.constant('W1') },
  at: fc.constantFrom(5, 5.25),
  source: fc.constantFrom(...PROVIDERS),
  tier: fc.constantFrom(...TIERS, null),
  url: fc.option(fc.constant('https://a.example/1'), { freq: 4 }),
  outcome: fc.oneof({ weight: 4, arbitrary: fc.constant('skipped' as const) }, fc.constantFrom(...OUTCOMES)),
  reason: fc.constantFrom('NO_OPEN_COPY', 'BUDGET_SPENT', null),
  elapsedMs: fc.constantFrom(0, 0.3, 12.6),
  isShared: fc.boolean()
})
const batch = fc.array(
  fc
    .tuple(
      attempts,
      fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\n', 'a/b', 'x'.repeat(121))))
    )
    .map(([one, detail]): AttemptRow => ({ ...one, ...(detail === null ? {} : { detail }) })),
  { maxLength: 24 }
)

test('the view shows what it shows of rows of their own', () => {
  const [together, alone] = [opened(), opened()]
  fc.assert(
    fc.property(fc.array(fc.tuple(batch, fc.boolean()), { maxLength: 4 }), (batches) => {
      for (const database of [together, alone])
        database.transact((w) => {
          w.run('DELETE FROM attempt_rows')
          for (const [rows, isRecorded] of batches) {
            const holder = isRecorded ? of : undefined
            if (database === together) expect(insertAttempts(w, rows, holder)).toBe(rows.length)
            else for (const row of rows) insertAttempt(w, { ...row, isShared: false }, holder)
          }
        })
      expect(shown(together.reader)).toEqual(shown(alone.reader))
      expect(attemptRowsOfJob(together.reader, JOB)).toEqual(attemptRowsOfJob(alone.reader, JOB))
    }),
    { numRuns: 60 }
  )
})

function shown(r: Reader): SqlRow[] {
  const rows = attemptRowsSince(r, 0)
  const whole = r.all('SELECT * FROM attempts ORDER BY attempt_id')
  return [...rows, ...whole.map(({ row_no, ...row }) => (expect(row_no).toBeTypeOf('number'), row))]
}

function number(r: Reader, word: string): unknown {
  return r.get('SELECT word_no FROM words WHERE word = ?', [word])?.['word_no']
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
    insertJob(w, {
      ...{ jobId: JOB, workId: 'W1', artifactId: 'W1#pdf', canonicalUrl: 'https://a.example/', runId: 'r' },
      ...{ idempotencyKey: 'k', priority: 0, now: 2 }
    })
  })
  return database
}
