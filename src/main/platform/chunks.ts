/** Text that is made piece by piece, on its way to a file or a pipe. */

const CHUNK_CHARS = 65_536

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
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (chars > 0) yield Buffer.from(waiting.join(''))
}
