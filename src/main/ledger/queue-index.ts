/**
 * The queue in memory: for every job, the values by which lists are filtered, sorted and counted, so that a
 * page of 100,000 jobs costs a scan of numbers instead of a query over tables. It is read when a question
 * first needs it, in slices beside other work, and then updated row by row: most jobs of a large ledger are
 * done, and what the app shows at its start the ledger's indexes answer. Invariant: it gives the same answers
 * as `queue-queries.ts`.
 */
import { fail } from '../../contract/errors'
import type { JobSort } from '../../contract/views'
import type { Clock } from '../platform/host'
import { Listeners } from '../platform/listeners'
import { Soon } from '../platform/soon'
import type { LedgerTables, SqlRow } from './ledger'
import { workRowsOfList } from './lists'
import { merged, sortedInSlices } from './queue-order'
import {
  changedJobs,
  countGroups,
  FIRST_ADDED,
  idsOfQuery,
  pageOfJobs,
  rowsByNumber,
  SOON_SECONDS,
  totalsOf,
  wordsOf,
  type Among,
  type Counted,
  type QueueAsk,
  type QueuePage,
  type QueueQuery,
  type QueueTotals
} from './queue-queries'
import { QueueRows } from './queue-rows'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

const SLICE = 800
const REFRESH_EVERY_MS = 50
/**
 * Delay before reading more than a slice, so that the first screen appears first; a caller that needs it
 * starts it earlier.
 */
const READ_AFTER_MS = 1_500
/** Before everything is read: a slower count is repeated only after a multiple of its duration. */
const CHEAP_MS = 20
const RECOUNT_AFTER = 10
/** With more jobs that are not done, SQL takes too long to count and sort them. */
const MANY_OPEN = 2_000
/** Larger changes are reported without ids. */
const MOST_NAMED = 200
const KEPT_TEXTS = 3

interface EarlyTotals {
  /** the number of changes at the time of counting */
  readonly changes: number
  /** monotonic milliseconds before which it is not counted again */
  readonly againAt: number
  readonly totals: QueueTotals
}

/** The jobs under a filter, in order. Valid until the next turn of the event loop. */
export interface Matching {
  readonly slots: readonly number[]
  key(sort: JobSort, slot: number): number | string | null
  rows(slots: readonly number[]): SqlRow[]
}

/** The ids of jobs that changed; `many`: too many to name. */
export type QueueChange = readonly string[] | 'many'

export class QueueIndex {
  readonly #ledger: LedgerTables
  readonly #clock: Clock
  readonly #rows = new QueueRows()
  readonly #orders = new Map<JobSort, Int32Array>()
  /** by text: the slots that contain it; the most recent texts */
  readonly #matches = new Map<string, Uint8Array>()
  /** by list name: row numbers of its works; read again when a list changed */
  readonly #lists = new Map<string, ReadonlySet<number>>()
  readonly #listeners = new Listeners<[changed: QueueChange]>()
  readonly #dirtyJobs = new Set<number>()
  readonly #dirtyWorks = new Set<number>()
  /** an order is being built: rows must not change meanwhile */
  #building: Promise<void> | null = null
  #begun: Promise<void> | null = null
  #changes = 0
  readonly #refreshSoon: Soon
  readonly #needed = new AbortController()
  #isReady = false
  #isClosed = false
  #early: EarlyTotals | null = null
  #stop: (() => void) | null = null
  #stopWaiting: (() => void) | null = null

  constructor(ledger: LedgerTables, clock: Clock) {
    this.#ledger = ledger
    this.#clock = clock
    this.#refreshSoon = new Soon(clock, REFRESH_EVERY_MS, () => {
      this.#takeChanges()
    })
  }

  /** Starts reading everything, once. Resolves when it is read. */
  begin(): Promise<void> {
    this.#needed.abort()
    return this.#beginSoon()
  }

  close(): void {
    this.#isClosed = true
    this.#needed.abort()
    this.#refreshSoon.close()
    this.#stop?.()
    this.#stopWaiting?.()
  }

  onChange(listener: (changed: QueueChange) => void): () => void {
    this.#follow()
    return this.#listeners.add(listener)
  }

  async page(ask: QueueAsk): Promise<QueuePage> {
    const { query } = ask
    const isPlain = ask.sort === 'added' && query.text === undefined && query.source === undefined
    if (!this.#isReady && isPlain) {
      this.#follow()
      if (isDear(ask)) void this.#beginSoon()
      return this.#ledger.read((r) => pageOfJobs(r, ask))
    }
    await this.begin()
    const order = await this.#order(ask.sort)
    this.#refresh()
    const { total, slots } = this.#scan(this.#orders.get(ask.sort) ?? order, ask)
    return { total, rows: this.#rowsOf(slots) }
  }

  /** Resolves when `matching` may be called for this order. */
  async ready(sort: JobSort): Promise<void> {
    await this.begin()
    await this.#order(sort)
  }

  matching(ask: Pick<QueueAsk, 'query' | 'sort' | 'direction'>): Matching {
    this.#refresh()
    const order = this.#orders.get(ask.sort)
    if (order === undefined) return fail('BROKEN_INVARIANT', `The queue has no order by ${ask.sort} yet.`)
    const { slots } = this.#scan(order, { ...ask, offset: 0, limit: Number.POSITIVE_INFINITY })
    return {
      slots,
      key: (sort, slot) => this.#rows.key(sort, slot),
      rows: (some) => this.#rowsOf(some)
    }
  }

  async ids(query: QueueQuery): Promise<string[]> {
    if (!this.#isReady && query.text === undefined) return this.#ledger.read((r) => idsOfQuery(r, query))
    await this.begin()
    const order = await this.#order('added')
    this.#refresh()
    const ask = { query, direction: 'up', offset: 0, limit: Infinity, sort: 'added' } as const
    const { slots } = this.#scan(this.#orders.get('added') ?? order, ask)
    return slots.map((slot) => this.#rows.jobId[slot] ?? '')
  }

  async counts(among: Among): Promise<QueueTotals> {
    if (wordsOf(among.text).length > 0) await this.begin()
    if (!this.#isReady && among.list !== undefined)
      return this.#ledger.read((r) => countGroups(r, among, this.#clock.now()))
    return this.totals(among)
  }

  totals(among: Among = {}): QueueTotals {
    const now = this.#clock.now()
    if (!this.#isReady) return this.#earlyTotals(now)
    this.#refresh()
    return totalsOf(this.#count(among, now))
  }

  #rowsOf(slots: readonly number[]): SqlRow[] {
    const rowids = slots.map((slot) => this.#rows.rowid[slot] ?? 0)
    return this.#ledger.read((r) => rowsByNumber(r, rowids))
  }

  /** Counts with SQL until everything is read: only after changes, and not too often. */
  #earlyTotals(now: number): QueueTotals {
    this.#follow()
    const changes = this.#changes
    const began = this.#clock.monotonicMs()
    if (this.#early !== null && this.#early.changes === changes) return this.#early.totals
    if (this.#early !== null && began < this.#early.againAt) {
      this.#countAgainIn(this.#early.againAt - began)
      return this.#early.totals
    }
    const totals = this.#ledger.read((r) => countGroups(r, {}, now))
    const cost = this.#clock.monotonicMs() - began
    const againAt = cost < CHEAP_MS ? began : began + cost * RECOUNT_AFTER
    this.#early = { changes, againAt, totals }
    if (totals.all - totals.done > MANY_OPEN) void this.#beginSoon()
    return totals
  }

  /** Reports then that the counts are others; no job is named, since each was when it changed. */
  #countAgainIn(ms: number): void {
    if (this.#stopWaiting !== null) return
    const stop = this.#clock.every(ms, () => {
      stop()
      this.#stopWaiting = null
      this.#listeners.call([])
    })
    this.#stopWaiting = stop
  }

  /** Applies pending changes; also called by a timer, so that they do not accumulate. */
  #refresh(): void {
    if (this.#isClosed || !this.#isReady || this.#building !== null) return
    for (const work of this.#dirtyWorks) {
      for (const slot of this.#rows.slotsOfWork(work)) this.#dirtyJobs.add(this.#rows.rowid[slot] ?? 0)
    }
    this.#dirtyWorks.clear()
    if (this.#dirtyJobs.size === 0) return
    const rowids = [...this.#dirtyJobs].slice(0, SLICE)
    for (const rowid of rowids) this.#dirtyJobs.delete(rowid)
    const read = this.#ledger.read((r) => this.#rows.read(r, rowids))
    const before = new Map([...this.#orders.keys()].map((sort) => [sort, this.#keysOf(sort, read.known)]))
    const slots = this.#rows.take(read)
    for (const [sort, order] of this.#orders) {
      const old = before.get(sort)
      const moved = slots.filter(
        (slot) => old?.get(slot) !== this.#rows.key(sort, slot) || this.#rows.isNew(slot)
      )
      if (moved.length > 0)
        this.#orders.set(sort, merged(order, moved, this.#rows.comparing(sort), this.#rows.size))
    }
    this.#rows.forgetNew()
    for (const [text, match] of this.#matches) this.#matches.set(text, this.#matchOf(text, match, slots))
    this.#listeners.call(
      slots.length > MOST_NAMED || this.#dirtyJobs.size > 0
        ? 'many'
        : slots.map((slot) => this.#rows.jobId[slot] ?? '')
    )
  }

  #keysOf(sort: JobSort, slots: readonly number[]): Map<number, number | string | null> {
    return new Map(slots.map((slot) => [slot, this.#rows.key(sort, slot)]))
  }

  /** Learns of changes from now on. */
  #follow(): void {
    this.#stop ??= this.#ledger.onRow((table, rowid) => {
      if (table === 'artifact_jobs') this.#dirtyJobs.add(rowid)
      else if (table === 'works') this.#dirtyWorks.add(rowid)
      else if (table === 'lists') this.#lists.clear()
      else return
      this.#changes += 1
      this.#refreshSoon.call()
    })
  }

  #takeChanges(): void {
    if (this.#isClosed) return
    if (this.#isReady) {
      this.#refresh()
      if (this.#dirtyJobs.size > 0 || this.#dirtyWorks.size > 0) this.#refreshSoon.call()
    } else if (this.#begun === null) this.#tellUnread()
    else if (this.#dirtyJobs.size > 0 && this.#clock.monotonicMs() >= (this.#early?.againAt ?? 0))
      this.#listeners.call('many')
  }

  /** Nothing is in memory that could be out of date: only the names of what changed are needed. */
  #tellUnread(): void {
    const [jobs, works] = [[...this.#dirtyJobs], [...this.#dirtyWorks]]
    this.#dirtyJobs.clear()
    this.#dirtyWorks.clear()
    if (jobs.length + works.length > MOST_NAMED) this.#listeners.call('many')
    else if (jobs.length + works.length > 0) {
      const changed = this.#ledger.read((r) => changedJobs(r, { jobs, works }))
      if (changed?.length !== 0) this.#listeners.call(changed ?? 'many')
    }
  }

  #beginSoon(): Promise<void> {
    this.#begun ??= this.#read()
    return this.#begun
  }

  async #read(): Promise<void> {
    this.#follow()
    const jobs = this.#ledger.read((r) => r.get('SELECT max(rowid) AS n FROM artifact_jobs'))?.['n']
    if (Number(jobs) > SLICE)
      await this.#clock.sleep(READ_AFTER_MS, this.#needed.signal).catch(() => undefined)
    for (let last = 0; ;) {
      await yieldToEventLoop()
      if (this.#isClosed) return
      const after = last
      const read = this.#ledger.read((r) => this.#rows.readAfter(r, after, SLICE))
      if (read.rows.length === 0) break
      this.#rows.take(read)
      last = read.last
    }
    this.#rows.forgetNew()
    await this.#build('added')
    this.#isReady = true
    this.#early = null
    this.#takeChanges()
  }

  async #order(sort: JobSort): Promise<Int32Array> {
    for (;;) {
      const known = this.#orders.get(sort)
      if (known !== undefined) return known
      if (this.#building === null) await this.#build(sort)
      else await this.#building
    }
  }

  async #build(sort: JobSort): Promise<void> {
    const building = sortedInSlices(this.#rows.size, this.#rows.comparing(sort), yieldToEventLoop).then(
      (order) => {
        this.#orders.set(sort, order)
      }
    )
    this.#building = building
    try {
      await building
    } finally {
      this.#building = null
      this.#refreshSoon.call()
    }
  }

  #scan(order: Int32Array, ask: QueueAsk): { readonly total: number; readonly slots: number[] } {
    const fits = this.#filter(ask.query)
    const slots: number[] = []
    const { offset, limit } = ask
    let total = 0
    const visit = (slot: number): void => {
      if (!fits(slot)) return
      if (total >= offset && slots.length < limit) slots.push(slot)
      total += 1
    }
    if (ask.direction === 'up') {
      for (const slot of order) visit(slot)
    } else {
      // Descending, but unknown values stay at the end.
      const known = this.#rows.knownUpTo(ask.sort, order)
      for (let at = known - 1; at >= 0; at -= 1) visit(order[at] ?? 0)
      for (let at = order.length - 1; at >= known; at -= 1) visit(order[at] ?? 0)
    }
    return { total, slots }
  }

  #filter(query: QueueQuery): (slot: number) => boolean {
    const rows = this.#rows
    const match = this.#match(query.text)
    const group = query.group === 'all' ? null : rows.groupNumber(query.group)
    const reasons = new Set((query.reasons ?? []).map((reason) => rows.words.find(reason)))
    const source = query.source === undefined ? null : rows.words.find(query.source)
    const run = query.runId === undefined ? null : rows.words.find(query.runId)
    const listed = this.#listed(query.list)
    return (slot) =>
      rows.alive[slot] === 1 &&
      (group === null || rows.group[slot] === group) &&
      (match === null || match[slot] === 1) &&
      (reasons.size === 0 || reasons.has(rows.reason[slot] ?? 0)) &&
      (source === null || rows.source[slot] === source) &&
      (run === null || rows.run[slot] === run) &&
      (listed === null || listed.has(rows.work[slot] ?? 0))
  }

  #count({ text, list }: Among, now: number): Counted[] {
    const rows = this.#rows
    const match = this.#match(text)
    const listed = this.#listed(list)
    const soon = now + SOON_SECONDS
    const sums = new Map<number, number>()
    for (let slot = 0; slot < rows.size; slot += 1) {
      if (rows.alive[slot] === 0 || (match !== null && match[slot] === 0)) continue
      if (listed !== null && !listed.has(rows.work[slot] ?? 0)) continue
      const later = rows.held[slot] === 1 || (rows.nextAt[slot] ?? 0) > soon ? 1 : 0
      const key = ((rows.reason[slot] ?? 0) * 8 + (rows.group[slot] ?? 0)) * 2 + later
      sums.set(key, (sums.get(key) ?? 0) + 1)
    }
    return [...sums].map(([key, count]) => {
      const reason = rows.words.word(Math.floor(key / 16))
      return { group: rows.groupName(Math.floor(key / 2) % 8), reason, later: key % 2 === 1, count }
    })
  }

  /** null: no list filter. */
  #listed(name: string | undefined): ReadonlySet<number> | null {
    if (name === undefined) return null
    const listed = this.#lists.get(name) ?? this.#ledger.read((r) => workRowsOfList(r, name))
    this.#lists.set(name, listed)
    return listed
  }

  /** null: everything matches. */
  #match(text: string | undefined): Uint8Array | null {
    const words = wordsOf(text)
    if (words.length === 0) return null
    const asked = words.join(' ')
    const kept = this.#matches.get(asked)
    this.#matches.delete(asked)
    const match = kept ?? this.#matchOf(asked, new Uint8Array(this.#rows.capacity), null)
    this.#matches.set(asked, match)
    for (const oldest of this.#matches.keys()) {
      if (this.#matches.size <= KEPT_TEXTS) break
      this.#matches.delete(oldest)
    }
    return match
  }

  /** Matches these slots, or all. */
  #matchOf(text: string, match: Uint8Array, slots: readonly number[] | null): Uint8Array {
    const words = text.split(' ')
    const texts = this.#rows.text
    const grown = match.length < this.#rows.capacity ? new Uint8Array(this.#rows.capacity) : match
    if (grown !== match) grown.set(match)
    const look = (slot: number): void => {
      const there = texts[slot] ?? ''
      grown[slot] = words.every((word) => there.includes(word)) ? 1 : 0
    }
    if (slots === null) for (let slot = 0; slot < this.#rows.size; slot += 1) look(slot)
    else for (const slot of slots) look(slot)
    return grown
  }
}

/** Whether SQL answers by reading every job: the next such question is better answered from memory. */
function isDear({ query, offset, limit }: QueueAsk): boolean {
  return query.runId !== undefined || query.list !== undefined || offset + limit > FIRST_ADDED
}
