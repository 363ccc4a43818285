/** Amounts of money: dollars on screens and in settings, millionths of a dollar (integers) for sums. */
const MICROS = 1_000_000

export function microsOf(usd: number): number {
  return Math.round(usd * MICROS)
}

export function usdOf(micros: number): number {
  return micros / MICROS
}
