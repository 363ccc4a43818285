/**
 * Applies the write-ahead log of a foreign SQLite database to a copy of its bytes: sql.js opens such a file
 * but silently ignores the log, so that the newest changes would be missing. Pure. Source: SQLite, "Database
 * File Format", section 4 (The Write-Ahead Log).
 */

const HEADER = 32
const FRAME_HEADER = 24

/** The database as of its last commit, without the flag for a log. */
export function withWal(database: Uint8Array, wal: Uint8Array): Uint8Array {
  const frames = committedFrames(wal)
  const pages = frames.at(-1)?.pages
  const pageSize = frames[0]?.page.length ?? 0
  const bytes =
    pages === undefined ? database.slice() : new Uint8Array(Math.max(pages, largest(frames)) * pageSize)
  if (pages !== undefined) {
    bytes.set(database.subarray(0, bytes.length))
    for (const { number, page } of frames) bytes.set(page, (number - 1) * pageSize)
  }
  clearLogFlag(bytes)
  return pages === undefined ? bytes : bytes.subarray(0, pages * pageSize)
}

/**
 * Changes the two version bytes of a database with a write-ahead log, which one in memory does not support: it reads as
 * of its last checkpoint. 1 is the rollback journal, 2 the log (section 1.3.3).
 */
export function clearLogFlag(bytes: Uint8Array): void {
  if (bytes.length > 19 && bytes[18] === 2) bytes.fill(1, 18, 20)
}

interface Frame {
  readonly number: number
  /** pages of the database after this commit; 0: not a commit frame */
  readonly pages: number
  readonly page: Uint8Array
}

const largest = (frames: readonly Frame[]): number => Math.max(...frames.map(({ number }) => number))

/** Frames up to the last commit; frames after a wrong checksum are leftovers of an earlier log. */
function committedFrames(wal: Uint8Array): readonly Frame[] {
  if (wal.length < HEADER) return []
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength)
  const magic = view.getUint32(0)
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return []
  const little = magic === 0x377f0682
  const pageSize = view.getUint32(8)
  if (pageSize < 512 || pageSize > 65_536) return []
  let sum = checksum(view, { from: 0, to: 24, little }, [0, 0])
  if (sum[0] !== view.getUint32(24) || sum[1] !== view.getUint32(28)) return []
  const frames: Frame[] = []
  let committed = 0
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= wal.length; at += FRAME_HEADER + pageSize) {
    if (view.getUint32(at + 8) !== view.getUint32(16) || view.getUint32(at + 12) !== view.getUint32(20)) break
    const body = at + FRAME_HEADER
    sum = checksum(view, { from: at, to: at + 8, little }, sum)
    sum = checksum(view, { from: body, to: body + pageSize, little }, sum)
    if (sum[0] !== view.getUint32(at + 16) || sum[1] !== view.getUint32(at + 20)) break
    const number = view.getUint32(at)
    if (number === 0) break
    const pages = view.getUint32(at + 4)
    frames.push({ number, pages, page: wal.subarray(body, body + pageSize) })
    if (pages !== 0) committed = frames.length
  }
  return frames.slice(0, committed)
}

type Sum = readonly [number, number]

function checksum(
  view: DataView,
  { from, to, little }: { readonly from: number; readonly to: number; readonly little: boolean },
  [first, second]: Sum
): Sum {
  let a = first
  let b = second
  for (let at = from; at < to; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0
    b = (b + view.getUint32(at + 4, little) + a) >>> 0
  }
  return [a, b]
}
