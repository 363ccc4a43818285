/**
 * Maps a system error of the disk to an error code and a sentence with the path. Other errors pass through
 * unchanged.
 */
import { SheafError } from '../../contract/errors'
import { diskErrorOf } from '../platform/disk-errors'
import { systemCode } from '../platform/files'

/** Errors that may concern a single file or folder, while the library as a whole works. */
const OF_ONE_PLACE: readonly string[] = ['EFBIG', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'EACCES', 'EPERM']

export function isOfOnePlace(error: SheafError): boolean {
  return OF_ONE_PLACE.includes(String(error.facts['disk_code']))
}

/** The path that the disk refused, if any. */
export function troubledPlace(error: SheafError): string | null {
  const place = error.facts['disk_place']
  return typeof place === 'string' ? place : null
}

/** Runs `work`; converts its disk errors to SheafErrors that name `path`. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskTrouble(error, path)
  }
}

export function diskTrouble(error: unknown, path: string): unknown {
  if (error instanceof SheafError) return error
  const code = systemCode(error)
  const known = diskErrorOf(code)
  if (known === null) return error
  return new SheafError(known.code, `${path} cannot be written: ${known.because} (${code ?? ''}).`, {
    cause: error,
    facts: { disk_code: code, disk_place: path }
  })
}
