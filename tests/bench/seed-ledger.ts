/**
 * A large ledger, made in seconds: `ledger.sqlite` of a researcher who has used Sheaf for a year. 60 %
 * of the jobs are done, 5 % failed for several reasons, the rest waits. It is written by the ledger's
 * own schema and opens like any other; what it says is made up, the same at every call.
 *
 *   node scripts/run-ts.mjs tests/bench/seed-ledger.ts <folder> [jobs] [ops a job] [library folder]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import type { Provenance } from '../../src/contract/work'
import { upsertArtifact } from '../../src/main/ledger/artifacts'
import type { Writer } from '../../src/main/ledger/ledger'
import { Database } from '../../src/main/ledger/database'
import { jobOf } from '../../src/main/ledger/history-names'
import { NEXT_JOB_NUMBER } from '../../src/main/ledger/jobs'
import { setMeta } from '../../src/main/ledger/meta'
import { migrate } from '../../src/main/ledger/migrate'
import { SNAPSHOT, snapshotOf, SUMS, sumsToText } from '../../src/main/ledger/snapshot-file'
import { loadSqlEngine } from '../../src/main/ledger/sql-engine'
import { makeLog } from '../../src/main/platform/log'
import { sha256Hex } from '../../src/main/platform/sha256'
import { jobIdOf, jobKey } from '../../src/main/works/keys'
import { makePdf } from '../kit/make-pdf'
import { insertOp } from '../kit/op-rows'

export interface SeedOptions {
  /**
   * The library in which the finished files shall lie. Few real files stand for all artifacts, so that
   * a reconcile finds every one of them. Without it there are artifacts without files: open such a
   * ledger with the switch off.
   */
  readonly libraryDir?: string
}

export interface Seeded {
  readonly bytes: number
  readonly elapsedMs: number
}

const OBJECTS = 40
const A_YEAR = 365 * 86_400
const NOW = 1_790_000_000
const JOBS_A_TRANSACTION = 2_000

const TOPICS = [
  'sediment transport',
  'protein folding',
  'urban heat islands',
  'reading in early childhood',
  'coral bleaching',
  'labour markets',
  'graph colouring',
  'sleep and memory',
  'perovskite solar cells',
  'medieval trade routes'
]
const HOW = [
  'A long-term study of',
  'Measuring',
  'On the limits of',
  'Rethinking',
  'Evidence for',
  'A review of',
  'Modelling'
]
const WHERE = [
  'in northern lakes',
  'under stress',
  'across ten countries',
  'at scale',
  'after 1950',
  'in mice'
]
const FAMILIES = [
  'Okafor',
  'Lindqvist',
  'Moreau',
  'Tanaka',
  'Silva',
  'Novák',
  'Haddad',
  'Björk',
  'Keller',
  'Iyer'
]
const VENUES = ['Journal of Plain Results', 'Open Letters', 'Annals of Measurement', 'Proceedings of Samples']
const SOURCES = ['unpaywall', 'openalex', 'arxiv', 'pmc', 'europe_pmc', 'landing_scrape'] as const
const HOSTS = ['repository.example.org', 'files.example.net', 'arxiv.example', 'press.example.com']
const REASONS = ['NO_OPEN_COPY', 'NO_OPEN_COPY', 'LOGIN_PAGE', 'HTML_PAGE', 'NOT_FOUND', 'TIMEOUT']
const OPS = ['RESOLVE', 'HEAD', 'STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'] as const

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

export async function seedLedger(
  folder: string,
  jobs = 100_000,
  opsPerJob = 6,
  options: SeedOptions = {}
): Promise<Seeded> {
  const began = performance.now()
  mkdirSync(folder, { recursive: true })
  const objects = options.libraryDir === undefined ? null : writeObjects(options.libraryDir)
  const engine = await loadSqlEngine((path) => readFile(path))
  const database = new Database(engine, null)
  const quiet = makeLog(
    () => undefined,
    'error',
    () => 0
  )
  database.transact((w) => {
    migrate(w, quiet)
    setMeta(w, 'ledger_id', sha256Hex('seeded').slice(0, 32))
    w.run('INSERT INTO runs (run_id, started_at, finished_at, how_it_ended) VALUES (?, ?, ?, ?)', [
      'seeded-run',
      NOW - A_YEAR,
      NOW,
      'finished'
    ])
  })
  for (let from = 0; from < jobs; from += JOBS_A_TRANSACTION) {
    database.transact((w) => {
      const until = Math.min(jobs, from + JOBS_A_TRANSACTION)
      for (let n = from; n < until; n += 1) seedJob(w, n, { jobs, opsPerJob, objects })
    })
  }
  const { pieces, sum } = snapshotOf(database, 1)
  await writeFile(join(folder, SNAPSHOT), pieces)
  database.close()
  const found = sum()
  writeFileSync(join(folder, SUMS), sumsToText(new Map([[1, { ...found, checked: true }]])))
  return { bytes: found.bytes, elapsedMs: performance.now() - began }
}

interface SeededObject {
  readonly sha256: string
  readonly bytes: number
  readonly path: string
}

function writeObjects(libraryDir: string): SeededObject[] {
  return Array.from({ length: OBJECTS }, (_, n) => {
    const pdf = makePdf({ title: titleOf(n), authors: authorsOf(n), year: yearOf(n), doi: doiOf(n) })
    const sha256 = createHash('sha256').update(pdf).digest('hex')
    const path = `objects/${sha256.slice(0, 2)}/${sha256}.pdf`
    mkdirSync(join(libraryDir, 'objects', sha256.slice(0, 2)), { recursive: true })
    writeFileSync(join(libraryDir, path), pdf)
    return { sha256, bytes: pdf.length, path }
  })
}

const titleOf = (n: number): string =>
  `${pick(HOW, n)} ${pick(TOPICS, Math.floor(n / 7))} ${pick(WHERE, Math.floor(n / 70))}, part ${String(n)}`
const authorsOf = (n: number): string[] =>
  Array.from(
    { length: 1 + (n % 4) },
    (_, i) => `${pick(FAMILIES, n * 3 + i)}, ${'ABCDEFGH'.charAt((n + i) % 8)}.`
  )
const yearOf = (n: number): number => 1985 + (n % 40)
const doiOf = (n: number): string => `10.5555/seeded.${String(n)}`

interface Plan {
  readonly jobs: number
  readonly opsPerJob: number
  readonly objects: readonly SeededObject[] | null
}

type Fate = 'done' | 'failed' | 'waiting'
/** Mixed all through the list, as it would be. */
function fateOf(n: number): Fate {
  const place = (n * 37) % 100
  if (place < 60) return 'done'
  return place < 65 ? 'failed' : 'waiting'
}

function seedJob(w: Writer, n: number, plan: Plan): void {
  const doi = doiOf(n)
  const workId = `doi:${doi}`
  const artifactId = `${workId}#pdf`
  const url = `https://doi.org/${doi}`
  const key = jobKey(workId, artifactId, url)
  const jobId = jobIdOf(key)
  const plannedAt = NOW - A_YEAR + (n / plan.jobs) * (A_YEAR - 86_400)
  const fate = fateOf(n)
  const endedAt = plannedAt + 20 + (n % 50)
  const source = pick(SOURCES, n)
  const host = pick(HOSTS, n)
  w.run(
    `INSERT INTO works (work_id, title, authors_json, year, venue, ids_json, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      workId,
      titleOf(n),
      JSON.stringify(authorsOf(n)),
      yearOf(n),
      pick(VENUES, n),
      JSON.stringify({ doi }),
      plannedAt,
      plannedAt
    ]
  )
  w.run(
    `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at, updated_at,
       idempotency_key, lease_epoch, attempt, reason, reason_detail, run_id, host, began_at, job_no)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${NEXT_JOB_NUMBER})`,
    [
      jobId,
      workId,
      artifactId,
      url,
      fate === 'done' ? 'DEDUPED' : fate === 'failed' ? 'FAILED' : 'PLANNED',
      plannedAt,
      fate === 'waiting' ? plannedAt : endedAt,
      key,
      fate === 'waiting' ? 0 : 1,
      fate === 'waiting' ? 0 : 1,
      fate === 'failed' ? pick(REASONS, Math.floor(n / 11)) : null,
      fate === 'failed' ? 'As the last source said.' : null,
      'seeded-run',
      fate === 'waiting' ? null : host,
      fate === 'waiting' ? null : plannedAt
    ]
  )
  event(w, jobId, plannedAt, 'planned', null)
  // Every job has its ops, also those that wait: they were begun and given back.
  event(w, jobId, plannedAt + 1, 'lease', 'LEASED')
  for (let op = 0; op < plan.opsPerJob; op += 1) {
    insertOp(w, {
      op_key: createHash('sha256')
        .update(`${jobId} ${String(op)}`)
        .digest('hex'),
      job_id: jobId,
      op_type: pick(OPS, op),
      started_at: plannedAt + 1 + op,
      finished_at: plannedAt + 1.25 + op,
      result_code: 'OK',
      result_json: `{"status":200,"bytes":${String(100_000 + n)},"url":"https://${host}/files/${String(n)}.pdf"}`,
      lease_epoch: 1
    })
  }
  if (fate === 'waiting') return
  w.run(
    `INSERT INTO attempt_rows (run, job, work_id, at, source, tier, url, outcome, reason, status, elapsed_ms, bytes)
     VALUES ('seeded-run', ${jobOf('?1')}, ?2, ?3, ?4, 'direct_oa', ?5, ?6, ?7, ?8, ?9, ?10)`,
    [
      jobId,
      workId,
      endedAt,
      source,
      `https://${host}/files/${String(n)}.pdf`,
      fate === 'done' ? 'success' : 'nonretryable',
      fate === 'done' ? null : pick(REASONS, Math.floor(n / 11)),
      fate === 'done' ? 200 : 404,
      120 + (n % 400),
      fate === 'done' ? 100_000 + n : null
    ]
  )
  event(w, jobId, endedAt, 'state', fate === 'done' ? 'DEDUPED' : 'FAILED')
  if (fate === 'done') seedArtifact(w, n, { artifactId, workId, jobId, endedAt, source, host, plan })
}

function event(w: Writer, jobId: string, at: number, kind: string, to: string | null): void {
  w.run(`INSERT INTO event_rows (job, at, kind, to_state) VALUES (${jobOf('?1')}, ?2, ?3, ?4)`, [
    jobId,
    at,
    kind,
    to
  ])
}

function seedArtifact(
  w: Writer,
  n: number,
  job: {
    readonly artifactId: string
    readonly workId: string
    readonly jobId: string
    readonly endedAt: number
    readonly source: (typeof SOURCES)[number]
    readonly host: string
    readonly plan: Plan
  }
): void {
  const url = `https://${job.host}/files/${String(n)}.pdf`
  const object = job.plan.objects === null ? null : pick(job.plan.objects, n)
  const sha256 = object?.sha256 ?? createHash('sha256').update(url).digest('hex')
  const bytes = object?.bytes ?? 100_000 + n
  const provenance: Provenance = {
    source: job.source,
    tier: 'direct_oa',
    version: 'acceptedVersion',
    license: n % 3 === 0 ? 'cc-by' : null,
    evidence: 'The repository lists it as an open copy.',
    url,
    finalUrl: url,
    foundOn: null,
    chain: [{ url, status: 200 }],
    headers: { 'content-type': 'application/pdf', 'content-length': String(bytes) },
    checks: [{ name: 'opens', result: '8 pages' }],
    verdict: 'match',
    verdictBecause: 'The title stands on the first page.',
    pages: 8,
    encrypted: false,
    fetchedAt: job.endedAt
  }
  upsertArtifact(w, {
    ...{ artifactId: job.artifactId, workId: job.workId, jobId: job.jobId, format: 'pdf', sha256, bytes },
    path: object?.path ?? `objects/${sha256.slice(0, 2)}/${sha256}.pdf`,
    ...{ paperPath: null, finalizedAt: job.endedAt, verdict: 'match', provenance, fileUrl: url }
  })
}

const [script, folder, jobs, ops, libraryDir] = process.argv.slice(1)
if (folder !== undefined && script?.endsWith('seed-ledger.ts') === true) {
  const options = libraryDir === undefined ? {} : { libraryDir }
  const seeded = await seedLedger(folder, Number(jobs ?? 100_000), Number(ops ?? 6), options)
  console.log(`${folder}: ${(seeded.bytes / 1e6).toFixed(0)} MB in ${(seeded.elapsedMs / 1000).toFixed(1)} s`)
}
