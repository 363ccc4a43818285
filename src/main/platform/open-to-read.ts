/**
 * Opens a file for reading without changing its access time where the system allows it: it may be the user's
 * own file, and backup tools use that time. Source: open(2), O_NOATIME (Linux; refused with EPERM for other
 * people's files).
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { systemCode } from './files'

// Node's types include it on every system; it exists only on Linux.
const here: Partial<typeof constants> = constants
const O_NOATIME = here.O_NOATIME ?? 0

export function openToRead(path: string): Promise<FileHandle> {
  return withReadFlags((flags) => open(path, flags))
}

/** Calls `opening` with the flags, and once more without O_NOATIME where the system refuses that. */
export async function withReadFlags<T>(opening: (flags: number) => T | Promise<T>): Promise<T> {
  try {
    return await opening(constants.O_RDONLY | O_NOATIME)
  } catch (error) {
    if (O_NOATIME === 0 || systemCode(error) !== 'EPERM') throw error
    return opening(constants.O_RDONLY)
  }
}
