/**
 * G6: an interrupted download continues from the bytes on disk when the server proves that the file is
 * unchanged; otherwise it restarts. However often and wherever it is cut, by the network or by the end of the
 * process, the filed bytes are those of one version.
 */
import * as fc from 'fast-check'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { answerFile, type ServedFile } from '../web/file-answer'
import { servedPdf, sha256 } from '../web/paper-file'
import { startWorld, type World } from '../web/scholarly'
import type { Site, Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { openWorld, openWorldForAll, type SheafWorld } from '../kit/sheaf-world'
import { waitFor } from '../kit/wait-for'

async function start(works: readonly WorldWork[]): Promise<{ web: Web; world: World; sheaf: SheafWorld }> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web) }
}

const BYTES = 300_000
const one: readonly WorldWork[] = [{ key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] }]

async function onDisk(sheaf: SheafWorld): Promise<number> {
  const folder = join(sheaf.libraryDir, '.sheaf', 'staging')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return Math.max(0, ...sizes)
}

/** Runs until half of the file is on disk, then stops the engine, which simulates the end of the process. */
async function endHalfWay(web: Web, sheaf: SheafWorld, url: string): Promise<number> {
  const stop = new AbortController()
  const hold = web.hold(url, BYTES / 2)
  const running = sheaf.run(['10.5555/alpha'], stop.signal)
  await hold.reached
  await waitFor('half of it is on disk', async () => (await onDisk(sheaf)) > BYTES / 3)
  stop.abort()
  await running
  hold.release()
  await sheaf.reopen()
  return onDisk(sheaf)
}

async function filedHash(sheaf: SheafWorld): Promise<string> {
  const objects = [...(await sheaf.objects())]
  expect(objects).toHaveLength(1)
  expect(objects[0]![0]).toContain(objects[0]![1])
  return objects[0]![1]
}

describe('an interrupted download', () => {
  test('by the network continues with Range and If-Range, and no byte is fetched twice', async () => {
    const { web, world, sheaf } = await start([
      {
        ...one[0]!,
        copies: [{ via: 'unpaywall', misbehave: { kind: 'reset-once', bytes: 100_000 } }]
      }
    ])
    const url = world.fileUrl('alpha')
    const summary = await sheaf.run(['10.5555/alpha'])
    expect(summary).toMatchObject({ done: 1 })
    const [first, second, ...more] = web.requestsFor(url, 'GET')
    expect(more).toEqual([])
    expect(first).toMatchObject({ range: null, ended: 'cut' })
    const etag = servedPdf(world.pdf('alpha')).etag
    expect(second).toMatchObject({ status: 206, range: expect.stringMatching(/^bytes=\d+-$/) as string })
    expect(second!.headers['if-range']).toBe(etag)
    expect(summary.bytes_fetched).toBe(BYTES)
    expect(await filedHash(sheaf)).toBe(sha256(world.pdf('alpha')))
  })

  test('by the end of the process keeps its bytes for the next process', async () => {
    const { web, world, sheaf } = await start(one)
    const url = world.fileUrl('alpha')
    const kept = await endHalfWay(web, sheaf, url)
    web.forget()
    const summary = await sheaf.run()
    expect(summary).toMatchObject({ done: 1, bytes_resumed: kept, bytes_fetched: BYTES - kept })
    expect(web.bytesSent(url)).toBe(BYTES - kept)
    expect(await filedHash(sheaf)).toBe(sha256(world.pdf('alpha')))
  })

  test('restarts when the file has changed: nothing is spliced', async () => {
    const { web, world, sheaf } = await start(one)
    const url = world.fileUrl('alpha')
    await endHalfWay(web, sheaf, url)
    const newer = servedPdf(world.work('alpha').copies[0]!.versionBytes(1), 'Fri, 01 Mar 2024 00:00:00 GMT')
    web.addSite((asked) => (asked.url === url ? (exchange) => answerFile(exchange, newer) : null))
    expect(await sheaf.run()).toMatchObject({ done: 1, bytes_fetched: newer.bytes.length })
    expect(await filedHash(sheaf)).toBe(sha256(newer.bytes))
  })

  test('restarts when the server ignores the condition and serves another version', async () => {
    const { web, world, sheaf } = await start(one)
    const url = world.fileUrl('alpha')
    await endHalfWay(web, sheaf, url)
    const newer = servedPdf(world.work('alpha').copies[0]!.versionBytes(1), 'Fri, 01 Mar 2024 00:00:00 GMT')
    const careless: Site = (asked) =>
      asked.url === url ? (exchange) => answerFile(exchange, newer, { conditions: false }) : null
    web.addSite(careless)
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    expect(await filedHash(sheaf)).toBe(sha256(newer.bytes))
  })

  test('restarts when its sidecar is truncated', async () => {
    const { web, world, sheaf } = await start(one)
    await endHalfWay(web, sheaf, world.fileUrl('alpha'))
    const folder = join(sheaf.libraryDir, '.sheaf', 'staging')
    const sidecar = (await readdir(folder)).find((name) => name.endsWith('.json'))!
    const text = await readFile(join(folder, sidecar), 'utf8')
    await writeFile(join(folder, sidecar), text.slice(0, text.length / 2))
    expect(await sheaf.run()).toMatchObject({ done: 1, bytes_fetched: BYTES })
    expect(await filedHash(sheaf)).toBe(sha256(world.pdf('alpha')))
  })
})

interface Cut {
  /** cut after so many bytes of the response */
  readonly after: number
  readonly how: 'reset' | 'close'
  /** whether the process ends before the next request */
  readonly restart: boolean
  /** whether the file changes before the next request */
  readonly newVersion: boolean
}

const cut: fc.Arbitrary<Cut> = fc.record({
  after: fc.oneof(fc.integer({ min: 0, max: 41_000 }), fc.constantFrom(0, 1, 1023, 1024, 1025, 39_999)),
  how: fc.constantFrom('reset', 'close'),
  restart: fc.boolean(),
  newVersion: fc.boolean()
})

/**
 * Versions of one length that differ in (nearly) every byte of their first stream. A splice of two is a valid
 * PDF of the correct paper, so only the rule of G6 can reject it.
 */
function versionOf(bytes: Buffer, version: number): Buffer {
  const turned = Buffer.from(bytes)
  const begin = bytes.indexOf('stream\n') + 'stream\n'.length
  const end = bytes.indexOf('\nendstream', begin)
  for (let at = begin; at < end; at += 1) turned[at] = 65 + (((bytes[at] ?? 65) - 65 + version) % 26)
  return turned
}

test('a download cut at any bytes, any number of times, gives the bytes of one version', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `p${String(index)}`)
  const { web, world } = await startWorld(names.map((key) => ({ key, copies: [{ via: 'unpaywall' }] })))
  onTestFinished(() => web.close())
  const { world: sheaf, close } = await openWorldForAll(web, { settings: { 'network.workers': 1 } })
  onTestFinished(close)
  let used = 0
  let cuts: Cut[] = []
  let version = 0
  const versions = new Map<string, ServedFile>()
  const served = (key: string): ServedFile => {
    const name = `${key} ${String(version)}`
    const day = String(1 + version).padStart(2, '0')
    const made =
      versions.get(name) ?? servedPdf(versionOf(world.pdf(key), version), `Fri, ${day} Mar 2024 00:00:00 GMT`)
    versions.set(name, made)
    return made
  }
  let stop: AbortController | null = null
  web.addSite((asked) => {
    const key = names[used - 1]
    if (key === undefined || asked.url !== world.fileUrl(key)) return null
    if (asked.method === 'HEAD') return (exchange) => answerFile(exchange, served(key))
    const next = cuts.shift()
    const file = served(key)
    if (next?.newVersion === true) version += 1
    return async (exchange) => {
      if (next === undefined) return answerFile(exchange, file)
      await answerFile(exchange, file, { cutAfter: next.after, then: next.how })
      if (next.restart) stop?.abort()
    }
  })
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { maxLength: 5 }), async (wanted) => {
      const key = names[used]!
      used += 1
      cuts = [...wanted]
      version = 0
      let state: unknown
      for (let round = 0; round < 12 && state !== 'DEDUPED'; round += 1) {
        stop = new AbortController()
        await sheaf.run(round === 0 ? [`10.5555/${key}`] : undefined, stop.signal)
        if (stop.signal.aborted) await sheaf.reopen()
        await sheaf.sheaf.retry({})
        const job = sheaf.sheaf.jobs({}).find((each) => each['work_id'] === `doi:10.5555/${key}`)
        state = job!['state']
      }
      expect(state).toBe('DEDUPED')
      const done = sheaf.linesOf('done').at(-1)!
      const whole = [...Array(version + 1).keys()].map((n) => sha256(versionOf(world.pdf(key), n)))
      expect(whole).toContain(done.sha256)
      const objects = await sheaf.objects()
      expect([...objects.values()]).toContain(done.sha256)
      expect(objects.size).toBe(used)
    }),
    { numRuns: 12, endOnFailure: true }
  )
})
