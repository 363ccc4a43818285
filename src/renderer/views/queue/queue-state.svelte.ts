/**
 * The state of the queue screen: filter, order, visible rows, counts, selection, and live events of main.
 * Rows are main's answers, replaced and never mutated; live bytes are merged over them. It sends at most four
 * requests a second, and keeps scroll position and selection.
 */
import type { JobQuery } from '../../../contract/requests'
import type { Events } from '../../../contract/events'
import type { JobQueryView } from '../../../contract/insights-views'
import type { JobView, QueueCounts } from '../../../contract/views'
import type { PickMode } from '../../components/types'
import { ask, listen } from '../../bridge'
import { Delayed } from '../../state/delayed'
import { lists } from '../../state/lists.svelte'
import { remembered } from '../../state/remembered.svelte'
import { toasts } from '../../state/toasts.svelte'
import { attempt } from '../../state/app.svelte'
import { QUEUE } from '../../text/queue'
import { atMostEvery } from './at-most'
import { isWidths, type ColumnName, type Widths } from './columns'
import {
  FIRST_ORDER,
  filterOf,
  isFilter,
  isOrder,
  NO_FILTER,
  queryOf,
  type Filter,
  type Order
} from './filter'
import { kindsOf, type Kinds } from './job-actions'
import type { Live } from './live-bytes'
import { RowPages } from './row-pages'
import { MOST_BY_NAME, Selection } from './selection'

const ROWS_EVERY_MS = 250
const COUNTS_EVERY_MS = 500
const TYPING_MS = 120
const IDS_AT_ONCE = 500
/** Interval for reloading rows when only jobs outside of the view changed, which may move them. */
const FAR_CHANGES_EVERY_MS = 1_000

export class QueueState {
  readonly rows = new RowPages<JobView>(
    (job) => job.jobId,
    (what) => {
      this.#shown(what)
    }
  )
  /** called when rows were replaced: scroll to the top, or keep the same rows in view */
  onshown: (what: { readonly isNew: boolean; readonly shift: number }) => void = () => undefined
  #filter = $state.raw<Filter>(remembered.get('queue.filter', isFilter, NO_FILTER))
  #order = $state.raw<Order>(remembered.get('queue.order', isOrder, FIRST_ORDER))
  #widths = $state.raw<Widths>(remembered.get('queue.columns', isWidths, {}))
  #counts = $state.raw<QueueCounts | null>(null)
  #live = $state.raw<Readonly<Record<string, Live>>>({})
  #selection = $state.raw(Selection.none)
  #now = $state(Date.now() / 1000)
  #current = $state(-1)
  #currentId: string | null = null
  #countsQuestion = 0
  readonly #typing = new Delayed()
  readonly #rowsSoon = atMostEvery(ROWS_EVERY_MS, () => {
    this.rows.refresh()
  })
  readonly #rowsLater = atMostEvery(FAR_CHANGES_EVERY_MS, () => {
    this.#rowsSoon.ask()
  })
  readonly #countsSoon = atMostEvery(COUNTS_EVERY_MS, () => void this.#count())

  get filter(): Filter {
    return this.#filter
  }
  get order(): Order {
    return this.#order
  }
  get widths(): Widths {
    return this.#widths
  }
  get counts(): QueueCounts | null {
    return this.#counts
  }
  get selection(): Selection {
    return this.#selection
  }
  /** epoch seconds, updated as often as ages need it */
  get now(): number {
    return this.#now
  }
  get query(): JobQuery {
    return { ...queryOf(this.#filter), ...lists.part }
  }

  /** index of the current row; -1 for none. It stays with its job when rows move. */
  get current(): number {
    return this.#current
  }
  set current(index: number) {
    this.#current = index
    this.#currentId = this.rows.row(index)?.jobId ?? null
  }

  live(jobId: string): Live | undefined {
    return this.#live[jobId]
  }

  /** Subscribes to main while the screen is shown; returns how to unsubscribe. */
  attend(): () => void {
    const off = listen('jobs', (event) => {
      this.#take(event)
    })
    const clock = setInterval(() => {
      this.#now = Date.now() / 1000
    }, 20_000)
    void this.#ask()
    void this.#count()
    return () => {
      off()
      clearInterval(clock)
      this.#typing.stop()
      for (const one of [this.#rowsSoon, this.#rowsLater, this.#countsSoon]) one.stop()
    }
  }

  /** Sets the initial filter, before the first request. */
  setFirstFilter(query: JobQueryView): void {
    this.#filter = filterOf(query)
    remembered.set('queue.filter', this.#filter)
  }

  setFilter(change: Partial<Filter>): void {
    this.#filter = { ...this.#filter, ...change }
    remembered.set('queue.filter', this.#filter)
    void this.#ask()
    if (change.text !== undefined) void this.#count()
  }

  /** Applies the filter of a followed link. */
  follow(query: JobQueryView): void {
    this.setFilter(filterOf(query))
  }

  /** Search text while typing: requested after the last key press. */
  type(text: string): void {
    this.#typing.restart(TYPING_MS, () => {
      this.setFilter({ text })
    })
  }

  setOrder(order: Order): void {
    this.#order = order
    remembered.set('queue.order', order)
    void this.#ask()
  }

  setWidth(column: ColumnName, width: number): void {
    this.#widths = { ...this.#widths, [column]: width }
    remembered.set('queue.columns', this.#widths)
  }

  retry(): void {
    void this.#ask()
    void this.#count()
  }

  /** An action changed jobs: reloads the rows without waiting for main's event. */
  refresh(): void {
    this.#rowsSoon.ask()
    this.#countsSoon.ask()
  }

  // ─── Selection ───────────────────────────────────────────────────────────────────────────────

  pick(index: number, how: PickMode): void {
    const job = this.rows.row(index)
    if (how.extend) void this.#extendTo(index)
    else if (job === undefined) return
    else if (how.toggle && this.#selection.all) void this.#withoutOne(job.jobId, index)
    else
      this.#selection = how.toggle
        ? this.#selection.toggle(job.jobId, index)
        : this.#selection.only(job.jobId, index)
  }

  selectEverything(): void {
    if ((this.rows.total ?? 0) > 0) this.#selection = Selection.everything()
  }

  clearSelection(): void {
    this.#selection = Selection.none
  }

  async #extendTo(index: number): Promise<void> {
    const before = this.#anchoredFrom(index)
    const { first, last } = before.span(index)
    if (last - first + 1 > MOST_BY_NAME) {
      toasts.note(QUEUE.notThatMany(MOST_BY_NAME))
      return
    }
    const { anchor } = before
    const here: string[] = []
    for (let at = first; at <= last; at++) {
      const job = this.rows.row(at)
      if (job !== undefined) here.push(job.jobId)
    }
    this.#selection = before.range(here, anchor)
    if (here.length === last - first + 1) return
    const extended = this.#selection
    const ids = await attempt(() => this.idsOf(this.query, first, last - first + 1))
    if (ids !== null && this.#selection === extended) this.#selection = extended.range(ids, anchor)
  }

  /** The selection with its anchor at that row's present index, or at this index when there is none. */
  #anchoredFrom(index: number): Selection {
    const { anchor, anchorId } = this.#selection
    const first = anchor < 0 ? this.rows.row(index) : undefined
    if (first !== undefined) return this.#selection.only(first.jobId, index)
    const at = anchorId === null ? -1 : this.rows.find((job) => job.jobId === anchorId)
    return at < 0 ? this.#selection : this.#selection.anchoredAt(at)
  }

  /** Deselects one of all rows: this needs the ids of all the others. */
  async #withoutOne(jobId: string, index: number): Promise<void> {
    const total = this.rows.total ?? 0
    if (total > MOST_BY_NAME) {
      toasts.note(QUEUE.notThatMany(MOST_BY_NAME))
      return
    }
    const ids = await attempt(() => this.idsOf(this.query, 0, total))
    if (ids === null) return
    this.#selection = Selection.none.only(jobId, index).range(ids.filter((id) => id !== jobId))
  }

  /** The target of a single-row action: the only selected paper, or the current one when none is selected. */
  get meant(): JobView | undefined {
    const { all, ids } = this.#selection
    if (all) return this.rows.total === 1 ? this.rows.row(0) : undefined
    if (ids.size === 0) return this.rows.row(this.#current)
    return ids.size === 1 ? this.rows.row(this.rows.find((job) => ids.has(job.jobId))) : undefined
  }

  /** The selection by allowed actions; null when main failed (and the error was shown). */
  async kindsSelected(): Promise<Kinds | null> {
    const { all, ids } = this.#selection
    if (all) return await attempt(() => this.#kindsShown())
    const jobs = [...ids].map((id) => this.rows.row(this.rows.find((job) => job.jobId === id)) ?? id)
    return kindsOf(
      jobs.filter((job) => typeof job !== 'string'),
      jobs.filter((job) => typeof job === 'string')
    )
  }

  /** Main has the counts for everything that the filter shows. */
  async #kindsShown(): Promise<Kinds> {
    const { query } = this
    const howMany = async (group: 'waiting' | 'active' | 'attention'): Promise<number> => {
      if (query.group !== 'all' && query.group !== group) return 0
      const of = { ...query, group }
      return (await ask('jobs.list', { query: of, ...this.#order, offset: 0, limit: 1 })).total
    }
    const stoppable = (await howMany('waiting')) + (await howMany('active'))
    return {
      stoppable,
      isExact: true,
      failed: await howMany('attention'),
      others: Math.max(0, (this.rows.total ?? 0) - stoppable),
      toCancel: { query },
      toIgnore: { query: { ...query, group: 'attention' } }
    }
  }

  /** Ids of rows of a filter, in table order. */
  async idsOf(query: JobQuery, offset: number, count: number): Promise<string[]> {
    const ids: string[] = []
    while (ids.length < count) {
      const { rows } = await ask('jobs.list', {
        query,
        ...this.#order,
        offset: offset + ids.length,
        limit: Math.min(IDS_AT_ONCE, count - ids.length)
      })
      if (rows.length === 0) break
      ids.push(...rows.map((row) => row.jobId))
    }
    return ids
  }

  // ─── Main ────────────────────────────────────────────────────────────────────────────────────

  #take(event: Events['jobs']): void {
    this.#live = Object.fromEntries(event.live.map((one) => [one.jobId, one]))
    const { changed } = event
    if (changed !== 'many' && changed.length === 0) return
    this.#countsSoon.ask()
    if (changed === 'many' || this.rows.inSight((row) => changed.includes(row.jobId))) this.#rowsSoon.ask()
    else this.#rowsLater.ask()
  }

  #shown(what: { readonly isNew: boolean; readonly shift: number }): void {
    const id = this.#currentId
    if (id !== null && this.rows.row(this.#current)?.jobId !== id) {
      const at = this.rows.find((job) => job.jobId === id)
      if (at >= 0) this.#current = at
    } else if (id === null && this.#current >= 0)
      this.#currentId = this.rows.row(this.#current)?.jobId ?? null
    this.onshown(what)
  }

  async #ask(): Promise<void> {
    const query = this.query
    const order = this.#order
    this.#selection = Selection.none
    this.current = -1
    await this.rows.ask((offset, limit) => ask('jobs.list', { query, ...order, offset, limit }))
  }

  async #count(): Promise<void> {
    const question = ++this.#countsQuestion
    const { text, list } = this.query
    try {
      const counts = await ask('jobs.counts', {
        ...(text === undefined ? {} : { text }),
        ...(list === undefined ? {} : { list })
      })
      if (question === this.#countsQuestion) this.#counts = counts
    } catch {
      // The table itself shows the error; the counts are reloaded with the next change.
    }
  }
}
