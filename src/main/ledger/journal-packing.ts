/**
 * Packs journal lines. A transaction resembles those before it, so its JSON is deflated against the last 8
 * KiB of them and stored in its line as base64, a JSON string in place of a list. Writer and reader add every
 * line, packed or not, in the same order. Short lines gain nothing, and packing long lines, which insert rows
 * in bulk, would delay their commit: both stay unpacked, and so does the first line of a file. A migration is
 * always that first line, so that an earlier Sheaf, which cannot read packed lines, still detects that the
 * ledger is too new for it.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Measured with the journal of a run: twice the size saves a twelfth more and takes 1.5 times as long. */
const WINDOW = 8 * 1024
const LEAST_CHARS = 64
/** Deflated in about a millisecond. */
const MOST_CHARS = 64 * 1024
const MOST_BYTES = MOST_CHARS * 3
/**
 * Room for the window and a line of usual length; a smaller memLevel means less memory to initialise per
 * line.
 */
const SIZES = { windowBits: 14, memLevel: 6 }

export class LinePacking {
  /** The last lines; data older than the window is overwritten occasionally. */
  private readonly recent = Buffer.alloc(2 * WINDOW)
  private end = 0

  /** The JSON to store in the line: the text itself, or a string. */
  pack(json: string): string {
    const packed = this.packed(json)
    this.add(json)
    return packed !== null && packed.length < json.length ? packed : json
  }

  /** Restores a transaction's JSON from its line's `inLine`; null when it cannot be unpacked. */
  unpack(inLine: string): string | null {
    const json = inLine.startsWith('"') ? this.unpacked(inLine) : inLine
    if (json !== null) this.add(json)
    return json
  }

  private packed(json: string): string | null {
    if (this.end === 0 || json.length < LEAST_CHARS || json.length > MOST_CHARS) return null
    const bytes = deflateRawSync(Buffer.from(json, 'utf8'), { ...SIZES, dictionary: this.dictionary() })
    return `"${bytes.toString('base64')}"`
  }

  private unpacked(inLine: string): string | null {
    if (this.end === 0) return null
    const bytes = Buffer.from(inLine.slice(1, -1), 'base64')
    try {
      const dictionary = this.dictionary()
      return inflateRawSync(bytes, { ...SIZES, dictionary, maxOutputLength: MOST_BYTES }).toString('utf8')
    } catch {
      return null
    }
  }

  private dictionary(): Buffer {
    return this.recent.subarray(Math.max(0, this.end - WINDOW), this.end)
  }

  private add(json: string): void {
    const tail = Buffer.from(json.slice(-WINDOW), 'utf8').subarray(-WINDOW)
    if (this.end + tail.length > this.recent.length) {
      this.recent.copy(this.recent, 0, this.end - WINDOW, this.end)
      this.end = WINDOW
    }
    this.end += tail.copy(this.recent, this.end)
  }
}
