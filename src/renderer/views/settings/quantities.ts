/**
 * Numbers as typed and shown in a field: seconds for values stored in milliseconds, commas as group
 * separators or decimal point, and the sentence about the allowed values. Pure.
 */
import { limitsOf } from '../../state/check-setting'
import type { z } from 'zod'

const plain = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 })

/** Parses typed text into stored units; NaN when it is not a number. */
export function readNumber(text: string, scale: number): number {
  const bare = text.trim().replaceAll(/[\s\u202f\u00a0]/g, '')
  const dotted = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.')
  if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(dotted)) return Number.NaN
  return Math.round(Number(dotted) * scale * 1e6) / 1e6
}

/** Formats a stored value for a field: no groups, at most three decimals. */
export function writeNumber(value: number, scale: number): string {
  return String(Math.round((value / scale) * 1_000) / 1_000)
}

/** “A whole number from 1 to 64.”, “From 0.1 to 600 s.” */
export function allowedNumber(schema: z.ZodType, scale: number, unit: string): string {
  const { low, high, above, whole } = limitsOf(schema)
  const say = (value: number): string => plain.format(value / scale)
  const behind = unit === '' ? '' : ` ${unit}`
  const kind = whole && scale === 1 ? 'A whole number' : 'A number'
  if (low === null) return high === null ? `${kind}.` : `${kind} up to ${say(high)}${behind}.`
  if (above) return `${kind} above ${say(low)}${high === null ? '' : `, at most ${say(high)}`}${behind}.`
  return high === null
    ? `${kind}, at least ${say(low)}${behind}.`
    : `${kind} from ${say(low)} to ${say(high)}${behind}.`
}

export const SIZE_UNITS = ['kB', 'MB', 'GB'] as const
export type SizeUnit = (typeof SIZE_UNITS)[number]
export const SIZE_FACTORS: Readonly<Record<SizeUnit, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 }

/** The largest unit in which a size is at least one. */
export function fittingUnit(bytes: number | null): SizeUnit {
  if (bytes === null) return 'MB'
  return [...SIZE_UNITS].reverse().find((unit) => bytes >= SIZE_FACTORS[unit]) ?? 'kB'
}
