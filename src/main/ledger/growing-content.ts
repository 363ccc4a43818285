/**
 * The content of a database file in memory, in one buffer that grows in place. sql.js would enlarge it by an
 * eighth at a time and copy all of it each time: for 100,000 planned papers that took a third of the time and
 * half of the memory. sql.js uses `length`, `slice`, `subarray` and `set` of its content and nothing else.
 */

/** More than any ledger needs (`room.ts`). Only addresses are reserved; memory is allocated when written. */
export const MOST_BYTES = 0xe000_0000
/** Minimum growth: the pages of one transaction. */
const STEP_BYTES = 4 * 1024 * 1024

/** Larger contents are not copied into a growable buffer; they rarely grow. */
export const MOST_COPIED_BYTES = 64 * 1024 * 1024

/** What sql.js reads of the content of a file. */
export type ReadableContent = Pick<Uint8Array, 'length' | 'subarray'>
/** What sql.js is given to open: it keeps the result of `slice`. */
export interface GivenContent extends ArrayLike<number> {
  readonly subarray: ReadableContent['subarray']
  readonly slice: () => ReadableContent
}

export interface Content {
  /** the object passed to sql.js */
  readonly given: GivenContent
  /** the file's bytes without a copy; null where sql.js keeps its own from the start */
  readonly inPlace: InPlace | null
}

export interface InPlace {
  /** the first bytes of the file, in pieces that are valid until the next write */
  readonly pieces: (bytes: number) => Iterable<Uint8Array>
  /** Number of writes so far. After a truncation, sql.js uses its own buffer. */
  readonly writes: () => number
}

/** A copy of `bytes` that grows in place, or `bytes` itself where no buffer can grow. */
export function growingContent(bytes: Uint8Array): Content {
  const buffer = resizable(bytes.byteLength)
  if (buffer === null) return { given: bytes, inPlace: null }
  // The array's length follows the buffer; sql.js sees the maximum instead.
  const content = new Uint8Array(buffer)
  content.set(bytes)
  let writes = 0
  const set = (source: ArrayLike<number>, at = 0): void => {
    writes += 1
    const end = at + source.length
    if (end > buffer.byteLength)
      buffer.resize(Math.min(MOST_BYTES, Math.max(end, buffer.byteLength + STEP_BYTES)))
    Uint8Array.prototype.set.call(content, source, at)
  }
  Object.defineProperties(content, { length: { value: MOST_BYTES }, set: { value: set } })
  // sql.js first reads the length, then calls `slice`.
  const given = Object.defineProperty(bytes.subarray(), 'slice', { value: () => content })
  return { given, inPlace: { pieces: (size) => [new Uint8Array(buffer, 0, size)], writes: () => writes } }
}

function resizable(bytes: number): ArrayBuffer | null {
  try {
    return new ArrayBuffer(bytes, { maxByteLength: MOST_BYTES })
  } catch {
    // Not enough addresses: a limit set by the user.
    return null
  }
}
