/** Sentence and hint of an error code, including codes from a foreign ledger. Pure. */
import { ERRORS, type ErrorCode } from './errors'

export function isErrorCode(code: string | null | undefined): code is ErrorCode {
  return code !== null && code !== undefined && Object.hasOwn(ERRORS, code)
}

/** The sentence of a reason; an unknown reason is shown as it is. */
export function sentenceOfReason(reason: string): string {
  return isErrorCode(reason) ? ERRORS[reason].sentence : withStop(reason)
}
export function hintOfReason(reason: string): string {
  return isErrorCode(reason) ? ERRORS[reason].hint : 'Retry it, or attach the file.'
}

/** Removes the final full stop: the text continues, or is a label. */
export function withoutStop(text: string): string {
  return text.trimEnd().replace(/\.$/, '')
}

/** Adds the final full stop if it is missing. */
export function withStop(text: string): string {
  return /[.!?…]["”’)]?$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`
}
