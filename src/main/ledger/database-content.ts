/**
 * What sql.js is given to open as its in-memory file: bytes that may grow in place, a file that is read on
 * demand, content that stays on disk, or a new database without a table. It avoids the copies that sql.js
 * would make of a large ledger.
 */
import { fail } from '../../contract/errors'
import type { FileAtOnce } from '../platform/files'
import {
  growingContent,
  MOST_COPIED_BYTES,
  type Content,
  type GivenContent,
  type ReadableContent
} from './growing-content'
import type { PagedContent } from './paged-content'
import type { SqlEngine } from './sql-engine'

/** Smaller arrays are copied quickly, and may lie in memory pools shared with other users. */
const LARGE_BYTES = 8 * 1024 * 1024

export function contentOf(source: Uint8Array | FileAtOnce | PagedContent): Content | PagedContent {
  if ('given' in source) return source
  if (!(source instanceof Uint8Array)) return { given: readWhenAsked(source), inPlace: null }
  if (source.byteLength <= MOST_COPIED_BYTES) return growingContent(source)
  return { given: handedOver(source), inPlace: null }
}

/** A database of one page without a table; sql.js takes the content of a file only when it is not empty. */
export function emptyDatabase(engine: SqlEngine): Uint8Array {
  const database = new engine.Database()
  try {
    database.run('PRAGMA user_version=1; PRAGMA user_version=0')
    return database.export()
  } finally {
    database.close()
  }
}

/**
 * sql.js reads the length of its in-memory file, keeps the result of `slice`, and calls `subarray` on that
 * for what SQLite reads. It uses nothing else as long as no statement writes.
 */
function readWhenAsked(file: FileAtOnce): GivenContent {
  const content: ReadableContent = {
    length: file.bytes,
    subarray(from = 0, to = file.bytes) {
      const piece = file.read(from, to - from)
      if (piece.length < to - from) fail('DISK_ERROR', 'The file became shorter while it was read.')
      return piece
    }
  }
  return { ...content, slice: () => content }
}

/**
 * sql.js keeps the result of `slice`, and copies everything when the database outgrows it: at some hundred
 * megabytes a stall of one second. So `slice` returns the bytes themselves, with the room behind them.
 */
function handedOver(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes
  const given = new Uint8Array(buffer, byteOffset, byteLength)
  const isLarge = byteOffset === 0 && buffer.byteLength > byteLength && byteLength >= LARGE_BYTES
  if (isLarge && buffer instanceof ArrayBuffer) given.slice = () => new Uint8Array(buffer)
  return given
}
