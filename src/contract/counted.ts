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

/** `842 kB`, `1.8 MB`; with one decimal below `wholeFrom`. */
export function sayBytes(bytes: number, wholeFrom: 10 | 100 = 10): string {
  if (bytes < 1000) return `${String(Math.round(bytes))} B`
  let value = bytes
  let unit = 'B'
  for (const next of ['kB', 'MB', 'GB', 'TB']) {
    if (value < 999.5) break
    value /= 1000
    unit = next
  }
  return `${value < wholeFrom - 0.05 ? value.toFixed(1) : String(Math.round(value))} ${unit}`
}
