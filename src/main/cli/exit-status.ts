/**
 * The exit status, in one table (docs/cli.md, "Exit status"). Pure.
 */
import {
  type ErrorCode,
  type ErrorData,
  ERRORS,
  type Family,
  FREE_AND_START,
  isSheafError,
  messageOf
} from '../../contract/errors'

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  someFailed: 3,
  inUse: 4,
  damaged: 5,
  interrupted: 130
} as const
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

/** No usage errors, although the user has to change something. */
const NOT_USAGE: readonly ErrorCode[] = [
  'FOLDER_UNUSABLE',
  'SEARCH_FAILED',
  'TRANSITION_REFUSED',
  'FILE_UNREADABLE',
  'FILE_CHANGED',
  'ZOTERO_CLOSED',
  'NOT_ZOTERO',
  'ZOTERO_API_OFF',
  'ZOTERO_CANNOT',
  'ZOTERO_DENIED',
  'ZOTERO_READ_ONLY'
]

const BY_FAMILY: Readonly<Record<Family, ExitStatus>> = {
  Refuse: EXIT.usage,
  RetryLater: EXIT.someFailed,
  TryNext: EXIT.someFailed,
  GiveUp: EXIT.someFailed,
  Pause: EXIT.unexpected,
  Stop: EXIT.unexpected
}

export function exitStatusOf(error: unknown): ExitStatus {
  if (!isSheafError(error)) return EXIT.unexpected
  if (error.code === 'LEDGER_IN_USE') return EXIT.inUse
  if (error.code === 'LEDGER_DAMAGED') return EXIT.damaged
  if (error.code === 'REMOVED') return EXIT.someFailed
  return NOT_USAGE.includes(error.code) ? EXIT.unexpected : BY_FAMILY[error.family]
}

/** Hints for a process that has ended: it cannot retry by itself like a waiting engine. */
const AFTER_THE_END: Partial<Readonly<Record<ErrorCode, string>>> = {
  DISK_FULL: FREE_AND_START,
  DISK_ERROR: 'Check the disk, then start again.',
  OFFLINE: 'Start again when the network is back.',
  SUSPENDED: 'Start again.'
}

/** The error data for people and scripts; without a stack. */
export function errorDataOf(error: unknown): ErrorData {
  if (isSheafError(error)) {
    const data = error.toData()
    const after = AFTER_THE_END[error.code]
    return after !== undefined && data.hint === ERRORS[error.code].hint ? { ...data, hint: after } : data
  }
  const message = messageOf(error)
  return { code: 'INTERNAL', message, hint: 'The log has more; please report it.' }
}
