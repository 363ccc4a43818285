/**
 * Downloads from loopback, hash, fsync, validation, right paper and ledger included, beside `aria2c` and
 * `curl`, which do less, and beside `curl` followed by `sha256sum` and `sync -d` of every file. Prints
 * wall time, processor time (user and system, children included) and peak memory of each whole process,
 * what Sheaf takes of each one's wall time, and the delay of Sheaf's event loop. Nothing is asserted.
 *
 *   npm run bench -- downloads [papers|paced|small|large] [papers, or MiB] [rounds]
 *
 * papers: files of 300 kB from nginx, 8 at once. paced: the same at 4 MB/s a connection and 30 ms a request.
 * small: files of 30 kB, 16 at once. large: one file. Needs nginx, aria2, curl and GNU time (Debian:
 * nginx-light aria2 curl time).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makePdf } from '../../src/main/demo/make-pdf'
import { readLoopDelay, WATCH_LOOP, type LoopDelay } from './kit/loop-delay'
import { machineLine, median } from './kit/machine'

const ROWS = {
  papers: { size: 1_000, bytes: 300_000, workers: 8 },
  paced: { size: 1_000, bytes: 300_000, workers: 8 },
  small: { size: 5_000, bytes: 30_000, workers: 16 },
  large: { size: 1_024, bytes: 0, workers: 1 }
} as const
type Row = keyof typeof ROWS

const row = process.argv[2] ?? 'papers'
if (!isRow(row)) {
  console.log(`A row is one of ${Object.keys(ROWS).join(', ')}.`)
  process.exit(2)
}
const { bytes: PAPER_BYTES, workers: WORKERS } = ROWS[row]
const SIZE = Number(process.argv[3] ?? ROWS[row].size)
const ROUNDS = Number(process.argv[4] ?? 3)
const PACE = { delayMs: 30, bytesPerSecond: 4_000_000 }

interface Figures {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMiB: number
  readonly loop: LoopDelay | null
}
type Contestants = Record<string, (out: string) => string[]>

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-bench-'))
const web = join(folder, 'web')

for (const tool of ['nginx', 'aria2c', 'curl', '/usr/bin/time']) {
  if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) {
    console.log(`${tool} is missing; on Debian: apt-get install -y nginx-light aria2 curl time`)
    process.exit(1)
  }
}
await main(row)

function isRow(name: string): name is Row {
  return Object.hasOwn(ROWS, name)
}

async function main(of: Row): Promise<void> {
  console.log(machineLine())
  mkdirSync(web)
  if (of === 'large') makeLarge()
  else makePapers()
  const { server, port } = await (of === 'paced' ? startPaced() : startNginx())
  try {
    const base = `http://127.0.0.1:${String(port)}`
    if (of === 'large') {
      console.log(`one file of ${String(SIZE)} MiB, medians of ${String(ROUNDS)}`)
      compare(1, largeFile(`${base}/large.pdf`))
    } else {
      const far = of === 'paced' ? ', 4 MB/s a connection and 30 ms a request' : ''
      console.log(
        `${String(SIZE)} papers of ${String(PAPER_BYTES / 1000)} kB, ${String(WORKERS)} at once${far}, medians of ${String(ROUNDS)}`
      )
      compare(SIZE, manyFiles(Array.from({ length: SIZE }, (_, n) => `${base}/p${String(n)}.pdf`)))
    }
  } finally {
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

function manyFiles(urls: readonly string[]): Contestants {
  const list = listOf(urls)
  const at = String(WORKERS)
  return {
    sheaf: (out) => sheaf(list, out),
    [`aria2c -j${at}`]: (out) =>
      ['aria2c', '-q', `-j${at}`, '-x1', '--file-allocation=none'].concat('-d', out, '-i', list),
    'curl --parallel': (out) => ['curl', ...curlMany(urls, out)],
    'curl, sha256sum, sync -d': (out) =>
      shell(
        `curl ${curlMany(urls, out).join(' ')} && cd ${out} && find . -type f -print0 | xargs -0 sha256sum > ../sums && find . -type f -print0 | xargs -0 sync -d`
      )
  }
}

function largeFile(url: string): Contestants {
  const list = listOf([url])
  return {
    sheaf: (out) => sheaf(list, out),
    'aria2c -x1': (out) => ['aria2c', '-q', '-x1', '--file-allocation=none', '-d', out, url],
    curl: (out) => ['curl', '-s', '-o', join(out, 'large.pdf'), url],
    'curl, sha256sum': (out) =>
      shell(`curl -s -o ${out}/large.pdf ${url} && sha256sum ${out}/large.pdf > ${out}/sum`),
    'curl, sha256sum, sync -d': (out) =>
      shell(
        `curl -s -o ${out}/large.pdf ${url} && sha256sum ${out}/large.pdf > ${out}/sum && sync -d ${out}/large.pdf`
      )
  }
}

function shell(script: string): string[] {
  return ['sh', '-c', script]
}

function listOf(urls: readonly string[]): string {
  const list = join(folder, 'urls.txt')
  writeFileSync(list, urls.join('\n'))
  return list
}

/** The contestants in turn, round after round, so that a noisy minute touches all of them. */
function compare(files: number, contestants: Contestants): void {
  const all: Record<string, Figures[]> = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, command] of Object.entries(contestants)) {
      const out = join(folder, `out-${String(round)}`)
      mkdirSync(out, { recursive: true })
      ;(all[name] ??= []).push(timed(command(out)))
      rmSync(out, { recursive: true, force: true })
    }
  }
  const wallOf = (figures: readonly Figures[]): number => median(figures.map((one) => one.wallSeconds))
  const own = wallOf(all['sheaf'] ?? [])
  console.log('                            wall s    CPU s  CPU ms/file  peak MiB  sheaf ÷ it')
  for (const [name, figures] of Object.entries(all)) {
    const cpu = median(figures.map((one) => one.cpuSeconds))
    const cells = [
      wallOf(figures).toFixed(2).padStart(8),
      cpu.toFixed(2).padStart(8),
      ((cpu / files) * 1_000).toFixed(1).padStart(12),
      median(figures.map((one) => one.peakMiB))
        .toFixed(0)
        .padStart(9),
      (own / wallOf(figures)).toFixed(2).padStart(11)
    ]
    console.log(`${name.padEnd(26)}${cells.join(' ')}`)
  }
  sayLoop((all['sheaf'] ?? []).flatMap((one) => one.loop ?? []))
}

function sayLoop(rounds: readonly LoopDelay[]): void {
  const of = (name: keyof LoopDelay): string => median(rounds.map((one) => one[name])).toFixed(1)
  console.log(
    `delay of Sheaf's event loop: p50 ${of('p50')} ms, p99 ${of('p99')} ms, longest ${of('max')} ms (each the median of the rounds)`
  )
}

function sheaf(list: string, out: string): string[] {
  return [
    process.execPath,
    ...WATCH_LOOP,
    join(root, 'out/main/cli.js'),
    'run',
    ...['--from', list, '--enable-idempotency', '--quiet'],
    ...['--out', join(out, 'library'), '--data-dir', join(out, 'data')],
    ...['--workers', String(WORKERS), '--max-per-host', String(WORKERS), '--rate', '*=10000/s'],
    ...['--allow-private-hosts', '--set', 'files.maxBytes=100000000000']
  ]
}

function curlMany(urls: readonly string[], out: string): string[] {
  const config = join(folder, 'curl.txt')
  writeFileSync(
    config,
    urls.map((url) => `url = "${url}"\noutput = "${join(out, url.replace(/^.*\//, ''))}"`).join('\n')
  )
  return ['-s', '--parallel', '--parallel-max', String(WORKERS), '-K', config]
}

function timed(command: readonly string[]): Figures {
  const delays = join(folder, 'loop.json')
  rmSync(delays, { force: true })
  const { status, stderr, stdout } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', ...command], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, BENCH_LOOP_DELAY: delays }
  })
  const last = stderr.trim().split('\n').at(-1) ?? ''
  const [wall, user, system, kib] = last.split(' ').map(Number)
  if (status !== 0)
    console.log(
      `${command[0] ?? ''} ended with ${String(status)}: ${stderr.slice(-2_000)} ${stdout.slice(-500)}`
    )
  return {
    wallSeconds: wall ?? 0,
    cpuSeconds: (user ?? 0) + (system ?? 0),
    peakMiB: (kib ?? 0) / 1024,
    loop: readLoopDelay(delays)
  }
}

function makePapers(): void {
  for (let n = 0; n < SIZE; n += 1) {
    const paper = {
      title: `On the ${String(n)}th of many things`,
      authors: [`Author ${String(n)}`],
      year: 2020,
      bytes: PAPER_BYTES
    }
    writeFileSync(join(web, `p${String(n)}.pdf`), makePdf(paper))
  }
}

/** A valid head and tail around a great many bytes that no reader looks at. */
function makeLarge(): void {
  const handle = openSync(join(web, 'large.pdf'), 'w')
  const whole = Buffer.from(
    makePdf({ title: 'A very large paper', authors: ['Large, Very'], year: 2020, bytes: 4 * 1024 * 1024 })
  )
  const gap = Buffer.alloc(1024 * 1024, 'padding that means nothing\n')
  // A stream that nothing refers to: readers skip it by its length, as they skip images.
  const opening = Buffer.from(`99 0 obj\n<< /Length ${String((SIZE - 4) * gap.length)} >>\nstream\n`)
  const closing = Buffer.from('\nendstream\nendobj\n')
  const at = whole.lastIndexOf('\nxref') + 1
  writeSync(handle, whole.subarray(0, at))
  writeSync(handle, opening)
  for (let mib = 4; mib < SIZE; mib += 1) writeSync(handle, gap)
  writeSync(handle, closing)
  const added = opening.length + (SIZE - 4) * gap.length + closing.length
  writeSync(handle, shiftedTail(whole.subarray(at), added))
  closeSync(handle)
}

/** The cross-reference table keeps its offsets; only `startxref` moves behind the padding. */
function shiftedTail(tail: Buffer, by: number): Buffer {
  const text = tail.toString('latin1')
  return Buffer.from(
    text.replace(/startxref\s+(\d+)/, (_, at: string) => `startxref\n${String(Number(at) + by)}`),
    'latin1'
  )
}

interface Served {
  readonly server: ChildProcess
  readonly port: number
}

/** nginx cannot delay an answer without a module of its own; all contestants ask this server instead. */
async function startPaced(): Promise<Served> {
  const server = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'kit/slow-server.mjs'),
      web,
      String(PACE.delayMs),
      String(PACE.bytesPerSecond)
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] }
  )
  const port = await new Promise<number>((found) => {
    server.stdout.once('data', (text: Buffer) => {
      found(Number(text.toString()))
    })
  })
  return { server, port }
}

async function startNginx(): Promise<Served> {
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
     events { worker_connections 256; }
     http { access_log off; sendfile on; types { application/pdf pdf; } keepalive_requests 100000;
       client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
       uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
       server { listen 127.0.0.1:${String(port)}; root ${web}; } }`
  )
  const server = spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' })
  await new Promise((wait) => setTimeout(wait, 700))
  return { server, port }
}

function freePort(): Promise<number> {
  return new Promise((found, refuse) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') found(address.port)
        else refuse(new Error('no port'))
      })
    })
  })
}
