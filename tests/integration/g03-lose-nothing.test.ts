/**
 * G3, the part without a killed process (see tests/crash): a full disk, and a library that was damaged, moved
 * or truncated while Sheaf was closed. Reconcile repairs what it can prove, reports it, and never deletes a
 * file of the user's.
 */
import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import type { Host } from '../../src/main/platform/host'
import type { ProbeName } from '../../src/main/platform/probes'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { jumpingClock } from '../kit/jumping-clock'
import { openWorld, type SheafWorld, type WorldOptions } from '../kit/sheaf-world'
import { smallDisk } from '../kit/small-disk'
import { waitFor } from '../kit/wait-for'

const never = new AbortController().signal

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

async function start(works: readonly WorldWork[], options: WorldOptions = {}): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, options) }
}

const onePaper: readonly WorldWork[] = [{ key: 'alpha', bytes: 300_000, copies: [{ via: 'unpaywall' }] }]

/** A library with one downloaded paper. */
async function filed(options: WorldOptions = {}): Promise<Setup & { object: string; paper: string }> {
  const setup = await start(onePaper, options)
  expect(await setup.sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1 })
  const [path] = [...(await setup.sheaf.objects()).keys()]
  const [name] = await setup.sheaf.papers()
  const { libraryDir } = setup.sheaf
  return { ...setup, object: join(libraryDir, path!), paper: join(libraryDir, 'papers', name!) }
}

function reconcile(sheaf: SheafWorld, verifyHashes = false) {
  return sheaf.sheaf.reconcile({ verifyHashes, why: 'test' }, never)
}

describe('a full disk', () => {
  test('during a download: the engine pauses with the reason, resumes by itself, and fetches no byte twice', async () => {
    const disk = smallDisk()
    const { web, world, sheaf } = await start(onePaper, { host: disk.wear })
    const url = world.fileUrl('alpha')
    const hold = web.hold(url, 150_000)
    const running = sheaf.run(['10.5555/alpha'])
    await hold.reached
    const staged = join(sheaf.libraryDir, '.sheaf', 'staging')
    await waitFor('the received bytes are on disk', async () => (await partBytes(staged)) > 100_000)
    disk.fill(/\.part$/)
    hold.release()
    const paused = await waitFor('the engine pauses', () => sheaf.sheaf.status().paused)
    expect(paused.code).toBe('DISK_FULL')
    expect(paused.sentence).toMatch(/disk is full/)
    await waitFor('and says so', () => sheaf.said.some(({ sentence }) => /^Paused:.*full/.test(sentence)))
    expect(sheaf.linesOf('done'), 'a full disk is not a failure of the paper').toEqual([])
    const kept = await partBytes(staged)
    disk.free()
    expect(await running).toMatchObject({ done: 1, failed: 0 })
    expect(sheaf.sheaf.status().paused).toBeNull()
    expect([...(await sheaf.objects()).values()].every((hash) => world.hashes('alpha').has(hash))).toBe(true)
    const continued = web.requestsFor(url, 'GET').at(-1)!
    expect(continued.status).toBe(206)
    expect(continued.range).toBe(`bytes=${String(kept)}-`)
  })

  test('during a commit: the engine pauses with the reason, resumes by itself, and every job is on disk', async () => {
    const disk = smallDisk()
    const works = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({
      key,
      copies: [{ via: 'unpaywall' as const }]
    }))
    const { web, world, sheaf } = await start(works, { host: disk.wear })
    const hold = web.hold(world.fileUrl('a'), 20_000)
    const running = sheaf.run(works.map(({ key }) => `10.5555/${key}`))
    await hold.reached
    disk.fill(/journal-|ledger\.sqlite/)
    hold.release()
    const paused = await waitFor('the engine pauses', () => sheaf.sheaf.status().paused)
    expect(paused.code).toBe('DISK_FULL')
    await waitFor('writes are refused', () => disk.refused > 0)
    disk.free()
    expect(await running).toMatchObject({ planned: 6, done: 6, failed: 0 })
    expect(await sheaf.objects()).toHaveProperty('size', 6)
    await sheaf.reopen()
    expect(sheaf.sheaf.recovery.damage).toBeNull()
    expect(sheaf.sheaf.status().byState).toMatchObject({ DEDUPED: 6 })
  })
})

async function partBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return Math.max(0, ...sizes)
}

describe('a finished file that is missing', () => {
  test('is restored from its paper, without a network request', async () => {
    const { web, sheaf, object } = await filed()
    await rm(object)
    web.forget()
    expect(await reconcile(sheaf)).toMatchObject({ relinked: 1, requeued: 0 })
    expect(web.requests).toEqual([])
    const [[path, hash]] = [...(await sheaf.objects())] as [[string, string]]
    expect(path).toContain(hash)
    expect(await reconcile(sheaf), 'the repair happens once').toMatchObject({ relinked: 0, requeued: 0 })
  })

  test('together with its paper is fetched again by the next run', async () => {
    const { world, sheaf, object, paper } = await filed()
    await rm(object)
    await rm(paper)
    expect(await reconcile(sheaf)).toMatchObject({ relinked: 0, requeued: 1 })
    expect(sheaf.sheaf.jobs({})[0]).toMatchObject({ state: 'PLANNED' })
    expect([...sheaf.sheaf.library()]).toEqual([])
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    expect([...(await sheaf.objects()).values()]).toSatisfy(([hash]: string[]) =>
      world.hashes('alpha').has(hash!)
    )
    expect(await sheaf.papers()).toHaveLength(1)
    const manifest = await readFile(join(sheaf.libraryDir, 'manifest.jsonl'), 'utf8')
    expect(manifest.trim().split('\n')).toHaveLength(1)
  })

  test('is not restored from a paper with different bytes', async () => {
    const { sheaf, object, paper } = await filed()
    await rm(object)
    const bytes = await readFile(paper)
    bytes[200_000] = bytes[200_000]! ^ 0xff
    await rm(paper)
    await writeFile(paper, bytes)
    expect(await reconcile(sheaf)).toMatchObject({ relinked: 0, requeued: 1 })
    expect(await readFile(paper), 'the user’s changes stay').toEqual(bytes)
  })
})

describe('a finished file that was damaged', () => {
  test('in its size is detected by any reconcile, quarantined and fetched again', async () => {
    const { world, sheaf, object } = await filed()
    await appendFile(object, 'rot')
    expect(await reconcile(sheaf)).toMatchObject({ quarantined: 1, requeued: 1 })
    expect(await sheaf.objects()).toHaveProperty('size', 0)
    const [kept] = await sheaf.sheaf.quarantineList()
    expect(kept!.because).toMatch(/no longer those that were filed/)
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    for (const hash of (await sheaf.objects()).values()) expect(world.hashes('alpha')).toContain(hash)
  })

  test('in one byte is detected only with --verify-hashes', async () => {
    const { world, sheaf, object } = await filed()
    const bytes = await readFile(object)
    bytes[100_000] = bytes[100_000]! ^ 1
    await writeFile(object, bytes)
    expect(await reconcile(sheaf)).toMatchObject({ quarantined: 0, requeued: 0 })
    expect(await reconcile(sheaf, true)).toMatchObject({ quarantined: 1, requeued: 1 })
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    for (const [path, hash] of await sheaf.objects()) {
      expect(path).toContain(hash)
      expect(world.hashes('alpha')).toContain(hash)
    }
    expect(await reconcile(sheaf, true)).toMatchObject({ quarantined: 0, requeued: 0, unknown_files: 0 })
  })
})

test('a missing readable name is restored; another file under that name stays', async () => {
  const { sheaf, paper } = await filed()
  await rm(paper)
  expect(await reconcile(sheaf)).toMatchObject({ relinked: 1, requeued: 0, quarantined: 0 })
  expect(await sheaf.papers()).toEqual([basename(paper)])
  await rm(paper)
  await writeFile(paper, 'My own notes.')
  await reconcile(sheaf)
  expect(await readFile(paper, 'utf8')).toBe('My own notes.')
  expect(await sheaf.papers()).toHaveLength(2)
  expect([...sheaf.sheaf.library()][0]!.file).not.toBe(paper)
})

test('files without a row are reported and never deleted', async () => {
  const { sheaf, object, paper } = await filed()
  const mine = ['papers/notes of mine.pdf', `objects/ab/ab${'0'.repeat(62)}.pdf`]
  await mkdir(join(sheaf.libraryDir, 'objects', 'ab'), { recursive: true })
  for (const path of mine) await copyFile(object, join(sheaf.libraryDir, path))
  const line = await reconcile(sheaf, true)
  expect([...line.ids!['unknown_files']!].sort()).toEqual([...mine].sort())
  for (const path of mine) expect((await stat(join(sheaf.libraryDir, path))).size).toBe(300_000)
  await rename(paper, `${paper}.moved.pdf`)
  expect(await reconcile(sheaf)).toMatchObject({ unknown_files: 3 })
  expect(await sheaf.papers()).toHaveLength(3)
})

test('after a process ended between two renames, the recorded intent explains its file, which is adopted', async () => {
  const failing = failAfter('FINALIZE: object renamed')
  const { web, world, sheaf } = await start(onePaper, { host: failing.wear })
  await expect(sheaf.run(['10.5555/alpha'])).resolves.toMatchObject({ done: 0 })
  failing.stopFailing()
  expect(await sheaf.objects()).toHaveProperty('size', 1)
  web.forget()
  await sheaf.reopen()
  const line = await reconcile(sheaf)
  expect(line).toMatchObject({ adopted: 1, unknown_files: 0 })
  // This simulated end left a failed job; a real one leaves it open (tests/crash).
  await sheaf.sheaf.retry({})
  expect(await sheaf.run()).toMatchObject({ done: 1, bytes_fetched: 0 })
  expect(web.requests).toEqual([])
  for (const hash of (await sheaf.objects()).values()) expect(world.hashes('alpha')).toContain(hash)
  expect(await reconcile(sheaf)).toMatchObject({ adopted: 0, unknown_files: 0 })
})

/** Makes everything after this probe fail, until `live` is called. */
function failAfter(name: ProbeName): { readonly wear: (host: Host) => Host; stopFailing(): void } {
  let isOver = false
  return {
    stopFailing: () => {
      isOver = true
    },
    wear: (host) => ({
      ...host,
      probe: (passed) => {
        if (!isOver && passed === name) throw new Error(`Simulated end at ${name}`)
      }
    })
  }
}

describe('a part', () => {
  test('of an open job is kept, whatever its age', async () => {
    const clock = jumpingClock()
    const { web, world, sheaf } = await start(onePaper, { host: clock.wear })
    const stop = new AbortController()
    const hold = web.hold(world.fileUrl('alpha'), 150_000)
    const running = sheaf.run(['10.5555/alpha'], stop.signal)
    await hold.reached
    const staged = join(sheaf.libraryDir, '.sheaf', 'staging')
    await waitFor('the received bytes are on disk', async () => (await partBytes(staged)) > 100_000)
    stop.abort()
    await running
    clock.jump(30 * 24 * 3600)
    const jobId = String(sheaf.sheaf.jobs({})[0]!['job_id'])
    const line = await reconcile(sheaf)
    expect(line).toMatchObject({ parts_kept: 1, parts_removed: 0 })
    expect(line.ids!['parts_kept']).toEqual([jobId])
    expect(await partBytes(staged)).toBeGreaterThan(100_000)
    hold.release()
  })

  test('without a job is removed after an hour, and not earlier', async () => {
    const { sheaf } = await start(onePaper)
    const staging = join(sheaf.libraryDir, '.sheaf', 'staging')
    const unknownJob = 'f'.repeat(32)
    await writeFile(join(staging, `${unknownJob}.part`), 'x'.repeat(5_000))
    expect(await reconcile(sheaf)).toMatchObject({ parts_kept: 0, parts_removed: 0 })
    expect(await readdir(staging)).toContain(`${unknownJob}.part`)
    const before = new Date(Date.now() - 3_700_000)
    await utimes(join(staging, `${unknownJob}.part`), before, before)
    const line = await reconcile(sheaf)
    expect(line.ids!['parts_removed']).toEqual([unknownJob])
    expect(await readdir(staging)).toEqual([])
  })
})
