/** Maps system errors of a disk to error codes and reasons, for the ledger and the library. */
import { FREE_AND_START, SheafError, type ErrorCode } from '../../contract/errors'
import { codeOrMessage, systemCode } from './files'

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

/** Null when it is not a disk error. `code` is the system's (`ENOSPC`). */
export function diskErrorOf(code: string | null): DiskError | null {
  return code === null ? null : (MEANING[code] ?? null)
}

/** Reasons when creating a folder, where they differ from those for a file in an existing folder. */
const NO_FOLDER: Readonly<Record<string, string>> = {
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  ENOENT: 'the system makes no folder there'
}

/** The error for a folder that cannot be used at all. `name` begins the sentence: “The data folder /x”. */
export function unusableFolder(error: unknown, name: string): SheafError {
  const code = systemCode(error)
  const known = diskErrorOf(code)
  const isOfDisk = known?.code === 'DISK_FULL' || code === 'EROFS'
  const because = NO_FOLDER[code ?? ''] ?? known?.because ?? codeOrMessage(error)
  const ours: ErrorCode = known !== null && isOfDisk ? known.code : 'FOLDER_UNUSABLE'
  return new SheafError(ours, `${name} cannot be used: ${because}.`, {
    cause: error,
    ...(ours === 'DISK_FULL' ? { hint: FREE_AND_START } : {})
  })
}
