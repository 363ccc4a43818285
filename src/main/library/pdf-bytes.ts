/**
 * Detects PDFs that were changed in transfer. Programs that treat them as text re-encode every byte as UTF-8,
 * drop the eighth bit or translate line ends; interrupted and patched transfers leave holes, or lose a block.
 * The structure survives, and the pages are blank. Pure. Every compressed stream is checked for the signs of
 * such a change, which is cheap; only a stream with a sign is decompressed for confirmation: files that
 * common readers open stay valid (a wrong /Length alone damages nothing). Source: ISO 32000-1 §7.3.8
 * (streams), RFC 1950 and 1951 (Flate).
 */
import { inflateSync } from 'node:zlib'
import { systemCode } from '../platform/files'
import { isTable, tablePlaces } from './pdf-structure'

export type BytesChanged =
  're-encoded as UTF-8' | 'stripped to seven bits' | 'given other line ends' | 'partly lost'

/** Shorter streams are too short for statistics. */
const LEAST_BYTES = 600
/** In compressed data all values are equally frequent: no stream has so few high bytes by chance. */
const FEWEST_HIGH = 0.02
const LETTERS_WINDOW = 1_024
const LINES_WINDOW = 4_096
const ENDS = 3
const LONGEST_UNPACKED = 67_108_864
/** The most bytes of streams that are decompressed, in a file that looks shifted. */
const MOST_UNPACKED = 4_194_304

interface Stream {
  readonly from: number
  readonly to: number
  /** the length in its dictionary, if it is a direct value */
  readonly length: number | null
}

export function bytesChanged(bytes: Uint8Array): BytesChanged | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const isEncrypted = file.includes('/Encrypt')
  const isShifted = !isEncrypted && !pointsAtTable(file)
  let left = MOST_UNPACKED
  let isLost = false
  for (const stream of compressedStreams(file)) {
    const mark = markOf(file, stream)
    if (mark === null) {
      if (!isShifted || left <= 0) continue
      left -= stream.to - stream.from
      isLost ||= unpack(file, stream) === 'broken'
    } else if (mark === 'partly lost') {
      // A block was lost, or a later stream has more evidence of the change.
      isLost ||= isEncrypted ? hasHole(file, stream) : unpack(file, stream) !== 'whole'
    } else if (isEncrypted || unpack(file, stream) !== 'whole') {
      // Encrypted streams cannot be decompressed here; the signs in their bytes apply to them, too.
      return mark
    }
  }
  return isLost ? 'partly lost' : null
}

function markOf(file: Buffer, stream: Stream): BytesChanged | null {
  if (stream.to - stream.from >= LEAST_BYTES) {
    for (const [from, to] of windowsOf(stream, LETTERS_WINDOW)) {
      const mark = markInLetters(file, from, to)
      if (mark !== null) return mark
    }
    for (const [from, to] of windowsOf(stream, LINES_WINDOW))
      if (hasOtherLineEnds(file, from, to)) return 'given other line ends'
    if (hasHole(file, stream)) return 'partly lost'
  }
  return stream.length !== null && !endsAfter(file, stream.from, stream.length) ? 'partly lost' : null
}

/** Of a long stream the first and the last windows: a change may begin anywhere. */
function windowsOf({ from, to }: Stream, size: number): readonly (readonly [from: number, to: number])[] {
  const count = Math.max(1, Math.floor((to - from) / size))
  const all = Array.from({ length: count }, (_, index): readonly [number, number] => [
    from + index * size,
    Math.min(to, from + (index + 1) * size)
  ])
  return count <= 2 * ENDS ? all : [...all.slice(0, ENDS), ...all.slice(-ENDS)]
}

/**
 * The value of each byte: one for a high byte, and 65,536 for one that begins a two-byte letter of UTF-8 or
 * its replacement character. A window is shorter than that, so both counts fit in one number.
 */
const HIGH_AND_LEADS = Uint32Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? 0 : byte === 0xc2 || byte === 0xc3 || byte === 0xef ? 0x1_0001 : 1
)
/** The same for line feeds and carriage returns. */
const FEEDS_AND_RETURNS = Uint32Array.from({ length: 256 }, (_, byte) =>
  byte === 0x0a ? 1 : byte === 0x0d ? 0x1_0000 : 0
)

function sumOver(file: Buffer, [from, to]: readonly [number, number], worth: Uint32Array): number {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += worth[file[at] ?? 0] ?? 0
  return sum
}

function markInLetters(file: Buffer, from: number, to: number): BytesChanged | null {
  const sum = sumOver(file, [from, to], HIGH_AND_LEADS)
  const high = sum & 0xffff
  // A lead byte accounts for three high bytes at most: in compressed data there are far too few of them.
  const isPossible = high > 100 && 3 * (sum >>> 16) > 0.8 * high
  if (isPossible && shareOfPairs(file, from, to) > 0.8) return 're-encoded as UTF-8'
  return to - from >= LEAST_BYTES && high / (to - from) < FEWEST_HIGH ? 'stripped to seven bits' : null
}

/** The share of the high bytes that belong to two-byte letters of UTF-8 and to its replacement character. */
function shareOfPairs(file: Buffer, from: number, to: number): number {
  let high = 0
  let pairs = 0
  for (let at = from; at < to; at += 1) {
    const byte = file[at] ?? 0
    if (byte < 0x80) continue
    // As UTF-8, bytes from 0x80 on come in pairs C2/C3 + 80…BF, or as EF BF BD where they were replaced.
    const length = isReplacement(file, at)
      ? 3
      : (byte === 0xc2 || byte === 0xc3) && isTrail(file[at + 1])
        ? 2
        : 1
    high += length
    if (length > 1) pairs += length
    at += length - 1
  }
  return pairs / high
}

/** In 4 kB of compressed data, 16 line feeds and 16 carriage returns are expected. */
function hasOtherLineEnds(file: Buffer, from: number, to: number): boolean {
  if (to - from < LINES_WINDOW) return false
  const sum = sumOver(file, [from, to], FEEDS_AND_RETURNS)
  const feeds = sum & 0xffff
  const returns = sum >>> 16
  if (feeds + returns < 8) return false
  return returns === 0 || !hasBareFeed(file, from, to)
}

function hasBareFeed(file: Buffer, from: number, to: number): boolean {
  for (let at = file.indexOf(0x0a, from); at >= 0 && at < to; at = file.indexOf(0x0a, at + 1))
    if (file[at - 1] !== 0x0d) return true
  return false
}

const isTrail = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80 && byte < 0xc0
const isReplacement = (file: Buffer, at: number): boolean =>
  file[at] === 0xef && file[at + 1] === 0xbf && file[at + 2] === 0xbd

const HOLE = Buffer.alloc(256)

function hasHole(file: Buffer, stream: Stream): boolean {
  const at = file.indexOf(HOLE, stream.from)
  return at >= 0 && at + HOLE.length <= stream.to
}

/** `endstream` is where the dictionary's length puts it, after at most a line end. */
function endsAfter(file: Buffer, from: number, length: number): boolean {
  const there = file.subarray(from + length, from + length + 16).toString('latin1')
  return /^\s{0,4}endstream/.test(there)
}

/** A stream counts as truncated when its own end is missing; some programs omit that end. */
function unpack(file: Buffer, stream: Stream): 'whole' | 'cut off' | 'broken' {
  try {
    inflateSync(file.subarray(stream.from, stream.to), { maxOutputLength: LONGEST_UNPACKED })
    return 'whole'
  } catch (error) {
    const code = systemCode(error)
    // Larger than the limit of decompression: up to there it was intact.
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'whole'
    return code === 'Z_BUF_ERROR' ? 'cut off' : 'broken'
  }
}

/** The last table of objects is where the file says; lost or added blocks move it. */
function pointsAtTable(file: Buffer): boolean {
  const at = file.lastIndexOf('startxref')
  if (at < 0) return false
  const header = Math.max(0, file.subarray(0, 2_048).indexOf('%PDF-'))
  const behind = `${file.subarray(at + 9, at + 40).toString('latin1')} `
  return tablePlaces(behind, header).some((place) =>
    isTable(file.subarray(place, place + 40).toString('latin1'))
  )
}

const MOST_STREAMS = 20_000
const DICTIONARY_BYTES = 400

/** Streams whose only filter is Flate: binary in every file. */
function* compressedStreams(file: Buffer): Generator<Stream> {
  let at = 0
  for (let count = 0; count < MOST_STREAMS; count += 1) {
    const flate = file.indexOf('/FlateDecode', at)
    const begin = flate < 0 ? -1 : file.indexOf('stream', flate)
    if (begin < 0) return
    const head = file.subarray(Math.max(at, begin - DICTIONARY_BYTES), begin).toString('latin1')
    const from = begin + 6 + lineEndAt(file, begin + 6)
    const end = file.indexOf('endstream', from)
    const to = end < 0 ? file.length : end
    const own = head.slice(head.lastIndexOf('obj') + 1)
    const isOnly =
      begin - flate < DICTIONARY_BYTES && !/ASCII85Decode|ASCIIHexDecode|\/A85|\/AHx|\/Crypt/.test(own)
    const length = /\/Length\s+(\d{1,10})(?!\d|\s+\d+\s+R)/.exec(own)?.[1]
    if (isOnly) yield { from, to, length: length === undefined ? null : Number(length) }
    at = Math.max(to, from)
  }
}

function lineEndAt(file: Buffer, at: number): number {
  if (file[at] === 0x0d && file[at + 1] === 0x0a) return 2
  return file[at] === 0x0a || file[at] === 0x0d ? 1 : 0
}
