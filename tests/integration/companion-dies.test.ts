/**
 * `sheaf serve` as a real process: killed between an effect and its response and asked again with the same
 * key; sent many megabytes of garbage. Nothing is done twice, nothing is left behind, memory does not grow.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ChildProcess } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import type { PapersAnswer } from '../../src/contract/companion'
import type { ProbeName } from '../../src/main/platform/probes'
import { companionClient, newKey, type CompanionClient } from '../kit/companion-client'
import { makePdf } from '../kit/make-pdf'
import { residentBytes } from '../kit/processes'
import { linesOf, runCli, type CliEnd } from '../kit/run-cli'
import { tempFolder } from '../kit/temp-folder'
import { startWorld } from '../web/scholarly'

const DOI = '10.5555/tides.7'
const PDF = makePdf({
  title: 'Tides of the northern estuary',
  authors: ['Ada Mirror', 'Boris Lantern'],
  year: 2019,
  doi: DOI
})

interface Served {
  readonly api: CompanionClient
  readonly port: number
  readonly pid: number
  readonly token: string
  readonly ended: Promise<CliEnd>
  readonly stop: () => Promise<CliEnd>
}

interface Place {
  readonly dataDir: string
  readonly serve: (dieAt?: ProbeName) => Promise<Served>
  readonly sheaf: (...args: string[]) => Promise<CliEnd>
}

async function place(): Promise<Place> {
  const { web } = await startWorld([])
  onTestFinished(() => web.close())
  const folder = tempFolder('served')
  const dataDir = join(folder, 'data')
  const routes = web.connectTo.flatMap(({ from, to }) => ['--connect-to', `${from}=${to}`])
  const here = ['--data-dir', dataDir, '--out', join(folder, 'library'), ...routes]
  const sheaf = (...args: string[]): Promise<CliEnd> => runCli([...args, ...here, '--json'])
  return {
    dataDir,
    sheaf,
    serve: (dieAt) =>
      new Promise((resolve, reject) => {
        let child: ChildProcess | undefined
        const ended = runCli(
          [
            ...['serve', '--port', '0', '--json', ...here, '--enable-idempotency', '--rate', '*=500/s'],
            ...['--max-attempts', '1', '--mailto', 'reader@example.org']
          ],
          {
            ...(dieAt === undefined ? {} : { env: { SHEAF_DIE_AT: dieAt } }),
            onStart: (started) => (child = started),
            killWhen(line) {
              const { type, port } = line as { readonly type: string; readonly port?: number }
              if (type !== 'listening' || port === undefined || child?.pid === undefined) return false
              const kept = JSON.parse(readFileSync(join(dataDir, 'keys-companion.json'), 'utf8')) as {
                plain: string
              }
              const { plain: token } = kept
              const stop = (): Promise<CliEnd> => {
                child?.kill('SIGTERM')
                return ended
              }
              resolve({ api: companionClient({ port, token }), port, pid: child.pid, token, ended, stop })
              return false
            }
          }
        )
        ended.then((end) => {
          reject(new Error(`serve ended: ${end.stderr}`))
        }, reject)
      })
  }
}

test('killed at any moment of a request and asked again with the same key: one job, one file, the same response', async () => {
  const { serve, sheaf } = await place()
  const paper = { headers: { 'idempotency-key': newKey() }, json: { papers: [{ identifiers: [DOI] }] } }
  const first = await serve('COMPANION: done, not recorded')
  await expect(first.api.ask('/v1/papers', paper)).rejects.toThrow()
  expect((await first.ended).signal).toBe('SIGKILL')
  const file = { headers: { 'idempotency-key': newKey() }, bytes: PDF }
  let jobId = ''
  for (const probe of ['FINALIZE: object renamed', 'COMPANION: done, not recorded'] as const) {
    const served = await serve(probe)
    const { headers, body } = await served.api.ask(`/v1/papers?doi=${encodeURIComponent(DOI)}`)
    expect(headers['content-type']).toContain('json')
    jobId = (body as { paper: { job_id: string } }).paper.job_id
    await expect(
      served.api.ask(`/v1/pdf?job=${jobId}`, file).then((r) => JSON.stringify(r))
    ).rejects.toThrow()
    expect((await served.ended).signal).toBe('SIGKILL')
  }
  const served = await serve()
  const planned = await served.api.ask('/v1/papers', paper)
  expect((planned.body as PapersAnswer).papers).toMatchObject([{ standing: 'here', job_id: jobId }])
  // The file was filed before the last kill: it is recognised by its hash.
  const filed = await served.api.ask(`/v1/pdf?job=${jobId}`, file)
  expect([filed.status, filed.body]).toMatchObject([200, { outcome: 'here', job_id: jobId }])
  const again = await served.api.ask(`/v1/pdf?job=${jobId}`, file)
  expect([again.body, again.headers['idempotency-replayed']]).toEqual([filed.body, 'true'])
  expect((await served.stop()).status).toBe(130)
  const { lines } = await sheaf('jobs')
  expect(lines).toMatchObject([{ job_id: jobId, state: 'DEDUPED' }])
  const exported = await runExport(sheaf)
  expect(exported).toHaveLength(1)
}, 120_000)

async function runExport(sheaf: Place['sheaf']): Promise<string[]> {
  const end = await sheaf('export', '--format', 'jsonl')
  return end.stdout.split('\n').filter((line) => line.startsWith('{'))
}

test('megabytes of garbage are refused with a code, and not kept on disk or in memory', async () => {
  const { dataDir, serve, sheaf } = await place()
  await sheaf('settings', 'set', 'files.maxBytes', '5000000')
  const { api, port, pid, token, stop } = await serve()
  expect(statSync(join(dataDir, 'keys-companion.json')).mode & 0o077).toBe(0)
  await api.ask('/v1/status')
  const before = residentBytes(pid)
  const json = await api.ask('/v1/papers', {
    stream: Readable.from(Array.from({ length: 160 }, () => Buffer.alloc(65_536, '['))),
    headers: { 'content-type': 'application/json' }
  })
  expect(json).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } })
  const pdf = await api.ask('/v1/pdf', {
    stream: Readable.from(Array.from({ length: 400 }, () => Buffer.alloc(65_536, 'x')))
  })
  expect(pdf).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } })
  expect(await headOf(port, 40_000)).toMatch(/^HTTP\/1\.1 431 .*"HEADERS_TOO_LARGE"/s)
  // An endless sender is disconnected; on a busy computer it may not receive the response.
  await headOf(port, 10_000_000)
  expect((await api.ask('/v1/status')).status).toBe(200)
  expect(await rawAnswer(port, ['\u0016\u0003\u0001 no http at all\r\n\r\n'])).toMatch(
    /^HTTP\/1\.1 400 .*"BODY_REFUSED"/s
  )
  const after = residentBytes(pid)
  if (before !== null && after !== null) expect(after - before).toBeLessThan(60_000_000)
  expect(readdirSync(join(dataDir, 'companion'))).toEqual([])
  const end = await stop()
  expect(linesOf(end, 'error')).toEqual([])
  // The token is stored only in its own file and printed nowhere.
  expect(end.stdout + end.stderr).not.toContain(token)
  expect((await sheaf('settings', 'get')).stdout).not.toContain(token)
  for (const name of readdirSync(join(dataDir, 'logs')))
    expect(readFileSync(join(dataDir, 'logs', name), 'utf8')).not.toContain(token)
}, 60_000)

/** The response to a request with a head of this many bytes. */
function headOf(port: number, bytes: number): Promise<string> {
  const line = `X-Garbage: ${'g'.repeat(8_000)}\r\n`
  return rawAnswer(port, [
    'GET /v1/status HTTP/1.1\r\n',
    ...Array<string>(Math.ceil(bytes / line.length)).fill(line)
  ])
}

function rawAnswer(port: number, pieces: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    const done = (): void => {
      resolve(text)
    }
    socket.on('data', (piece) => (text += piece.toString())).on('close', done)
    socket.on('error', () => undefined)
    Readable.from(pieces).pipe(socket, { end: false })
  })
}
