/**
 * A reading list with every kind of reference, killed ten times at random instants, reaches the same result
 * as without kills. A service is not asked again about a work whose answer was in the ledger on disk at a
 * kill. Exception: works that were being read when the process died are looked up again one by one, because
 * any of their answers may have caused the death (`engine/reconcile.ts`, `recoverReadings`).
 *
 * The instants come from a seed, which is printed; `CRASH_SEED` changes it.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { LookupService } from '../../src/contract/lookups'
import { readLedger } from '../../src/main/ledger/read-ledger'
import { workById } from '../../src/main/ledger/works'
import { nodeFiles } from '../../src/main/platform/node-files'
import { linesOf, runCli, type CliEnd } from '../kit/run-cli'
import { testHost } from '../kit/test-host'
import { readingList } from '../web/reading-list'
import { makeWorld } from '../web/scholarly'
import { startWeb, type Site, type Web } from '../web/web'

const SEED = Number(process.env['CRASH_SEED'] ?? 20261129)
const KILLS = 10
const REFERENCES = 60
/** A file takes a second, so the list is not complete before the last kill. */
const BYTES_PER_SECOND = 40_000

/**
 * What the ledger on disk held at a kill: a service, and the identifiers of the works it had answered about.
 */
interface KillRecord {
  /** milliseconds since the web was started */
  readonly atMs: number
  readonly answers: readonly { readonly service: LookupService; readonly names: readonly string[] }[]
}

test(`a reading list killed ten times at random completes, and no recorded service answer is requested again (seed ${String(SEED)})`, async () => {
  const list = readingList(REFERENCES)
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-killed-list-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { site } = makeWorld(list.works)
  // Not later than the start of the web's own clock.
  const webBegan = performance.now()
  const web = await startWeb({ sites: [delayed(site)] })
  onTestFinished(() => web.close())
  web.throttle(BYTES_PER_SECOND)
  await writeFile(join(folder, 'list.txt'), list.lines.join('\n'))
  const random = randomFrom(SEED)
  const kills: KillRecord[] = []
  const suspects = new Set<string>()
  for (let nth = 0; nth < KILLS; nth += 1) {
    const end = await run(web, folder, random() * 900)
    expect(end.signal, end.stderr).toBe('SIGKILL')
    const atMs = performance.now() - webBegan
    for (const workId of await worksBeingRead(join(folder, 'data'))) suspects.add(workId)
    kills.push(await answersOnDisk(atMs, join(folder, 'data'), suspects))
  }
  web.throttle(null)
  const end = await run(web, folder, null)
  const kept = kills.map(({ answers }) => answers.length)
  console.log(`${String(web.requests.length)} requests; answers kept at each death: ${kept.join(', ')}`)
  expect(end.signal, end.stderr).toBeNull()
  // Some works have no open copy; the summary lists the reason.
  expect(end.status, end.stderr).toBe(3)
  expect(linesOf(end, 'summary')[0]?.by_reason).toEqual({
    NO_OPEN_COPY: list.works.length - list.open.length
  })
  const shards = await readdir(join(folder, 'library/objects'))
  const objects = await Promise.all(shards.map((shard) => readdir(join(folder, 'library/objects', shard))))
  expect(objects.flat()).toHaveLength(list.open.length)
  expect(kept.some((count) => count > 0)).toBe(true)
  expect(repeatedRequests(web, kills)).toEqual([])
})

/** Services answer with a delay, so that a kill can come between a request and its response. */
function delayed(site: Site): Site {
  return (asked) => {
    const respond = site(asked)
    if (respond === null) return null
    return async (exchange) => {
      await exchange.wait(60)
      await respond(exchange)
    }
  }
}

/** The works that the process was reading for when it died. */
async function worksBeingRead(folder: string): Promise<readonly string[]> {
  const mark = await readFile(join(folder, 'reading'), 'utf8').catch(() => '')
  return mark === '' ? [] : (JSON.parse(mark) as string[])
}

async function answersOnDisk(
  atMs: number,
  folder: string,
  suspects: ReadonlySet<string>
): Promise<KillRecord> {
  const copy = await readLedger(testHost({ files: nodeFiles }), folder)
  try {
    const answers = copy.read((r) =>
      r
        .all('SELECT work_id, service FROM lookups')
        .filter((row) => !suspects.has(String(row['work_id'])))
        .map((row) => ({
          service: String(row['service']) as LookupService,
          names: Object.values(workById(r, String(row['work_id']))?.ids ?? {})
        }))
    )
    return { atMs, answers }
  } finally {
    copy.close()
  }
}

/** One run, killed this many milliseconds after its first request; null: until it ends. */
function run(web: Web, folder: string, killAfterMs: number | null): Promise<CliEnd> {
  const args = [
    'run',
    '--from',
    join(folder, 'list.txt'),
    '--enable-idempotency',
    '--json',
    '--rate',
    '*=200/s'
  ]
  const where = ['--out', join(folder, 'library'), '--data-dir', join(folder, 'data')]
  const all = [...args, '--mailto', 'reader@university.example', ...where, ...web.connectToArguments]
  if (killAfterMs === null) return runCli(all)
  return runCli(all, {
    onStart: (child) => {
      const off = web.on('request', () => {
        off()
        void wait(killAfterMs).then(() => child.kill('SIGKILL'))
      })
    }
  })
}

/** Requests about a work to a service whose answer was already in the ledger at an earlier kill. */
function repeatedRequests(web: Web, kills: readonly KillRecord[]): string[] {
  const again: string[] = []
  for (const { url, atMs } of web.requests) {
    const service = serviceOf(url)
    if (service === null) continue
    const named = namesIn(url)
    const death = kills.findLast((one) => one.atMs < atMs)
    for (const answer of death?.answers ?? []) {
      if (answer.service === service && answer.names.some((name) => named.has(name)))
        again.push(`${service} about ${answer.names.join(' = ')}`)
    }
  }
  return again
}

const SERVICES: Readonly<Record<string, LookupService>> = {
  'api.openalex.org': 'openalex',
  'api.crossref.org': 'crossref',
  'export.arxiv.org': 'arxiv'
}

function serviceOf(url: string): LookupService | null {
  const { hostname, pathname } = new URL(url)
  return pathname.startsWith('/tools/idconv/') ? 'pmc_ids' : (SERVICES[hostname] ?? null)
}

function namesIn(url: string): Set<string> {
  const { pathname, search } = new URL(url)
  const text = decodeURIComponent(`${pathname}${search}`)
  return new Set(text.match(/10\.5555\/[a-z0-9]+|PMC\d+|\b\d{8}\b|\b\d{4}\.\d{5}\b/g) ?? [])
}

/** mulberry32: short, and deterministic on every platform. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
