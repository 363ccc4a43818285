/**
 * The log: one sentence per event, with named facts. It never contains a secret: values under secret keys are
 * replaced, and personal data is removed from addresses, before anything is written.
 */
import { redactData, redactText } from '../../contract/redact'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogFacts = Readonly<Record<string, unknown>>
export interface LogLine {
  readonly at: number
  readonly level: LogLevel
  readonly sentence: string
  readonly facts: LogFacts
}
export interface Log {
  debug(sentence: string, facts?: LogFacts): void
  info(sentence: string, facts?: LogFacts): void
  warn(sentence: string, facts?: LogFacts): void
  error(sentence: string, facts?: LogFacts): void
}

const SECRET = /pass(word)?|secret|token|cookie|authorization|api[-_]?key/i

export function redact(facts: LogFacts): LogFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, SECRET.test(key) ? '[redacted]' : redactData(value)])
  )
}

/** A log that passes every line at or above `level` to `sink`. */
export function makeLog(sink: (line: LogLine) => void, level: LogLevel, now: () => number): Log {
  const from = LOG_LEVELS.indexOf(level)
  const at =
    (own: LogLevel) =>
    (sentence: string, facts: LogFacts = {}): void => {
      if (LOG_LEVELS.indexOf(own) >= from) {
        sink({ at: now(), level: own, sentence: redactText(sentence), facts: redact(facts) })
      }
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
