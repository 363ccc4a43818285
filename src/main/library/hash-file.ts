/** The SHA-256 of a file, read in blocks. */
import { createHash } from 'node:crypto'
import type { Files } from '../platform/files'

const READ_BYTES = 1_048_576

/** `path` is absolute. Throws the system's error when the file cannot be read. */
export async function hashOfFile(
  files: Pick<Files, 'open'>,
  path: string
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const handle = await files.open(path, 'read')
  try {
    const digest = createHash('sha256')
    let bytes = 0
    for (;;) {
      const block = await handle.read(bytes, READ_BYTES)
      if (block.length === 0) return { sha256: digest.digest('hex'), bytes }
      digest.update(block)
      bytes += block.length
    }
  } finally {
    await handle.close()
  }
}
