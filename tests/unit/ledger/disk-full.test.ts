/**
 * While the disk refuses writes, nothing is acknowledged that is not on disk, and the reason is reported.
 * When the disk accepts writes again, everything pending is written.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ledger } from '../../../src/main/ledger/ledger'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { waitFor } from '../../kit/wait-for'
import { commitNumber, lastNumber } from './counting'
import { makeFaultyDisk, systemError, type FaultyDisk } from './faulty-disk'
import { makeWorld, type World } from './ledger-world'

let world: World
let disk: FaultyDisk
beforeEach(() => {
  world = makeWorld()
  disk = makeFaultyDisk()
})
afterEach(async () => {
  await world.end()
})

const open = (pid = 1): Promise<Ledger> =>
  openLedger(world.host({ pid, files: disk.files }), { folder: world.folder })

/** The last number that a second process finds after the first one was killed. */
async function numberAfterDeath(pid = 1): Promise<number> {
  world.alive.delete(pid)
  const ledger = await openLedger(world.host({ pid: pid + 1 }), { folder: world.folder })
  const n = lastNumber(ledger)
  expect(ledger.recovery.damage).toBeNull()
  await ledger.close()
  return n
}

const until = (is: () => boolean): Promise<boolean> => waitFor('what is waited for', is)

test('a full disk pauses the ledger with a reason, and it resumes by itself', async () => {
  const ledger = await open()
  const codes: (string | null)[] = []
  ledger.onTrouble(() => codes.push(ledger.trouble()?.code ?? null))
  await commitNumber(ledger, 1).durable

  disk.refuse = () => systemError('ENOSPC')
  let acknowledged = false
  const second = commitNumber(ledger, 2).durable.then(() => {
    acknowledged = true
  })
  await until(() => ledger.trouble() !== null)
  expect(ledger.trouble()).toEqual({
    code: 'DISK_FULL',
    sentence: `The disk is full: the ledger in ${world.folder} cannot be written.`
  })
  expect(() => commitNumber(ledger, 3)).toThrow(expect.objectContaining({ code: 'DISK_FULL' }) as Error)
  await wait(30)
  expect(acknowledged).toBe(false)
  expect(lastNumber(ledger)).toBe(2) // applied, so readers see it

  disk.refuse = () => null
  await second
  expect(codes).toEqual(['DISK_FULL', null])
  await commitNumber(ledger, 3).durable
  expect(await numberAfterDeath()).toBe(3)
})

describe('every disk error has its code and sentence', () => {
  const check = (system: string, code: string, words: RegExp): void => {
    test(`${system} is ${code}`, async () => {
      const ledger = await open()
      disk.refuse = ({ what }) => (what === 'remove' ? null : systemError(system))
      void commitNumber(ledger, 1)
      await until(() => ledger.trouble() !== null)
      expect(ledger.trouble()).toMatchObject({ code, sentence: expect.stringMatching(words) as string })
      disk.refuse = () => null
      await ledger.flush()
      await ledger.close()
    })
  }
  check('ENOSPC', 'DISK_FULL', /disk is full/)
  check('EDQUOT', 'DISK_FULL', /quota/)
  check('EROFS', 'DISK_READ_ONLY', /is read-only/)
  check('EIO', 'DISK_ERROR', /EIO/)
})

/**
 * A workload of 12 commits, some of them in one batch, with a snapshot in between. The disk fails at step k
 * and for `fails` steps. For every k, nothing acknowledged is missing after a kill.
 */
async function surviveFailureAt(k: number, how: 'half' | 'ENOSPC' | 'EIO', fails: number): Promise<boolean> {
  const ledger = await open()
  const begun = disk.steps.length
  let failed = 0
  disk.refuse = ({ what }, index) => {
    if (index < begun + k || failed >= fails || what === 'remove') return null
    failed += 1
    return how === 'half' ? 'half' : systemError(how)
  }
  let acknowledged = 0
  let n = 0
  const commitSome = async (count: number): Promise<void> => {
    const all: Promise<void>[] = []
    for (let i = 0; i < count; i += 1) {
      n += 1
      const number = n
      all.push(
        commitNumber(ledger, number).durable.then(() => {
          expect(number).toBe(acknowledged + 1) // acknowledged in order
          acknowledged = number
        })
      )
    }
    await Promise.all(all)
  }
  await commitSome(1)
  await commitSome(4)
  await ledger.snapshot().catch(() => undefined)
  await commitSome(1)
  await commitSome(6)
  expect(ledger.trouble()).toBeNull()
  expect(acknowledged).toBe(12)
  expect(lastNumber(ledger)).toBe(12)
  expect(await numberAfterDeath()).toBe(12)
  return failed > 0
}

test('a failure at any step of a workload loses nothing acknowledged', async () => {
  for (const [how, fails, stride] of [
    ['half', 1, 1],
    ['EIO', 3, 2]
  ] as const) {
    for (let k = 0; ; k += stride) {
      await world.end()
      world = makeWorld()
      disk = makeFaultyDisk()
      if (!(await surviveFailureAt(k, how, fails))) break
      expect(k).toBeLessThan(60)
    }
  }
}, 120_000)

test('a kill while the disk is full loses nothing acknowledged', async () => {
  for (const how of ['half', 'EIO'] as const) {
    for (let k = 0; k < 8; k += 1) {
      await world.end()
      world = makeWorld()
      disk = makeFaultyDisk()
      const ledger = await open()
      const begun = disk.steps.length
      disk.refuse = (_step, index) => {
        if (index < begun + k) return null
        return how === 'half' ? 'half' : systemError('EIO')
      }
      let acknowledged = 0
      for (let n = 1; n <= 6 && ledger.trouble() === null; n += 1) {
        const { durable } = commitNumber(ledger, n)
        durable.then(
          () => {
            acknowledged = n
          },
          () => undefined
        )
        await Promise.race([durable, until(() => ledger.trouble() !== null)])
      }
      expect(ledger.trouble()).not.toBeNull()
      await disk.powerCut(k * 7)
      const found = await numberAfterDeath()
      expect(found).toBeGreaterThanOrEqual(acknowledged)
      expect(found).toBeLessThanOrEqual(acknowledged + 1)
    }
  }
})

test('a power cut at any step of writing loses nothing acknowledged', async () => {
  for (let k = 0; k < 16; k += 1) {
    await world.end()
    world = makeWorld()
    disk = makeFaultyDisk()
    const ledger = await open()
    disk.dieAt = disk.steps.length + k
    let acknowledged = 0
    for (let n = 1; n <= 8 && !disk.dead; n += 1) {
      const { durable } = commitNumber(ledger, n)
      void durable.then(() => {
        acknowledged = n
      })
      // Every other commit is one of a batch.
      if (n % 2 === 0) await Promise.race([durable, until(() => disk.dead)])
    }
    await disk.powerCut(k % 3 === 0 ? 0 : k * 5)
    const found = await numberAfterDeath()
    expect(found).toBeGreaterThanOrEqual(acknowledged)
  }
})

test('closing while the disk is full rejects pending commits and releases the lock', async () => {
  const ledger = await open()
  await commitNumber(ledger, 1).durable
  disk.refuse = ({ what }) => (what === 'remove' ? null : systemError('ENOSPC'))
  const { durable } = commitNumber(ledger, 2)
  await until(() => ledger.trouble() !== null)
  const refused = expect(durable).rejects.toMatchObject({ code: 'DISK_FULL' })
  await expect(ledger.close()).rejects.toMatchObject({ code: 'DISK_FULL' })
  await refused
  disk.refuse = () => null
  const again = await open(2)
  expect(lastNumber(again)).toBe(1)
  await again.close()
})

test('opening on a full disk is refused with the reason and leaves nothing behind', async () => {
  for (let k = 0; k < 12; k += 1) {
    const begun = disk.steps.length
    disk.refuse = ({ what }, index) => (index < begun + k || what === 'remove' ? null : systemError('ENOSPC'))
    const answer = await open(10 + k).then(
      (ledger) => ledger,
      (error: unknown) => error
    )
    disk.refuse = () => null
    if (answer instanceof Error) {
      expect(answer).toMatchObject({ code: 'DISK_FULL' })
      continue
    }
    await (answer as Ledger).close()
    return
  }
  expect.fail('it was never opened')
})
