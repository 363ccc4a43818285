/**
 * Decodes bodies that a server encoded without a request. zlib is strict: a truncated compressed body is an
 * error, as it would be for plain bytes.
 */
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { fail } from '../../contract/errors'

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress
} as const
const KNOWN_BUT_NOT_HERE = new Set(['zstd', 'compress', 'x-compress', 'dcb', 'dcz'])

/** The encoding to undo, if any. Words that are no encoding (`none`, `utf-8`) are ignored. */
export function encodingsOf(contentEncoding: string | undefined, host: string): (keyof typeof DECODERS)[] {
  const words = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
  const unknown = words.find((word) => KNOWN_BUT_NOT_HERE.has(word))
  if (unknown !== undefined) {
    fail('BAD_ANSWER', `${host} sent a body encoded as ${unknown}, which was not asked for.`)
  }
  const known = words.filter((word): word is keyof typeof DECODERS => word in DECODERS)
  // Nested encodings can unpack a kilobyte to gigabytes, and no server has a reason to use them.
  if (known.length > 1)
    fail('BAD_ANSWER', `${host} sent a body encoded more than once (${known.join(', ')}).`)
  return known
}

/** The decoded stream. Ending either end ends the other; an error of any stage appears at the last. */
export function decode(stream: Readable, encodings: readonly (keyof typeof DECODERS)[]): Readable {
  let last = stream
  for (const encoding of encodings) {
    const decoder = DECODERS[encoding]()
    // Errors reach the reader; an error after the last read is ignored.
    decoder.on('error', () => undefined)
    pipeline(last, decoder, () => undefined)
    last = decoder
  }
  return last
}
