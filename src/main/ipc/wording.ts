/**
 * Numbers, instants and names as the screens say them. Pure but for the local time zone. Sizes are
 * decimal, as disks and downloads are sold; instants are the computer's own time.
 */
import { ERRORS, type ErrorCode } from '../../contract/errors'
import { sourceInSentence } from '../../contract/source-names'

export { sayBytes } from '../../contract/counted'

/** `120 ms`, `2.7 s`, `3 min 20 s`, `2 h 5 min`, `3 days` */
export function sayDuration(ms: number): string {
  if (ms < 1000) return `${String(Math.max(0, Math.round(ms)))} ms`
  const seconds = ms / 1000
  if (seconds < 59.95) return `${seconds < 9.95 ? seconds.toFixed(1) : String(Math.round(seconds))} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  if (minutes < 60)
    return whole % 60 === 0 ? `${String(minutes)} min` : `${String(minutes)} min ${String(whole % 60)} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48)
    return minutes % 60 === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes % 60)} min`
  return `${String(Math.round(hours / 24))} days`
}

/** `14:03`; with its day when that is another than today: `3 May, 14:03` */
export function sayTime(at: number, now: number): string {
  const date = new Date(at * 1000)
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  const today = new Date(now * 1000)
  if (date.toDateString() === today.toDateString()) return time
  return `${sayDay(at, now)}, ${time}`
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
] as const

/** `3 May`, `3 May 2025`: the year when it is not this one. */
export function sayDay(at: number, now: number): string {
  const date = new Date(at * 1000)
  const year =
    new Date(now * 1000).getFullYear() === date.getFullYear() ? '' : ` ${String(date.getFullYear())}`
  return `${String(date.getDate())} ${MONTHS[date.getMonth()] ?? ''}${year}`
}

/** `3 May 2026`, always with its year */
export function sayDate(at: number): string {
  const date = new Date(at * 1000)
  return `${String(date.getDate())} ${MONTHS[date.getMonth()] ?? ''} ${String(date.getFullYear())}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** `41 %`; never 100 % before the end, never 0 % after the beginning. */
export function sayShare(part: number, whole: number): string {
  const share = Math.floor((part / whole) * 100)
  return `${String(part < whole ? Math.min(99, Math.max(part > 0 ? 1 : 0, share)) : 100)} %`
}

/** A source at the beginning of a sentence. */
export function sourceAtStart(source: string): string {
  const name = sourceInSentence(source)
  return /^(?:the|your) /.test(name) ? upperFirst(name) : name
}

export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
export function withoutStop(text: string): string {
  return text.replace(/\.\s*$/, '')
}
export function withStop(text: string): string {
  return /[.!?…]["”’)]?$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}

/** The sentence of a reason; a reason of a foreign ledger speaks for itself. */
export function sentenceOfReason(reason: string): string {
  return isErrorCode(reason) ? ERRORS[reason].sentence : withStop(reason)
}
export function hintOfReason(reason: string): string {
  return isErrorCode(reason) ? ERRORS[reason].hint : 'Retry it, or attach the file.'
}

export function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host || null : null
}
