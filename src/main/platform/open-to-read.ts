/**
 * Opens a file for reading without changing its access time where the system allows it: it may be the user's
 * own file, and backup tools use that time. Source: open(2), O_NOATIME (Linux; refused with EPERM for other
 * people's files).
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

export async function openToRead(path: string): Promise<FileHandle> {
  // Node's types include it on every system; it exists only on Linux.
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
