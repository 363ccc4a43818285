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

/** Some rows, and the place from which the next ones are read; null: there are no more. */
export interface RowPage<Row, Place> {
  readonly rows: readonly Row[]
  readonly next: Place | null
}

/** The rows that `read` finds from each place on, with a pause between two pages. */
export async function* inPages<Row, Place>(
  first: Place,
  read: (from: Place) => RowPage<Row, Place>
): AsyncGenerator<readonly Row[]> {
  let page = read(first)
  yield page.rows
  while (page.next !== null) {
    await yieldToEventLoop()
    page = read(page.next)
    yield page.rows
  }
}
