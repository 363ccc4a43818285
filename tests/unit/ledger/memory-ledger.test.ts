/** The ledger's tables in memory: the current schema, atomic transactions, no files. */
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMemoryLedger } from '../../../src/main/ledger/memory-ledger'
import { getMeta, setMeta } from '../../../src/main/ledger/meta'
import { schemaVersion, SCHEMA_VERSION } from '../../../src/main/ledger/migrate'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.end())

test('has the tables of the ledger and stores rows without a file', async () => {
  const ledger = await openMemoryLedger(world.host())
  expect(ledger.read(schemaVersion)).toBe(SCHEMA_VERSION)
  const rows: string[] = []
  const stop = ledger.onRow((table) => rows.push(table))
  await ledger.transact((w) => {
    setMeta(w, 'key', 'value')
  }).durable
  await ledger.flush()
  stop()
  await ledger.commit((w) => {
    setMeta(w, 'other', 'value')
  })
  expect(ledger.read((r) => getMeta(r, 'key'))).toBe('value')
  expect(rows).toEqual(['_meta'])
  expect(ledger.trouble()).toBeNull()
  expect(await readdir(world.folder)).toEqual([])
  ledger.close()
})

test('a transaction that throws changes nothing', async () => {
  const ledger = await openMemoryLedger(world.host())
  expect(() =>
    ledger.transact((w) => {
      setMeta(w, 'key', 'value')
      throw new Error('no')
    })
  ).toThrow('no')
  expect(ledger.read((r) => getMeta(r, 'key'))).toBeNull()
  ledger.close()
})

test('has a size limit: a transaction beyond it is refused with a code and rolled back', async () => {
  const ledger = await openMemoryLedger(world.host(), 1_000_000)
  expect(() =>
    ledger.transact((w) => {
      setMeta(w, 'key', 'x'.repeat(1_500_000))
    })
  ).toThrow(expect.objectContaining({ code: 'LEDGER_FULL' }) as Error)
  expect(ledger.read((r) => getMeta(r, 'key'))).toBeNull()
  ledger.close()
})
