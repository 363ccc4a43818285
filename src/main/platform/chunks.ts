/** Helpers for bytes from a stream, a thread, a file or a pipe. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { fail } from '../../contract/errors'

const CHUNK_CHARS = 65_536

/** A chunk of a Node stream, which is typed as any. */
export function bytesOfChunk(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  return fail('BROKEN_INVARIANT', `A stream of bytes gave a value of type ${typeof chunk}.`)
}

/** The transfer list for `postMessage`, so that these bytes are moved instead of copied. */
export function transferOf({ buffer }: Uint8Array): readonly ArrayBuffer[] {
  return buffer instanceof ArrayBuffer ? [buffer] : []
}

/** The pieces as UTF-8 in chunks of about 64 KB; yields between chunks. */
export async function* inChunks(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  let waiting: string[] = []
  let chars = 0
  for (const piece of pieces) {
    waiting.push(piece)
    chars += piece.length
    if (chars < CHUNK_CHARS) continue
    yield Buffer.from(waiting.join(''))
    waiting = []
    chars = 0
    await yieldToEventLoop()
  }
  if (chars > 0) yield Buffer.from(waiting.join(''))
}
