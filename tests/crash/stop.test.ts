/**
 * G9 from outside: a signal once stops the run within two seconds with every byte kept and the job
 * given back; twice ends it at once; and a second process is told who is at work.
 */
import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { linesOf, type CliEnd } from '../kit/run-cli'
import { waitFor } from '../kit/wait-for'
import { startWorld, type World } from '../web/scholarly'
import type { Hold, Web } from '../web/web'
import { makeCrashFolder, type CrashFolder } from './crash-folder'
import { expectAllDone, expectNothingToDo, expectPromisesKept, type Wanted } from './promises-kept'
import { lookAround } from './what-is-there'

const LARGE = 1_200_000
const HELD_AT = 700_000

let world: World
let web: Web
let wanted: Wanted
let folder: CrashFolder
let hold: Hold

beforeAll(async () => {
  ;({ world, web } = await startWorld([
    { key: 'large', bytes: LARGE, copies: [{ via: 'unpaywall' }] },
    { key: 'small', copies: [{ via: 'openalex' }] }
  ]))
  wanted = { world, ends: { large: 'own', small: 'own' }, quarantined: 0 }
})
afterAll(() => web.close())

beforeEach(async () => {
  web.forget()
  folder = await makeCrashFolder({ world, web })
  hold = web.hold(world.fileUrl('large'), HELD_AT)
})
afterEach(async () => {
  hold.release()
  await folder.remove()
})

interface Underway {
  readonly child: ChildProcess
  readonly end: Promise<CliEnd>
}

/** A run that has filed the small paper, has the first bytes of the large one on disk and waits for the others. */
async function inProgress(): Promise<Underway> {
  let child: ChildProcess | undefined
  const end = folder.run({ onStart: (started) => (child = started) })
  await hold.reached
  await waitFor('the small paper is filed', async () => (await objects()).length === 1)
  await waitFor('the bytes that were sent are on disk', async () => (await partBytes()) === HELD_AT)
  if (child === undefined) throw new Error('The run never started.')
  return { child, end }
}

async function objects(): Promise<string[]> {
  const shards = await readdir(join(folder.library, 'objects')).catch(() => [])
  return (await Promise.all(shards.map((shard) => readdir(join(folder.library, 'objects', shard))))).flat()
}

async function partBytes(): Promise<number> {
  const staging = join(folder.library, '.sheaf/staging')
  const parts = (await readdir(staging)).filter((name) => name.endsWith('.part'))
  return parts.reduce(
    (sum, name) => sum + (statSync(join(staging, name), { throwIfNoEntry: false })?.size ?? 0),
    0
  )
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('once: ends with 130 within 2 s, keeps every byte, and the next run fetches only the rest', async () => {
    const { child, end } = await inProgress()
    const began = performance.now()
    child.kill(signal)
    const stopped = await end
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(stopped.status).toBe(130)
    expect(await partBytes()).toBe(HELD_AT)
    const found = await lookAround(folder)
    expect(found.openOps, 'a clean stop leaves no op open').toEqual([])
    expect(found.jobs.filter((job) => job['lease_owner'] !== null)).toEqual([])
    expect(found.ledgerFiles).not.toContain('lock')

    hold.release()
    const next = await folder.run()
    expectAllDone(next, wanted)
    expect(next.stderr).toContain('Recovered 0 stale leases')
    expect(web.bytesSent(world.fileUrl('large')), 'nothing was sent twice').toBe(world.pdf('large').length)
    expect(linesOf(next, 'summary')[0]).toMatchObject({ bytes_resumed: HELD_AT })
    await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
  })

  test('twice: ends at once, and the next run recovers', async () => {
    const { child, end } = await inProgress()
    const began = performance.now()
    child.kill(signal)
    child.kill(signal)
    const stopped = await end
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(stopped.status === 130 || stopped.signal === signal, stopped.stderr).toBe(true)
    expect(await partBytes()).toBe(HELD_AT)

    hold.release()
    const next = await folder.run()
    expectAllDone(next, wanted)
    expect(web.bytesSent(world.fileUrl('large'))).toBe(world.pdf('large').length)
    await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
  })
})

test('a second start while the first one runs: 4, with the pid, and the first goes on', async () => {
  const { child, end } = await inProgress()
  const second = await folder.run()
  expect(second.status).toBe(4)
  expect(linesOf(second, 'error')[0]).toMatchObject({ code: 'LEDGER_IN_USE' })
  expect(second.stderr + (linesOf(second, 'error')[0]?.message ?? '')).toContain(`pid ${child.pid}`)
  hold.release()
  expectAllDone(await end, wanted)
  await expectPromisesKept(folder, wanted)
})

test('a start right after a death takes the lock over and says whose it was', async () => {
  const { child, end } = await inProgress()
  child.kill('SIGKILL')
  expect((await end).signal).toBe('SIGKILL')
  hold.release()
  const next = await folder.run()
  expectAllDone(next, wanted)
  expect(next.stderr).toContain(`The lock of pid ${child.pid}, which no longer runs, was taken over.`)
  expect(next.stderr).toMatch(/Recovered [1-9]\d* stale leases/)
  expect(web.bytesSent(world.fileUrl('large')), 'what was on disk was not sent again').toBe(
    world.pdf('large').length
  )
  await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
})
