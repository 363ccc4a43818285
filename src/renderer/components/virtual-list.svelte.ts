/** What the list of rows and the grid of cards share: beginning to measure, and the row that a menu is asked for. */
import type { Virtualizer } from '@tanstack/virtual-core'
import { untrack } from 'svelte'

/** Begins when the element is there; what is read then brings no effect about again. Returns how to end. */
export function mounted(virtualizer: Virtualizer<HTMLDivElement, Element>): () => void {
  return untrack(() => {
    const stop = virtualizer._didMount()
    virtualizer._willUpdate()
    return stop
  })
}

/** The element and index under the pointer; the current one where a key asked from the list itself; null for none. */
export function rowOfMenu(
  event: MouseEvent,
  {
    scroller,
    current,
    count
  }: { readonly scroller: Element; readonly current: number; readonly count: number }
): { readonly under: HTMLElement | null; readonly index: number } | null {
  if (!(event.target instanceof Element)) return null
  const under = event.target.closest<HTMLElement>('[data-index]')
  const index = under === null ? (event.target === scroller ? current : -1) : Number(under.dataset['index'])
  return index < 0 || index >= count ? null : { under, index }
}
