/**
 * “1 paper”, “1,234 papers”: a counted noun, shared by all sides. Implemented here because `toLocaleString`
 * loads the data of all languages at its first use (0.1 s).
 */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`
}

/** An integer with thousands separators: `1,234`. */
export function grouped(n: number): string {
  const digits = String(n)
  // The repetition is bounded: no number here has more groups of digits.
  return digits.replace(/\B(?=(?:\d{3}){1,7}$)/g, ',')
}

/** The first names, and how many there are besides: `a, b and 12 more`. */
export function someOf(names: readonly string[], most: number): string {
  const more = names.length - most
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`
}

/** How often each value occurs, in the order of their first occurrence. */
export function countEach(values: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** The sum of counts. */
export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0)
}

const BYTE_UNITS = [
  { name: 'B', bytes: 1 },
  { name: 'kB', bytes: 1e3 },
  { name: 'MB', bytes: 1e6 },
  { name: 'GB', bytes: 1e9 },
  { name: 'TB', bytes: 1e12 }
] as const
type ByteUnit = (typeof BYTE_UNITS)[number]

/** The decimal unit that a size is given in: the largest in which it is at least one, rounded. */
export function unitOf(bytes: number): ByteUnit {
  return BYTE_UNITS.findLast((unit) => bytes >= 0.9995 * unit.bytes) ?? BYTE_UNITS[0]
}

/** `842 kB`, `1.8 MB`; with one decimal below `wholeFrom`. */
export function sayBytes(bytes: number, wholeFrom: 10 | 100 = 10): string {
  const unit = unitOf(bytes)
  const value = bytes / unit.bytes
  const isWhole = unit.bytes === 1 || value >= wholeFrom - 0.05
  return `${isWhole ? String(Math.round(value)) : value.toFixed(1)} ${unit.name}`
}

/** `41 %` of a file; never 100 % before the end, never 0 % after the start. */
export function shareOf(part: number, whole: number): string {
  const share = Math.floor((part / whole) * 100)
  return `${String(part < whole ? Math.min(99, Math.max(part > 0 ? 1 : 0, share)) : 100)} %`
}

/** `99.5 %`: a share of one in tenths of a percent, never rounded up to a target that was missed. */
export function sayRatio(value: number): string {
  const tenths = Math.floor(value * 1000 + 1e-9) / 10
  return `${Number.isInteger(tenths) ? String(tenths) : tenths.toFixed(1)} %`
}
