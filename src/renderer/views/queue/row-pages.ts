/**
 * The rows of a long list, fetched page by page as they come into sight. What is shown stays until
 * something newer is here: a new question replaces everything with its first answer, a refresh
 * replaces page by page. An answer to a question that is no longer asked is ignored.
 */
import { createSubscriber } from 'svelte/reactivity'
import { errorOf } from '../../bridge'

export const PAGE_ROWS = 100
/** Pages kept; those farthest from what is in sight go first. */
const MOST_PAGES = 24

interface Page<R> {
  readonly total: number
  readonly rows: readonly R[]
}
export type FetchRows<R> = (offset: number, limit: number) => Promise<Page<R>>
type Said = ReturnType<typeof errorOf>

interface Shown<R> {
  /** null until the first answer */
  readonly total: number | null
  readonly pages: ReadonlyMap<number, readonly R[]>
}

export class RowPages<R> {
  #shown: Shown<R> = { total: null, pages: new Map() }
  #error: Said | null = null
  #waiting = false
  /** called when other rows are shown */
  readonly #look: () => void
  #changed: () => void = () => undefined
  #fetch: FetchRows<R> | null = null
  /** grows with every question; answers to an older one are not taken */
  #question = 0
  /** the question whose answer is on screen */
  #answered = 0
  readonly #inFlight = new Set<number>()
  readonly #stale = new Set<number>()
  #first = 0
  #last = 0

  /**
   * @param idOf tells rows apart
   * @param onshown rows were replaced: by the answer to a new question, or the first row in sight now
   * stands `shift` rows further down than before
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
  get error(): Said | null {
    this.#look()
    return this.#error
  }
  /** what is shown belongs to an earlier question */
  get waiting(): boolean {
    this.#look()
    return this.#waiting
  }

  row(index: number): R | undefined {
    this.#look()
    return this.#shown.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
  }

  /** Where a row stands among those that are here; -1 when it is not. */
  find(is: (row: R) => boolean): number {
    for (const [page, rows] of this.#shown.pages) {
      const at = rows.findIndex(is)
      if (at >= 0) return page * PAGE_ROWS + at
    }
    return -1
  }

  /** Asks something new; resolves when its first page is shown, or when a newer question came. */
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

  /** Rows `first` to `last` are in sight: those that are missing or stale are fetched. */
  look(first: number, last: number): void {
    this.#first = Math.max(0, first)
    this.#last = Math.max(0, last)
    if (this.#answered === this.#question) this.#loadInSight()
  }

  /** Something changed: what is in sight is fetched again, the rest when it comes into sight. */
  refresh(): void {
    if (this.#fetch === null) return
    for (const page of this.#shown.pages.keys()) this.#stale.add(page)
    if (this.#error !== null && this.#shown.total === null) this.#stale.add(0)
    this.#loadInSight()
  }

  /** Is the row of this kind in sight? */
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
    // It changed again while the answer was under way.
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
