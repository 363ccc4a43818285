/** The direction in which a table is sorted by a column; null: it is sorted by another one. */
export type SortDirection = 'up' | 'down' | null

/** For the `aria-sort` of the column's head. */
export function ariaSort(direction: SortDirection): 'ascending' | 'descending' | 'none' {
  return direction === null ? 'none' : direction === 'up' ? 'ascending' : 'descending'
}
