/**
 * Simulated work for an hour: papers of sizes as they are (log-normal, median 0.9 MB, at most 20 MB) from hosts
 * that send slowly and fail one time in twenty (503, a reset, a body cut short). The command line fetches them
 * all; memory, open files, handles, event-loop delay and papers a minute are drawn over time as an SVG. It
 * should be flat.
 *
 *   npm run bench -- hour [papers, 10000] [minutes, 60] [SVG file]
 *
 * The hosts are as fast as is needed for the papers to take about the minutes given.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makePdf } from '../../src/main/demo/make-pdf'
import { machineLine } from './kit/machine'
import { plot, type Chart } from './kit/plot'

const PAPERS = Number(process.argv[2] ?? 10_000)
const MINUTES = Number(process.argv[3] ?? 60)
const SVG = process.argv[4]
const HOSTS = 40
const WORKERS = 8
const FAILING = 0.05
const SAMPLES = 120
const PIECE = 32_768

/** mulberry32: the same papers and failures at every run. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
const random = randomFrom(20_251_123)
const sizes = Array.from({ length: PAPERS }, () => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.round(Math.min(20e6, Math.max(40_000, 900_000 * Math.exp(0.9 * normal))))
})
const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0)
/** Of one stream, so that all workers together take the minutes given. */
const bytesPerSecond = totalBytes / (MINUTES * 60) / WORKERS

const failures = randomFrom(5)
let finished = 0
const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const n = Number(/p(\d+)\.pdf$/.exec(request.url ?? '')?.[1] ?? Number.NaN)
  const bytes = sizes[n]
  if (bytes === undefined) {
    response.writeHead(404, { 'content-length': 0 }).end()
    return
  }
  const fails = request.method === 'GET' && failures() < FAILING ? Math.floor(failures() * 3) : null
  if (fails === 0) {
    response.writeHead(503, { 'content-length': 0, 'retry-after': '2' }).end()
    return
  }
  if (fails === 1) {
    response.destroy()
    return
  }
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    'content-type': 'application/pdf',
    'content-length': bytes - from,
    'accept-ranges': 'bytes',
    etag: `"p${String(n)}"`,
    ...(request.headers.range === undefined
      ? {}
      : { 'content-range': `bytes ${String(from)}-${String(bytes - 1)}/${String(bytes)}` })
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const end = fails === 2 ? from + Math.floor((bytes - from) / 2) : bytes
  await stream(response, paper(n, bytes).subarray(from, end))
  if (fails === 2) response.destroy()
  else {
    response.end()
    finished += 1
  }
}

function paper(n: number, bytes: number): Buffer {
  return Buffer.from(
    makePdf({ title: `Work of an hour, number ${String(n)}`, authors: ['Hour, An'], year: 2020, bytes })
  )
}

async function stream(response: ServerResponse, body: Buffer): Promise<void> {
  const began = performance.now()
  for (let at = 0; at < body.length && !response.destroyed; at += PIECE) {
    response.write(body.subarray(at, at + PIECE))
    const ahead = (at / bytesPerSecond) * 1_000 - (performance.now() - began)
    if (ahead > 1) await wait(ahead)
  }
}

type Sample = Record<'at' | 'rssMB' | 'heapMB' | 'files' | 'handles' | 'p99Ms' | 'maxMs', number>

const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-bench-'))
const everyMs = Math.max(1_000, (MINUTES * 60_000) / SAMPLES)

async function run(
  origin: string
): Promise<{ readonly status: number | null; readonly done: readonly number[] }> {
  const list = join(folder, 'urls.txt')
  const urls = sizes.map((_, n) => `http://host${String(n % HOSTS)}.example/p${String(n)}.pdf`)
  writeFileSync(list, urls.join('\n'))
  const child = spawn(
    process.execPath,
    [
      ...['--import', join(import.meta.dirname, 'kit/soak-watch.mjs')],
      ...[resolve(import.meta.dirname, '../../out/main/cli.js'), 'run', '--from', list],
      ...['--enable-idempotency', '--quiet', '--allow-private-hosts', '--connect-to', `*=${origin}`],
      ...['--out', join(folder, 'library'), '--data-dir', join(folder, 'data')],
      ...['--workers', String(WORKERS), '--rate', '*=100/s']
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, BENCH_SOAK: join(folder, 'samples'), BENCH_SOAK_MS: String(everyMs) }
    }
  )
  const done: number[] = []
  const timer = setInterval(() => done.push(finished), everyMs)
  // A run that hangs is ended and drawn as far as it came.
  const limit = setTimeout(() => child.kill('SIGTERM'), MINUTES * 60_000 * 2)
  const status = await new Promise<number | null>((ended) => child.once('exit', ended))
  clearInterval(timer)
  clearTimeout(limit)
  return { status, done }
}

function chartsOf(samples: readonly Sample[], done: readonly number[]): readonly Chart[] {
  const perMinute = samples.map((_, n) => (((done[n] ?? 0) - (done[n - 1] ?? 0)) / everyMs) * 60_000)
  const of = (name: keyof Sample): number[] => samples.map((sample) => sample[name])
  return [
    { title: 'Papers sent whole, a minute', unit: '', values: perMinute },
    { title: 'Resident memory of the main process', unit: 'MB', values: of('rssMB') },
    { title: 'JavaScript heap in use', unit: 'MB', values: of('heapMB') },
    { title: 'Open files and sockets', unit: '', values: of('files') },
    { title: 'Handles and requests of the event loop', unit: '', values: of('handles') },
    { title: 'Event-loop delay, p99', unit: 'ms', values: of('p99Ms') },
    { title: 'Event-loop delay, longest', unit: 'ms', values: of('maxMs') }
  ]
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** The first and the last quarter beside each other: flat means about 1. */
function sayGrowth(charts: readonly Chart[]): void {
  for (const { title, unit, values } of charts) {
    const quarter = Math.ceil(values.length / 4)
    const [early, late] = [mean(values.slice(0, quarter)), mean(values.slice(-quarter))]
    console.log(
      `${title.padEnd(40)} ${early.toFixed(1)} → ${late.toFixed(1)} ${unit} (${(late / early).toFixed(2)} ×), most ${Math.max(...values).toFixed(1)}`
    )
  }
}

try {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const machine = machineLine()
  console.log(machine)
  console.log(
    `${String(PAPERS)} papers, ${(totalBytes / 1e9).toFixed(1)} GB, ${String(HOSTS)} hosts, ${(bytesPerSecond / 1e3).toFixed(0)} kB/s a stream, ${String(FAILING * 100)} % of answers fail`
  )
  const began = performance.now()
  const { status, done } = await run(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
  const minutes = (performance.now() - began) / 60_000
  const objects = readdirSync(join(folder, 'library/objects'), { recursive: true }).filter((name) =>
    String(name).endsWith('.pdf')
  ).length
  console.log(
    `ended with ${String(status)} after ${minutes.toFixed(1)} min: ${String(objects)} papers in the library`
  )
  const samples = readFileSync(join(folder, 'samples'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample)
  const charts = chartsOf(samples, done)
  sayGrowth(charts)
  if (SVG !== undefined) {
    const heading = `${String(PAPERS)} papers, ${(totalBytes / 1e9).toFixed(1)} GB, ${minutes.toFixed(0)} min; ${machine}`
    writeFileSync(
      SVG,
      plot(
        heading,
        samples.map(({ at }) => at),
        charts
      )
    )
    console.log(`drawn: ${SVG}`)
  }
} finally {
  server.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
