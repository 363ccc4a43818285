/**
 * What Insights keeps gives the figures of a full count, whatever happens to the ledger between two counts: ops
 * replayed, begun again or voided, jobs that end again, files removed, attempts before their job is recorded.
 */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome } from '../../../src/contract/words'
import { deleteArtifact, upsertArtifact } from '../../../src/main/ledger/artifacts'
import { insertAttempt } from '../../../src/main/ledger/attempts'
import { Database } from '../../../src/main/ledger/database'
import type { Counting } from '../../../src/main/ledger/insights-figures'
import { insertEvent } from '../../../src/main/ledger/job-events'
import { insertJob } from '../../../src/main/ledger/jobs'
import { KeptFigures } from '../../../src/main/ledger/kept-figures'
import type { Reader, Writer } from '../../../src/main/ledger/ledger'
import { needList, putListEntry } from '../../../src/main/ledger/lists'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { beginOp, countReplay, finishOp, voidOps } from '../../../src/main/ledger/ops'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { countFigures } from '../../kit/plain-figures'

const HOUR = 3_600
const DAY = 24 * HOUR
const START = 500_000 * HOUR
const WORKS = 3
const engine = await loadSqlEngine((path) => readFile(path))

function openKit(partRows: number) {
  const database = new Database(engine, null)
  database.transact(migrateQuietly)
  const kept = new KeptFigures((listener) => database.onRow(listener), { partRows })
  const read = <T>(ask: (r: Reader) => T): Promise<T> => Promise.resolve(ask(database.reader))
  return {
    write: (change: (w: Writer) => void) => database.transact(change),
    rollBack: (change: (w: Writer) => void) => {
      expect(() =>
        database.transact((w) => {
          change(w)
          throw new Error('rolled back')
        })
      ).toThrow('rolled back')
    },
    kept: (how: Counting) => kept.count(read, how),
    plain: (how: Counting) => countFigures(read, how)
  }
}

const jobId = (n: number): string => `job-${String(n)}`
const workId = (n: number): string => `W${String(n)}`
const opKey = (job: number, op: number): string => `${String(job)}${String(op)}`.padStart(64, 'a')
const holder = (n: number) => ({ jobId: jobId(n), epoch: 0 })

const COUNTS: readonly { readonly days: number; readonly bucketSeconds: number }[] = [
  { days: 1, bucketSeconds: HOUR },
  { days: 7, bucketSeconds: DAY },
  { days: 365, bucketSeconds: 7 * DAY }
]

function countings(now: number): Counting[] {
  return COUNTS.flatMap(({ days, bucketSeconds }) => {
    const since = Math.floor((now - days * DAY) / bucketSeconds) * bucketSeconds
    const recoveriesSince = Math.min(since, now - 7 * DAY)
    return [null, 'mine', 'no list'].map((list) => ({ since, recoveriesSince, bucketSeconds, list }))
  })
}

/** `n` and `m` choose among ops, sources and results. */
interface Step {
  readonly job: number
  readonly n: number
  readonly m: number
}
type Doing = (w: Writer, step: Step, now: number) => void

const ENDS = [
  "state = 'DEDUPED', reason = NULL",
  "state = 'SKIPPED_DUPLICATE', reason = NULL",
  "state = 'FAILED', reason = 'NO_OPEN_COPY'",
  "state = 'FAILED', reason = 'CANCELLED'",
  "state = 'FAILED', reason = 'INTERNAL', hold = 'ignored'",
  "state = 'FAILED', reason = NULL, next_attempt_at = 9",
  "state = 'STREAMING', reason = NULL, hold = NULL, next_attempt_at = NULL"
]
const OUTCOMES: readonly Outcome[] = ['success', 'no_pdf', 'skipped', 'retryable']
const SOURCES = ['arxiv', 'pmc', 'openalex'] as const
const RESULTS = [
  ['STREAM', 'OK', '{"resumedFrom":7,"fetchedTwice":2}'],
  ['STREAM', 'OK', '{"resumedFrom":3}'],
  ['STREAM', 'OK', '{}'],
  ['STREAM', 'STALLED', '{"resumedFrom":5}'],
  ['HEAD', 'OK', '{}']
] as const

function attempt(w: Writer, { job, n, m }: Step, at: number, named: boolean): void {
  const outcome = OUTCOMES[n % OUTCOMES.length] ?? 'success'
  insertAttempt(w, {
    ...{ runId: null, jobId: named ? jobId(job) : null, workId: workId(job), at, outcome },
    ...{
      source: SOURCES[m % SOURCES.length] ?? 'arxiv',
      tier: null,
      url: null,
      reason: null,
      elapsedMs: n * 7
    },
    ...(outcome === 'success' && m % 4 > 0 ? { bytes: m } : {})
  })
}

const ONE = {
  record: (w, { job }, now) => {
    insertJob(w, {
      ...{
        jobId: jobId(job),
        workId: workId(job),
        artifactId: `${workId(job)}#pdf`,
        runId: null,
        priority: 0
      },
      ...{ canonicalUrl: `https://a.example/${String(job)}`, idempotencyKey: jobId(job), now }
    })
  },
  lease: (w, { job, n, m }, now) => {
    insertEvent(w, {
      ...{ jobId: jobId(job), at: now, kind: 'lease' },
      detail: [{ owner: 'w', attempt: 1, wait_ms: n }, { other: 1 }, { wait_ms: n }][m % 3] ?? {}
    })
  },
  recovered: (w, { job }, now) => {
    insertEvent(w, { jobId: jobId(job), at: now, kind: 'recovered' })
  },
  begin: (w, { job, n, m }, now) => {
    beginOp(w, {
      ...{ opKey: opKey(job, n), jobId: jobId(job), kind: RESULTS[n % RESULTS.length]?.[0] ?? 'HEAD' },
      ...{ contextJson: m === 1 ? '{"url":"manual:6d"}' : '{"url":"https://a/"}', leaseEpoch: 0, now }
    })
  },
  finish: (w, { job, n }, now) => {
    const [kind, resultCode, resultJson] = RESULTS[n % RESULTS.length] ?? RESULTS[0]
    const op = { opKey: opKey(job, n), kind, contextJson: '{}', leaseEpoch: 0 }
    finishOp(w, { ...op, resultCode, resultJson, recovery: null, now })
  },
  replay: (w, { job, n }) => {
    countReplay(w, opKey(job, n), holder(job))
  },
  void: (w, { job }) => {
    voidOps(w, { jobId: jobId(job) }, ['STREAM', 'HEAD'], 'lost')
  },
  end: (w, { job, n }, now) => {
    w.run(`UPDATE artifact_jobs SET ${ENDS[n % ENDS.length] ?? ''}, updated_at = ? WHERE job_id = ?`, [
      now,
      jobId(job)
    ])
  },
  attempt: (w, step, now) => {
    attempt(w, step, now, true)
  },
  attemptOfWork: (w, step, now) => {
    attempt(w, step, now, false)
  },
  file: (w, { job, n }, now) => {
    upsertArtifact(w, {
      ...{ artifactId: `${workId(job)}#pdf`, workId: workId(job), jobId: jobId(job), format: 'pdf' },
      ...{ sha256: 'a'.repeat(64), bytes: 9, path: `objects/aa/${'a'.repeat(64)}.pdf`, paperPath: null },
      finalizedAt: now,
      verdict: 'match',
      provenance: {
        ...{ url: 'https://a.example/1.pdf', finalUrl: 'https://a.example/1.pdf', headers: {}, chain: [] },
        ...{ source: SOURCES[n % SOURCES.length] ?? 'pmc', tier: 'direct_oa', license: null, version: null },
        ...{ evidence: '', foundOn: null, verdictBecause: '', fetchedAt: now, verdict: 'match' },
        ...{ checks: [], pages: null, encrypted: false }
      }
    })
  },
  remove: (w, { job }) => {
    deleteArtifact(w, `${workId(job)}#pdf`)
  },
  list: (w, { job }, now) => {
    const listId = needList(w, 'mine', now)
    const entry = {
      listId,
      origin: 'x',
      place: workId(job),
      workId: workId(job),
      citationKey: null,
      nth: 1,
      now
    }
    putListEntry(w, entry)
  }
} satisfies Record<string, Doing>

/** Of a job that is never recorded. */
const unrecorded: Doing = (w, step, now) => {
  attempt(w, { ...step, job: WORKS + (step.m % 2) }, now, true)
}

/** What one step of the property does. */
const STEPS: Readonly<Record<string, readonly Doing[]>> = {
  ...Object.fromEntries(Object.entries(ONE).map(([kind, one]) => [kind, [one]])),
  paper: [ONE.record, ONE.lease, ONE.begin, ONE.attempt, ONE.finish, ONE.end, ONE.file],
  retried: [ONE.lease, ONE.begin, ONE.finish, ONE.end],
  unrecorded: [unrecorded, unrecorded, unrecorded],
  triedBefore: [ONE.attempt, ONE.lease, ONE.recovered, ONE.attempt, ONE.record, ONE.end]
}

const step = fc.record({
  kind: fc.oneof(
    fc.constantFrom(...Object.keys(STEPS)),
    fc.constantFrom('paper', 'paper', 'retried', 'triedBefore', 'unrecorded')
  ),
  job: fc.integer({ min: 0, max: WORKS - 1 }),
  n: fc.oneof(fc.constant(0), fc.nat(6)),
  m: fc.nat(5),
  // Mostly within the hour; also over midnight, out of the day, and out of the week.
  seconds: fc.oneof({ weight: 4, arbitrary: fc.nat(900) }, fc.constantFrom(HOUR, 7 * HOUR, 2 * DAY, 9 * DAY)),
  then: fc.constantFrom('nothing', 'nothing', 'count', 'roll back')
})

test('kept figures are those of a full count', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, part) => {
        const kit = openKit(part)
        let now = START
        for (const one of steps) {
          now += one.seconds + 0.25
          const change = (w: Writer): void => {
            STEPS[one.kind]?.forEach((each, n) => {
              each(w, one, now + n / 4)
            })
          }
          if (one.then === 'roll back') kit.rollBack(change)
          else kit.write(change)
          if (one.then === 'count')
            for (const how of countings(now)) expect(await kit.kept(how)).toEqual(await kit.plain(how))
        }
        for (const how of countings(now)) expect(await kit.kept(how)).toEqual(await kit.plain(how))
      }
    ),
    { numRuns: 60 }
  )
})
