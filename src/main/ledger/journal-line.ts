/**
 * Encodes and decodes one line of a journal; pure. A line is `crc32 TAB seq TAB json LF`. The first line of a
 * file is its header, an object; every other line is one committed transaction: a list of `[statement,
 * parameter, …]`, or a string in which `journal-packing.ts` packed that list. A statement's text is in a file
 * once; later lines refer to it by number, which keeps lines short and replay fast.
 *
 * Invariant: a line that decodes is the line that was written, in its place. The checksum covers the sequence
 * number, the content *and the previous checksum*, so that a line of another journal, or of another place in
 * this one, is invalid. Any deviation from the exact format (case of the checksum, spaces, leading zeros) is
 * damage, too.
 */
import { crc32 } from 'node:zlib'
import type { Statement } from './database'
import { LinePacking } from './journal-packing'
import type { SqlValue } from './ledger'
import { isObject, itemsOf, jsonOrNull } from '../../contract/unknown-values'

export interface JournalHeader {
  /** format version; 1 */
  readonly journal: number
  /** the ledger it belongs to */
  readonly ledger: string
  /** the sequence number of its first transaction */
  readonly first: number
  /** distinguishes two journals of one ledger that begin at the same number */
  readonly nonce: string
}

/** Writes the lines of one file, in order. */
export class LineEncoder {
  private checksum = 0
  private readonly numbers = new Map<string, number>()
  private readonly packing = new LinePacking()
  private seq: number
  private unpacked = 0

  /** `first`: the sequence number of the first transaction */
  constructor(private readonly file: JournalHeader) {
    this.seq = file.first - 1
  }

  header(): Buffer {
    return this.line(JSON.stringify(this.file))
  }

  transaction(statements: readonly Statement[]): Buffer {
    this.seq += 1
    const json = JSON.stringify(statements.map((statement) => this.statement(statement)))
    this.unpacked += json.length
    return this.line(this.packing.pack(json))
  }

  /** Length of all transactions so far before packing: the cost of replaying them depends on it. */
  get unpackedChars(): number {
    return this.unpacked
  }

  private statement({ sql, parameters }: Statement): unknown[] {
    const known = this.numbers.get(sql)
    if (known === undefined) this.numbers.set(sql, this.numbers.size)
    const encoded: unknown[] = [known ?? sql]
    for (const value of parameters) encoded.push(encodeValue(value))
    return encoded
  }

  /** Bytes rather than text, which would be encoded twice: for the checksum and for writing. */
  private line(json: string): Buffer {
    const text = `00000000\t${this.seq}\t${json}\n`
    // The same bytes for ASCII, in a fifth of the time.
    const line = Buffer.from(text, /^[\n\t -~]*$/.test(text) ? 'latin1' : 'utf8')
    this.checksum = crc32(line.subarray(CONTENT_AT, -1), this.checksum)
    line.write(hex(this.checksum), 'latin1')
    return line
  }
}

/** Reads the lines of one file, in order. */
export class LineDecoder {
  private checksum = 0
  private readonly texts: string[] = []
  private readonly packing = new LinePacking()
  private seq = -1
  private unpacked = 0

  /** The header, or null when these bytes (without their LF) are not a header. */
  header(line: Buffer): JournalHeader | null {
    const seq = numberOf(line)
    if (seq === null) return null
    const json = this.content(line, seq)
    const value = json === null ? null : jsonOrNull(json)
    if (!isHeader(value) || value.first !== seq + 1) return null
    this.seq = seq
    return value
  }

  /** The next transaction, or null when these bytes (without their LF) are not it. */
  transaction(line: Buffer): readonly Statement[] | null {
    const content = this.content(line, this.seq + 1)
    const json = content === null ? null : this.packing.unpack(content)
    const value = json === null ? null : jsonOrNull(json)
    if (json === null || !Array.isArray(value)) return null
    const statements: Statement[] = []
    for (const item of itemsOf(value)) {
      const statement = this.statement(item)
      if (statement === null) return null
      statements.push(statement)
    }
    this.seq += 1
    this.unpacked += json.length
    return statements
  }

  /** As `LineEncoder` counts. */
  get unpackedChars(): number {
    return this.unpacked
  }

  /** The JSON text when sequence number and checksum are valid. Updates the checksum. */
  private content(line: Buffer, seq: number): string | null {
    // Invalid UTF-8 fails by its checksum, whatever text it is decoded to.
    const text = line.toString('utf8')
    const covered = crc32(line.subarray(CONTENT_AT), this.checksum)
    if (!text.startsWith(`${hex(covered)}\t${seq}\t`)) return null
    this.checksum = covered
    return text.slice(text.indexOf('\t', CONTENT_AT) + 1)
  }

  private statement(item: unknown): Statement | null {
    if (!Array.isArray(item)) return null
    const [what, ...values] = itemsOf(item)
    const parameters: SqlValue[] = []
    for (const value of values) {
      const parameter = decodeValue(value)
      if (parameter === undefined) return null
      parameters.push(parameter)
    }
    if (typeof what === 'string') {
      this.texts.push(what)
      return { sql: what, parameters }
    }
    const sql = typeof what === 'number' ? this.texts[what] : undefined
    return sql === undefined ? null : { sql, parameters }
  }
}

/** After the checksum and its tab. */
const CONTENT_AT = 9

/** JSON cannot represent bytes, infinities and minus zero: those are encoded as objects. */
function encodeValue(value: SqlValue): unknown {
  if (value instanceof Uint8Array) return { b: Buffer.from(value).toString('base64') }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { n: Object.is(value, -0) ? '-0' : String(value) }
  }
  return value
}

function decodeValue(value: unknown): SqlValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (!isObject(value)) return undefined
  if (typeof value['b'] === 'string') return new Uint8Array(Buffer.from(value['b'], 'base64'))
  return typeof value['n'] === 'string' ? Number(value['n']) : undefined
}

function numberOf(line: Buffer): number | null {
  const digits = /^.{8}\t(0|[1-9]\d{0,15})\t/.exec(line.toString('latin1', 0, 30))?.[1]
  return digits === undefined ? null : Number(digits)
}

function isHeader(value: unknown): value is JournalHeader & Record<string, unknown> {
  return (
    isObject(value) &&
    value['journal'] === 1 &&
    typeof value['ledger'] === 'string' &&
    typeof value['first'] === 'number' &&
    typeof value['nonce'] === 'string'
  )
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}
