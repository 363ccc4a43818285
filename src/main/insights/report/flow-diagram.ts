/**
 * The flow diagram of PRISMA 2020 up to retrieval, as SVG: records identified, removed before screening,
 * reports sought, not retrieved with reasons, retrieved. Pure; every text is escaped.
 */
import { grouped } from '../../../contract/counted'
import { forHtml } from '../../../contract/exits'
import type { RetrievalReport } from '../../../contract/retrieval-report'
import { reasonInReport } from '../../../contract/report-words'
import { cutAt } from '../../../contract/limits'

const WIDTH = 760
const BOX = 340
const LEFT = 20
const RIGHT = WIDTH - BOX - 20
const LINE = 18
const PADDING = 12
const GAP = 36
const LETTERS = 46

interface Row {
  readonly left: readonly string[]
  readonly right: readonly string[]
}

export function flowDiagram(report: RetrievalReport): string {
  const n = (count: number): string => `(n = ${grouped(count)})`
  const reasons = Object.entries(reasonCounts(report)).map(([words, count]) => `${words} ${n(count)}`)
  const rows: readonly Row[] = [
    {
      left: ['Records identified', n(report.records)],
      right: [
        'Records removed before screening:',
        `Duplicate records ${n(report.duplicates)}`,
        `Records without a usable identifier ${n(report.refused)}`
      ]
    },
    {
      left: ['Reports sought for retrieval', n(report.sought)],
      right: [`Reports not retrieved ${n(report.not_retrieved)}`, ...reasons]
    },
    { left: ['Reports retrieved', n(report.retrieved)], right: [] }
  ]
  const parts: string[] = []
  let y = 56
  rows.forEach((row, index) => {
    const left = row.left.flatMap(wrapped)
    const right = row.right.flatMap(wrapped)
    const height = Math.max(left.length, right.length, 2) * LINE + 2 * PADDING
    parts.push(box(LEFT, y, height, left))
    if (right.length > 0) {
      parts.push(box(RIGHT, y, height, right))
      parts.push(arrow(LEFT + BOX, y + height / 2, RIGHT, y + height / 2))
    }
    if (index < rows.length - 1) {
      const middle = LEFT + BOX / 2
      parts.push(arrow(middle, y + height, middle, y + height + GAP))
    }
    y += height + GAP
  })
  const height = y - GAP + 20
  const title = report.list === null ? 'Retrieval of all papers' : `Retrieval: ${report.list}`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(height)}" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-labelledby="flow-title" font-family="Arial, Helvetica, sans-serif" font-size="13">
<title id="flow-title">${forHtml(title)}</title>
<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#333333"/></marker></defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${String(LEFT)}" y="32" font-size="16" font-weight="bold" fill="#111111">${forHtml(cutAt(title, 80))}</text>
${parts.join('\n')}
</svg>
`
}

/** Codes with the same wording are counted together. */
export function reasonCounts(report: Pick<RetrievalReport, 'by_reason'>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [code, count] of Object.entries(report.by_reason)) {
    const words = reasonInReport(code)
    counts[words] = (counts[words] ?? 0) + count
  }
  return Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a))
}

function box(x: number, y: number, height: number, lines: readonly string[]): string {
  const top = y + (height - lines.length * LINE) / 2 + LINE - 5
  const texts = lines.map(
    (line, index) =>
      `<text x="${String(x + PADDING)}" y="${String(top + index * LINE)}" fill="#111111">${forHtml(line)}</text>`
  )
  return `<rect x="${String(x)}" y="${String(y)}" width="${String(BOX)}" height="${String(height)}" fill="#ffffff" stroke="#333333"/>${texts.join('')}`
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${String(x1)}" y1="${String(y1)}" x2="${String(x2)}" y2="${String(y2)}" stroke="#333333" marker-end="url(#flow-arrow)"/>`
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LETTERS) {
      lines.push(line)
      line = `  ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
