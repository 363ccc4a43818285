/**
 * The `data-index` of the entry under an event; -1 where there is none. A list listens once for all of its
 * entries: the element that has the focus and the keys has the pointer's listeners too.
 */
export function indexUnder(event: Event): number {
  const entry = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
  return entry === null ? -1 : Number(entry.dataset['index'])
}
