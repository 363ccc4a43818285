/** The hash of a file, read in blocks. */
import { createHash, type Hash } from 'node:crypto'
import type { FileHandle, Files } from '../platform/files'

const READ_BYTES = 1_048_576

/** `path` is absolute. Throws the system's error when the file cannot be read. */
export async function hashOfFile(
  files: Pick<Files, 'open'>,
  path: string
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const handle = await files.open(path, 'read')
  try {
    const { hash, bytes } = await hashOfOpen(handle)
    return { sha256: hash.digest('hex'), bytes }
  } finally {
    await handle.close()
  }
}

/**
 * The hash of an open file from its beginning, at most `most` bytes. The hash is not finalised: the caller
 * may add more.
 */
export async function hashOfOpen(
  handle: FileHandle,
  {
    most = Number.POSITIVE_INFINITY,
    algorithm = 'sha256'
  }: { readonly most?: number; readonly algorithm?: 'sha256' | 'md5' } = {}
): Promise<{ readonly hash: Hash; readonly bytes: number }> {
  const hash = createHash(algorithm)
  let bytes = 0
  while (bytes < most) {
    const block = await handle.read(bytes, Math.min(READ_BYTES, most - bytes))
    if (block.length === 0) break
    hash.update(block)
    bytes += block.length
  }
  return { hash, bytes }
}
