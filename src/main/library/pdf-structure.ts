/**
 * Checks by a PDF's outer structure whether it is complete, before any library repairs it: whether the last
 * `startxref` points at a table of objects, and whether a linearized file has its full length. Zeros after
 * the end are padding; a file that was allocated and never filled ends in zeros too, but not after a table
 * and its marker. Source: ISO 32000-1 §7.5.4 to §7.5.8, annex F.
 */
export type Reader = (position: number, length: number) => Promise<Buffer>

export interface Structure {
  readonly xrefFound: boolean
  /** whether the end marker is where it belongs */
  readonly hasEnd: boolean
  readonly linearizedBytes: number | null
}

const TAIL_BYTES = 65_536
const END_BYTES = 2_048

export async function structureOf(read: Reader, size: number): Promise<Structure> {
  const head = (await read(0, Math.min(2_048, size))).toString('latin1')
  const linearized = /\/Linearized\b[^>]*?\/L\s+(\d+)/.exec(head)?.[1]
  const end = await endOfPdf(read, await endOfContent(read, size))
  const tailAt = Math.max(0, end - TAIL_BYTES)
  const tail = (await read(tailAt, end - tailAt)).toString('latin1')
  const isPadded = size - end >= END_BYTES
  const headerAt = Math.max(0, head.indexOf('%PDF-'))
  return {
    hasEnd: tail.slice(-END_BYTES).includes('%%EOF'),
    xrefFound: (!isPadded || ENDS_WHOLE.test(tail)) && (await pointsAtTable(read, { tail, size, headerAt })),
    linearizedBytes: linearized === undefined ? null : Number(linearized)
  }
}

/** Only the marker after the last table's position: no update that was begun and cut off. */
const ENDS_WHOLE = /startxref\s+\d+\s+%%EOF\s*$/

const MOST_JUNK = 1_048_576

/** A web page after the end of the PDF, as some servers append one: the PDF ends at its last marker. */
async function endOfPdf(read: Reader, end: number): Promise<number> {
  const near = (await read(Math.max(0, end - TAIL_BYTES), Math.min(end, TAIL_BYTES))).toString('latin1')
  if (near.includes('startxref')) return end
  const from = Math.max(0, end - MOST_JUNK)
  const far = (await read(from, end - from)).toString('latin1')
  const marker = far.lastIndexOf('%%EOF')
  return marker >= 0 && far.lastIndexOf('startxref', marker) >= marker - 40 ? from + marker + 5 : end
}

/** The position where the zeros at the end begin. */
async function endOfContent(read: Reader, size: number): Promise<number> {
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - TAIL_BYTES)
    const bytes = await read(from, end - from)
    const last = bytes.findLastIndex((byte) => byte !== 0)
    if (last >= 0) return from + last + 1
    end = from
  }
  return 0
}

async function pointsAtTable(
  read: Reader,
  file: { readonly tail: string; readonly size: number; readonly headerAt: number }
): Promise<boolean> {
  const after = behindStart(file.tail)
  // An update that was cut off: objects follow the last complete table.
  if (after === null || /\b\d+ \d+ obj\b/.test(after)) return false
  for (const position of tablePlaces(after, file.headerAt)) {
    if (position >= file.size) continue
    const there = (await read(position, Math.min(64, file.size - position))).toString('latin1')
    if (isTable(there)) return true
  }
  return false
}

/** The text after the last `startxref`, or null. */
function behindStart(tail: string): string | null {
  const at = tail.lastIndexOf('startxref')
  return at < 0 ? null : tail.slice(at + 9)
}

/**
 * The possible positions of the table for the number after `startxref`: from the file's start, or from its
 * header.
 */
export function tablePlaces(behindStartxref: string, headerAt: number): readonly number[] {
  const offset = /^\s*(\d{1,12})\s/.exec(behindStartxref)?.[1]
  return offset === undefined ? [] : [Number(offset), Number(offset) + headerAt]
}

/** A table of objects, or the stream that contains one. */
export function isTable(beginning: string): boolean {
  return /^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/.test(beginning)
}
