/**
 * Feeds every reader of outside bytes with mutated fixtures: `npm run fuzz -- --minutes N --seed S`, or some
 * of them (`--only YAML,BibTeX`). A finding is a read of more than 5 s of processor time, a process above 500
 * MB, a process that died, an error without a code, or a path outside the guarded folder. Its input is kept.
 * Prints one line for each reader and a summary; exit status 1 when there are findings.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { childrenOf, residentBytes } from '../kit/processes'
import { repositoryRoot } from '../kit/shared'
import type { ReaderRuns } from './worker'
import workerPath from './worker?child'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    only: { type: 'string', default: '' }
  }
})
const until = performance.now() + Number(values.minutes) * 60_000
const kept = resolve(values.keep ?? join(tmpdir(), `sheaf-fuzz-${values.seed}`))
const MOST_CPU_SECONDS = 5
/** Where processor time is not available, and where a reader waits instead of working. */
const MOST_WALL_SECONDS = 90
const MOST_BYTES = 500 * 1_048_576
const LOOK_EVERY_MS = 100
const MOST_KEPT_OF_A_KIND = 5

const runs = new Map<string, { runs: number; slowestMs: number }>()
const findings = new Map<string, number>()
let peakBytes = 0

type Message =
  | {
      readonly type: 'finding'
      readonly kind: string
      readonly reader: string
      readonly detail: string
      /** base64 */
      readonly input: string
    }
  | { readonly type: 'done' | 'spent'; readonly runsSince: readonly ReaderRuns[] }

function keep(
  kind: string,
  detail: string,
  { reader, input }: { readonly reader: string; readonly input: Buffer }
): void {
  const what = `${kind} ${reader}: ${(detail.split('\n')[0] ?? '').slice(0, 200)}`
  const count = (findings.get(what) ?? 0) + 1
  findings.set(what, count)
  if (count > MOST_KEPT_OF_A_KIND) return
  mkdirSync(kept, { recursive: true })
  const name = `${kind}-${reader.replace(/\W+/g, '-')}-${String(findings.size)}-${String(count)}`
  writeFileSync(join(kept, `${name}.bin`), input)
  writeFileSync(join(kept, `${name}.txt`), detail)
  console.log(`${new Date().toISOString()} found: ${what} (${join(kept, name)}.bin)`)
}

function currentOf(folder: string): {
  readonly run: number
  readonly reader: string
  readonly input: Buffer
} {
  const path = join(folder, 'current')
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.from('0\tnone\n')
  const end = bytes.indexOf(10)
  const [run = '0', reader = 'none'] = bytes.subarray(0, end).toString().split('\t')
  return { run: Number(run), reader, input: bytes.subarray(end + 1) }
}

/**
 * Seconds of processor time, threads included; null where the system does not report it. Linux counts in
 * hundredths.
 */
function cpuSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return null
  }
}

/** Runs one process until it ends or the time is over. */
async function feed(seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-fuzzing-'))
  const child = fork(
    workerPath,
    [folder, join(repositoryRoot, 'tests/fixtures'), String(seed), values.only],
    {
      execArgv: ['--max-old-space-size=300'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    }
  )
  let lastOutput = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    lastOutput = (lastOutput + bytes.toString()).slice(-4_000)
  })
  const end = { isExpected: false }
  child.on('message', (message: Message) => {
    if (message.type === 'finding') {
      const { kind, reader, detail } = message
      keep(kind, detail, { reader, input: Buffer.from(message.input, 'base64') })
    } else take(message.runsSince)
    if (message.type === 'spent') end.isExpected = true
  })
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve()
    })
  )
  const stopWatching = watch(child, folder, () => {
    end.isExpected = true
  })
  await gone
  stopWatching()
  if (!end.isExpected) keep('died', lastOutput || 'the process ended', currentOf(folder))
  rmSync(folder, { recursive: true, force: true })
}

function take(runsSince: readonly ReaderRuns[]): void {
  for (const { reader, ...one } of runsSince) {
    const known = runs.get(reader) ?? { runs: 0, slowestMs: 0 }
    known.runs += one.runs
    known.slowestMs = Math.max(known.slowestMs, one.slowestMs)
    runs.set(reader, known)
  }
}

/** Watches time and memory; ends the process at a limit, or when the whole time is over. */
function watch(child: ChildProcess, folder: string, ending: () => void): () => void {
  let seen = -1
  let cpuBefore = 0
  let wallBefore = 0
  const end = (): void => {
    clearInterval(timer)
    ending()
    child.kill('SIGKILL')
  }
  const timer = setInterval(() => {
    const { pid } = child
    if (pid === undefined) return
    if (performance.now() > until) {
      end()
      return
    }
    for (const each of [pid, ...childrenOf(pid)]) {
      const bytes = residentBytes(each) ?? 0
      peakBytes = Math.max(peakBytes, bytes)
      if (bytes <= MOST_BYTES) continue
      keep('memory', `${String(Math.round(bytes / 1_048_576))} MB`, currentOf(folder))
      end()
      return
    }
    const { run } = currentOf(folder)
    const cpu = cpuSeconds(pid) ?? 0
    if (run !== seen) {
      seen = run
      cpuBefore = cpu
      wallBefore = performance.now()
    } else if (
      run > 0 &&
      (cpu - cpuBefore > MOST_CPU_SECONDS || performance.now() - wallBefore > MOST_WALL_SECONDS * 1_000)
    ) {
      keep('hang', `${(cpu - cpuBefore).toFixed(1)} s of the processor`, currentOf(folder))
      end()
    }
  }, LOOK_EVERY_MS)
  return () => {
    clearInterval(timer)
  }
}

for (let part = 0; performance.now() < until; part += 1) await feed(Number(values.seed) * 1_000_003 + part)

const total = [...runs.values()].reduce((sum, one) => sum + one.runs, 0)
for (const [reader, one] of [...runs].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(`${reader}: ${String(one.runs)} executions, slowest ${String(Math.round(one.slowestMs))} ms`)
}
for (const [what, count] of findings) console.log(`FOUND ${String(count)}× ${what}`)
const found = [...findings.values()].reduce((sum, count) => sum + count, 0)
console.log(
  `fuzz: ${values.minutes} minutes, seed ${values.seed}, ${String(runs.size)} readers, ${String(total)} executions, ` +
    `peak ${String(Math.round(peakBytes / 1_048_576))} MB, ${String(found)} findings`
)
process.exitCode = found === 0 ? 0 : 1
