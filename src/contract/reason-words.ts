/** The sentence and the hint of a code of `errors.ts`, also of codes that a foreign ledger brought. Pure. */
import { ERRORS, type ErrorCode } from './errors'

export function isErrorCode(code: string | null | undefined): code is ErrorCode {
  return code !== null && code !== undefined && Object.hasOwn(ERRORS, code)
}

/** The sentence of a reason; one that this version does not know is its own sentence. */
export function sentenceOfReason(reason: string): string {
  return isErrorCode(reason) ? ERRORS[reason].sentence : withStop(reason)
}
export function hintOfReason(reason: string): string {
  return isErrorCode(reason) ? ERRORS[reason].hint : 'Retry it, or attach the file.'
}

/** A sentence with its full stop. */
export function withStop(text: string): string {
  return /[.!?…]["”’)]?$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`
}
