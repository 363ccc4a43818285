/**
 * G9 from outside the process: one signal stops the run within two seconds, keeps every byte and releases the
 * job; a second signal ends it at once; a second process is told which process holds the ledger.
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
import { readDiskState } from './disk-state'

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

interface RunningProcess {
  readonly child: ChildProcess
  readonly end: Promise<CliEnd>
}

/** A run that has filed the small paper and has the first bytes of the large one on disk. */
async function startPartialRun(): Promise<RunningProcess> {
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
  test('once: the run exits with 130 within 2 s, keeps every byte, and the next run fetches only the rest', async () => {
    const { child, end } = await startPartialRun()
    const began = performance.now()
    child.kill(signal)
    const stopped = await end
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(stopped.status).toBe(130)
    expect(await partBytes()).toBe(HELD_AT)
    const found = await readDiskState(folder)
    expect(found.openOps, 'a clean stop leaves no op open').toEqual([])
    expect(found.jobs.filter((job) => job['lease_owner'] !== null)).toEqual([])
    expect(found.ledgerFiles).not.toContain('lock')

    hold.release()
    const next = await folder.run()
    expectAllDone(next, wanted)
    expect(next.stderr).toContain('Recovered 0 stale leases')
    expect(web.bytesSent(world.fileUrl('large')), 'no byte was sent twice').toBe(world.pdf('large').length)
    expect(linesOf(next, 'summary')[0]).toMatchObject({ bytes_resumed: HELD_AT })
    await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
  })

  test('twice: the run ends at once, and the next run recovers', async () => {
    const { child, end } = await startPartialRun()
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

test('a second start during a run exits with 4 and names the pid; the first run continues', async () => {
  const { child, end } = await startPartialRun()
  const second = await folder.run()
  expect(second.status).toBe(4)
  expect(linesOf(second, 'error')[0]).toMatchObject({ code: 'LEDGER_IN_USE' })
  expect(second.stderr + (linesOf(second, 'error')[0]?.message ?? '')).toContain(`pid ${child.pid}`)
  hold.release()
  expectAllDone(await end, wanted)
  await expectPromisesKept(folder, wanted)
})

test('a start after a kill takes over the lock and reports its former holder', async () => {
  const { child, end } = await startPartialRun()
  child.kill('SIGKILL')
  expect((await end).signal).toBe('SIGKILL')
  hold.release()
  const next = await folder.run()
  expectAllDone(next, wanted)
  expect(next.stderr).toContain(`The lock of pid ${child.pid}, which no longer runs, was taken over.`)
  expect(next.stderr).toMatch(/Recovered [1-9]\d* stale leases/)
  expect(web.bytesSent(world.fileUrl('large')), 'bytes on disk were not sent again').toBe(
    world.pdf('large').length
  )
  await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
})
