/**
 * “1 paper”, “1,234 papers”: a number of things in a sentence, for every side that says one. Written out
 * and not left to `toLocaleString`, which loads the languages of the world at its first use (0.1 s).
 */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`
}

/** A whole number with its thousands apart: `1,234`. */
export function grouped(n: number): string {
  const digits = String(n)
  // A number is short: no more than four groups are ever cut off.
  return digits.replace(/\B(?=(?:\d{3}){1,7}$)/g, ',')
}

/** `842 kB`, `1.8 MB`; a decimal as long as the number before it is below `wholeFrom`. */
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
