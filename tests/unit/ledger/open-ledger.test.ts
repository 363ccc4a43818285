/** Opening, committing, closing and opening again: the ledger's ordinary day. */
import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getMeta, setMeta } from '../../../src/main/ledger/meta'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

test('an empty folder becomes a ledger, and says that its schema was migrated', async () => {
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

test('what was committed is there after a clean close, and after a death', async () => {
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

test('a second process is told who has the ledger', async () => {
  const ledger = await openLedger(world.host({ pid: 7 }), { folder: world.folder })
  await expect(openLedger(world.host({ pid: 8 }), { folder: world.folder })).rejects.toMatchObject({
    code: 'LEDGER_IN_USE',
    message: expect.stringMatching(/in use by pid 7 since \d{4}-/) as string
  })
  await ledger.close()
})
