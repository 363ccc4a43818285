/** Pure functions of the library's list: stored filters, blocks, bars of years. */
import { trimEndOf } from '../../../contract/scan'
import type { FacetValue } from '../../../contract/library-views'
import { isObject, textsOf } from '../../../contract/unknown-values'
import type { Point } from '../../components/types'

export const FACETS = ['year', 'source', 'license', 'run'] as const
export type FacetName = (typeof FACETS)[number]
export type Filters = Readonly<Record<FacetName, readonly string[]>>
export const NO_FILTERS: Filters = { year: [], source: [], license: [], run: [] }

/** Validates stored filters of any shape. */
export function readFilters(value: unknown): Filters {
  if (!isObject(value)) return NO_FILTERS
  const read = (facet: FacetName): readonly string[] => textsOf(value[facet])
  return { year: read('year'), source: read('source'), license: read('license'), run: read('run') }
}

/** The blocks that cover a range of rows. */
export function blocksOf(first: number, last: number, size: number): readonly number[] {
  const from = Math.max(0, Math.floor(first / size))
  const to = Math.max(from, Math.floor(last / size))
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

// ─── Years ───────────────────────────────────────────────────────────────────────────────────────

/** A bar of the years' facet: one year, or several when there are many. */
export interface YearBar {
  readonly label: string
  readonly values: readonly string[]
  readonly count: number
}

/** As many bars as can be read at once. */
const MOST_BARS = 12
const STEPS = [2, 5, 10, 20, 50, 100, 500] as const

/** One bar per year, or per range of years when that would exceed twelve; the newest first. */
export function yearBars(years: readonly FacetValue[]): readonly YearBar[] {
  const numbered = years.filter(({ value }) => /^\d{1,4}$/.test(value))
  const others = years
    .filter((year) => !numbered.includes(year))
    .map(({ value, label, count }) => ({ label, values: [value], count }))
  if (numbered.length <= MOST_BARS) {
    const bars = numbered.map(({ value, label, count }) => ({ label, values: [value], count }))
    return [...bars, ...others]
  }
  const all = numbered.map(({ value }) => Number(value))
  const span = Math.max(...all) - Math.min(...all) + 1
  const step = STEPS.find((one) => span / one <= MOST_BARS - 1) ?? 1_000
  const bars = new Map<number, { values: string[]; count: number }>()
  for (const { value, count } of numbered) {
    const from = Math.floor(Number(value) / step) * step
    const bar = bars.get(from) ?? { values: [], count: 0 }
    bar.values.push(value)
    bar.count += count
    bars.set(from, bar)
  }
  const spans = [...bars]
    .sort(([a], [b]) => b - a)
    .map(([from, { values, count }]) => {
      const label = values.length === 1 ? (values[0] ?? '') : `${String(from)}–${String(from + step - 1)}`
      return { label, values, count }
    })
  return [...spans, ...others]
}

// ─── Snippets ────────────────────────────────────────────────────────────────────────────────────

export interface Piece {
  readonly text: string
  readonly marked: boolean
}

/** Splits a snippet at the marks around hits, which are control characters that occur nowhere else. */
export function piecesOf(snippet: string): readonly Piece[] {
  return snippet
    .split('\u0002')
    .flatMap((part, at) => {
      if (at === 0) return [{ text: part, marked: false }]
      const end = part.indexOf('\u0003')
      if (end < 0) return [{ text: part, marked: false }]
      return [
        { text: part.slice(0, end), marked: true },
        { text: part.slice(end + 1), marked: false }
      ]
    })
    .map((piece) => ({ ...piece, text: piece.text.replaceAll('\u0003', '') }))
    .filter(({ text }) => text !== '')
}

const LEAD_CHARS = 24

/** The same with at most a few words before the first hit. */
export function nearTheMark(pieces: readonly Piece[]): readonly Piece[] {
  const [first, ...rest] = pieces
  if (first === undefined || first.marked || first.text.length <= LEAD_CHARS) return pieces
  const tail = first.text.slice(-LEAD_CHARS).replace(/^\S*\s/, '')
  return [{ text: `… ${tail}`, marked: false }, ...rest]
}

/** The words of a search for the reader's own search: quoted words stay together. */
export function wordsOf(search: string): readonly string[] {
  const found = [...search.matchAll(/"([^"]+)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
  return [
    ...new Set(found.map((word) => trimEndOf(word, /[^\p{L}\p{N}]/u).replace(/^[^\p{L}\p{N}]+/u, '')))
  ].filter((word) => word !== '')
}

/** Position of a menu below this element, in px of the page. */
export function below(element: Element): Point {
  const box = element.getBoundingClientRect()
  return { x: box.left, y: box.bottom + 2 }
}
