/** A system error of the disk, as a code of ours with a sentence that names the place and the fact. */
import { FREE_AND_START, SheafError, type ErrorCode } from '../../contract/errors'
import { systemCode } from '../platform/files'

export interface DiskTrouble {
  readonly code: 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_ERROR'
  readonly sentence: string
}

/** A write of the ledger failed. */
export function troubleOf(error: unknown, folder: string): DiskTrouble {
  const code = systemCode(error)
  switch (code) {
    case 'ENOSPC':
      return { code: 'DISK_FULL', sentence: `The disk is full: the ledger in ${folder} cannot be written.` }
    case 'EDQUOT':
      return {
        code: 'DISK_FULL',
        sentence: `Your disk quota is used up: the ledger in ${folder} cannot be written.`
      }
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return { code: 'DISK_READ_ONLY', sentence: `The ledger in ${folder} may not be written (${code}).` }
    default:
      return {
        code: 'DISK_ERROR',
        sentence: `Writing the ledger in ${folder} failed: ${code ?? messageOf(error)}.`
      }
  }
}

/** The data folder cannot even be begun with. */
export function unusableFolder(error: unknown, folder: string): SheafError {
  const code = systemCode(error)
  const known: Readonly<Record<string, [ErrorCode, string]>> = {
    ENOSPC: ['DISK_FULL', 'the disk is full'],
    EDQUOT: ['DISK_FULL', 'your disk quota is used up'],
    EROFS: ['DISK_READ_ONLY', 'its disk is read-only'],
    EACCES: ['FOLDER_UNUSABLE', 'you have no permission'],
    EPERM: ['FOLDER_UNUSABLE', 'you have no permission'],
    ENOTDIR: ['FOLDER_UNUSABLE', 'a file is in its place'],
    EEXIST: ['FOLDER_UNUSABLE', 'a file is in its place'],
    ENOENT: ['FOLDER_UNUSABLE', 'the system makes no folder there']
  }
  const [ours, because] = known[code ?? ''] ?? ['FOLDER_UNUSABLE', code ?? messageOf(error)]
  return new SheafError(ours, `The data folder ${folder} cannot be used: ${because}.`, {
    cause: error,
    ...(ours === 'DISK_FULL' ? { hint: FREE_AND_START } : {})
  })
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
