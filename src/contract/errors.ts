/**
 * The error that Sheaf throws on purpose: `fail(code, facts)`. What crosses a process border is code,
 * sentence and hint, never a stack. The codes are in `error-table.ts`.
 */
import { ERRORS, type ErrorCode, type Family } from './error-table'
export {
  ERROR_CODES,
  ERRORS,
  FAMILIES,
  FREE_AND_START,
  OWN_FAULTS,
  type ErrorCode,
  type Family
} from './error-table'

export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

interface Extra {
  readonly cause?: unknown
  /** epoch seconds, for RetryLater; absent: the caller's backoff decides */
  readonly retryAt?: number
  /** machine-readable facts for the op history; plain JSON, no secrets */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly hint?: string
}

/** The only error Sheaf throws on purpose. `message` is a sentence with the facts. */
export class SheafError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly retryAt: number | undefined
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message?: string, extra: Extra = {}) {
    super(message ?? ERRORS[code].sentence, extra.cause === undefined ? {} : { cause: extra.cause })
    this.name = 'SheafError'
    this.code = code
    this.hint = extra.hint ?? ERRORS[code].hint
    this.retryAt = extra.retryAt
    this.facts = extra.facts ?? {}
  }

  get family(): Family {
    return ERRORS[this.code].family
  }

  toData(): ErrorData {
    return { code: this.code, message: this.message, hint: this.hint }
  }
}

export function fail(code: ErrorCode, message?: string, extra?: Extra): never {
  throw new SheafError(code, message, extra)
}

/** Converts any thrown value to a SheafError; without a code it is a bug, INTERNAL. */
export function asSheafError(error: unknown): SheafError {
  if (error instanceof SheafError) return error
  return new SheafError('INTERNAL', messageOf(error), { cause: error })
}

export function isSheafError(error: unknown, code?: ErrorCode): error is SheafError {
  return error instanceof SheafError && (code === undefined || error.code === code)
}

/** The error is not about the work at hand: the engine waits, or the process ends. */
export function stopsAll({ family }: SheafError): boolean {
  return family === 'Pause' || family === 'Stop'
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
