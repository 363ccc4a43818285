/**
 * The rows of a long list, loaded page by page as they become visible. Old rows stay until newer ones arrive:
 * a new query replaces everything with its first answer, a refresh replaces page by page. Answers to an
 * outdated query are dropped.
 */
import { createSubscriber } from 'svelte/reactivity'
import { errorOf, type Failure } from '../../bridge'

export const PAGE_ROWS = 100
/** Kept pages; those farthest from the view are dropped first. */
const MOST_PAGES = 24

interface Page<R> {
  readonly total: number
  readonly rows: readonly R[]
}
export type FetchRows<R> = (offset: number, limit: number) => Promise<Page<R>>

interface Shown<R> {
  /** null until the first answer */
  readonly total: number | null
  readonly pages: ReadonlyMap<number, readonly R[]>
}

export class RowPages<R> {
  #shown: Shown<R> = { total: null, pages: new Map() }
  #error: Failure | null = null
  #waiting = false
  /** called when other rows are displayed */
  readonly #look: () => void
  #changed: () => void = () => undefined
  #fetch: FetchRows<R> | null = null
  /** grows with every query; answers to an older one are dropped */
  #question = 0
  /** the query whose answer is displayed */
  #answered = 0
  readonly #inFlight = new Set<number>()
  readonly #stale = new Set<number>()
  #first = 0
  #last = 0

  /**
   * @param idOf identifies rows
   * @param onshown rows were replaced: by the answer to a new query, or the first visible row moved down by
   * `shift` rows
   */
  constructor(
    readonly idOf: (row: R) => string,
    readonly onshown: (what: { readonly isNew: boolean; readonly shift: number }) => void = () => undefined
  ) {
    this.#look = createSubscriber((update) => {
      this.#changed = update
      return () => {
        this.#changed = () => undefined
      }
    })
  }

  get total(): number | null {
    this.#look()
    return this.#shown.total
  }
  get error(): Failure | null {
    this.#look()
    return this.#error
  }
  /** the displayed rows belong to an earlier query */
  get waiting(): boolean {
    this.#look()
    return this.#waiting
  }

  row(index: number): R | undefined {
    this.#look()
    return this.#shown.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
  }

  /** The index of a row among the loaded ones; -1 when it is not loaded. */
  find(is: (row: R) => boolean): number {
    for (const [page, rows] of this.#shown.pages) {
      const at = rows.findIndex(is)
      if (at >= 0) return page * PAGE_ROWS + at
    }
    return -1
  }

  /** Starts a new query; resolves when its first page is displayed, or when a newer query was started. */
  async ask(fetch: FetchRows<R>): Promise<void> {
    this.#fetch = fetch
    this.#question += 1
    this.#inFlight.clear()
    this.#stale.clear()
    this.#waiting = true
    this.#changed()
    this.#first = 0
    this.#last = 0
    await this.#load(0)
  }

  /** Rows `first` to `last` are visible: loads those that are missing or stale. */
  look(first: number, last: number): void {
    this.#first = Math.max(0, first)
    this.#last = Math.max(0, last)
    if (this.#answered === this.#question) this.#loadInSight()
  }

  /** Something changed: reloads the visible rows, the rest when it becomes visible. */
  refresh(): void {
    if (this.#fetch === null) return
    for (const page of this.#shown.pages.keys()) this.#stale.add(page)
    if (this.#error !== null && this.#shown.total === null) this.#stale.add(0)
    this.#loadInSight()
  }

  /** Is a row of this kind visible? */
  inSight(is: (row: R) => boolean): boolean {
    for (let index = this.#first; index <= this.#last; index++) {
      const row = this.row(index)
      if (row !== undefined && is(row)) return true
    }
    return false
  }

  #loadInSight(): void {
    const last = Math.floor(this.#last / PAGE_ROWS)
    for (let page = Math.floor(this.#first / PAGE_ROWS); page <= last; page++) {
      if (!this.#shown.pages.has(page) || this.#stale.has(page)) void this.#load(page)
    }
  }

  async #load(page: number): Promise<void> {
    const fetch = this.#fetch
    if (fetch === null || this.#inFlight.has(page)) return
    const question = this.#question
    this.#inFlight.add(page)
    this.#stale.delete(page)
    try {
      const answer = await fetch(page * PAGE_ROWS, PAGE_ROWS)
      if (question === this.#question) this.#take(page, answer)
    } catch (error) {
      if (question !== this.#question) return
      this.#inFlight.delete(page)
      this.#waiting = false
      this.#error = errorOf(error)
      this.#changed()
    }
  }

  #take(page: number, answer: Page<R>): void {
    this.#inFlight.delete(page)
    const isNew = this.#answered !== this.#question
    this.#answered = this.#question
    const top = isNew ? undefined : this.row(this.#first)
    const pages = new Map(isNew ? [] : this.#shown.pages)
    pages.set(page, answer.rows)
    const last = Math.floor(Math.max(0, answer.total - 1) / PAGE_ROWS)
    for (const kept of pages.keys()) if (kept > last) pages.delete(kept)
    this.#forgetFarPages(pages)
    this.#shown = { total: answer.total, pages }
    this.#error = null
    this.#waiting = false
    this.#changed()
    const now = top === undefined ? -1 : this.find((row) => this.idOf(row) === this.idOf(top))
    this.onshown({ isNew, shift: now < 0 ? 0 : now - this.#first })
    // It changed again before the answer arrived.
    if (this.#stale.has(page)) this.#loadInSight()
  }

  #forgetFarPages(pages: Map<number, readonly R[]>): void {
    const middle = (this.#first + this.#last) / 2 / PAGE_ROWS
    while (pages.size > MOST_PAGES) {
      let farthest = -1
      for (const page of pages.keys())
        if (farthest < 0 || Math.abs(page - middle) > Math.abs(farthest - middle)) farthest = page
      pages.delete(farthest)
      this.#stale.delete(farthest)
    }
  }
}
