/**
 * Does building a snapshot of a large ledger hold the event loop up? Small commits arrive every few
 * milliseconds, first with no snapshot, then while snapshots are built and checked; printed are the delay of the
 * loop and of the commits in both. Target: never over 50 ms.
 *
 *   npm run bench -- snapshots [data folder of seed-finished.ts, or papers to seed: 20000] [rounds]
 *
 * The data folder is copied first.
 */
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ledger } from '../../src/main/ledger/ledger'
import { openLedger } from '../../src/main/ledger/open-ledger'
import { SNAPSHOT } from '../../src/main/ledger/snapshot-file'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { machineLine, median } from './kit/machine'
import { seedFinished } from './seed-finished'

const from = process.argv[2] ?? '20000'
const ROUNDS = Number(process.argv[3] ?? 3)
const RESOLUTION_MS = 5
const BETWEEN_COMMITS_MS = 5
/** Rows changed between two snapshots: what a snapshot has to take over. */
const CHANGED = 20_000

const quiet = makeLog(
  () => undefined,
  'error',
  () => 0
)
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-bench-'))

interface Measured {
  readonly seconds: number
  readonly p99: number
  readonly longest: number
  readonly slowestCommit: number
}

let changes = 0
async function commitOne(ledger: Ledger): Promise<number> {
  const began = performance.now()
  changes += 1
  await ledger.commit((w) => {
    w.run(
      `UPDATE artifact_jobs SET updated_at = updated_at + 0.001 WHERE job_no = (SELECT max(job_no) FROM artifact_jobs) - ?`,
      [changes % CHANGED]
    )
  })
  return performance.now() - began
}

/** Returns how long the slowest took. */
async function commitUntil(ledger: Ledger, end: AbortSignal): Promise<number> {
  let slowest = 0
  while (!end.aborted) {
    slowest = Math.max(slowest, await commitOne(ledger))
    await wait(BETWEEN_COMMITS_MS)
  }
  return slowest
}

/** Commits until the work is done, and watches the loop meanwhile. */
async function during(ledger: Ledger, work: Promise<unknown>): Promise<Measured> {
  const began = performance.now()
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  const end = new AbortController()
  const committing = commitUntil(ledger, end.signal)
  await work.finally(() => {
    end.abort()
  })
  const slowestCommit = await committing
  histogram.disable()
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  return {
    seconds: (performance.now() - began) / 1_000,
    p99: ms(histogram.percentile(99)),
    longest: ms(histogram.max),
    slowestCommit
  }
}

async function changeMuch(ledger: Ledger): Promise<void> {
  for (let at = 0; at < CHANGED; at += 1_000) {
    await ledger.commit((w) => {
      w.run(
        `UPDATE artifact_rows SET finalized_at = finalized_at + 0.001 WHERE artifact_no > (SELECT max(artifact_no) FROM artifact_rows) - ? AND artifact_no <= (SELECT max(artifact_no) FROM artifact_rows) - ?`,
        [at + 1_000, at]
      )
    })
  }
}

function say(what: string, rounds: readonly Measured[]): void {
  const of = (name: keyof Measured): string => median(rounds.map((one) => one[name])).toFixed(1)
  const worst = Math.max(...rounds.map((one) => one.longest)).toFixed(1)
  console.log(
    `${what.padEnd(24)} ${of('seconds').padStart(6)} s   loop p99 ${of('p99').padStart(6)} ms, longest ${of('longest').padStart(6)} ms (of all rounds ${worst})   slowest commit ${of('slowestCommit').padStart(6)} ms`
  )
}

try {
  const data = join(folder, 'data')
  if (existsSync(from)) cpSync(from, data, { recursive: true })
  else await seedFinished(folder, Number(from))
  console.log(machineLine())
  const megabytes = (statSync(join(data, SNAPSHOT)).size / 1e6).toFixed(0)
  console.log(`A ledger of ${megabytes} MB, ${String(CHANGED)} rows changed before each snapshot`)
  const opening = performance.now()
  const ledger = await openLedger(nodeHost(quiet), { folder: data, snapshotAtBytes: 2 ** 40 })
  console.log(`opened in ${((performance.now() - opening) / 1_000).toFixed(1)} s`)
  const [without, within]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    await changeMuch(ledger)
    const snapshot = await during(ledger, ledger.snapshot())
    within.push(snapshot)
    without.push(await during(ledger, wait(snapshot.seconds * 1_000)))
  }
  say('without a snapshot', without)
  say('while one is built', within)
  await ledger.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
