/**
 * What the list of rows and the grid of cards share: the rows in sight of a scrolled element, and where a
 * menu that was asked for stands. Built on @tanstack/virtual-core.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
  type VirtualizerOptions
} from '@tanstack/virtual-core'
import { untrack } from 'svelte'
import { indexUnder } from './index-under'
import type { Point } from './types'

type Sizes = Pick<
  VirtualizerOptions<HTMLDivElement, Element>,
  'count' | 'overscan' | 'paddingStart' | 'scrollPaddingEnd'
> & {
  /** px */
  readonly rowHeight: number
}

/** Made while its component is: it follows `sizes` by an effect. `onrange` gets the rows that are drawn. */
export class VirtualList {
  #items = $state.raw<readonly VirtualItem[]>([])
  #height = $state(0)
  #scroller: HTMLDivElement | null = null
  readonly #onrange: (first: number, last: number) => void
  readonly #virtualizer: Virtualizer<HTMLDivElement, Element>

  constructor(sizes: () => Sizes, onrange: (first: number, last: number) => void) {
    this.#onrange = onrange
    this.#virtualizer = untrack(() => new Virtualizer(this.#options(sizes())))
    $effect(() => {
      const options = this.#options(sizes())
      untrack(() => {
        this.#virtualizer.setOptions(options)
        this.#virtualizer._willUpdate()
        this.#virtualizer.measure()
        this.#take()
      })
    })
  }

  get items(): readonly VirtualItem[] {
    return this.#items
  }
  /** px of all rows */
  get height(): number {
    return this.#height
  }

  /** The attachment of the element that scrolls. What is read while measuring begins must not run an effect again. */
  readonly attach = (element: HTMLDivElement): (() => void) => {
    this.#scroller = element
    return untrack(() => {
      const stop = this.#virtualizer._didMount()
      this.#virtualizer._willUpdate()
      return stop
    })
  }

  scrollTo(row: number): void {
    this.#virtualizer.scrollToIndex(row, { align: 'auto' })
  }

  #options({ rowHeight, ...sizes }: Sizes): VirtualizerOptions<HTMLDivElement, Element> {
    return {
      ...sizes,
      getScrollElement: () => this.#scroller,
      estimateSize: () => rowHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => {
        this.#take()
      }
    }
  }

  #take(): void {
    const items = this.#virtualizer.getVirtualItems()
    this.#items = items
    this.#height = this.#virtualizer.getTotalSize()
    this.#onrange(items[0]?.index ?? 0, items.at(-1)?.index ?? -1)
  }
}

/**
 * The entry that a menu was asked for, and where the menu stands in px of the page: at the pointer, or at
 * the current entry where a key asked from the list itself. Null: the event is for no entry.
 */
export function menuAsked(
  event: MouseEvent,
  list: {
    readonly scroller: Element
    readonly current: number
    readonly count: number
    /** where the menu of an entry stands when a key asks for it */
    readonly place: (entry: Element) => Point
    readonly entry: (index: number) => Element | null
  }
): { readonly index: number; readonly at: Point } | null {
  const under = indexUnder(event)
  const index = under < 0 && event.target === list.scroller ? list.current : under
  if (index < 0 || index >= list.count) return null
  event.preventDefault()
  const entry = under < 0 ? list.entry(index) : null
  return { index, at: entry === null ? { x: event.clientX, y: event.clientY } : list.place(entry) }
}
