/**
 * What a system error of the disk means for the library: a code of ours and a sentence with the path.
 * An error that is not of the disk passes through unchanged.
 */
import { SheafError } from '../../contract/errors'
import { diskErrorOf } from '../platform/disk-errors'
import { systemCode } from '../platform/files'

/** What may be of one file or one folder only, while the library as a whole takes papers. */
const OF_ONE_PLACE: readonly string[] = ['EFBIG', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'EACCES', 'EPERM']

export function isOfOnePlace(error: SheafError): boolean {
  return OF_ONE_PLACE.includes(String(error.facts['disk_code']))
}

/** Where the disk refused, when it did. */
export function troubledPlace(error: SheafError): string | null {
  const place = error.facts['disk_place']
  return typeof place === 'string' ? place : null
}

/** Runs `work`; its disk errors leave as SheafErrors that name `path`. */
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
