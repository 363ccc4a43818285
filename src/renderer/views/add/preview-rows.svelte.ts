/**
 * State of one shown preview: rows by kind, loaded as they become visible; excluded new papers; undone
 * removals. Nothing is planned here.
 */
import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { PreviewKind, PreviewRow, PreviewView } from '../../../contract/add-views'
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'

const PAGE = 200
type Shown = PreviewKind | 'all'

export class PreviewRows {
  #view: PreviewView
  /** its origin */
  readonly from: 'given' | 'files' | 'opened' | 'search'
  #shown = $state.raw<Shown>('all')
  readonly #rows: SvelteMap<string, PreviewRow>
  readonly #leftOut = new SvelteSet<number>()
  readonly #requeued = new SvelteSet<number>()
  readonly #asked = new SvelteSet<string>()
  readonly #confirmed = new SvelteSet<number>()

  constructor(view: PreviewView, from: PreviewRows['from']) {
    this.#view = $state.raw(view)
    this.from = from
    this.#rows = new SvelteMap(view.rows.map((row, at) => [`all ${String(at)}`, row]))
  }

  get view(): PreviewView {
    return this.#view
  }
  /** The same rows with the results of the title look-up; exclusions and confirmations stay. */
  renew(view: PreviewView): void {
    this.#view = view
    this.#asked.clear()
    this.#rows.clear()
    view.rows.forEach((row, at) => this.#rows.set(`all ${String(at)}`, row))
  }

  get shown(): Shown {
    return this.#shown
  }
  show(kind: Shown): void {
    this.#shown = kind
  }

  get count(): number {
    return this.#shown === 'all' ? this.view.total : this.view.counts[this.#shown]
  }

  countOf(kind: PreviewKind): number {
    const back = this.#requeued.size
    if (kind === 'removed') return this.view.counts.removed - back
    return kind === 'planned' ? this.view.counts.planned + back : this.view.counts[kind]
  }

  /** The row at an index of the shown kind; undefined until loaded. */
  at(place: number): PreviewRow | undefined {
    return this.#rows.get(`${this.#shown} ${String(place)}`)
  }

  kindOf(row: PreviewRow): PreviewKind {
    return this.#requeued.has(row.index) ? 'planned' : row.kind
  }

  /** Loads missing pages of the visible rows. */
  async inSight(first: number, last: number): Promise<void> {
    const shown = this.#shown
    for (let page = Math.floor(first / PAGE); page * PAGE <= last; page += 1) {
      const name = `${shown} ${String(page)}`
      const offset = page * PAGE
      const end = Math.min(this.count, offset + PAGE) - 1
      if (this.#asked.has(name) || this.#isHere(shown, offset, end)) continue
      this.#asked.add(name)
      const answer = await attempt(() =>
        ask('plan.rows', {
          previewId: this.view.previewId,
          ...(shown === 'all' ? {} : { kind: shown }),
          offset,
          limit: PAGE
        })
      )
      if (answer === null) {
        this.#asked.delete(name)
        return
      }
      answer.rows.forEach((row, at) => this.#rows.set(`${shown} ${String(offset + at)}`, row))
    }
  }

  #isHere(shown: Shown, first: number, last: number): boolean {
    for (let place = first; place <= last; place += 1) {
      if (!this.#rows.has(`${shown} ${String(place)}`)) return false
    }
    return true
  }

  get leftOut(): ReadonlySet<number> {
    return this.#leftOut
  }
  get toPlan(): number {
    return this.view.counts.new - this.#leftOut.size + this.#confirmed.size
  }
  get confirmed(): ReadonlySet<number> {
    return this.#confirmed
  }
  /** Rows with a certain match that are not confirmed yet. */
  get sure(): readonly number[] {
    return this.view.sure.filter((index) => !this.#confirmed.has(index))
  }
  confirmSure(): void {
    for (const index of this.view.sure) this.#confirmed.add(index)
  }
  /** Will the button add this row? */
  isTaken(row: PreviewRow): boolean {
    return row.kind === 'to_confirm' ? this.#confirmed.has(row.index) : !this.#leftOut.has(row.index)
  }
  take(row: PreviewRow, yes: boolean): void {
    if (row.kind === 'to_confirm') {
      if (yes) this.#confirmed.add(row.index)
      else this.#confirmed.delete(row.index)
    }
    if (row.kind !== 'new') return
    if (yes) this.#leftOut.delete(row.index)
    else this.#leftOut.add(row.index)
  }

  /** Undoes a removal: the paper is queued again. */
  async undoRemove(row: PreviewRow): Promise<void> {
    const { jobId } = row
    if (jobId === null) return
    const done = await attempt(() => ask('jobs.undoRemove', { jobId }))
    if (done !== null) this.#requeued.add(row.index)
  }
}
