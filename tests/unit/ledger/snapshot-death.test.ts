/** A process that dies between any two steps of a snapshot loses nothing: the next start finds everything. */
import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Ledger } from '../../../src/main/ledger/ledger'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { commitNumber, lastNumber } from './counting'
import { makeFaultyDisk } from './faulty-disk'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

async function dieDuring(how: 'snapshot' | 'close', step: number, onDiskBytes: number): Promise<boolean> {
  const disk = makeFaultyDisk()
  const open = (pid: number, files = nodeFiles): Promise<Ledger> =>
    openLedger(world.host({ pid, files }), { folder: world.folder, sizes: { onDiskBytes } })
  const zeroth = await open(9)
  for (let n = 1; n <= 3; n += 1) await commitNumber(zeroth, n).durable
  await zeroth.close()
  const first = await open(1, disk.files)
  for (let n = 4; n <= 6; n += 1) await commitNumber(first, n).durable

  disk.dieAt = disk.steps.length + step
  const act = (): Promise<void> => (how === 'snapshot' ? first.snapshot() : first.close())
  const diedFirst = await Promise.race([
    act().then(() => false),
    new Promise<boolean>((resolve) => {
      const timer = setInterval(() => {
        if (!disk.dead) return
        clearInterval(timer)
        resolve(true)
      }, 1)
    })
  ])
  disk.dead = true
  world.alive.delete(1)

  const second = await open(2)
  expect(second.recovery.damage).toBeNull()
  expect(lastNumber(second)).toBe(6)
  // Then the same again: snapshot, commit, kill, open.
  await second.close()
  const third = await open(3)
  await commitNumber(third, 7).durable
  world.alive.delete(3)
  const fourth = await open(4)
  expect(fourth.recovery).toMatchObject({ damage: null, replayed: 1 })
  expect(lastNumber(fourth)).toBe(7)
  await fourth.close()
  expect(readdirSync(world.folder).filter((name) => /\.tmp$|\.next$|^lock/.test(name))).toEqual([])
  return diedFirst
}

for (const [how, place, onDiskBytes] of [
  ['snapshot', 'in memory', Infinity],
  ['close', 'in memory', Infinity],
  ['snapshot', 'on disk', 0],
  ['close', 'on disk', 0]
] as const) {
  test(`a death between any two steps of a ${how} of a ledger ${place}`, async () => {
    let step = 0
    for (; ; step += 1) {
      await world.end()
      world = makeWorld()
      if (!(await dieDuring(how, step, onDiskBytes))) break
    }
    expect(step).toBeGreaterThan(8)
  }, 120_000)
}

test('commits continue while a snapshot is built, and are not in it', async () => {
  const ledger = await openLedger(world.host({ pid: 1 }), { folder: world.folder })
  await commitNumber(ledger, 1).durable
  const progress = { done: false }
  const snapshot = ledger.snapshot().then(() => {
    progress.done = true
  })
  let n = 1
  while (!progress.done) {
    n += 1
    await commitNumber(ledger, n).durable
  }
  await snapshot
  expect(n).toBeGreaterThan(3)
  world.alive.delete(1)
  const again = await openLedger(world.host({ pid: 2 }), { folder: world.folder })
  expect(lastNumber(again)).toBe(n)
  expect(again.recovery.replayed).toBeGreaterThan(0)
  expect(again.recovery.replayed).toBeLessThan(n + 1)
  await again.close()
})

test('a journal that grows too long starts a snapshot by itself, and old journals are removed', async () => {
  const ledger = await openLedger(world.host({ pid: 1 }), { folder: world.folder, snapshotAtBytes: 2000 })
  const journals = (): number => readdirSync(world.folder).filter((name) => name.endsWith('.log')).length
  let most = 0
  for (let n = 1; n <= 400; n += 1) {
    await commitNumber(ledger, n).durable
    most = Math.max(most, journals())
    // Joins the snapshot in progress.
    if (n % 100 === 0) await ledger.snapshot()
  }
  expect(readdirSync(world.folder)).toEqual(
    expect.arrayContaining(['ledger.sqlite', 'ledger.sqlite.previous'])
  )
  expect(most).toBeLessThan(6)
  await ledger.close()
  const again = await openLedger(world.host({ pid: 2 }), { folder: world.folder })
  expect(lastNumber(again)).toBe(400)
  expect(again.recovery.replayed).toBe(0)
  await again.close()
})

test('a snapshot that cannot be built is reported and changes nothing else', async () => {
  const disk = makeFaultyDisk()
  const ledger = await openLedger(world.host({ pid: 1, files: disk.files }), { folder: world.folder })
  await commitNumber(ledger, 1).durable
  disk.refuse = ({ path }) =>
    path.includes('ledger.sqlite') ? Object.assign(new Error('no'), { code: 'EIO' }) : null
  await expect(ledger.snapshot()).rejects.toThrow()
  await commitNumber(ledger, 2).durable
  expect(ledger.trouble()).toBeNull()
  disk.refuse = () => null
  await ledger.snapshot()
  await ledger.close()
})
