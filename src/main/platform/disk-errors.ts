/** What the system's errors of a disk mean: a code of ours, and why, for the ledger and the library alike. */
import { FREE_AND_START, messageOf, SheafError, type ErrorCode } from '../../contract/errors'
import { systemCode } from './files'

export interface DiskError {
  readonly code: Extract<ErrorCode, 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_ERROR'>
  /** the second half of a sentence: “the disk is full” */
  readonly because: string
}

const MEANING: Readonly<Record<string, DiskError>> = {
  ENOSPC: { code: 'DISK_FULL', because: 'the disk is full' },
  EDQUOT: { code: 'DISK_FULL', because: 'your disk quota is used up' },
  EFBIG: { code: 'DISK_ERROR', because: 'the file system does not take files of this size' },
  EROFS: { code: 'DISK_READ_ONLY', because: 'the disk is read-only' },
  EACCES: { code: 'DISK_READ_ONLY', because: 'you have no permission to write there' },
  EPERM: { code: 'DISK_READ_ONLY', because: 'the system does not permit it' },
  EIO: { code: 'DISK_ERROR', because: 'the disk reports an error' },
  ENXIO: { code: 'DISK_ERROR', because: 'the disk is gone' },
  ENODEV: { code: 'DISK_ERROR', because: 'the disk is gone' },
  ESTALE: { code: 'DISK_ERROR', because: 'the network drive has lost the file' },
  EMFILE: { code: 'DISK_ERROR', because: 'too many files are open' },
  ENFILE: { code: 'DISK_ERROR', because: 'too many files are open' },
  EBUSY: { code: 'DISK_ERROR', because: 'another program holds the file' },
  ENOTDIR: { code: 'DISK_ERROR', because: 'a file is where a folder should be' },
  EISDIR: { code: 'DISK_ERROR', because: 'a folder is where a file should be' },
  ENOENT: { code: 'DISK_ERROR', because: 'the folder is gone' },
  ENAMETOOLONG: { code: 'DISK_ERROR', because: 'the path is too long' }
}

/** Null for an error that is none of the disk's. `code` is the system's (`ENOSPC`). */
export function diskErrorOf(code: string | null): DiskError | null {
  return code === null ? null : (MEANING[code] ?? null)
}

/** What these say of a folder that is to be made, unlike of a file in one that was there. */
const NO_FOLDER: Readonly<Record<string, string>> = {
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  ENOENT: 'the system makes no folder there'
}

/** Why a folder cannot even be begun with. `name` begins the sentence: “The data folder /x”. */
export function unusableFolder(error: unknown, name: string): SheafError {
  const code = systemCode(error)
  const known = diskErrorOf(code)
  const isOfDisk = known?.code === 'DISK_FULL' || code === 'EROFS'
  const because = NO_FOLDER[code ?? ''] ?? known?.because ?? code ?? messageOf(error)
  const ours: ErrorCode = known !== null && isOfDisk ? known.code : 'FOLDER_UNUSABLE'
  return new SheafError(ours, `${name} cannot be used: ${because}.`, {
    cause: error,
    ...(ours === 'DISK_FULL' ? { hint: FREE_AND_START } : {})
  })
}
