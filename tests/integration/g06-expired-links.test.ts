/**
 * G6: expired links. When every link from an earlier look-up is refused, the sources are asked again, once. A
 * part on disk is continued from the new URL only when validator and length prove that the bytes are the
 * same; otherwise the download restarts.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openWorld, type SheafWorld } from '../kit/sheaf-world'
import { waitFor } from '../kit/wait-for'
import { answerFile, type ServedFile } from '../web/file-answer'
import { servedPdf, sha256 } from '../web/paper-file'
import { startWorld, type World } from '../web/scholarly'
import { json, text } from '../web/service-answers'
import { openalexRecord } from '../web/service-openalex'
import type { Web } from '../web/web'

const BYTES = 300_000
const DOI = '10.5555/alpha'
const OLD = 'https://files.example/alpha.pdf?expires=1'
const DATED = 'Tue, 03 Mar 2020 10:00:00 GMT'

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
  /** makes the old link refuse, and OpenAlex return the new one */
  readonly move: (to: string | null, file: ServedFile) => void
  readonly lists: () => number
}

async function start(file: (bytes: Buffer) => ServedFile): Promise<Setup> {
  const { web, world } = await startWorld([
    { key: 'alpha', bytes: BYTES, landing: 'none', copies: [{ via: 'openalex', url: OLD }] }
  ])
  onTestFinished(() => web.close())
  const original = file(world.pdf('alpha'))
  let moved: { readonly to: string | null; readonly file: ServedFile } | null = null
  web.addSite(({ url }) => {
    if (url === OLD) {
      if (moved === null) return (exchange) => answerFile(exchange, original)
      return text('Request has expired.', 403)
    }
    if (moved?.to != null && url === moved.to) {
      const { file: now } = moved
      return (exchange) => answerFile(exchange, now)
    }
    if (moved?.to == null || !url.startsWith('https://api.openalex.org/works')) return null
    const { to } = moved
    const works = world.works.map((work) => ({
      ...work,
      copies: work.copies.map((copy) => ({ ...copy, url: to }))
    }))
    return json({ meta: { count: 1, per_page: 100 }, results: works.map(openalexRecord) })
  })
  return {
    web,
    world,
    sheaf: await openWorld(web),
    move: (to, now) => {
      moved = { to, file: now }
    },
    lists: () => web.requests.filter(({ url }) => url.startsWith('https://api.openalex.org/works?')).length
  }
}

/** Runs until half of the file is on disk, then stops. Returns the number of bytes kept. */
async function endHalfWay({ web, sheaf }: Setup): Promise<number> {
  const folder = join(sheaf.libraryDir, '.sheaf', 'staging')
  const onDisk = async (): Promise<number> => {
    const parts = (await readdir(folder)).filter((name) => name.endsWith('.part'))
    const sizes = await Promise.all(parts.map(async (name) => (await stat(join(folder, name))).size))
    return Math.max(0, ...sizes)
  }
  const stop = new AbortController()
  const hold = web.hold(OLD, BYTES / 2)
  const running = sheaf.run([DOI], stop.signal)
  await hold.reached
  await waitFor('half of it is on disk', async () => (await onDisk()) > BYTES / 3)
  stop.abort()
  await running
  hold.release()
  await sheaf.reopen()
  return onDisk()
}

const tagged = (bytes: Buffer): ServedFile => servedPdf(bytes)
const dated = (bytes: Buffer): ServedFile => ({ ...servedPdf(bytes), etag: null, lastModified: DATED })

test.each([
  {
    name: 'the same ETag and length at another host: continued',
    to: 'https://new.example/a/alpha.pdf',
    file: tagged,
    version: 0,
    isContinued: true
  },
  {
    name: 'another ETag: begun again, and nothing is spliced',
    to: 'https://new.example/a/alpha.pdf',
    file: tagged,
    version: 1,
    isContinued: false
  },
  {
    name: 'only the same date, under another query: continued',
    to: 'https://files.example/alpha.pdf?expires=2',
    file: dated,
    version: 0,
    isContinued: true
  },
  {
    name: 'only the same date, at another path: begun again',
    to: 'https://files.example/other.pdf',
    file: dated,
    version: 1,
    isContinued: false
  }
])(
  'a link expired with half of the file on disk; $name',
  async ({ to, file, version, isContinued }) => {
    const setup = await start(file)
    const { web, world, sheaf, move, lists } = setup
    const kept = await endHalfWay(setup)
    const now = world.work('alpha').copies[0]!.versionBytes(version)
    move(to, file(now))
    expect(await sheaf.run()).toMatchObject({ done: 1, bytes_resumed: isContinued ? kept : 0 })
    expect(lists(), 'the sources are asked again').toBe(2)
    expect(web.bytesSent(to)).toBe(isContinued ? BYTES - kept : now.length)
    const objects = [...(await sheaf.objects()).values()]
    expect(objects).toEqual([sha256(now)])
  },
  30_000
)

test('the sources are asked again once, and not when they were asked just before', async () => {
  const setup = await start(tagged)
  const { sheaf, world, move, lists } = setup
  await endHalfWay(setup)
  move(null, tagged(world.pdf('alpha')))
  expect(await sheaf.run()).toMatchObject({ done: 0, by_reason: { FORBIDDEN: 1 } })
  expect(lists()).toBe(2)
  // A retry by the user asks again, and its answer is fresh.
  await sheaf.sheaf.retry({})
  expect(await sheaf.run()).toMatchObject({ done: 0 })
  expect(lists()).toBe(3)
}, 90_000)
