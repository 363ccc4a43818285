/** Concurrent work whose results are wanted in the order of its items. */

/** The results of `work` in the order of the items, of which at most `atOnce` are worked on at a time. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = []
  for await (const item of items) {
    const one = work(item)
    // Awaited later, in order; until then a rejection must not count as unhandled.
    one.catch(() => undefined)
    begun.push(one)
    if (begun.length < atOnce) continue
    const first = begun.shift()
    if (first !== undefined) yield await first
  }
  for (const one of begun) yield await one
}
