/**
 * Formats figures for all screens: bytes, speeds, spans, instants, counts. Pure; locale and time zone are the
 * computer's. Sizes are decimal, as in the systems' file managers.
 */
import { RIGHT_TO_LEFT } from '../../contract/scan'
import { counted, shareOf, unitOf } from '../../contract/counted'
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '../../contract/durations'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit'
})
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

export function number(value: number): string {
  return whole.format(value)
}

/** `4.5 MB`, `812 kB`, `0 B`: whole below a megabyte, where digits after the point would only flicker */
export function bytes(value: number): string {
  const unit = unitOf(value)
  const left = value / unit.bytes
  const shown = unit.bytes < 1e6 || left >= 99.95 ? whole.format(left) : oneDigit.format(left)
  return `${shown} ${unit.name}`
}

export function speed(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`
}

/** `2.9 of 4.5 MB`, in the unit of the whole */
export function bytesOf(value: number, total: number): string {
  const unit = unitOf(total).bytes
  const part = value / unit
  return `${unit < 1e6 ? number(part) : oneDigit.format(part)} of ${bytes(total)}`
}

export function percent(share: number): string {
  return `${whole.format(Math.floor(share * 100))} %`
}

/** `1.2 MB of 4.5 MB`; without a known total only the part */
export function bytesKnown(part: number, total: number | null): string {
  return total === null ? bytes(part) : `${bytes(part)} of ${bytes(total)}`
}

/** `41 %`; null without a total */
export function shareKnown(part: number, total: number | null): string | null {
  return total === null || total === 0 ? null : shareOf(part, total)
}

/** Milliseconds: `0.2 s`, `12 s`, `3 min 5 s`; under a tenth of a second `40 ms`. */
export function elapsed(ms: number): string {
  if (ms < 95) return `${whole.format(ms)} ms`
  if (ms < 9_950) return `${oneDigit.format(ms / 1000)} s`
  return span(ms / 1000)
}

/** Seconds as a rounded duration: `45 s`, `6 min`, `2 h 5 min`, `3 days`. */
export function span(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 60) return `${number(s)} s`
  const minutes = Math.round(s / 60)
  if (s < 600 && s % 60 !== 0) return `${number(Math.floor(s / 60))} min ${number(s % 60)} s`
  if (minutes < 60) return `${number(minutes)} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48)
    return minutes % 60 === 0 ? `${number(hours)} h` : `${number(hours)} h ${number(minutes % 60)} min`
  return `${number(Math.round(hours / 24))} days`
}

/** `14:03` */
export function timeOfDay(at: number): string {
  return clock.format(new Date(at * 1000))
}

/** An instant (epoch seconds) as a time of day, with the date when it is another day. */
export function instant(at: number, now = Date.now() / 1000): string {
  return isSameDay(at, now) ? timeOfDay(at) : `${onDay(at, now)}, ${timeOfDay(at)}`
}

export function clockTime(at: number): string {
  return clockSeconds.format(new Date(at * 1000))
}

/** `12 Mar`, with the year when it is another */
export function onDay(at: number, now = Date.now() / 1000): string {
  const date = new Date(at * 1000)
  return date.getFullYear() === new Date(now * 1000).getFullYear() ? day.format(date) : dayYear.format(date)
}

/** `12 Mar 2026`, always with its year */
export function onDate(at: number): string {
  return dayYear.format(new Date(at * 1000))
}

/** How long ago: `now`, `4 min`, `3 h`, `12 Mar` */
export function age(at: number, now = Date.now() / 1000): string {
  const seconds = now - at
  if (seconds < 45) return 'now'
  if (seconds < HOUR_SECONDS) return `${number(Math.max(1, Math.round(seconds / MINUTE_SECONDS)))} min`
  if (seconds < DAY_SECONDS) return `${number(Math.round(seconds / HOUR_SECONDS))} h`
  return onDay(at, now)
}

export function isSameDay(a: number, b: number): boolean {
  return new Date(a * 1000).toDateString() === new Date(b * 1000).toDateString()
}

/** `1 paper`, `37 papers` */
export const count = counted

export { shareOf }

/** A label that goes on a sentence. */
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}

/**
 * Isolates a name or title within other text: right-to-left text must not reorder the DOI or the year beside
 * it. Characters (U+2068, U+2069) are used instead of elements, since scrolling rows replace their text and
 * not their elements; left-to-right text needs none. Source: UAX #9 §2.7.
 */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text
}

type Part = string | number | null

/** The known ones of some parts of a text, joined. */
export function joined(parts: readonly Part[], between: string): string {
  return parts.filter((part) => part !== null && part !== '').join(between)
}

/** The known facts in one line, each isolated from the others. */
export function inLine(parts: readonly Part[]): string {
  return joined(
    parts.map((part) => (typeof part === 'string' ? isolate(part) : part)),
    ' · '
  )
}

/**
 * `First`, `First, Second`, `First, Second, Third et al.`: family names only; organisations are named in full
 */
export function authors(names: readonly string[]): string {
  const families = names.slice(0, 3).map((name) => isolate(familyName(name)))
  return names.length > 3 ? `${families.join(', ')} et al.` : families.join(', ')
}

const SUFFIX = /^(?:Jr|Sr|II|III|IV)\.?$/i
/** Words that mark an organisation, in a name not written `Family, Given`. */
const BODY = new RegExp(
  `\\b(?:${[
    'Organi[sz]ation|Consortium|Collaboration|Collaborators|Group|Committee|Commission|Society|Institutes?',
    'Institut|University|Network|Team|Project|Program(?:me)?|Agency|Association|Alliance|Initiative',
    'Foundation|Federation|Council|Ministry|Department|Academy|Hospital|Laborator(?:y|ies)|Cent(?:er|re)s?',
    'Investigators|Task Force|Panel|Partnership'
  ].join('|')})\\b`,
  'i'
)

function familyName(name: string): string {
  const [before = '', ...after] = name.trim().split(',')
  const isFamilyFirst = after.length > 0 && before !== '' && !SUFFIX.test(after.join(',').trim())
  if (!isFamilyFirst && BODY.test(name)) return name.trim()
  const words = before.split(/\s+/).filter((word) => word !== '' && !SUFFIX.test(word))
  return (isFamilyFirst ? words.join(' ') : words.at(-1)) ?? name
}
