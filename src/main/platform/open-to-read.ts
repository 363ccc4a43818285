/**
 * Opens a file to read it, and leaves its access time as it was where the system lets us: what is
 * read may be the user's own file, and backup tools look at that time.
 * Source: open(2), O_NOATIME (Linux; refused with EPERM for other people's files).
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

export async function openToRead(path: string): Promise<FileHandle> {
  // Node's types name it on every system; it is there on Linux only.
  const here: Partial<typeof constants> = constants
  const quiet = here.O_NOATIME
  if (quiet === undefined) return open(path, 'r')
  try {
    return await open(path, constants.O_RDONLY | quiet)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EPERM') throw error
    return open(path, 'r')
  }
}
