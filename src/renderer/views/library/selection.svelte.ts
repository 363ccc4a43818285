/** The selected papers, by id: a selection survives sorting, filtering and arrivals. */
import { SvelteSet } from 'svelte/reactivity'
import type { PaperView } from '../../../contract/library-views'
import type { PickMode, Point } from '../../components/types'
import { attempt } from '../../state/app.svelte'
import type { LibraryList } from './library-list.svelte'

export class Selection {
  readonly #ids = new SvelteSet<string>()
  /** start of a range selected with Shift: this paper, or its index when it is not loaded */
  #anchor: { readonly artifactId: string | undefined; readonly at: number } = {
    artifactId: undefined,
    at: 0
  }
  #drawing = 0
  readonly #list: LibraryList

  constructor(list: LibraryList) {
    this.#list = list
  }

  get size(): number {
    return this.#ids.size
  }
  get ids(): readonly string[] {
    return [...this.#ids]
  }

  has(index: number): boolean {
    const row = this.#list.row(index)
    return row !== undefined && this.#ids.has(row.artifactId)
  }

  /** `from`: the former current index, used as the start of a range when nothing was selected yet. */
  async pick(index: number, how: PickMode, from: number): Promise<void> {
    const row = this.#list.row(index)
    if (how.extend) {
      if (this.#ids.size === 0) this.#beginAt(Math.max(0, from))
      const { artifactId, at } = this.#anchor
      const now = artifactId === undefined ? -1 : this.#list.indexOf(artifactId)
      const anchor = now < 0 ? at : now
      await this.#take(Math.min(anchor, index), Math.max(anchor, index))
    } else if (row !== undefined) {
      this.#beginAt(index)
      this.#drawing += 1
      if (!how.toggle) this.#ids.clear()
      if (!this.#ids.delete(row.artifactId)) this.#ids.add(row.artifactId)
    }
  }

  async all(): Promise<void> {
    await this.#take(0, this.#list.total - 1)
  }

  clear(): void {
    this.#drawing += 1
    this.#ids.clear()
  }

  #beginAt(at: number): void {
    this.#anchor = { artifactId: this.#list.row(at)?.artifactId, at }
  }

  async #take(first: number, last: number): Promise<void> {
    const drawing = ++this.#drawing
    const ids = await attempt(() => this.#list.idsBetween(first, last))
    // Another selection was made while this range was being loaded.
    if (ids === null || drawing !== this.#drawing) return
    this.#ids.clear()
    for (const id of ids) this.#ids.add(id)
  }
}

/** What the grid and the table of the library are given. */
export interface PaperListProps {
  readonly list: LibraryList
  readonly selection: Selection
  current: number
  readonly onread: (paper: PaperView) => void
  readonly onspace: () => void
  readonly onmenu: (index: number, at: Point) => void
  readonly onkey: (event: KeyboardEvent) => void
}
