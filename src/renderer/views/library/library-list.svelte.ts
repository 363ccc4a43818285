/**
 * The rows of the Library screen: query, order, and the visible rows, requested in blocks. Main filters,
 * sorts and counts; only blocks that were shown are kept here. The old rows stay until the answer to a newer
 * query arrives, so that nothing flickers.
 */
import type { PaperQuery } from '../../../contract/requests'
import { PAPER_SORTS, type Facets, type PaperSort, type PaperView } from '../../../contract/library-views'
import { oneOf } from '../../../contract/tables'
import { ask, errorOf, type Failure } from '../../bridge'
import { Delayed } from '../../state/delayed'
import { lists } from '../../state/lists.svelte'
import { remembered } from '../../state/remembered.svelte'
import { blocksOf, readFilters, NO_FILTERS, type FacetName, type Filters } from './library-query'

export const BLOCK = 100
/** Maximum number of kept blocks: 4,000 papers; the farthest are dropped first. */
const MOST_BLOCKS = 40
const TYPING_MS = 100
/** While papers arrive, the list is reloaded at most twice a second. */
const REFRESH_MS = 500

const isView = oneOf(['table', 'grid'])
const isDirection = oneOf(['up', 'down'])
const isSort = oneOf(PAPER_SORTS.filter((sort) => sort !== 'relevance'))

/** rows by block number */
type Blocks = Readonly<Record<number, readonly PaperView[]>>

interface Standing {
  readonly total: number
  readonly all: number
  readonly bytes: number | null
  readonly facets: Facets
  readonly unread: number
  readonly searchFull: boolean
}
const NOTHING: Standing = {
  total: 0,
  all: 0,
  bytes: 0,
  facets: { year: [], source: [], license: [], run: [] },
  unread: 0,
  searchFull: false
}

export class LibraryList {
  #text = $state('')
  /** the search text of the displayed rows */
  #askedText = $state('')
  #filters = $state.raw<Filters>(readFilters(remembered.get('library.filters', isAnything, null)))
  #sort = $state<Exclude<PaperSort, 'relevance'>>(remembered.get('library.sort', isSort, 'added'))
  #direction = $state<'up' | 'down'>(remembered.get('library.direction', isDirection, 'down'))
  /** a search sorts by relevance unless the user chose another order */
  #byRelevance = $state(true)
  #view = $state<'table' | 'grid'>(remembered.get('library.view', isView, 'table'))
  #standing = $state.raw<Standing | null>(null)
  #blocks = $state.raw<Blocks>({})
  #failed = $state.raw<Failure | null>(null)
  #current = $state(0)
  #currentId: string | null = null

  /** grows with every query; answers to older ones are dropped */
  #question = 0
  /** blocks requested since the last query or change of the library */
  #asked: readonly number[] = []
  /** number of requested blocks without an answer */
  #coming = 0
  #replaceAll = true
  #inSight = { first: 0, last: BLOCK - 1 }
  readonly #typing = new Delayed()
  readonly #refreshing = new Delayed()

  get text(): string {
    return this.#text
  }
  get askedText(): string {
    return this.#askedText
  }
  get filters(): Filters {
    return this.#filters
  }
  get filtered(): boolean {
    return Object.values(this.#filters).some((values) => values.length > 0)
  }
  get view(): 'table' | 'grid' {
    return this.#view
  }
  get sort(): PaperSort {
    return this.searching && this.#byRelevance ? 'relevance' : this.#sort
  }
  get direction(): 'up' | 'down' {
    return this.sort === 'relevance' ? 'down' : this.#direction
  }
  get searching(): boolean {
    return this.#askedText !== ''
  }
  /** null until the first answer */
  get standing(): Standing | null {
    return this.#standing
  }
  get total(): number {
    return (this.#standing ?? NOTHING).total
  }
  get failed(): Failure | null {
    return this.#failed
  }

  /** index of the current row. It stays with its paper when rows move. */
  get current(): number {
    return this.#current
  }
  set current(index: number) {
    this.#current = index
    this.#currentId = this.row(index)?.artifactId ?? null
  }

  row(index: number): PaperView | undefined {
    return this.#blocks[Math.floor(index / BLOCK)]?.[index % BLOCK]
  }

  /** The index of a paper among the loaded rows; -1 when it is not loaded. */
  indexOf(artifactId: string): number {
    for (const [block, rows] of Object.entries(this.#blocks)) {
      const at = rows.findIndex((row) => row.artifactId === artifactId)
      if (at >= 0) return Number(block) * BLOCK + at
    }
    return -1
  }

  // ─── User input ────────────────────────────────────────────────────────────────────────────────

  setText(text: string): void {
    this.#text = text
    this.#typing.restart(text === '' ? 0 : TYPING_MS, () => {
      const wanted = text.trim()
      if (wanted === this.#askedText) return
      this.#byRelevance = true
      this.#askedText = wanted
      this.begin()
    })
  }

  toggle(facet: FacetName, values: readonly string[]): void {
    const chosen = this.#filters[facet]
    const all = values.every((value) => chosen.includes(value))
    const others = chosen.filter((value) => !values.includes(value))
    const next = all ? others : [...others, ...values]
    this.#takeFilters({ ...this.#filters, [facet]: next })
  }

  clearFilters(): void {
    this.#takeFilters(NO_FILTERS)
  }

  #takeFilters(filters: Filters): void {
    this.#filters = filters
    remembered.set('library.filters', filters)
    this.begin()
  }

  setSort(sort: PaperSort): void {
    this.#byRelevance = sort === 'relevance'
    if (sort !== 'relevance') {
      if (sort !== this.#sort) this.#direction = sort === 'added' || sort === 'year' ? 'down' : 'up'
      this.#sort = sort
      this.#rememberSort()
    }
    this.begin()
  }

  turnRound(): void {
    this.#direction = this.#direction === 'up' ? 'down' : 'up'
    this.#rememberSort()
    this.begin()
  }

  #rememberSort(): void {
    remembered.set('library.sort', this.#sort)
    remembered.set('library.direction', this.#direction)
  }

  setView(view: 'table' | 'grid'): void {
    this.#view = view
    this.current = 0
    remembered.set('library.view', view)
  }

  // ─── Requests to main ──────────────────────────────────────────────────────────────────────────

  get query(): PaperQuery {
    const some = (values: readonly string[]): string[] | undefined =>
      values.length === 0 ? undefined : [...values]
    const { year, source, license, run } = this.#filters
    const wanted = {
      text: this.#askedText === '' ? undefined : this.#askedText,
      year: some(year),
      source: some(source),
      license: some(license),
      run: some(run),
      list: lists.chosen ?? undefined
    }
    return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
  }

  /** A new query: its first answer replaces all rows, and the first row becomes current. */
  begin(): void {
    this.#question += 1
    this.#asked = []
    this.#coming = 0
    this.#current = 0
    this.#currentId = null
    this.#replaceAll = true
    this.#inSight = { first: 0, last: BLOCK - 1 }
    this.#look()
  }

  /** The library changed: repeats the query soon; the rows stay until the answer arrives. */
  refresh(): void {
    this.#refreshing.start(REFRESH_MS, () => {
      this.#question += 1
      this.#asked = []
      this.#coming = 0
      this.#look()
    })
  }

  stop(): void {
    this.#typing.stop()
    this.#refreshing.stop()
    this.#question += 1
  }

  /** Sets the visible rows. */
  look(first: number, last: number): void {
    this.#inSight = { first, last: Math.max(first, last) }
    this.#look()
  }

  #look(): void {
    const { first, last } = this.#inSight
    for (const block of blocksOf(first, last, BLOCK)) {
      if (this.#asked.includes(block) || (block > 0 && block * BLOCK >= this.total && !this.#replaceAll))
        continue
      this.#asked = [...this.#asked, block]
      this.#coming += 1
      void this.#fetch(block)
    }
  }

  async #fetch(block: number): Promise<void> {
    const question = this.#question
    try {
      const page = await ask('library.list', {
        query: this.query,
        sort: this.sort,
        direction: this.direction,
        offset: block * BLOCK,
        limit: BLOCK
      })
      if (question !== this.#question) return
      this.#coming -= 1
      this.#failed = null
      const { total, all, bytes, facets, unread, searchFull, rows } = page
      this.#standing = { total, all, bytes, facets, unread, searchFull }
      const kept = this.#replaceAll ? {} : this.#blocks
      this.#replaceAll = false
      this.#blocks = this.#nearest({ ...kept, [block]: rows })
      this.#follow()
    } catch (error) {
      if (question !== this.#question) return
      this.#coming -= 1
      this.#asked = this.#asked.filter((one) => one !== block)
      this.#failed = errorOf(error)
    }
  }

  /**
   * Papers were added or removed: moves the current index with its paper; if that is gone, the index stays.
   */
  #follow(): void {
    const id = this.#currentId
    const at =
      id === null ? -1 : this.row(this.#current)?.artifactId === id ? this.#current : this.indexOf(id)
    if (at >= 0) this.#current = at
    // It may be in a block that is not loaded yet.
    else if (id === null || this.#coming === 0)
      this.current = Math.max(0, Math.min(this.#current, this.total - 1))
  }

  #nearest(blocks: Blocks): Blocks {
    const here = Object.entries(blocks).map(([block, rows]) => ({ block: Number(block), rows }))
    if (here.length <= MOST_BLOCKS) return blocks
    const centre = (this.#inSight.first + this.#inSight.last) / 2 / BLOCK
    const distance = (block: number): number => Math.abs(block - centre)
    here.sort((a, b) => distance(a.block) - distance(b.block))
    const kept = here.slice(0, MOST_BLOCKS)
    this.#asked = this.#asked.filter((block) => !(block in blocks) || kept.some((one) => one.block === block))
    return Object.fromEntries(kept.map(({ block, rows }) => [block, rows]))
  }

  /** The ids of a range of the list; at most 100,000. */
  async idsBetween(first: number, last: number): Promise<readonly string[]> {
    const ids: string[] = []
    const end = Math.min(last, first + 99_999, this.total - 1)
    for (let offset = first; offset <= end; offset += 500) {
      const here = Array.from({ length: Math.min(500, end - offset + 1) }, (_, at) => this.row(offset + at))
      const rows = here.every((row) => row !== undefined)
        ? here
        : (
            await ask('library.list', {
              query: this.query,
              sort: this.sort,
              direction: this.direction,
              offset,
              limit: Math.min(500, end - offset + 1)
            })
          ).rows
      ids.push(...rows.map((row) => row.artifactId))
    }
    return ids
  }
}

const isAnything = (value: unknown): value is unknown => value !== undefined
