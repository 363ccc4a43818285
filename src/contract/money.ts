/** Amounts of money: dollars on screens and in settings, millionths of a dollar (integers) for sums. */
const MICROS = 1_000_000

export function microsOf(usd: number): number {
  return Math.round(usd * MICROS)
}

/** `$1.50` */
export function sayUsd(usd: number): string {
  return `$${usd.toFixed(2)}`
}

export function usdOf(micros: number): number {
  return micros / MICROS
}
