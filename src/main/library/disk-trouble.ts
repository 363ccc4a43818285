/**
 * What a system error of the disk means for the library: a code of ours and a sentence with the path.
 * An error that is not of the disk passes through unchanged.
 */
import { FREE_AND_START, SheafError, type ErrorCode } from '../../contract/errors'
import { systemCode } from '../platform/files'

const MEANING: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['DISK_FULL', 'the disk is full'],
  EDQUOT: ['DISK_FULL', 'your disk quota is used up'],
  EFBIG: ['DISK_ERROR', 'the file system does not take files of this size'],
  EROFS: ['DISK_READ_ONLY', 'the disk is read-only'],
  EACCES: ['DISK_READ_ONLY', 'you have no permission to write there'],
  EPERM: ['DISK_READ_ONLY', 'the system does not permit it'],
  EIO: ['DISK_ERROR', 'the disk reports an error'],
  ENXIO: ['DISK_ERROR', 'the disk is gone'],
  ENODEV: ['DISK_ERROR', 'the disk is gone'],
  ESTALE: ['DISK_ERROR', 'the network drive has lost the file'],
  EMFILE: ['DISK_ERROR', 'too many files are open'],
  ENFILE: ['DISK_ERROR', 'too many files are open'],
  EBUSY: ['DISK_ERROR', 'another program holds the file'],
  ENOTDIR: ['DISK_ERROR', 'a file is where a folder should be'],
  EISDIR: ['DISK_ERROR', 'a folder is where a file should be'],
  ENOENT: ['DISK_ERROR', 'the folder is gone'],
  ENAMETOOLONG: ['DISK_ERROR', 'the path is too long']
}

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
  const known = code === null ? undefined : MEANING[code]
  if (known === undefined) return error
  return new SheafError(known[0], `${path} cannot be written: ${known[1]} (${code ?? ''}).`, {
    cause: error,
    facts: { disk_code: code, disk_place: path }
  })
}

/** What these say of a folder that is to be made, unlike of a file in one that was there. */
const NO_FOLDER: Readonly<Record<string, string>> = {
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  ENOENT: 'the system makes no folder there'
}

/** Why a library folder cannot even be begun with. */
export function unusableFolder(error: unknown, folder: string): SheafError {
  const code = systemCode(error) ?? 'unknown error'
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  const ours: ErrorCode = full ? 'DISK_FULL' : code === 'EROFS' ? 'DISK_READ_ONLY' : 'FOLDER_UNUSABLE'
  const because = NO_FOLDER[code] ?? MEANING[code]?.[1] ?? 'the system refuses'
  return new SheafError(ours, `The library folder ${folder} cannot be used: ${because} (${code}).`, {
    cause: error,
    ...(full ? { hint: FREE_AND_START } : {})
  })
}
