/** Opening, committing, closing and reopening a ledger without faults. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getMeta, setMeta } from '../../../src/main/ledger/meta'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import type { Host } from '../../../src/main/platform/host'
import { commitNumber } from './counting'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

test('an empty folder becomes a ledger, and the migration of its schema is logged', async () => {
  const ledger = await openLedger(world.host(), { folder: world.folder })
  expect(ledger.recovery).toEqual({
    schemaMigrated: true,
    replayed: 0,
    tornTail: false,
    damage: null,
    tookOverFrom: null,
    deadOwner: null
  })
  expect(world.lines.map(({ sentence }) => sentence)).toContain('Idempotency schema migrated successfully')
  await ledger.close()
  expect(readdirSync(world.folder)).toContain('ledger.sqlite')
  expect(readdirSync(world.folder)).not.toContain('lock')
})

test('committed rows are there after a clean close and after a kill', async () => {
  const first = await openLedger(world.host({ pid: 1 }), { folder: world.folder })
  await first.commit((writer) => {
    setMeta(writer, 'kept', 'yes')
  })
  await first.close()

  const second = await openLedger(world.host({ pid: 2 }), { folder: world.folder })
  expect(second.read((reader) => getMeta(reader, 'kept'))).toBe('yes')
  expect(second.recovery.replayed).toBe(0)
  await second.commit((writer) => {
    setMeta(writer, 'also', 'this')
  })
  world.alive.delete(2) // killed: no close

  const third = await openLedger(world.host({ pid: 3 }), { folder: world.folder })
  expect(third.read((reader) => getMeta(reader, 'also'))).toBe('this')
  expect(third.recovery).toMatchObject({ replayed: 1, tookOverFrom: 2, deadOwner: 'here:2:1700000000' })
  await third.snapshot()
  await third.commit((writer) => {
    setMeta(writer, 'after', 'snapshot')
  })
  world.alive.delete(3)

  const fourth = await openLedger(world.host({ pid: 4 }), { folder: world.folder })
  expect(fourth.recovery).toMatchObject({ replayed: 1, damage: null })
  expect(fourth.read((reader) => getMeta(reader, 'also'))).toBe('this')
  expect(fourth.read((reader) => getMeta(reader, 'after'))).toBe('snapshot')
  await fourth.close()
})

test('a second process is told which process has the ledger', async () => {
  const ledger = await openLedger(world.host({ pid: 7 }), { folder: world.folder })
  await expect(openLedger(world.host({ pid: 8 }), { folder: world.folder })).rejects.toMatchObject({
    code: 'LEDGER_IN_USE',
    message: expect.stringMatching(/in use by pid 7 since \d{4}-/) as string
  })
  await ledger.close()
})

test('a folder that cannot be used is refused with its path', async () => {
  const path = join(world.folder, 'file')
  writeFileSync(path, '')
  for (const folder of [path, join(path, 'below')]) {
    await expect(openLedger(world.host(), { folder })).rejects.toMatchObject({
      code: 'FOLDER_UNUSABLE',
      message: `The data folder ${folder} cannot be used: a file is in its place.`
    })
  }
})

test('after close nothing is accepted, and a second close does nothing', async () => {
  const ledger = await openLedger(world.host(), { folder: world.folder })
  await ledger.close()
  await ledger.close()
  expect(() => commitNumber(ledger, 1)).toThrow(/closed/)
  expect(() => ledger.read(() => 1)).toThrow(/closed/)
})

test('a commit that changed nothing still waits for the commits it may have read', async () => {
  const ledger = await openLedger(world.host(), { folder: world.folder })
  const order: string[] = []
  void commitNumber(ledger, 1).durable.then(() => order.push('written'))
  const seen = ledger.transact((writer) => writer.get('SELECT count(*) AS n FROM _meta'))
  await seen.durable.then(() => order.push('read'))
  expect(order).toEqual(['written', 'read'])
  await ledger.close()
})

test('after some time without commits a snapshot is written, if there is enough to write', async () => {
  const ticks: (() => void)[] = []
  let nowMs = 0
  const base = world.host({ pid: 1 })
  const host: Host = {
    ...base,
    clock: {
      ...base.clock,
      monotonicMs: () => nowMs,
      every: (_ms, tick) => {
        ticks.push(tick)
        return () => undefined
      }
    }
  }
  const pass = (ms: number): void => {
    nowMs += ms
    for (const tick of ticks) tick()
  }
  const ledger = await openLedger(host, { folder: world.folder })
  const snapshotIsThere = (): boolean => existsSync(join(world.folder, 'ledger.sqlite'))
  await commitNumber(ledger, 1).durable
  pass(60_000) // too few commits
  await ledger.commit((writer) => {
    setMeta(writer, 'bulk', 'x'.repeat(300_000))
  })
  pass(10_000) // too soon
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(snapshotIsThere()).toBe(false)
  pass(25_000)
  while (!snapshotIsThere()) await new Promise((resolve) => setTimeout(resolve, 5))
  await ledger.close()
})

test('a snapshot written at close is opened by its checksum, and checked by SQLite once, later', async () => {
  const ticks: (() => void)[] = []
  const base = world.host({ pid: 1 })
  const every: Host['clock']['every'] = (_ms, tick) => {
    ticks.push(tick)
    return () => undefined
  }
  const host: Host = { ...base, clock: { ...base.clock, every } }
  const sumsFile = join(world.folder, 'ledger.sqlite.sums')
  const checked = (): unknown[] =>
    Object.values(JSON.parse(readFileSync(sumsFile, 'utf8')) as Record<string, { checked?: boolean }>).map(
      (sum) => sum.checked
    )
  const first = await openLedger(host, { folder: world.folder })
  await commitNumber(first, 1).durable
  await first.close()
  expect(checked()).toEqual([false])

  const second = await openLedger(host, { folder: world.folder })
  for (const tick of ticks.splice(0)) tick()
  while (checked()[0] !== true) await new Promise((resolve) => setTimeout(resolve, 5))
  await second.close()

  // Valid for SQLite, but not what was written: only the checksum shows it.
  const file = join(world.folder, 'ledger.sqlite')
  const bytes = readFileSync(file)
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
  writeFileSync(file, bytes)
  await expect(openLedger(host, { folder: world.folder, onDamage: 'throw' })).rejects.toThrow(/damaged/)
})

test('a large ledger with a short journal closes without a new snapshot', async () => {
  const first = await openLedger(world.host({ pid: 1 }), { folder: world.folder, snapshotAtBytes: 2 ** 40 })
  await first.commit((writer) => {
    for (let n = 0; n < 34; n += 1) setMeta(writer, `bulk ${String(n)}`, 'x'.repeat(2 ** 20))
  })
  await first.close()
  const second = await openLedger(world.host({ pid: 2 }), { folder: world.folder })
  expect(second.recovery.replayed).toBe(0)
  await commitNumber(second, 1).durable
  await second.close()
  const third = await openLedger(world.host({ pid: 3 }), { folder: world.folder })
  expect(third.recovery).toMatchObject({ replayed: 1, damage: null, tookOverFrom: null })
  await third.close()
}, 60_000)
