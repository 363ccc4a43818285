/** Small line charts under one another with a common time axis, as one SVG; no library. */
export interface Chart {
  readonly title: string
  readonly unit: string
  /** the same number of values as there are times */
  readonly values: readonly number[]
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, GAP] = [760, 90, 70, 16, 44, 44]

export function plot(heading: string, seconds: readonly number[], charts: readonly Chart[]): string {
  const whole = TOP + charts.length * (HEIGHT + GAP)
  const end = Math.max(1, ...seconds)
  const parts = charts.map((chart, nth) => drawn(chart, seconds, end, TOP + 20 + nth * (HEIGHT + GAP)))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(whole)}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${String(LEFT)}" y="20" font-size="14" font-weight="bold">${escaped(heading)}</text>
${parts.join('\n')}
</svg>
`
}

function drawn({ title, unit, values }: Chart, seconds: readonly number[], end: number, top: number): string {
  const most = niceCeiling(Math.max(0, ...values))
  const x = (at: number): string => (LEFT + (at / end) * (WIDTH - LEFT - RIGHT)).toFixed(1)
  const y = (value: number): string => (top + HEIGHT - (value / most) * HEIGHT).toFixed(1)
  const points = values.map((value, n) => `${x(seconds[n] ?? 0)},${y(value)}`).join(' ')
  const minutes = (end / 60).toFixed(0)
  return `<text x="${String(LEFT)}" y="${String(top - 6)}">${escaped(title)}</text>
<path d="M${String(LEFT)} ${String(top)}V${String(top + HEIGHT)}H${String(WIDTH - RIGHT)}" fill="none" stroke="#888"/>
<text x="${String(LEFT - 6)}" y="${String(top + 10)}" text-anchor="end">${String(most)} ${escaped(unit)}</text>
<text x="${String(LEFT - 6)}" y="${String(top + HEIGHT)}" text-anchor="end">0</text>
<text x="${String(WIDTH - RIGHT)}" y="${String(top + HEIGHT + 14)}" text-anchor="end">${minutes} min</text>
<polyline points="${points}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>`
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function niceCeiling(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
