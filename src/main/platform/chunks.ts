/** Bytes on their way through a stream, a thread, a file or a pipe. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { fail } from '../../contract/errors'

const CHUNK_CHARS = 65_536

/** A chunk as a stream of Node's gives it, whose types say that it may be anything. */
export function bytesOfChunk(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  return fail('BROKEN_INVARIANT', `A stream of bytes gave a value of type ${typeof chunk}.`)
}

/** What `postMessage` hands over together with these bytes instead of copying them. */
export function transferOf({ buffer }: Uint8Array): readonly ArrayBuffer[] {
  return buffer instanceof ArrayBuffer ? [buffer] : []
}

/** The pieces as UTF-8 in chunks of some 64 KB; other work gets its turn between two chunks. */
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
