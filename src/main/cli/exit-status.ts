/**
 * How the process ends, in one table (CLI.md, "Exit status"). Pure.
 */
import { isSheafError, type ErrorData, type Family, type ErrorCode } from '../../contract/errors'

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

/** Not a mistake on the command line, though a person is to change something. */
const NOT_USAGE: readonly ErrorCode[] = [
  'FOLDER_UNUSABLE',
  'SEARCH_FAILED',
  'TRANSITION_REFUSED',
  'FILE_UNREADABLE'
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

/** What a person or a script is told of an error; nothing of a stack. */
export function errorDataOf(error: unknown): ErrorData {
  if (isSheafError(error)) return error.toData()
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, hint: 'The log has more; please report it.' }
}
