/**
 * The content of a database file in memory, in one buffer that grows in place. sql.js would enlarge it by an
 * eighth at a time and copy all of it each time: planning 100,000 papers spent a third of its time and half
 * of its memory there. It asks its content for `length`, `slice`, `subarray` and `set` and nothing else.
 */

/** More than any ledger takes (`room.ts`). Only addresses are reserved; memory is taken as it is written. */
export const MOST_BYTES = 0xe000_0000
/** How much is added at least when it grows: the pages of one transaction. */
const STEP_BYTES = 4 * 1024 * 1024

/** Larger ones are not copied for it; they grow seldom. */
export const MOST_COPIED_BYTES = 64 * 1024 * 1024

interface Resizable extends ArrayBuffer {
  resize(bytes: number): void
}
type MakeResizable = new (bytes: number, options: { readonly maxByteLength: number }) => Resizable

export interface Content {
  /** what sql.js is given */
  readonly given: Uint8Array
  /** the file as it lies there, without a copy; null where sql.js keeps bytes of its own from the beginning */
  readonly inPlace: InPlace | null
}

export interface InPlace {
  /** the first bytes of the file, in pieces that are its own until something is written */
  readonly pieces: (bytes: number) => Iterable<Uint8Array>
  /** How often something was written here. A file that is cut gets content of sql.js's own from then on. */
  readonly writes: () => number
}

/** A copy of `bytes` that grows in place, or `bytes` where the platform has no such buffers. */
export function growingContent(bytes: Uint8Array): Content {
  const buffer = resizable(bytes.byteLength)
  if (buffer === null) return { given: bytes, inPlace: null }
  // Its own length follows the buffer's; what sql.js sees as its length is what it may grow to.
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
  // It is asked how long the file is, then to give what it keeps.
  const given = Object.defineProperty(bytes.subarray(), 'slice', { value: () => content })
  return { given, inPlace: { pieces: (size) => [new Uint8Array(buffer, 0, size)], writes: () => writes } }
}

function resizable(bytes: number): Resizable | null {
  try {
    const buffer = new (ArrayBuffer as unknown as MakeResizable)(bytes, { maxByteLength: MOST_BYTES })
    return typeof buffer.resize === 'function' ? buffer : null
  } catch {
    // Too few addresses are left (a limit of the user's), or an old platform.
    return null
  }
}
