/**
 * 1,000 papers of 300 kB at 8 workers, and one file of 1 GiB, from a loopback nginx: Sheaf (hash,
 * fsync, validation and ledger included) beside `aria2c` and `curl`, which do less. Prints wall time,
 * CPU and peak memory of each whole process, and the ratios. Nothing is asserted.
 *
 *   npm run bench -- downloads [papers] [MiB of the large file]
 *
 * Needs nginx, aria2, curl and GNU time (Debian: nginx-light aria2 curl time).
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makePdf } from '../../src/main/demo/make-pdf'

const PAPERS = Number(process.argv[2] ?? 1_000)
const LARGE_MIB = Number(process.argv[3] ?? 1_024)
const PAPER_BYTES = 300_000
const WORKERS = 8
const ROUNDS = 3

interface Figures {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMiB: number
}

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'sheaf-bench-'))
const web = join(folder, 'web')

for (const tool of ['nginx', 'aria2c', 'curl', '/usr/bin/time']) {
  if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) {
    console.log(`${tool} is missing; on Debian: apt-get install -y nginx-light aria2 curl time`)
    process.exit(1)
  }
}
await main()

async function main(): Promise<void> {
  const port = await freePort()
  makeFiles()
  const nginx = startNginx(port)
  try {
    await new Promise((wait) => setTimeout(wait, 700))
    const base = `http://127.0.0.1:${String(port)}`
    const papers = Array.from({ length: PAPERS }, (_, n) => `${base}/p${String(n)}.pdf`)
    const list = join(folder, 'urls.txt')
    writeFileSync(list, papers.join('\n'))
    console.log(
      `\n${String(PAPERS)} papers of ${String(PAPER_BYTES / 1000)} kB, ${String(WORKERS)} at a time`
    )
    compare({
      sheaf: (out) => sheaf(['--from', list], out),
      'aria2c -j8': (out) => [
        'aria2c',
        '-q',
        `-j${String(WORKERS)}`,
        '-x1',
        '--file-allocation=none',
        '-d',
        out,
        '-i',
        list
      ],
      'curl --parallel': (out) => curlMany(papers, out)
    })
    console.log(`\none file of ${String(LARGE_MIB)} MiB`)
    const large = `${base}/large.pdf`
    const largeList = join(folder, 'large.txt')
    writeFileSync(largeList, large)
    compare({
      sheaf: (out) => sheaf(['--from', largeList], out),
      'aria2c -x1': (out) => ['aria2c', '-q', '-x1', '--file-allocation=none', '-d', out, large],
      curl: (out) => ['curl', '-s', '-o', join(out, 'large.pdf'), large],
      'curl + sha256sum': (out) => [
        'sh',
        '-c',
        `curl -s -o ${out}/large.pdf ${large} && sha256sum ${out}/large.pdf`
      ]
    })
  } finally {
    nginx.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The contestants in turn, round after round, so that a noisy minute touches all of them. */
function compare(contestants: Record<string, (out: string) => string[]>): void {
  const all: Record<string, Figures[]> = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, command] of Object.entries(contestants)) {
      const out = join(folder, `out-${String(round)}`)
      mkdirSync(out, { recursive: true })
      const [program, ...args] = command(out)
      const figures = timed(program ?? '', args)
      ;(all[name] ??= []).push(figures)
      rmSync(out, { recursive: true, force: true })
    }
  }
  const yardstick = median(all['aria2c -j8'] ?? all['curl'] ?? [], (one) => one.wallSeconds)
  console.log('                    wall s    CPU s    peak MiB   wall ratio')
  for (const [name, figures] of Object.entries(all)) {
    const wall = median(figures, (one) => one.wallSeconds)
    const cells = [
      wall.toFixed(2).padStart(8),
      median(figures, (one) => one.cpuSeconds)
        .toFixed(2)
        .padStart(8),
      median(figures, (one) => one.peakMiB)
        .toFixed(0)
        .padStart(10),
      (wall / yardstick).toFixed(2).padStart(11)
    ]
    console.log(`${name.padEnd(18)}${cells.join(' ')}`)
  }
}

function sheaf(selectors: readonly string[], out: string): string[] {
  return [
    process.execPath,
    join(root, 'out/main/cli.js'),
    'run',
    ...selectors,
    '--enable-idempotency',
    '--out',
    join(out, 'library'),
    '--data-dir',
    join(out, 'data'),
    '--workers',
    String(WORKERS),
    '--max-per-host',
    String(WORKERS),
    '--rate',
    '*=10000/s',
    '--allow-private-hosts',
    '--quiet'
  ]
}

function curlMany(urls: readonly string[], out: string): string[] {
  const config = join(folder, 'curl.txt')
  writeFileSync(
    config,
    urls.map((url) => `url = "${url}"\noutput = "${join(out, url.replace(/^.*\//, ''))}"`).join('\n')
  )
  return ['curl', '-s', '--parallel', '--parallel-max', String(WORKERS), '-K', config]
}

function timed(program: string, args: readonly string[]): Figures {
  const { status, stderr, stdout } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', program, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  })
  const last = stderr.trim().split('\n').at(-1) ?? ''
  const [wall, user, system, kib] = last.split(' ').map(Number)
  if (status !== 0)
    console.log(`${program} ended with ${String(status)}: ${stderr.slice(-2_000)} ${stdout.slice(-500)}`)
  return { wallSeconds: wall ?? 0, cpuSeconds: (user ?? 0) + (system ?? 0), peakMiB: (kib ?? 0) / 1024 }
}

function median(figures: readonly Figures[], of: (one: Figures) => number): number {
  const sorted = figures.map(of).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function makeFiles(): void {
  mkdirSync(web, { recursive: true })
  for (let n = 0; n < PAPERS; n += 1) {
    const paper = {
      title: `On the ${String(n)}th of many things`,
      authors: [`Author ${String(n)}`],
      year: 2020,
      bytes: PAPER_BYTES
    }
    writeFileSync(join(web, `p${String(n)}.pdf`), makePdf(paper))
  }
  const handle = openSync(join(web, 'large.pdf'), 'w')
  // A valid head and tail around a great many bytes that no reader looks at.
  const whole = Buffer.from(
    makePdf({ title: 'A very large paper', authors: ['Large, Very'], year: 2020, bytes: 4 * 1024 * 1024 })
  )
  const gap = Buffer.alloc(1024 * 1024, 'padding that means nothing\n')
  // A stream that nothing refers to: readers skip it by its length, as they skip images.
  const opening = Buffer.from(`99 0 obj\n<< /Length ${String((LARGE_MIB - 4) * gap.length)} >>\nstream\n`)
  const closing = Buffer.from('\nendstream\nendobj\n')
  const at = whole.lastIndexOf('\nxref') + 1
  writeSync(handle, whole.subarray(0, at))
  writeSync(handle, opening)
  for (let mib = 4; mib < LARGE_MIB; mib += 1) writeSync(handle, gap)
  writeSync(handle, closing)
  const added = opening.length + (LARGE_MIB - 4) * gap.length + closing.length
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

function startNginx(port: number): ReturnType<typeof spawn> {
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
  return spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' })
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
