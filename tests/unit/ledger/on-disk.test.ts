/**
 * A large ledger stays on disk: rows are read back block by block, and damage loses nothing that was
 * acknowledged.
 */
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BLOCK_BYTES, BlockSummer, readBlockSums } from '../../../src/main/ledger/block-sums'
import { Database } from '../../../src/main/ledger/database'
import type { Ledger, LedgerOptions } from '../../../src/main/ledger/ledger'
import { getMeta, setMeta } from '../../../src/main/ledger/meta'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { pagedContent } from '../../../src/main/ledger/paged-content'
import {
  BYTES_CHANGED,
  checkSnapshotFile,
  openSnapshotOnDisk,
  readSums
} from '../../../src/main/ledger/snapshot-file'
import { Snapshots } from '../../../src/main/ledger/snapshots'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import type { FileAtOnce, Files } from '../../../src/main/platform/files'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { makeWorld, type World } from './ledger-world'

const engine = await loadSqlEngine((path) => nodeFiles.readWhole(path))
let world: World
let pid = 0
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

const SNAPSHOT = 'ledger.sqlite'
/** Opens as a later process, after the one before has ended. */
function open(options: Partial<LedgerOptions> = {}, files: Files = nodeFiles): Promise<Ledger> {
  world.alive.delete(pid)
  pid += 1
  return openLedger(world.host({ pid, files }), {
    folder: world.folder,
    ...options,
    sizes: { onDiskBytes: 0, ...options.sizes }
  })
}
const inFolder = (name: string): string => join(world.folder, name)

/** That many rows of a kilobyte, each with a value that identifies it. */
const fill = (ledger: Ledger, from: number, to: number): Promise<void> =>
  ledger.commit((w) => {
    for (let n = from; n < to; n += 1) setMeta(w, `row ${String(n)}`, `${String(n)} `.repeat(250))
  })
const rowsOf = (ledger: Ledger): string =>
  ledger.read((r) =>
    JSON.stringify(r.all(`SELECT key, value FROM _meta WHERE key GLOB 'row *' ORDER BY key`))
  )

function flip(name: string, at: number, bits = 0x10): void {
  const bytes = readFileSync(inFolder(name))
  bytes[at] = (bytes[at] ?? 0) ^ bits
  writeFileSync(inFolder(name), bytes)
}

/** Counts bytes and reads of the snapshot. */
function counting(): { readonly files: Files; readonly read: () => number; readonly reads: () => number } {
  let [read, reads] = [0, 0]
  const openAtOnce: Files['openAtOnce'] = (path) => {
    const file = nodeFiles.openAtOnce(path)
    return {
      ...file,
      readInto(bytes, position) {
        read += bytes.length
        reads += 1
        return file.readInto(bytes, position)
      }
    }
  }
  return { files: { ...nodeFiles, openAtOnce }, read: () => read, reads: () => reads }
}

test('block checksums do not depend on how the bytes are split into pieces', () => {
  const bytes = Buffer.alloc(3 * BLOCK_BYTES + 17, 'sheaf')
  const whole = new BlockSummer()
  whole.add(bytes)
  const text = whole.text()
  for (const piece of [1_000, BLOCK_BYTES, BLOCK_BYTES + 1]) {
    const cut = new BlockSummer()
    for (let at = 0; at < bytes.length; at += piece) cut.add(bytes.subarray(at, at + piece))
    expect(cut.text()).toBe(text)
  }
  expect(readBlockSums(text, bytes.length)).toHaveLength(4)
  expect(readBlockSums(text, BLOCK_BYTES)).toBeNull()
  expect(readBlockSums('no sums', bytes.length)).toBeNull()
})

test('a start reads only the blocks it needs, and a close after few changes does not rewrite the snapshot', async () => {
  const first = await open()
  await fill(first, 0, 4_000)
  await first.close()
  const { bytes, crc32 } = (
    JSON.parse(readFileSync(inFolder('ledger.sqlite.sums'), 'utf8')) as Record<
      string,
      { bytes: number; crc32: number }
    >
  )['2'] ?? { bytes: 0, crc32: 0 }
  expect({ bytes: statSync(inFolder(SNAPSHOT)).size, hasSum: crc32 > 0 }).toEqual({ bytes, hasSum: true })

  const { files, read } = counting()
  const second = await open({}, files)
  expect(second.read((r) => getMeta(r, 'row 3999'))).toMatch(/^3999 /)
  expect(read()).toBeLessThan(bytes / 4)
  await second.close()
})

test('rows that are read in the order of the file cost one read of each of its blocks', async () => {
  const first = await open()
  await fill(first, 0, 4_000)
  await first.close()
  const bytes = statSync(inFolder(SNAPSHOT)).size
  const { files, read, reads } = counting()
  const second = await open({}, files)
  second.read((r) => {
    r.each('SELECT value FROM _meta ORDER BY rowid', [], () => true)
  })
  expect(read()).toBeLessThan(bytes * 1.5)
  expect(reads()).toBeLessThan((bytes / BLOCK_BYTES) * 3)
  await second.close()
})

test('inserts, updates, deletes and rollbacks over many starts give the same rows as a ledger in memory', async () => {
  const other = makeWorld()
  const ask = (one: number): number => (one * 7_919) % 1_009
  try {
    for (let round = 0; round < 6; round += 1) {
      const onDisk = await open({ snapshotAtBytes: round % 2 === 0 ? 100_000 : 2 ** 40 })
      const inMemory = await openLedger(other.host({ pid: 1 }), { folder: other.folder })
      for (const ledger of [onDisk, inMemory]) {
        await fill(ledger, round * 300, (round + 1) * 300)
        await ledger.commit((w) => {
          for (let n = 0; n < 40; n += 1) {
            w.run('UPDATE _meta SET value = ? WHERE key = ?', [
              `round ${String(round)}`,
              `row ${String(ask(n + round))}`
            ])
            w.run('DELETE FROM _meta WHERE key = ?', [`row ${String(ask(n * round + 3))}`])
          }
        })
        // More than SQLite's cache: its pages reach the file before the rollback.
        if (round === 3)
          expect(() =>
            ledger.transact((w) => {
              for (let n = 0; n < 60; n += 1) setMeta(w, `gone ${String(n)}`, 'é'.repeat(1_000_000))
              throw new Error('taken back')
            })
          ).toThrow('taken back')
        if (round === 4) await ledger.snapshot()
      }
      expect(rowsOf(onDisk)).toBe(rowsOf(inMemory))
      await inMemory.close()
      if (round !== 5) await onDisk.close()
      else {
        // Killed: only the journal has the last rows.
        world.alive.delete(pid)
        const again = await open()
        const whole = await openLedger(other.host({ pid: 1 }), { folder: other.folder })
        expect(rowsOf(again)).toBe(rowsOf(whole))
        await whole.close()
        await again.close()
      }
    }
  } finally {
    await other.end()
  }
}, 60_000)

test('the snapshot is replaced and removed while it is read', async () => {
  const first = await open()
  await fill(first, 0, 2_000)
  await first.close()
  const second = await open()
  for (let n = 0; n < 3; n += 1) {
    await fill(second, 2_000 + n, 2_001 + n)
    await second.snapshot()
  }
  expect(JSON.parse(rowsOf(second))).toHaveLength(2_003)
  await second.close()
})

test('a changed byte that a statement reads is reported, and the next start has everything acknowledged', async () => {
  const first = await open()
  await fill(first, 0, 1_000)
  await first.close()
  const second = await open()
  await fill(second, 1_000, 2_000)
  await second.close()

  flip(SNAPSHOT, readFileSync(inFolder(SNAPSHOT)).lastIndexOf('1500 1500 1500'))
  const third = await open()
  await third.commit((w) => {
    setMeta(w, 'row 0', 'acknowledged')
  })
  expect(() => rowsOf(third)).toThrow(expect.objectContaining({ code: 'LEDGER_DAMAGED' }))
  await third.close()

  const fourth = await open()
  expect(fourth.recovery.damage).toMatchObject({
    sentence: expect.stringContaining('ledger.sqlite') as string
  })
  const rows = JSON.parse(rowsOf(fourth)) as { key: string; value: string }[]
  expect(rows).toHaveLength(2_000)
  expect(rows.find(({ key }) => key === 'row 0')?.value).toBe('acknowledged')
  expect(rows.find(({ key }) => key === 'row 1999')?.value).toBe('1999 '.repeat(250))
  await fourth.close()
})

test('a changed byte that only a background snapshot reads is found, and the next start uses the previous snapshot', async () => {
  const first = await open()
  await fill(first, 0, 1_000)
  await first.close()
  const second = await open()
  await fill(second, 1_000, 1_010)
  await second.snapshot()
  await second.close()
  flip(SNAPSHOT, readFileSync(inFolder(SNAPSHOT)).lastIndexOf('900 900 900'))

  const third = await open()
  await fill(third, 1_010, 1_020)
  await expect(third.snapshot()).rejects.toThrow(/not sound|damaged|I\/O/)
  await third.close()
  const fourth = await open()
  expect(fourth.recovery.damage).toMatchObject({ complete: true })
  expect(JSON.parse(rowsOf(fourth))).toHaveLength(1_020)
  await fourth.close()
})

test('a byte that changes after it was compared is not copied into a snapshot', async () => {
  const first = await open()
  await fill(first, 0, 1_000)
  await first.snapshot()
  await fill(first, 1_000, 1_100)
  await first.close()
  const second = await open()
  const rows = rowsOf(second)
  flip(SNAPSHOT, readFileSync(inFolder(SNAPSHOT)).lastIndexOf('900 900 900'))
  await second.commit((w) => {
    setMeta(w, 'other', 'acknowledged')
  })
  await second.close()
  const third = await open()
  expect(third.recovery.damage).toMatchObject({ complete: true })
  expect(third.read((r) => getMeta(r, 'other'))).toBe('acknowledged')
  expect(rowsOf(third)).toBe(rows)
  await third.close()
})

test('before a damaged journal is set aside, the whole snapshot is checked', async () => {
  const first = await open()
  await fill(first, 0, 1_000)
  await first.snapshot()
  await fill(first, 1_000, 1_100)
  await first.close()
  const second = await open()
  await fill(second, 1_100, 1_110)
  await fill(second, 1_110, 1_120)
  const journal = readdirSync(world.folder).find(
    (name) => name.startsWith('journal-') && readFileSync(inFolder(name)).includes('row 1100')
  )
  flip(SNAPSHOT, readFileSync(inFolder(SNAPSHOT)).lastIndexOf('900 900 900'))
  flip(journal ?? '', readFileSync(inFolder(journal ?? '')).length - 20)
  const third = await open()
  expect(third.recovery.damage?.complete).toBe(false)
  expect(third.recovery.damage?.sentence).toContain('ledger.sqlite is damaged')
  expect(JSON.parse(rowsOf(third))).toHaveLength(1_110)
  await third.close()
})

test("a changed digit of a snapshot's commit number loses nothing", async () => {
  for (const onDiskBytes of [0, Infinity]) {
    await world.end()
    world = makeWorld()
    const first = await open({ sizes: { onDiskBytes } })
    await fill(first, 0, 100)
    await first.snapshot()
    await fill(first, 100, 200)
    await first.close()
    const second = await open({ sizes: { onDiskBytes } })
    await fill(second, 200, 201)
    await fill(second, 201, 202)
    // Commits 1 to 3 are in the snapshot; its number is changed to 7.
    const at = readFileSync(inFolder(SNAPSHOT)).lastIndexOf('journal_seq') + 'journal_seq'.length
    expect(readFileSync(inFolder(SNAPSHOT)).toString('latin1', at, at + 1)).toBe('3')
    flip(SNAPSHOT, at, 0x04)
    const third = await open({ sizes: { onDiskBytes } })
    expect(JSON.parse(rowsOf(third))).toHaveLength(202)
    expect(third.recovery.damage).toMatchObject({ complete: true })
    await third.close()
  }
})

test('concurrent changes of the checksum file are all written', async () => {
  const first = await open()
  await fill(first, 0, 10)
  await first.snapshot()
  await fill(first, 10, 20)
  await first.close()
  const found = { current: 3, previous: 2, snapshotBytes: 1 }
  const snapshots = new Snapshots(world.host(), world.folder, found)
  const sums = await readSums(nodeFiles, world.folder)
  const [second, third] = [sums.get(2), sums.get(3)]
  if (second === undefined || third === undefined) throw new Error('two snapshots have sums')
  await Promise.all([
    snapshots.noteDamage(3),
    snapshots.noteCheck(2, second, 'ok'),
    snapshots.noteDamage(2),
    snapshots.noteCheck(3, { bytes: 1, crc32: 2 }, 'ok')
  ])
  expect(await readSums(nodeFiles, world.folder)).toEqual(
    new Map([
      [2, { bytes: second.bytes, crc32: second.crc32, checked: false }],
      [3, { bytes: 1, crc32: 2, checked: true }]
    ])
  )
})

test('a file whose first block cannot be read is closed', () => {
  let closed = 0
  const file: FileAtOnce = {
    bytes: 100,
    read: () => {
      throw new Error('EIO: i/o error')
    },
    readInto: () => 0,
    close: () => {
      closed += 1
    }
  }
  expect(() => openSnapshotOnDisk(engine, file, new Map())).toThrow('EIO')
  expect(closed).toBe(1)
})

test('damage found while replaying the journals of a killed process is recovered from at once', async () => {
  const first = await open()
  await fill(first, 0, 1_000)
  await first.close()
  const second = await open()
  await fill(second, 1_000, 2_000)
  await second.close()
  const third = await open()
  await third.commit((w) => {
    setMeta(w, 'row 1500', 'acknowledged')
  })
  flip(SNAPSHOT, readFileSync(inFolder(SNAPSHOT)).lastIndexOf('1500 1500 1500'))

  const fourth = await open()
  expect(fourth.recovery.damage).toMatchObject({
    sentence: expect.stringContaining('ledger.sqlite') as string
  })
  expect(fourth.read((r) => getMeta(r, 'row 1500'))).toBe('acknowledged')
  expect(JSON.parse(rowsOf(fourth))).toHaveLength(2_000)
  await fourth.close()
})

test('damage found while opening is recovered from at once', async () => {
  const first = await open()
  await fill(first, 0, 200)
  await first.snapshot()
  await fill(first, 200, 300)
  await first.close()
  flip(SNAPSHOT, 200)
  const second = await open()
  expect(second.recovery.damage).not.toBeNull()
  expect(JSON.parse(rowsOf(second))).toHaveLength(300)
  await second.close()
})

test('the check of a snapshot reads it block by block, and finds a changed byte', async () => {
  const first = await open()
  await fill(first, 0, 300)
  await first.close()
  const [sum] = [...(await readSums(nodeFiles, world.folder)).values()]
  if (sum === undefined) throw new Error('no sum was noted')
  const readWhole = (): never => {
    throw new Error('the whole was read')
  }
  const check = (): Promise<string> =>
    checkSnapshotFile(engine, { ...nodeFiles, readWhole }, { path: inFolder(SNAPSHOT), sum })
  expect(await check()).toBe('ok')
  flip(SNAPSHOT, readFileSync(inFolder(SNAPSHOT)).lastIndexOf('200 200 200'))
  expect(await check()).toBe(BYTES_CHANGED)
  writeFileSync(inFolder(SNAPSHOT), readFileSync(inFolder(SNAPSHOT)).subarray(0, 100_000))
  expect(await check()).toBe(BYTES_CHANGED)
})

test('without block checksums, or where an open file cannot be replaced, the snapshot is read as a whole', async () => {
  const first = await open()
  await fill(first, 0, 100)
  await first.close()
  const { files, read } = counting()
  const second = await open({}, { ...files, keepsOpenFiles: false })
  expect(JSON.parse(rowsOf(second))).toHaveLength(100)
  await second.close()
  renameSync(inFolder('ledger.sqlite.sums'), inFolder('kept'))
  const third = await open({}, files)
  expect(JSON.parse(rowsOf(third))).toHaveLength(100)
  await third.close()
  expect(read()).toBe(0)
})

test('a file that shrinks or cannot be read fails the statement with a report', () => {
  const database = new Database(engine, null)
  database.transact((w) => {
    w.run('CREATE TABLE t (a TEXT)')
    for (let n = 0; n < 2_000; n += 1) w.run('INSERT INTO t VALUES (?)', ['y'.repeat(1_000)])
  })
  const bytes = Buffer.from(database.bytes())
  database.close()
  const sums = new BlockSummer()
  sums.add(bytes)
  const blocks = readBlockSums(sums.text(), bytes.length) ?? new Uint32Array()
  const faults: ((position: number) => number | null)[] = [
    (position) => (position > 500_000 ? 0 : null),
    (position) => {
      if (position > 500_000) throw new Error('EIO: i/o error')
      return null
    }
  ]
  for (const fault of faults) {
    let closed = 0
    const file: FileAtOnce = {
      bytes: bytes.length,
      read: (position, length) => bytes.subarray(position, position + length),
      readInto: (into, position) => fault(position) ?? bytes.copy(into, 0, position, position + into.length),
      close: () => {
        closed += 1
      }
    }
    const paged = new Database(engine, pagedContent(file, blocks))
    expect(paged.damage).toBeNull()
    expect(() => paged.reader.all('SELECT sum(length(a)) FROM t')).toThrow(/I\/O/)
    expect(paged.damage).toMatch(/shorter|cannot be read/)
    paged.close()
    expect(closed).toBe(1)
  }
})
