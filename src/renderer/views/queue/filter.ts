/** The queue's filter and order, in stored form and as a request. Pure. */
import type { JobQuery } from '../../../contract/requests'
import { JOB_GROUPS, JOB_SORTS, type JobGroup, type JobSort } from '../../../contract/views'
import type { JobQueryView } from '../../../contract/insights-views'
import { isOneOf } from '../../../contract/tables'
import { isObject } from '../../../contract/unknown-values'

export interface Filter {
  readonly group: JobGroup
  readonly reasons: readonly string[]
  readonly source: string | null
  readonly text: string
}
export interface Order {
  readonly sort: JobSort
  readonly direction: 'up' | 'down'
}

export const NO_FILTER: Filter = { group: 'all', reasons: [], source: null, text: '' }
export const FIRST_ORDER: Order = { sort: 'added', direction: 'down' }

/** Maximum text length that main accepts. */
const MOST_TEXT = 500

export function queryOf(filter: Filter): JobQuery {
  const text = filter.text.trim().slice(0, MOST_TEXT)
  return {
    group: filter.group,
    ...(filter.reasons.length === 0 ? {} : { reasons: [...filter.reasons] }),
    ...(filter.source === null ? {} : { source: filter.source }),
    ...(text === '' ? {} : { text })
  }
}

/** The filter of a followed link. */
export function filterOf(query: JobQueryView): Filter {
  return {
    group: query.group,
    reasons: query.reasons ?? [],
    source: query.source ?? null,
    text: query.text ?? ''
  }
}

/** After a column's button was pressed: its default order first, then reversed. */
export function nextOrder(order: Order, sort: JobSort): Order {
  if (order.sort === sort) return { sort, direction: order.direction === 'up' ? 'down' : 'up' }
  return { sort, direction: NEWEST_FIRST.includes(sort) ? 'down' : 'up' }
}
const NEWEST_FIRST: readonly JobSort[] = ['added', 'updated', 'year']

export function isOrder(value: unknown): value is Order {
  if (!isObject(value)) return false
  const { sort, direction } = value
  return isOneOf(JOB_SORTS, sort) && (direction === 'up' || direction === 'down')
}

export function isFilter(value: unknown): value is Filter {
  if (!isObject(value)) return false
  const { group, reasons, source, text } = value
  return (
    isOneOf(JOB_GROUPS, group) &&
    Array.isArray(reasons) &&
    reasons.every((one) => typeof one === 'string') &&
    (source === null || typeof source === 'string') &&
    typeof text === 'string'
  )
}
