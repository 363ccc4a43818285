/**
 * A snapshot: an ordinary SQLite file that any tool opens. `_meta.journal_seq` in it is the last commit that it
 * includes. Invariant: a snapshot is opened only when its checksum is the noted one or SQLite's own check passed, and
 * when it has that number: sql.js finds garbage only at the first query, and some damage not even then.
 */
import { crc32 } from 'node:zlib'
import type { FileAtOnce, Files } from '../platform/files'
import { BLOCK_BYTES, BlockSummer, readBlockSums } from './block-sums'
import { Database } from './database'
import { getMeta, SET_META } from './meta'
import { pagedContent } from './paged-content'
import type { SqlEngine } from './sql-engine'
import { isObject } from '../../contract/unknown-values'
import { fail, messageOf } from '../../contract/errors'

export const SNAPSHOT = 'ledger.sqlite'
export const PREVIOUS = 'ledger.sqlite.previous'
/** A complete snapshot that does not count yet. */
export const NEXT = 'ledger.sqlite.next'

/**
 * The checksums of the existing snapshots, by the last commit that they include. SQLite's own check finds broken
 * structure, but not a flipped bit inside a value. A snapshot whose commit and length are both unlisted is checked by
 * SQLite alone.
 */
export const SUMS = 'ledger.sqlite.sums'

export interface SnapshotSum {
  readonly bytes: number
  readonly crc32: number
  /** SQLite's own check of these bytes passed: it is not repeated */
  readonly checked?: boolean
  /** the checksum of each block (`block-sums.ts`): with it the file can be read in parts */
  readonly blocks?: string
}
export type SnapshotSums = ReadonlyMap<number, SnapshotSum>

function sumOf(bytes: Uint8Array): SnapshotSum {
  return { bytes: bytes.length, crc32: crc32(bytes) }
}

/** A new snapshot, not written yet. */
export interface BuiltSnapshot {
  /** its bytes in order; to be read once, before anything else happens to the database */
  readonly pieces: AsyncIterable<Uint8Array>
  /** its checksum, once all pieces were read */
  readonly sum: () => SnapshotSum
  /** Ends the reading. */
  readonly discard?: () => void
}

/** The pieces; their checksum is computed as they are read. */
export function summedUp(pieces: Iterable<Uint8Array>): BuiltSnapshot {
  const blocks = new BlockSummer()
  let bytes = 0
  let crc = 0
  let sum: SnapshotSum | null = null
  return {
    pieces: (async function* () {
      for (const piece of pieces) {
        blocks.add(piece)
        crc = crc32(piece, crc)
        bytes += piece.length
        yield await Promise.resolve(piece)
      }
      sum = { bytes, crc32: crc, blocks: blocks.text() }
    })(),
    sum: () => sum ?? fail('BROKEN_INVARIANT', 'A snapshot was not read to its end.')
  }
}

export function sumsToText(sums: SnapshotSums): string {
  return `${JSON.stringify(Object.fromEntries(sums))}\n`
}

/** Empty when there is no such file, or an unreadable one. */
export async function readSums(files: Files, folder: string): Promise<Map<number, SnapshotSum>> {
  const sums = new Map<number, SnapshotSum>()
  try {
    const value: unknown = JSON.parse(Buffer.from(await files.readWhole(`${folder}/${SUMS}`)).toString())
    for (const [seq, sum] of isObject(value) ? Object.entries(value) : []) {
      if (!isObject(sum)) continue
      const { bytes, crc32: sumOfBytes, checked, blocks } = sum
      if (typeof bytes !== 'number' || typeof sumOfBytes !== 'number') continue
      sums.set(Number(seq), {
        bytes,
        crc32: sumOfBytes,
        checked: checked === true,
        ...(typeof blocks === 'string' ? { blocks } : {})
      })
    }
  } catch {
    // Only an additional check: SQLite's own remains.
  }
  return sums
}

export interface OpenSnapshot {
  readonly database: Database
  /** the last commit it includes */
  readonly seq: number
  /** its checksum */
  readonly sum: SnapshotSum
}

/** `because`: the defect of the bytes. */
export type SnapshotReading =
  ({ readonly kind: 'sound' } & OpenSnapshot) | { readonly kind: 'damaged'; readonly because: string }

/**
 * When the checksum equals the one noted at writing, SQLite's own check, which takes many times as long, is left to
 * `LiveLedger`, which makes it once for each snapshot after opening. Bytes without a noted checksum are checked here.
 */
function openSnapshot(
  engine: SqlEngine,
  bytes: Uint8Array,
  sums: SnapshotSums,
  found: SnapshotSum = sumOf(bytes)
): SnapshotReading {
  let database: Database
  try {
    database = new Database(engine, bytes)
  } catch (error) {
    return { kind: 'damaged', because: messageOf(error) }
  }
  try {
    const known = [...sums.values()].find((sum) => sameSum(sum, found))
    const check = known === undefined ? database.quickCheck() : 'ok'
    const text = check === 'ok' ? getMeta(database.reader, 'journal_seq') : null
    const seq = text === null ? NaN : Number(text)
    const wanted = sums.get(seq)
    // With a flipped bit in its number, a snapshot has the number of none that was noted; its length still fits.
    const isNotedLength = [...sums.values()].some(({ bytes: noted }) => noted === found.bytes)
    const changed = wanted === undefined ? known === undefined && isNotedLength : !sameSum(wanted, found)
    if (Number.isSafeInteger(seq) && seq >= 0 && !changed) {
      return { kind: 'sound', database, seq, sum: { ...(known ?? found), checked: known?.checked ?? true } }
    }
    database.close()
    if (changed) return { kind: 'damaged', because: BYTES_CHANGED }
    return { kind: 'damaged', because: check === 'ok' ? 'it does not say which commit it includes' : check }
  } catch (error) {
    database.close()
    return { kind: 'damaged', because: messageOf(error) }
  }
}

/**
 * Opens a snapshot. With `onDisk`, a file whose block checksums are known is read on demand; any other is read as a
 * whole, and only then a defect is described.
 */
export async function openSnapshotFile(
  engine: SqlEngine,
  files: Pick<Files, 'readWhole' | 'openAtOnce'>,
  path: string,
  { sums, onDisk }: { readonly sums: SnapshotSums; readonly onDisk: boolean }
): Promise<SnapshotReading> {
  const found = onDisk ? openSnapshotOnDisk(engine, files.openAtOnce(path), sums) : null
  if (found !== null) return { kind: 'sound', ...found }
  const { bytes, sum } = await readSnapshot(files, path)
  return openSnapshot(engine, bytes, sums, sum)
}

/** Null: as for `openPaged`, or the number in the snapshot is not the noted one. */
export function openSnapshotOnDisk(
  engine: SqlEngine,
  file: FileAtOnce,
  sums: SnapshotSums
): OpenSnapshot | null {
  const found = openPaged(engine, file, () => notedAs(file, sums))
  if (found === null) return null
  const { database, noted } = found
  const { seq, sum } = noted
  try {
    if (getMeta(database.reader, 'journal_seq') === String(seq)) return { database, seq, sum }
  } catch {
    // The reading of the whole file reports the damage.
  }
  database.close()
  return null
}

/**
 * A snapshot whose pages are read from the file on demand; each block is compared with its noted checksum. Null when
 * the checksums are unknown or do not fit the file: then it must be read as a whole. The file is closed with the
 * database, or at once when the result is null.
 */
function openPaged<Noted extends { readonly blocks: Uint32Array }>(
  engine: SqlEngine,
  file: FileAtOnce,
  find: () => Noted | null
): { readonly database: Database; readonly noted: Noted } | null {
  let noted: Noted | null = null
  try {
    noted = find()
  } finally {
    if (noted === null) file.close()
  }
  if (noted === null) return null
  try {
    return { database: new Database(engine, pagedContent(file, noted.blocks)), noted }
  } catch {
    return null
  }
}

interface NotedSnapshot {
  readonly seq: number
  readonly sum: SnapshotSum
  readonly blocks: Uint32Array
}

/** The noted snapshot that the file is, by its length and its first block; null: none. */
function notedAs(file: FileAtOnce, sums: SnapshotSums): NotedSnapshot | null {
  const first = firstSum(file)
  for (const [seq, sum] of sums) {
    const blocks = file.bytes === sum.bytes ? blocksOf(sum) : null
    if (blocks?.[0] === first) return { seq, sum, blocks }
  }
  return null
}

/** The checksum of each block; null when unknown, or when they do not fit the length. */
function blocksOf(sum: SnapshotSum): Uint32Array | null {
  return sum.blocks === undefined ? null : readBlockSums(sum.blocks, sum.bytes)
}

/** The checksum of the first block: SQLite changes its header with every commit. */
function firstSum(file: FileAtOnce): number {
  return crc32(file.read(0, Math.min(BLOCK_BYTES, file.bytes)))
}

/** The defect of bytes whose checksum is not the noted one. */
export const BYTES_CHANGED = 'its bytes are not those that were written'

/** As `checkSnapshot`, block by block where their checksums are known: a ledger of a gigabyte is not read into memory. */
export async function checkSnapshotFile(
  engine: SqlEngine,
  files: Pick<Files, 'readWhole' | 'openAtOnce'>,
  { path, sum }: { readonly path: string; readonly sum: SnapshotSum }
): Promise<string> {
  const blocks = blocksOf(sum)
  if (blocks === null) return checkSnapshot(engine, await files.readWhole(path), sum)
  const file = files.openAtOnce(path)
  const isNoted = (): boolean => file.bytes === sum.bytes && firstSum(file) === blocks[0]
  const paged = openPaged(engine, file, () => (isNoted() ? { blocks } : null))
  if (paged === null) return BYTES_CHANGED
  const { database } = paged
  try {
    const check = database.quickCheck()
    return database.damage === null ? check : BYTES_CHANGED
  } finally {
    database.close()
  }
}

/** SQLite's own check, if the bytes are the noted ones: `ok`, or the defect. */
function checkSnapshot(engine: SqlEngine, bytes: Uint8Array, sum: SnapshotSum): string {
  if (!sameSum(sum, sumOf(bytes))) return BYTES_CHANGED
  const database = new Database(engine, bytes)
  try {
    return database.quickCheck()
  } finally {
    database.close()
  }
}

/** Reads a snapshot and computes its checksum on the way. */
export async function readSnapshot(
  files: Pick<Files, 'readWhole'>,
  path: string
): Promise<{ readonly bytes: Uint8Array; readonly sum: SnapshotSum }> {
  let crc = 0
  let summed = 0
  const bytes = await files.readWhole(path, (piece) => {
    crc = crc32(piece, crc)
    summed += piece.length
  })
  return { bytes, sum: summed === bytes.length ? { bytes: summed, crc32: crc } : sumOf(bytes) }
}

function sameSum(wanted: SnapshotSum, found: SnapshotSum): boolean {
  return wanted.bytes === found.bytes && wanted.crc32 === found.crc32
}

/**
 * A snapshot of this database, which includes all commits up to `seq`. No transaction may follow: the bytes are read in
 * place.
 */
export function snapshotOf(database: Database, seq: number): BuiltSnapshot {
  database.writeUnrecorded(SET_META, ['journal_seq', String(seq)])
  return summedUp(database.piecesInPlace())
}
