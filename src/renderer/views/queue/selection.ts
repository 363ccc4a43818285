/**
 * The selected rows: some by id, or everything a filter matches without their ids. Immutable; every change
 * returns a new one. It does not know the number of rows.
 */
import type { JobQuery, WhichJobs } from '../../../contract/requests'

/** Maximum number of ids in one request. */
export const MOST_BY_NAME = 10_000

export class Selection {
  static readonly none = new Selection(false, new Set(), -1, null)

  private constructor(
    /** everything that matches the filter */
    readonly all: boolean,
    readonly ids: ReadonlySet<string>,
    /** start of a range: the row last selected without Shift */
    readonly anchor: number,
    /** its id, when known: rows move */
    readonly anchorId: string | null
  ) {}

  static everything(): Selection {
    return new Selection(true, new Set(), 0, null)
  }

  has(jobId: string | undefined): boolean {
    return this.all || (jobId !== undefined && this.ids.has(jobId))
  }

  /** Number of selected rows when the filter matches `total` rows. */
  count(total: number): number {
    return this.all ? total : this.ids.size
  }

  /** Selects this row alone and makes it the anchor. */
  only(jobId: string, at: number): Selection {
    return new Selection(false, new Set([jobId]), at, jobId)
  }

  /**
   * Selects or deselects one row and makes it the anchor. Deselecting from everything needs ids: see `named`.
   */
  toggle(jobId: string, at: number): Selection {
    if (this.all) return this
    const ids = new Set(this.ids)
    if (!ids.delete(jobId) && ids.size < MOST_BY_NAME) ids.add(jobId)
    return new Selection(false, ids, at, jobId)
  }

  /** Selects exactly these rows, from the anchor on; the anchor stays. */
  range(jobIds: readonly string[], anchor = this.anchor): Selection {
    return new Selection(false, new Set(jobIds.slice(0, MOST_BY_NAME)), anchor, this.anchorId)
  }

  /** Sets the present index of the anchor. */
  anchoredAt(at: number): Selection {
    return new Selection(this.all, this.ids, at, this.anchorId)
  }

  /** The row indexes from the anchor to `index`, inclusive, in order. */
  span(index: number): { readonly first: number; readonly last: number } {
    const from = this.anchor < 0 ? index : this.anchor
    return { first: Math.min(from, index), last: Math.max(from, index) }
  }

  /** The selection as a request to main; null when nothing is selected. */
  which(query: JobQuery): WhichJobs | null {
    if (this.all) return { query }
    return this.ids.size === 0 ? null : { jobIds: [...this.ids] }
  }
}
