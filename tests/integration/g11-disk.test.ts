/**
 * G11 and the Pause family, on disk: a failure that affects everything pauses the engine with the reason and
 * without useless retries; a failure that affects one paper costs only that paper.
 */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'
import { smallDisk, type SmallDisk } from '../kit/small-disk'
import { waitFor } from '../kit/wait-for'

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
  readonly disk: SmallDisk
}

const KEYS = ['alpha', 'beta', 'gamma']
const never = new AbortController().signal

async function start(): Promise<Setup> {
  const { web, world } = await startWorld(
    KEYS.map((key) => ({ key, copies: [{ via: 'unpaywall' as const }] }))
  )
  onTestFinished(() => web.close())
  const disk = smallDisk()
  return { web, world, disk, sheaf: await openWorld(web, { host: disk.wear }) }
}

/** Plans all works and returns the job of the first. */
async function planned({ sheaf }: Setup): Promise<string> {
  const drafts = KEYS.map((key) => draft(`10.5555/${key}`))
  const { planned: lines } = await sheaf.sheaf.plan({ drafts, formats: ['pdf'] }, never)
  return lines[0]!.job_id
}

const saidTimes = (sheaf: SheafWorld, words: RegExp): number =>
  sheaf.said.filter(({ sentence }) => words.test(sentence)).length

describe('a library folder that is not writable', () => {
  test.each(['papers', 'objects'])(
    '%s: the engine pauses with the reason until it is repaired',
    async (folder) => {
      const { sheaf, web, disk } = await start()
      disk.refuse(new RegExp(`/${folder}(/|$)`), { code: 'EACCES' })
      const running = sheaf.run(['10.5555/alpha'])
      const paused = await waitFor('the engine pauses', () => sheaf.sheaf.status().paused)
      expect(paused).toMatchObject({ code: 'DISK_READ_ONLY' })
      expect(paused.sentence).toMatch(new RegExp(`${folder}.*EACCES`))
      const [asked, refused] = [web.requests.length, disk.refused]
      await waitFor('the folder was checked again', () => disk.refused > refused)
      expect(web.requests).toHaveLength(asked)
      expect(saidTimes(sheaf, /^Going on/)).toBe(0)
      expect(saidTimes(sheaf, /^Paused/)).toBe(1)
      disk.free()
      expect(await running).toMatchObject({ done: 1, failed: 0 })
    }
  )

  test('no test file is left behind', async () => {
    const { sheaf, disk } = await start()
    disk.refuse(/papers\//, { code: 'EACCES' })
    const running = sheaf.run(['10.5555/alpha'])
    await waitFor('the engine pauses', () => sheaf.sheaf.status().paused)
    disk.free()
    await running
    expect(await sheaf.papers()).toHaveLength(1)
    expect((await readdir(join(sheaf.libraryDir, 'objects'))).every((name) => name.length === 2)).toBe(true)
    expect(await readdir(join(sheaf.libraryDir, '.sheaf', 'staging'))).toEqual([])
  })
})

test('an exceeded quota, which Node reports only by its number, is handled as a full disk', async () => {
  const { sheaf, disk } = await start()
  const { EDQUOT } = constants.errno
  disk.refuse(/\.part$/, { code: `Unknown system error -${String(EDQUOT)}`, errno: -EDQUOT })
  const running = sheaf.run(['10.5555/alpha'])
  const paused = await waitFor('the engine pauses', () => sheaf.sheaf.status().paused)
  expect(paused).toMatchObject({ code: 'DISK_FULL' })
  expect(paused.sentence).toMatch(/quota is used up \(EDQUOT\)/)
  disk.free()
  expect(await running).toMatchObject({ done: 1, failed: 0 })
})

describe('a write error that affects one paper', () => {
  async function expectOnlyThatJobFailed({ sheaf }: Setup, job: string, detail: RegExp): Promise<void> {
    expect(await sheaf.sheaf.run({}, never)).toMatchObject({ done: 2, failed: 1 })
    const [failed] = sheaf.sheaf.jobs({ state: ['FAILED'] })
    expect(failed).toMatchObject({ job_id: job, reason: 'FILE_UNWRITABLE' })
    expect(failed?.['reason_detail']).toMatch(detail)
    expect(sheaf.said.some(({ level, sentence }) => level === 'warn' && detail.test(sentence))).toBe(true)
    expect(sheaf.sheaf.status().paused).toBeNull()
  }

  test('a file system that does not support large files', async () => {
    const setup = await start()
    const job = await planned(setup)
    setup.disk.refuse(new RegExp(`${job}\\.part$`), { code: 'EFBIG' })
    await expectOnlyThatJobFailed(setup, job, /files of this size \(EFBIG\)/)
    expect(saidTimes(setup.sheaf, /^Paused/)).toBe(0)
  })

  test('a folder in place of its part; a retry after the repair succeeds', async () => {
    const setup = await start()
    const job = await planned(setup)
    const obstacle = join(setup.sheaf.libraryDir, '.sheaf', 'staging', `${job}.part`)
    await mkdir(obstacle)
    await expectOnlyThatJobFailed(setup, job, /\.part cannot be written.*\((EISDIR|EPERM)\)/)
    await rm(obstacle, { recursive: true })
    await setup.sheaf.sheaf.retry({ jobIds: [job] })
    expect(await setup.sheaf.sheaf.run({}, never)).toMatchObject({ done: 1, failed: 0 })
  })

  test('a shard owned by another user', async () => {
    const setup = await start()
    const job = await planned(setup)
    const [hash] = [...setup.world.hashes('alpha')]
    setup.disk.refuse(new RegExp(`objects/../${hash!}`), { code: 'EACCES' })
    await expectOnlyThatJobFailed(setup, job, /permission.*\(EACCES\)/)
  })

  test('a bad block: the engine waits for it twice, and no longer', async () => {
    const setup = await start()
    const job = await planned(setup)
    setup.disk.refuse(new RegExp(`${job}\\.part$`), { code: 'EIO' })
    await expectOnlyThatJobFailed(setup, job, /\(EIO\)/)
    expect(saidTimes(setup.sheaf, /^Paused/)).toBe(2)
  })
})
