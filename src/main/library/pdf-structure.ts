/**
 * What a PDF's outer structure says about its being whole, before any library tries to mend it: does
 * the last `startxref` point at a table of objects, and does a linearized file have its full length?
 * Source: ISO 32000-1 §7.5.4 to §7.5.8, annex F.
 */
export type Reader = (position: number, length: number) => Promise<Buffer>

export interface Structure {
  readonly xrefFound: boolean
  /** is the end marker where it belongs? */
  readonly hasEnd: boolean
  readonly linearizedBytes: number | null
}

const TAIL_BYTES = 65_536

export async function structureOf(read: Reader, size: number): Promise<Structure> {
  const head = (await read(0, Math.min(2_048, size))).toString('latin1')
  const linearized = /\/Linearized\b[^>]*?\/L\s+(\d+)/.exec(head)?.[1]
  const tailAt = Math.max(0, size - TAIL_BYTES)
  const tail = (await read(tailAt, size - tailAt)).toString('latin1')
  return {
    hasEnd: tail.slice(-2_048).includes('%%EOF'),
    xrefFound: await pointsAtTable(read, { tail, size, headerAt: Math.max(0, head.indexOf('%PDF-')) }),
    linearizedBytes: linearized === undefined ? null : Number(linearized)
  }
}

async function pointsAtTable(
  read: Reader,
  file: { readonly tail: string; readonly size: number; readonly headerAt: number }
): Promise<boolean> {
  const at = file.tail.lastIndexOf('startxref')
  if (at < 0) return false
  const after = file.tail.slice(at + 9)
  const offset = /^\s*(\d{1,12})\s/.exec(after)?.[1]
  if (offset === undefined) return false
  // An update that was cut off: objects follow the last complete table.
  if (/\b\d+ \d+ obj\b/.test(after)) return false
  for (const shift of [0, file.headerAt]) {
    const position = Number(offset) + shift
    if (position >= file.size) continue
    const there = (await read(position, Math.min(64, file.size - position))).toString('latin1')
    if (/^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/.test(there)) return true
  }
  return false
}
