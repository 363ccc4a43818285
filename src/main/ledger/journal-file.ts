/**
 * Parses a journal's bytes; pure. The lines are read from the start as long as they are valid, and the result
 * says what follows: nothing, a torn last line, or damage. Only a valid prefix is returned, so it never
 * contains a wrong row.
 */
import type { Statement } from './database'
import { LineDecoder, type JournalHeader } from './journal-line'

export interface JournalReading {
  /** null when the header itself is invalid */
  readonly header: JournalHeader | null
  /** sequence number of the last valid transaction; `first - 1` when there is none */
  readonly last: number
  /** end of the valid part */
  readonly goodBytes: number
  /** length of its valid transactions before packing */
  readonly unpackedChars: number
  /**
   * `whole`: nothing follows. `torn`: bytes without a line end follow, as after a power cut. `damaged`: a
   * complete but invalid line follows.
   */
  readonly end: 'whole' | 'torn' | 'damaged'
}

const LF = 10

/** Calls `each` with every valid transaction, in order; stops after number `upTo`. */
export function readJournal(
  bytes: Uint8Array,
  upTo: number,
  each: (seq: number, statements: readonly Statement[]) => void
): JournalReading {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new LineDecoder()
  let header: JournalHeader | null = null
  let last = -1
  let at = 0
  const upToHere = (end: JournalReading['end'], goodBytes = at): JournalReading => ({
    header,
    last,
    goodBytes,
    unpackedChars: decoder.unpackedChars,
    end
  })
  while (at < file.length) {
    const lineEnd = file.indexOf(LF, at)
    if (lineEnd === -1) return upToHere('torn')
    const line = file.subarray(at, lineEnd)
    if (header === null) {
      header = decoder.header(line)
      if (header === null) return upToHere('damaged', 0)
      last = header.first - 1
    } else {
      const statements = decoder.transaction(line)
      if (statements === null) return upToHere('damaged')
      last += 1
      each(last, statements)
    }
    at = lineEnd + 1
    if (last >= upTo) return upToHere('whole')
  }
  return upToHere(header === null ? 'torn' : 'whole')
}

export function journalName(first: number): string {
  return `journal-${first}.log`
}

export interface JournalName {
  /** the number of its first transaction */
  readonly first: number
  /** the last number that counts in it: the next file supersedes the rest. Infinity for the last file */
  readonly limit: number
}

/** The journals among these files, oldest first. */
export function journalsIn(names: readonly string[]): readonly JournalName[] {
  const firsts = names.map(firstOfName).filter((first) => first !== null)
  firsts.sort((a, b) => a - b)
  return firsts.map((first, at) => ({ first, limit: (firsts[at + 1] ?? Infinity) - 1 }))
}

/** The first sequence number in a journal's name; null for any other file. */
export function firstOfName(name: string): number | null {
  const digits = /^journal-([1-9]\d{0,15})\.log$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}
