import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inPages, inSlices } from '../../../src/main/platform/slices'

/** Counts the turns of the event loop while `work` runs. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  const over = new AbortController()
  const counting = (async () => {
    for (; !over.signal.aborted; turns += 1) await setImmediate()
  })()
  await work()
  over.abort()
  await counting
  return turns - 1
}

async function slicesOf<T>(items: Iterable<T>, atOnce: number): Promise<(readonly T[])[]> {
  const slices: (readonly T[])[] = []
  for await (const slice of inSlices(items, atOnce)) slices.push(slice)
  return slices
}

it('gives every item once and in order, in slices of the asked length', async () => {
  expect(await slicesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(await slicesOf(new Map([['a', 1]]), 2)).toEqual([[['a', 1]]])
  expect(await slicesOf([1, 2], 2)).toEqual([[1, 2]])
  expect(await slicesOf([], 2)).toEqual([])
})

it('lets other work run between two slices, and not for a single one', async () => {
  const many = await turnsDuring(() => slicesOf(Array.from({ length: 100 }), 10))
  expect(many).toBeGreaterThanOrEqual(8)
  expect(await turnsDuring(() => slicesOf([1, 2, 3], 10))).toBe(0)
})

it('reads page after page, from where the last one ended', async () => {
  const asked: number[] = []
  const rows = [3, 5, 8, 9]
  const pages: number[][] = []
  const read = (from: number): { rows: number[]; next: number | null } => {
    asked.push(from)
    const page = rows.filter((row) => row > from).slice(0, 2)
    const last = page.at(-1)
    return { rows: page, next: last === undefined || last === rows.at(-1) ? null : last }
  }
  const turns = await turnsDuring(async () => {
    for await (const page of inPages(0, read)) pages.push([...page])
  })
  expect(pages).toEqual([
    [3, 5],
    [8, 9]
  ])
  expect(asked).toEqual([0, 5])
  expect(turns).toBeGreaterThanOrEqual(1)
})
