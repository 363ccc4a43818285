/** Long work in slices: other work of the process runs between two of them. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

/** The items in slices of `atOnce`, with a pause between two slices. */
export async function* inSlices<T>(items: Iterable<T>, atOnce: number): AsyncGenerator<readonly T[]> {
  let slice: T[] = []
  for (const item of items) {
    if (slice.length === atOnce) {
      yield slice
      slice = []
      await yieldToEventLoop()
    }
    slice.push(item)
  }
  if (slice.length > 0) yield slice
}

/**
 * What `read` finds from each place on, with a pause between two pages. A page names the place of the next;
 * null: it is the last.
 */
export async function* inPages<Page extends { readonly next: number | null }>(
  read: (from: number) => Page
): AsyncGenerator<Page> {
  let page = read(0)
  yield page
  while (page.next !== null) {
    await yieldToEventLoop()
    page = read(page.next)
    yield page
  }
}
