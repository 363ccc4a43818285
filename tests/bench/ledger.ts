/**
 * What a commit costs, and whether that grows with the ledger: commits per second and latency at 0,
 * 100,000 and 600,000 ops, alone and in company of 8 and 32, beside native SQLite (better-sqlite3, WAL,
 * synchronous=FULL) on the same disk in the same run; then how long opening and replaying take.
 * Target (issue 2): the cost of a commit does not depend on the ledger's size.
 *
 *   node scripts/run-ts.mjs tests/bench/ledger.ts [--quick]
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqlValue } from '../../src/main/ledger/ledger'
import { openLedger } from '../../src/main/ledger/open-ledger'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { insertOp, type OpColumns } from '../kit/op-rows'
import { openYardstick, type Yardstick } from './yardstick'

type Run = (sql: string, parameters: readonly SqlValue[]) => unknown

const quick = process.argv.includes('--quick')
const SIZES = quick ? [0, 20_000] : [0, 100_000, 600_000]
const COMPANY = [1, 8, 32]
const COMMITS = quick ? 600 : 3000
/** A job has about six ops. */
const OPS_PER_JOB = 6
const FILL_PER_TRANSACTION = 1000

const log = makeLog(
  () => undefined,
  'error',
  () => 0
)
const host = nodeHost(log)
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-bench-'))

/** The native ledger has schema 1. */
function insertPlainOp({ run }: { run: Run }, op: OpColumns): void {
  const columns = Object.keys(op)
  run(
    `INSERT INTO artifact_ops (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    columns.map((column) => op[column] ?? null)
  )
}

/** One op recorded, as the engine does it: the op's row, and the job moved under its lease. */
function recordOp(run: Run, n: number, insert: (w: { run: Run }, op: OpColumns) => void): void {
  insert(
    { run },
    {
      op_key: createHash('sha256').update(String(n)).digest('hex'),
      job_id: jobId(n),
      op_type: 'HEAD',
      started_at: 1.7e9 + n,
      finished_at: 1.7e9 + n + 0.25,
      result_code: 'OK',
      result_json: `{"status":200,"bytes":${String(n)},"validator":{"etag":"\\"abcdef-${String(n)}\\""}}`,
      lease_epoch: 1
    }
  )
  run('UPDATE artifact_jobs SET state = ?, updated_at = ? WHERE job_id = ? AND lease_epoch = ?', [
    n % 2 === 0 ? 'HEAD_DONE' : 'LEASED',
    1.7e9 + n,
    jobId(n),
    0
  ])
}
function plan(run: Run, n: number): void {
  run(
    `INSERT OR IGNORE INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, created_at, updated_at,
       idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      jobId(n),
      `W${jobId(n)}`,
      `W${jobId(n)}#pdf`,
      `https://doi.org/10.1/${jobId(n)}`,
      1.7e9,
      1.7e9,
      `key-of-${jobId(n)}`
    ]
  )
}
function jobId(n: number): string {
  return Math.floor(n / OPS_PER_JOB)
    .toString(16)
    .padStart(32, '0')
}

interface Figures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}
function figures(latencies: number[], elapsedMs: number): Figures {
  latencies.sort((a, b) => a - b)
  const at = (part: number): number => latencies[Math.floor((latencies.length - 1) * part)] ?? NaN
  return { perSecond: (latencies.length / elapsedMs) * 1000, p50Ms: at(0.5), p99Ms: at(0.99) }
}
function show(what: string, { perSecond, p50Ms, p99Ms }: Figures, note = ''): void {
  const columns = [
    what.padEnd(40),
    `${perSecond.toFixed(0).padStart(7)}/s`,
    `p50 ${p50Ms.toFixed(3).padStart(7)} ms`,
    `p99 ${p99Ms.toFixed(3).padStart(7)} ms`,
    note
  ]
  console.log(columns.join('  '))
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begun = performance.now()
  const value = await work()
  return [value, performance.now() - begun]
}

interface SizeResult {
  readonly alone: Figures
  readonly company: readonly Figures[]
  readonly native: Figures | null
}

async function measure(size: number, yardstick: Yardstick | null): Promise<SizeResult> {
  const data = join(folder, `ledger-${String(size)}`)
  let ledger = await openLedger(host, { folder: data, snapshotAtBytes: 2 ** 40 })
  let next = 0
  while (next < size) {
    const until = Math.min(size, next + FILL_PER_TRANSACTION)
    await ledger.commit((writer) => {
      for (; next < until; next += 1) {
        if (next % OPS_PER_JOB === 0) plan((sql, parameters) => writer.run(sql, parameters), next)
        recordOp((sql, parameters) => writer.run(sql, parameters), next, insertOp)
      }
    })
  }
  await ledger.close()
  const [opened, openMs] = await timed(() => openLedger(host, { folder: data, snapshotAtBytes: 2 ** 40 }))
  ledger = opened

  const commitOne = async (latencies: number[]): Promise<void> => {
    const n = next
    next += 1
    const begun = performance.now()
    await ledger.commit((writer) => {
      if (n % OPS_PER_JOB === 0) plan((sql, parameters) => writer.run(sql, parameters), n)
      recordOp((sql, parameters) => writer.run(sql, parameters), n, insertOp)
    })
    latencies.push(performance.now() - begun)
  }
  const results: Figures[] = []
  for (const committers of COMPANY) {
    for (let warm = 0; warm < 100; warm += 1) await commitOne([])
    const latencies: number[] = []
    const each = Math.ceil(COMMITS / committers)
    const [, elapsed] = await timed(() =>
      Promise.all(
        Array.from({ length: committers }, async () => {
          for (let i = 0; i < each; i += 1) await commitOne(latencies)
        })
      )
    )
    results.push(figures(latencies, elapsed))
  }
  const native = yardstick === null ? null : measureNative(yardstick, size)

  const label = `${size.toLocaleString('en')} ops`
  for (const [index, result] of results.entries()) {
    const ratio = native === null ? '' : `${(result.perSecond / native.perSecond).toFixed(2)} × native`
    show(`${label}, ${String(COMPANY[index])} committing`, result, ratio)
  }
  if (native !== null) show(`${label}, better-sqlite3 WAL FULL, 1`, native)

  const [, snapshotMs] = await timed(() => ledger.snapshot())
  // Replay: everything since the snapshot that was just taken.
  const before = next
  const replayOps = quick ? 5000 : 50_000
  const waiting: Promise<void>[] = []
  while (next < before + replayOps) {
    const n = next
    next += 1
    waiting.push(
      ledger.transact((writer) => {
        recordOp((sql, parameters) => writer.run(sql, parameters), n, insertOp)
      }).durable
    )
    if (waiting.length >= 1000) await Promise.all(waiting.splice(0))
  }
  await ledger.flush()
  const copy = join(folder, 'copy')
  await copyLedger(data, copy)
  const [replayed, replayMs] = await timed(() => openLedger(host, { folder: copy, snapshotAtBytes: 2 ** 40 }))
  const count = replayed.recovery.replayed
  const [, closeMs] = await timed(() => replayed.close())
  await ledger.close()
  const bytes = statSync(join(data, 'ledger.sqlite')).size
  console.log(
    `${label}: ${(bytes / 1e6).toFixed(0)} MB; open ${openMs.toFixed(0)} ms; snapshot aside ${snapshotMs.toFixed(0)} ms; ` +
      `open with ${count.toLocaleString('en')} commits to replay ${replayMs.toFixed(0)} ms; close ${closeMs.toFixed(0)} ms\n`
  )
  rmSync(data, { recursive: true })
  rmSync(copy, { recursive: true })
  const [alone] = results
  if (alone === undefined) throw new Error('nothing was measured')
  return { alone, company: results, native }
}

async function copyLedger(from: string, to: string): Promise<void> {
  await host.files.makeFolder(to)
  for (const name of readdirSync(from)) {
    if (name !== 'lock') await host.files.copyWhole(join(from, name), join(to, name))
  }
}

function measureNative(yardstick: Yardstick, size: number): Figures {
  const database = yardstick.open(join(folder, `native-${String(size)}.sqlite`))
  const run: Run = (sql, parameters) => {
    database.run(sql, parameters)
  }
  let next = 0
  while (next < size) {
    const until = Math.min(size, next + 20_000)
    database.transact(() => {
      for (; next < until; next += 1) {
        if (next % OPS_PER_JOB === 0) plan(run, next)
        recordOp(run, next, insertPlainOp)
      }
    })
  }
  const commitOne = (): number => {
    const begun = performance.now()
    database.transact(() => {
      if (next % OPS_PER_JOB === 0) plan(run, next)
      recordOp(run, next, insertPlainOp)
    })
    next += 1
    return performance.now() - begun
  }
  for (let warm = 0; warm < 100; warm += 1) commitOne()
  const latencies: number[] = []
  const begun = performance.now()
  for (let i = 0; i < COMMITS; i += 1) latencies.push(commitOne())
  const result = figures(latencies, performance.now() - begun)
  database.close()
  return result
}

console.log(
  `Ledger on ${cpus()[0]?.model ?? 'an unknown processor'}, ${String(cpus().length)} cores, Node ${process.version}, ${folder}`
)
const yardstick = openYardstick()
if (yardstick.kind === 'absent') console.log(`No native SQLite beside it: ${yardstick.because}`)
console.log('')
try {
  const results: SizeResult[] = []
  for (const size of SIZES) {
    results.push(await measure(size, yardstick.kind === 'there' ? yardstick.yardstick : null))
  }
  const [first, last] = [results[0], results.at(-1)]
  if (first !== undefined && last !== undefined) {
    const growth = last.alone.p50Ms / first.alone.p50Ms
    console.log(
      `A commit at ${(SIZES.at(-1) ?? 0).toLocaleString('en')} ops takes ${growth.toFixed(2)} × what it takes at 0 (target: about 1).`
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
