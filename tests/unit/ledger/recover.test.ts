/** Every kind of damage: recovered up to the first wrong byte, damaged files kept aside, always reported. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ledger, LedgerOptions } from '../../../src/main/ledger/ledger'
import { getMeta, setMeta } from '../../../src/main/ledger/meta'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { commitNumber, lastNumber } from './counting'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

const at = (name: string): string => join(world.folder, name)
const names = (): string[] => readdirSync(world.folder).sort()
const journals = (): string[] => names().filter((name) => /^journal-\d+\.log$/.test(name))
let pid = 0
function open(options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  pid += 1
  return openLedger(world.host({ pid }), { folder: world.folder, ...options })
}
function kill(): void {
  world.alive.delete(pid)
}
async function commitUpTo(ledger: Ledger, last: number): Promise<void> {
  for (let n = lastNumber(ledger) + 1; n <= last; n += 1) await commitNumber(ledger, n).durable
}
function flip(name: string, offset: number): Buffer {
  const bytes = readFileSync(at(name))
  const index = offset < 0 ? bytes.length + offset : offset
  bytes[index] = bytes[index]! ^ 4
  writeFileSync(at(name), bytes)
  return bytes
}
/** The line that holds commit n, as the 0-based offset of its first byte. */
function offsetOf(name: string, n: number): number {
  return readFileSync(at(name)).indexOf(`value of ${String(n)}"`)
}

/** Numbers 1 … 10 in the first journal; the process was killed. */
async function tenInAJournal(): Promise<string> {
  await commitUpTo(await open(), 10)
  kill()
  const [name] = journals()
  return name!
}

test('a torn last line is dropped, and the next journal begins after it', async () => {
  const name = await tenInAJournal()
  const bytes = readFileSync(at(name))
  writeFileSync(at(name), bytes.subarray(0, bytes.length - 5))
  const ledger = await open()
  expect(ledger.recovery).toMatchObject({ tornTail: true, damage: null })
  expect(lastNumber(ledger)).toBe(9)
  await commitUpTo(ledger, 12)
  kill()
  const again = await open()
  expect(again.recovery).toMatchObject({ tornTail: false, damage: null })
  expect(lastNumber(again)).toBe(12)
  await again.close()
})

test('a damaged line with good lines after it: all before it is recovered, the file is kept', async () => {
  const name = await tenInAJournal()
  const damaged = flip(name, offsetOf(name, 6))
  const ledger = await open()
  const { damage } = ledger.recovery
  expect(lastNumber(ledger)).toBe(5)
  expect(damage).toMatchObject({ complete: false, goodUntil: 6 })
  expect(damage?.sentence).toContain(damage?.keptFile)
  expect(damage?.sentence).toContain('transaction 6')
  expect(readFileSync(damage!.keptFile)).toEqual(damaged)
  expect(world.lines.at(-1)).toMatchObject({ level: 'error', sentence: damage?.sentence })
  expect(JSON.parse(ledger.read((reader) => getMeta(reader, 'damage_reported')) ?? '')).toMatchObject({
    goodUntil: 6
  })

  await commitUpTo(ledger, 8)
  kill()
  const again = await open()
  expect(again.recovery.damage).toBeNull()
  expect(lastNumber(again)).toBe(8)
  await again.close()
  expect(readFileSync(damage!.keptFile)).toEqual(damaged)
})

test('with onDamage "throw" opening is refused and changes nothing', async () => {
  const name = await tenInAJournal()
  flip(name, offsetOf(name, 6))
  const before = names()
  await expect(open({ onDamage: 'throw' })).rejects.toMatchObject({
    code: 'LEDGER_DAMAGED',
    message: expect.stringContaining(name) as string
  })
  expect(names()).toEqual(before.filter((file) => file !== 'lock'))
})

test('journals after the damage are kept aside too', async () => {
  const first = await tenInAJournal()
  await commitUpTo(await open(), 20)
  kill()
  await commitUpTo(await open(), 30)
  kill()
  const [, second, third] = journals()
  flip(second!, offsetOf(second!, 15))
  const ledger = await open()
  expect(lastNumber(ledger)).toBe(14)
  expect(ledger.recovery.damage?.keptFile).toContain(second)
  const aside = names().filter((name) => name.includes('.damaged-'))
  expect(aside.map((name) => name.replace(/\.damaged.*/, ''))).toEqual([second, third])
  expect(journals()).toContain(first)
  await ledger.close()
})

test('a journal in the middle is missing: what is after the gap is kept aside', async () => {
  await tenInAJournal()
  await commitUpTo(await open(), 20)
  kill()
  await commitUpTo(await open(), 30)
  kill()
  rmSync(at(journals()[1]!))
  const ledger = await open()
  expect(lastNumber(ledger)).toBe(10)
  expect(ledger.recovery.damage?.sentence).toMatch(/the transactions \d+ to \d+ are missing/)
  await ledger.close()
})

test('the header of a journal is damaged', async () => {
  const name = await tenInAJournal()
  flip(name, 3)
  const ledger = await open()
  expect(lastNumber(ledger)).toBe(0)
  expect(ledger.recovery.damage).toMatchObject({ complete: false })
  expect(ledger.recovery.damage?.keptFile).toContain(name)
  await ledger.close()
})

test('a journal of another ledger is not replayed', async () => {
  const other = makeWorld()
  const foreign = await openLedger(other.host(), { folder: other.folder })
  await commitUpTo(foreign, 10)
  await tenInAJournal()
  await commitUpTo(await open(), 11)
  kill()
  const last = journals().at(-1)!
  writeFileSync(at(last), readFileSync(join(other.folder, 'journal-1.log')))
  const ledger = await open()
  expect(ledger.recovery.damage).toMatchObject({ complete: false })
  expect(lastNumber(ledger)).toBe(10)
  await ledger.close()
  await other.end()
})

describe('snapshots', () => {
  /** Two snapshots with journals between and after them, numbers 1 … 30; the process was killed. */
  async function twoSnapshots(): Promise<void> {
    const ledger = await open()
    await commitUpTo(ledger, 10)
    await ledger.snapshot()
    await commitUpTo(ledger, 20)
    await ledger.snapshot()
    await commitUpTo(ledger, 30)
    kill()
  }
  async function expectAllThere(complete: RegExp): Promise<void> {
    const ledger = await open()
    expect(ledger.recovery.damage?.sentence).toMatch(complete)
    expect(ledger.recovery.damage?.complete).toBe(true)
    expect(lastNumber(ledger)).toBe(30)
    await commitUpTo(ledger, 31)
    await ledger.snapshot()
    await ledger.close()
    const again = await open()
    expect(again.recovery).toMatchObject({ damage: null, replayed: 0 })
    expect(lastNumber(again)).toBe(31)
    await again.close()
  }

  const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'cut in half': (bytes) => bytes.subarray(0, bytes.length >> 1),
    empty: () => Buffer.alloc(0),
    garbage: () => Buffer.from('what is this? '.repeat(1000)),
    'a page of zeros': (bytes) => bytes.fill(0, 4096, 8192),
    'one flipped bit inside of a value': (bytes) => {
      const index = bytes.indexOf('value of 12')
      bytes[index + 9] = bytes[index + 9]! ^ 1
      return bytes
    }
  }
  for (const [name, damage] of Object.entries(damages)) {
    test(`the current one is ${name}: the previous one and the journals hold everything`, async () => {
      await twoSnapshots()
      writeFileSync(at('ledger.sqlite'), damage(readFileSync(at('ledger.sqlite'))))
      await expectAllThere(/ledger\.sqlite is damaged.*Nothing was lost/)
      expect(names().some((file) => file.startsWith('ledger.sqlite.damaged-'))).toBe(true)
    })
  }

  test('a damaged previous snapshot is not needed', async () => {
    await twoSnapshots()
    writeFileSync(at('ledger.sqlite.previous'), 'garbage')
    const ledger = await open()
    expect(ledger.recovery.damage).toBeNull()
    expect(lastNumber(ledger)).toBe(30)
    await ledger.close()
  })

  test('the current one was lost between two renames', async () => {
    await twoSnapshots()
    rmSync(at('ledger.sqlite'))
    const ledger = await open()
    expect(ledger.recovery.damage).toBeNull()
    expect(lastNumber(ledger)).toBe(30)
    await ledger.close()
  })

  test('both are damaged: the loss of acknowledged commits is reported, and all files are kept', async () => {
    await twoSnapshots()
    const current = readFileSync(at('ledger.sqlite'))
    writeFileSync(at('ledger.sqlite'), current.fill(1, 0, 100))
    writeFileSync(at('ledger.sqlite.previous'), 'garbage')
    const ledger = await open()
    expect(ledger.recovery.damage).toMatchObject({ complete: false, goodUntil: 0 })
    expect(names().filter((name) => name.includes('.damaged-')).length).toBeGreaterThanOrEqual(4)
    await commitUpTo(ledger, 3)
    await ledger.close()
    const again = await open()
    expect(again.recovery.damage).toBeNull()
    expect(lastNumber(again)).toBe(3)
    await again.close()
  })

  test('the first one is damaged and there is no previous: the journals go back to the start', async () => {
    const ledger = await open()
    await commitUpTo(ledger, 10)
    await ledger.snapshot()
    await commitUpTo(ledger, 30)
    kill()
    writeFileSync(at('ledger.sqlite'), 'garbage')
    await expectAllThere(/Nothing was lost/)
  })

  test('a database of another program is not opened as a ledger', async () => {
    await twoSnapshots()
    const bytes = readFileSync(at('ledger.sqlite'))
    const text = bytes.toString('latin1').replaceAll('journal_seq', 'journal_xyz')
    writeFileSync(at('ledger.sqlite'), Buffer.from(text, 'latin1'))
    rmSync(at('ledger.sqlite.sums'))
    const ledger = await open()
    expect(ledger.recovery.damage?.sentence).toMatch(/which commit/)
    expect(lastNumber(ledger)).toBe(30)
    await ledger.close()
  })
})

test('a ledger of a newer Sheaf is refused, whether its snapshot or a journal shows it', async () => {
  const ledger = await open()
  await ledger.commit((writer) => {
    setMeta(writer, 'schema_version', '99')
  })
  kill()
  const before = names()
  await expect(open()).rejects.toMatchObject({ code: 'LEDGER_TOO_NEW' })
  expect(names()).toEqual(before.filter((name) => name !== 'lock'))
})

test('a file-by-file copy of a running ledger, taken at any moment, can be opened', async () => {
  // As a backup program copies it: the last journal may be torn, nothing else.
  const ledger = await open()
  await commitUpTo(ledger, 10)
  const copy = makeWorld()
  for (const name of names()) {
    if (name !== 'lock') writeFileSync(join(copy.folder, name), readFileSync(at(name)))
  }
  const other = await openLedger(copy.host(), { folder: copy.folder })
  expect(lastNumber(other)).toBe(10)
  await other.close()
  await ledger.close()
  await copy.end()
})

test('files with other names are left alone', async () => {
  writeFileSync(at('notes.txt'), 'mine')
  writeFileSync(at('journal-1.log.bak'), 'mine')
  await tenInAJournal()
  renameSync(at('notes.txt'), at('journal-x.log'))
  const ledger = await open()
  expect(lastNumber(ledger)).toBe(10)
  await ledger.close()
  expect(names()).toEqual(expect.arrayContaining(['journal-1.log.bak', 'journal-x.log']))
})
