/**
 * A restart after kill -9 with many downloads in flight: how long from the start of the second process to the
 * first byte of the first file that goes on, and how many bytes that were on disk are asked for again.
 * Targets: at most 1 s; 0 bytes. Beside it `curl -C -`, killed and started again in the same way; it
 * compares no validator.
 *
 *   npm run bench -- restart [downloads, 64] [rounds, 3]
 */
import { spawn, type ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makePdf } from '../../src/main/demo/make-pdf'
import { readSidecar } from '../../src/main/library/sidecar'
import { machineLine, median } from './kit/machine'

const FILES = Number(process.argv[2] ?? 64)
const ROUNDS = Number(process.argv[3] ?? 3)
const BYTES = 4_000_000
/** Slow enough that none is complete before the kill. */
const BYTES_PER_SECOND = 150_000
const PIECE = 16_384
/** What each file has got when the kill comes, at least. */
const BEFORE_KILL = 200_000
const A_HOST = 16

const cli = resolve(import.meta.dirname, '../../out/main/cli.js')
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-bench-'))

interface Asked {
  readonly file: string
  readonly from: number
  /** when its first byte left */
  readonly at: number
}

const bodies = new Map<string, Buffer>()
for (let n = 0; n < FILES; n += 1) {
  const name = `p${String(n)}.pdf`
  bodies.set(
    name,
    Buffer.from(
      makePdf({ title: `Interrupted paper ${String(n)}`, authors: ['Kill, N.'], year: 2020, bytes: BYTES })
    )
  )
}
const sent = new Map<string, number>()
const asked: Asked[] = []
const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = (request.url ?? '').replace(/^.*\//, '')
  const body = bodies.get(file)
  if (body === undefined) {
    response.writeHead(404, { 'content-length': 0 }).end()
    return
  }
  const range = /^bytes=(\d+)-/.exec(request.headers.range ?? '')
  const from = Number(range?.[1] ?? 0)
  response.writeHead(range === null ? 200 : 206, {
    'content-type': 'application/pdf',
    'content-length': body.length - from,
    'accept-ranges': 'bytes',
    etag: `"${file}"`,
    ...(range === null
      ? {}
      : { 'content-range': `bytes ${String(from)}-${String(body.length - 1)}/${String(body.length)}` })
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  asked.push({ file, from, at: performance.now() })
  for (let at = from; at < body.length && !response.destroyed; at += PIECE) {
    response.write(body.subarray(at, at + PIECE))
    sent.set(file, (sent.get(file) ?? 0) + PIECE)
    await wait((PIECE / BYTES_PER_SECOND) * 1_000)
  }
  response.end()
}

interface Contestant {
  start(out: string): ChildProcess
  /** file → bytes that are on disk */
  onDisk(out: string): ReadonlyMap<string, number>
}

function quietly(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function contestants(origin: string): Record<string, Contestant> {
  const list = join(folder, 'urls.txt')
  const lines = [...bodies.keys()].map(
    (name, n) => `http://host${String(Math.floor(n / A_HOST))}.example/${name}`
  )
  writeFileSync(list, lines.join('\n'))
  const sheaf: Contestant = {
    start: (out) =>
      quietly(process.execPath, [
        ...[cli, 'run', '--from', list, '--enable-idempotency', '--quiet'],
        ...['--out', join(out, 'library'), '--data-dir', join(out, 'data')],
        ...[
          '--workers',
          String(Math.min(64, FILES)),
          '--max-per-host',
          String(A_HOST),
          '--rate',
          '*=10000/s'
        ],
        ...['--allow-private-hosts', '--connect-to', `*=${origin}`]
      ]),
    onDisk: (out) => partsOf(join(out, 'library/.sheaf/staging'))
  }
  const curl: Contestant = {
    start: (out) => {
      const config = join(out, 'curl.txt')
      const entries = [...bodies.keys()].map(
        (name) => `url = "${origin}/${name}"\noutput = "${join(out, name)}"\ncontinue-at = -\nsilent`
      )
      writeFileSync(config, entries.join('\nnext\n'))
      return quietly('curl', ['-s', '--parallel', '--parallel-max', String(FILES), '-K', config])
    },
    onDisk: (out) => new Map([...bodies.keys()].map((name) => [name, sizeOf(join(out, name))]))
  }
  return { sheaf, 'curl -C -': curl }
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

function partsOf(staging: string): ReadonlyMap<string, number> {
  const parts = readdirSync(staging).filter((name) => name.endsWith('.json'))
  return new Map(
    parts.flatMap((name) => {
      const sidecar = readSidecar(readFileSync(join(staging, name), 'utf8'))
      const part = join(staging, name.replace(/\.json$/, '.part'))
      return sidecar === null ? [] : [[sidecar.url.replace(/^.*\//, ''), sizeOf(part)] as const]
    })
  )
}

interface Restarted {
  /** from the start of the process to the first byte of a file that goes on */
  readonly firstMs: number
  readonly resumed: number
  readonly onDisk: number
  readonly askedAgain: number
}

/** SIGKILL, and its end awaited. */
async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await ended
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = performance.now() + 120_000
  while (!isSo() && performance.now() < patience) await wait(5)
}

async function once(one: Contestant, out: string): Promise<Restarted> {
  mkdirSync(out)
  sent.clear()
  const first = one.start(out)
  await until(() => [...bodies.keys()].every((name) => (sent.get(name) ?? 0) >= BEFORE_KILL))
  await kill(first)
  // Connections of the dead process are gone before anything is counted.
  await wait(500)
  const onDisk = one.onDisk(out)
  asked.length = 0
  const began = performance.now()
  const second = one.start(out)
  const seen = new Set<string>()
  await until(() => {
    for (const { file } of asked) seen.add(file)
    return seen.size === bodies.size
  })
  await kill(second)
  const resumed = asked.filter(({ from }) => from > 0)
  const result = {
    firstMs: (resumed[0]?.at ?? Number.NaN) - began,
    resumed: resumed.length,
    onDisk: [...onDisk.values()].reduce((sum, bytes) => sum + bytes, 0),
    askedAgain: asked.reduce((sum, { file, from }) => sum + Math.max(0, (onDisk.get(file) ?? 0) - from), 0)
  }
  rmSync(out, { recursive: true, force: true })
  return result
}

try {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  console.log(machineLine())
  console.log(`kill -9 with ${String(FILES)} downloads in flight, medians of ${String(ROUNDS)}`)
  const all: Record<string, Restarted[]> = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, one] of Object.entries(contestants(origin)))
      (all[name] ??= []).push(await once(one, join(folder, `out-${name}-${String(round)}`)))
  }
  for (const [name, rounds] of Object.entries(all)) {
    const of = (which: keyof Restarted): number => median(rounds.map((round) => round[which]))
    console.log(
      `${name.padEnd(10)} first byte of a resumed file after ${of('firstMs').toFixed(0)} ms; ${String(of('resumed'))} requests went on; ` +
        `${(of('onDisk') / 1e6).toFixed(1)} MB were on disk, ${String(Math.max(...rounds.map((round) => round.askedAgain)))} bytes of them asked for again (most of a round)`
    )
  }
} finally {
  server.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
