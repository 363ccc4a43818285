/**
 * The columns of the queue: which of them fit into a width, their widths, and the resulting grid. Pure. The
 * paper's column takes the remaining width; the user can resize the others, within limits.
 */
import type { JobSort } from '../../../contract/views'
import { SORT_NAMES } from '../../text/queue'
import { isOneOf } from '../../../contract/tables'

export const COLUMN_NAMES = ['paper', 'year', 'state', 'size', 'source', 'host', 'age'] as const
export type ColumnName = (typeof COLUMN_NAMES)[number]

export interface Column {
  readonly name: ColumnName
  readonly label: string
  readonly sort: JobSort | null
  /** px, the default; the paper's is the remaining width */
  readonly width: number
  readonly end?: boolean
}

export const COLUMNS: Readonly<Record<ColumnName, Column>> = {
  paper: { name: 'paper', label: 'Paper', sort: 'title', width: 0 },
  year: { name: 'year', label: SORT_NAMES.year, sort: 'year', width: 52, end: true },
  state: { name: 'state', label: SORT_NAMES.state, sort: 'state', width: 210 },
  size: { name: 'size', label: 'Size', sort: null, width: 104, end: true },
  source: { name: 'source', label: SORT_NAMES.source, sort: 'source', width: 132 },
  host: { name: 'host', label: SORT_NAMES.host, sort: 'host', width: 168 },
  age: { name: 'age', label: SORT_NAMES.added, sort: 'added', width: 64, end: true }
}

export const LEAST_WIDTH = 48
export const MOST_WIDTH = 420

export type Widths = Readonly<Partial<Record<ColumnName, number>>>

export function isWidths(value: unknown): value is Widths {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([name, width]) =>
        isOneOf(COLUMN_NAMES, name) &&
        typeof width === 'number' &&
        width >= LEAST_WIDTH &&
        width <= MOST_WIDTH
    )
  )
}

export function bounded(width: number): number {
  return Math.round(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width)))
}

/**
 * The columns that fit; the values of the others are shown in another column (the host under the source, the
 * year beside the authors).
 */
export function columnsFor(tableWidth: number): readonly ColumnName[] {
  if (tableWidth >= 1240) return COLUMN_NAMES
  if (tableWidth >= 860) return ['paper', 'state', 'size', 'source', 'age']
  if (tableWidth >= 520) return ['paper', 'state', 'size']
  return ['paper', 'state']
}

export function widthOf(name: ColumnName, widths: Widths, tableWidth: number): number {
  const width = widths[name] ?? COLUMNS[name].width
  // In a narrow table no column may squeeze the paper's column.
  return tableWidth < 860 ? Math.min(width, Math.max(LEAST_WIDTH, Math.round(tableWidth * 0.3))) : width
}

export function gridOf(names: readonly ColumnName[], widths: Widths, tableWidth: number): string {
  return names
    .map((name) => (name === 'paper' ? 'minmax(0, 1fr)' : `${String(widthOf(name, widths, tableWidth))}px`))
    .join(' ')
}
