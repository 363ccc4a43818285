/**
 * The content of a large database file that stays on disk. SQLite gets the pages that it requests, each from
 * a block whose checksum was verified; pages that it writes are kept in memory. Time and memory of a start
 * then depend on what it reads, not on the size of the ledger. The file is never written to and stays open,
 * so that it may be renamed or removed meanwhile (`Files.keepsOpenFiles`).
 *
 * Invariant: a byte that SQLite reads was written here, or comes from a block whose checksum was valid at its
 * first use in this process. What goes into a new snapshot is verified once more.
 */
import { crc32 } from 'node:zlib'
import type { FileAtOnce } from '../platform/files'
import { messageOf } from '../../contract/errors'
import { BLOCK_BYTES } from './block-sums'
import { MOST_BYTES, type Content, type ReadableContent } from './growing-content'

/** Written content is kept in pages of SQLite's usual size. */
const PAGE_BYTES = 4_096
const PAGES_PER_BLOCK = BLOCK_BYTES / PAGE_BYTES
/** Pages are allocated from slabs of this many. */
const SLAB_PAGES = 256
/** Piece size when the whole content is read. */
const PIECE_BYTES = 4 * 1024 * 1024
/** After so many pages in a row the whole block is read; a row with its overflow is shorter. */
const READ_AHEAD_FROM = 2

export interface PagedContent extends Content {
  /** the file's defect, once a block had the wrong checksum; null otherwise */
  readonly damage: () => string | null
  readonly close: () => void
}

/** `sums`: the checksum of each block of the file. */
export function pagedContent(file: FileAtOnce, sums: Uint32Array): PagedContent {
  const blocks = new Blocks(file, sums)
  const pages = new Map<number, Uint8Array>()
  const newPage = slabs()
  let writes = 0

  function pageForWriting(number: number, isWhole: boolean): Uint8Array {
    const known = pages.get(number)
    if (known !== undefined) return known
    const page = newPage()
    if (!isWhole) page.set(blocks.page(number))
    pages.set(number, page)
    return page
  }

  /** Each block is verified again: what goes into a new snapshot gets new checksums. */
  function copyOf(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(to - from)
    for (let at = from; at < to;) {
      const number = Math.floor(at / BLOCK_BYTES)
      const start = number * BLOCK_BYTES
      const end = Math.min(to, start + BLOCK_BYTES)
      bytes.set(blocks.compared(number).subarray(at - start, end - start), at - from)
      at = end
    }
    for (let number = Math.floor(from / PAGE_BYTES); number * PAGE_BYTES < to; number += 1) {
      const start = Math.max(from, number * PAGE_BYTES)
      const end = Math.min(to, (number + 1) * PAGE_BYTES)
      const written = pages.get(number)?.subarray(start - number * PAGE_BYTES, end - number * PAGE_BYTES)
      if (written !== undefined) bytes.set(written, start - from)
    }
    return bytes
  }

  const content: ReadableContent & Pick<Uint8Array, 'set'> = {
    // sql.js sees the maximum as the length (`growing-content.ts`).
    length: MOST_BYTES,
    subarray(from = 0, to = MOST_BYTES) {
      const number = Math.floor(from / PAGE_BYTES)
      const start = number * PAGE_BYTES
      if (to <= start + PAGE_BYTES) {
        return (pages.get(number) ?? blocks.page(number)).subarray(from - start, to - start)
      }
      return copyOf(from, to)
    },
    set(source: ArrayLike<number>, at = 0) {
      const bytes = source instanceof Uint8Array ? source : Uint8Array.from(source)
      writes += 1
      for (let done = 0; done < bytes.length;) {
        const number = Math.floor((at + done) / PAGE_BYTES)
        const within = at + done - number * PAGE_BYTES
        const part = bytes.subarray(done, done + PAGE_BYTES - within)
        pageForWriting(number, part.length === PAGE_BYTES).set(part, within)
        done += part.length
      }
    }
  }
  return {
    // sql.js first tests for bytes (by `subarray`), then reads the length, then calls `slice`.
    given: { length: file.bytes, subarray: content.subarray, slice: () => content },
    inPlace: {
      *pieces(size) {
        for (let at = 0; at < size; at += PIECE_BYTES) yield copyOf(at, Math.min(size, at + PIECE_BYTES))
      },
      writes: () => writes
    },
    damage: () => blocks.damage,
    close: () => {
      file.close()
    }
  }
}

/** EBADF in WASI. SQLite interprets EIO as a damaged database, and other errors as a failed read. */
const EBADF = 8

/**
 * An error that Emscripten's file system passes on to SQLite, so that the statement fails with “disk I/O
 * error”. Builds read the error number under different shortened names (`errno`, `Sa`, …), so every name
 * except the error's own returns it. Any other error would leave SQLite in an undefined state.
 */
function fileError(because: string): Error {
  const error = new Error(because)
  error.name = 'ErrnoError'
  return new Proxy(error, {
    get: (target, key): unknown => (key in target ? Reflect.get(target, key) : EBADF)
  })
}

/**
 * The file's pages. A block is compared with its checksum when the first of its pages is asked for. The block
 * that was read last is kept, so that pages which lie together cost one read.
 */
class Blocks {
  damage: string | null = null
  private readonly wasCompared: Uint8Array
  private readonly block = new Uint8Array(BLOCK_BYTES)
  /** which block that is; -1: none */
  private held = -1
  private readonly single = new Uint8Array(PAGE_BYTES)
  private lastPage = -1
  /** how many pages were asked for in the order of the file, up to the last one */
  private inOrder = 0

  constructor(
    private readonly file: FileAtOnce,
    private readonly sums: Uint32Array
  ) {
    this.wasCompared = new Uint8Array(sums.length)
  }

  /** Zeros beyond the end, as in a sparse file. Valid until the next page is requested. */
  page(number: number): Uint8Array {
    const block = Math.floor(number / PAGES_PER_BLOCK)
    this.inOrder = number === this.lastPage + 1 ? this.inOrder + 1 : 0
    this.lastPage = number
    if (block !== this.held && (this.wasCompared[block] === 0 || this.inOrder >= READ_AHEAD_FROM))
      this.compared(block)
    const at = number * PAGE_BYTES
    if (block === this.held) {
      const within = at - block * BLOCK_BYTES
      return this.block.subarray(within, within + PAGE_BYTES)
    }
    const page = this.single.fill(0)
    this.readTo(page.subarray(0, Math.max(0, Math.min(PAGE_BYTES, this.file.bytes - at))), at)
    return page
  }

  /** A whole block, verified now; zeros beyond the end. Valid until the next call. */
  compared(number: number): Uint8Array {
    this.held = -1
    const at = number * BLOCK_BYTES
    const block = this.block.subarray(0, Math.max(0, Math.min(BLOCK_BYTES, this.file.bytes - at)))
    this.readTo(block, at)
    if (block.length > 0 && crc32(block) !== this.sums[number])
      this.fail(`its bytes from ${String(at)} on are not those that were written`)
    this.wasCompared[number] = 1
    this.held = number
    return this.block.fill(0, block.length)
  }

  private readTo(bytes: Uint8Array, at: number): void {
    if (bytes.length === 0) return
    let length: number
    try {
      length = this.file.readInto(bytes, at)
    } catch (error) {
      this.fail(`its bytes from ${String(at)} on cannot be read (${messageOf(error)})`)
    }
    if (length < bytes.length) this.fail('it became shorter')
  }

  private fail(because: string): never {
    this.damage = because
    throw fileError(because)
  }
}

/** Allocates pages from larger pieces, so that a hundred thousand of them have little overhead. */
function slabs(): () => Uint8Array {
  let slab = new Uint8Array(0)
  let at = 0
  return () => {
    if (at === slab.length) {
      slab = new Uint8Array(SLAB_PAGES * PAGE_BYTES)
      at = 0
    }
    at += PAGE_BYTES
    return slab.subarray(at - PAGE_BYTES, at)
  }
}
