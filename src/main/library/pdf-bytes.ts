/**
 * Was a PDF changed on its way here? Programs that take it for text write every byte anew as UTF-8, or
 * drop the eighth bit: its outline survives, and its pages are blank. Pure; the marks are those of the
 * change itself, which no whole file carries.
 */

export type BytesChanged = 'written anew as UTF-8' | 'stripped to seven bits'

const LEAST_STREAM_BYTES = 600
/** In compressed data every value is as frequent as any other: so few high bytes come by chance in no file. */
const FEWEST_HIGH = 0.02

export function bytesChanged(bytes: Uint8Array): BytesChanged | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let streams = 0
  let high = 0
  let pairs = 0
  for (const [from, to] of compressedStreams(file)) {
    streams += to - from
    for (let at = from; at < to; at += 1) {
      const byte = file[at] ?? 0
      if (byte < 0x80) continue
      high += 1
      // As UTF-8, bytes from 0x80 on come in pairs C2/C3 + 80…BF, or as EF BF BD where they were given up.
      if (isReplacement(file, at)) {
        pairs += 3
        high += 2
        at += 2
      } else if ((byte === 0xc2 || byte === 0xc3) && isTrail(file[at + 1])) {
        pairs += 2
        high += 1
        at += 1
      }
    }
  }
  if (streams < LEAST_STREAM_BYTES) return null
  if (high > 100 && pairs / high > 0.8) return 'written anew as UTF-8'
  return high / streams < FEWEST_HIGH ? 'stripped to seven bits' : null
}

const isTrail = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80 && byte < 0xc0
const isReplacement = (file: Buffer, at: number): boolean =>
  file[at] === 0xef && file[at + 1] === 0xbf && file[at + 2] === 0xbd

const MOST_STREAMS = 20
const MOST_BYTES = 65_536

/** Streams whose only filter is Flate: binary in every file. */
function* compressedStreams(file: Buffer): Generator<readonly [from: number, to: number]> {
  let count = 0
  for (let at = file.indexOf('/FlateDecode'); at >= 0 && count < MOST_STREAMS; count += 1) {
    const begin = file.indexOf('stream', at)
    if (begin < 0) return
    const head = file.subarray(Math.max(0, at - 200), begin).toString('latin1')
    const end = file.indexOf('endstream', begin)
    const to = Math.min(end < 0 ? file.length : end, begin + MOST_BYTES)
    if (begin - at < 400 && !/ASCII85Decode|ASCIIHexDecode|\/A85|\/AHx/.test(head)) yield [begin + 6, to]
    at = file.indexOf('/FlateDecode', Math.max(to, begin + 6))
  }
}
