/**
 * Which rows are selected: some by name, or everything a filter shows without knowing its names. An
 * immutable value; every change is a new one. It never knows how many rows there are.
 */
import type { JobQuery, WhichJobs } from '../../../contract/requests'

/** As many as one request takes by name. */
export const MOST_BY_NAME = 10_000

export class Selection {
  static readonly none = new Selection(false, new Set(), -1, null)

  private constructor(
    /** everything the filter shows */
    readonly all: boolean,
    readonly ids: ReadonlySet<string>,
    /** where a range begins: the row picked last without Shift */
    readonly anchor: number,
    /** its name, when it is known: rows move */
    readonly anchorId: string | null
  ) {}

  static everything(): Selection {
    return new Selection(true, new Set(), 0, null)
  }

  has(jobId: string | undefined): boolean {
    return this.all || (jobId !== undefined && this.ids.has(jobId))
  }

  /** How many are selected when the filter shows `total` rows. */
  count(total: number): number {
    return this.all ? total : this.ids.size
  }

  /** This one row alone, and ranges begin here. */
  only(jobId: string, at: number): Selection {
    return new Selection(false, new Set([jobId]), at, jobId)
  }

  /** One row more, or one less; ranges begin here. Everything cannot be lessened without names: see `named`. */
  toggle(jobId: string, at: number): Selection {
    if (this.all) return this
    const ids = new Set(this.ids)
    if (!ids.delete(jobId) && ids.size < MOST_BY_NAME) ids.add(jobId)
    return new Selection(false, ids, at, jobId)
  }

  /** Exactly these rows, from the anchor on; where ranges begin stays. */
  range(jobIds: readonly string[], anchor = this.anchor): Selection {
    return new Selection(false, new Set(jobIds.slice(0, MOST_BY_NAME)), anchor, this.anchorId)
  }

  /** The row where ranges begin is here now. */
  anchoredAt(at: number): Selection {
    return new Selection(this.all, this.ids, at, this.anchorId)
  }

  /** The rows from the anchor to `index`, both included, in order. */
  span(index: number): { readonly first: number; readonly last: number } {
    const from = this.anchor < 0 ? index : this.anchor
    return { first: Math.min(from, index), last: Math.max(from, index) }
  }

  /** What to ask main about; null when nothing is selected. */
  which(query: JobQuery): WhichJobs | null {
    if (this.all) return { query }
    return this.ids.size === 0 ? null : { jobIds: [...this.ids] }
  }
}
