/**
 * One list of recorded and unrecorded jobs: each of the two indexes filters, sorts and counts its own jobs,
 * and their orders are merged here. Until the first unrecorded job is planned, it is just the one index.
 */
import { Listeners } from '../platform/listeners'
import type { SqlRow } from './ledger'
import type { Matching, QueueChange, QueueIndex } from './queue-index'
import {
  totalsOfReasons,
  type Among,
  type QueueAsk,
  type QueuePage,
  type QueueQuery,
  type QueueTotals
} from './queue-queries'

export class JoinedQueue {
  readonly #recorded: QueueIndex
  readonly #listeners = new Listeners<[changed: QueueChange]>()
  #unrecorded: QueueIndex | null = null

  constructor(recorded: QueueIndex) {
    this.#recorded = recorded
  }

  /** Adds the jobs of this index to the list. */
  join(unrecorded: QueueIndex): void {
    this.#unrecorded = unrecorded
    if (this.#listeners.size > 0) unrecorded.onChange(this.#listeners.call)
  }

  close(): void {
    this.#recorded.close()
    this.#unrecorded?.close()
  }

  /** Rows of unrecorded jobs have `recorded: 0`. */
  async page(ask: QueueAsk): Promise<QueuePage> {
    if (this.#unrecorded === null) return this.#recorded.page(ask)
    // Wait for both first: nothing may change between the two reads.
    await Promise.all([this.#recorded.ready(ask.sort), this.#unrecorded.ready(ask.sort)])
    const recorded = this.#recorded.matching(ask)
    const unrecorded = this.#unrecorded.matching(ask)
    const places = merged(recorded, unrecorded, ask)
    const slotsOf = (isRecorded: boolean): number[] =>
      places.flatMap((place) => (place.isRecorded === isRecorded ? place.slot : []))
    const rows = recorded.rows(slotsOf(true)).values()
    const others = unrecorded.rows(slotsOf(false)).map(unrecordedRow).values()
    const inOrder = places.map(({ isRecorded }) => (isRecorded ? rows : others).next().value)
    return {
      total: recorded.slots.length + unrecorded.slots.length,
      rows: inOrder.filter((row) => row !== undefined)
    }
  }

  async ids(query: QueueQuery): Promise<string[]> {
    const ids = await this.#recorded.ids(query)
    return this.#unrecorded === null ? ids : [...ids, ...(await this.#unrecorded.ids(query))]
  }

  async counts(among: Among): Promise<QueueTotals> {
    const totals = await this.#recorded.counts(among)
    return this.#unrecorded === null ? totals : sumOf(totals, await this.#unrecorded.counts(among))
  }

  totals(): QueueTotals {
    const totals = this.#recorded.totals()
    return this.#unrecorded === null ? totals : sumOf(totals, this.#unrecorded.totals())
  }

  onChange(listener: (changed: QueueChange) => void): () => void {
    this.#recorded.onChange(this.#listeners.call)
    this.#unrecorded?.onChange(this.#listeners.call)
    return this.#listeners.add(listener)
  }
}

export function unrecordedRow(row: SqlRow): SqlRow {
  return { ...row, recorded: 0 }
}

interface Place {
  readonly isRecorded: boolean
  readonly slot: number
}

/** The page of the merged list. */
function merged(
  recorded: Matching,
  unrecorded: Matching,
  { sort, direction, offset, limit }: QueueAsk
): Place[] {
  const places: Place[] = []
  let a = 0
  let b = 0
  for (let at = 0; at < offset + limit; at += 1) {
    const one = recorded.slots[a]
    const other = unrecorded.slots[b]
    if (one === undefined && other === undefined) break
    const isRecorded =
      other === undefined ||
      (one !== undefined && isBefore(recorded.key(sort, one), unrecorded.key(sort, other), direction))
    if (isRecorded) a += 1
    else b += 1
    if (at >= offset) places.push({ isRecorded, slot: (isRecorded ? one : other) ?? 0 })
  }
  return places
}

type Key = ReturnType<Matching['key']>

/** Unknown values sort last in either direction; among equals, the recorded job is first. */
function isBefore(one: Key, other: Key, direction: 'up' | 'down'): boolean {
  if (one === other || other === null) return true
  if (one === null) return false
  return direction === 'up' ? one < other : one > other
}

function sumOf(one: QueueTotals, other: QueueTotals): QueueTotals {
  return {
    all: one.all + other.all,
    waiting: one.waiting + other.waiting,
    active: one.active + other.active,
    attention: one.attention + other.attention,
    done: one.done + other.done,
    ignored: one.ignored + other.ignored,
    later: one.later + other.later,
    byReason: totalsOfReasons([...one.byReason, ...other.byReason])
  }
}
