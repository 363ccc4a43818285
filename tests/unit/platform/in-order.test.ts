/** Concurrent work with results in order. */
import { expect, test } from 'vitest'
import { inOrder } from '../../../src/main/platform/in-order'
import { deferred, type Deferred } from '../../../src/main/platform/deferred'

test('results come in the order of the items, however long each takes; no more than some are worked on', async () => {
  const ends = new Map<number, Deferred<string>>()
  let busy = 0
  let most = 0
  const results = inOrder([1, 2, 3, 4, 5], 2, async (item) => {
    busy += 1
    most = Math.max(most, busy)
    const end = deferred<string>()
    ends.set(item, end)
    // The second of each pair ends first.
    if (item % 2 === 0) ends.get(item - 1)?.resolve(String(item - 1))
    if (item % 2 === 0 || item === 5) end.resolve(String(item))
    const result = await end.promise
    busy -= 1
    return result
  })
  const seen: string[] = []
  for await (const one of results) seen.push(one)
  expect(seen).toEqual(['1', '2', '3', '4', '5'])
  expect(most).toBe(2)
})

test('a failure is thrown when its turn comes, and is not unhandled before', async () => {
  const results = inOrder([1, 2, 3], 3, async (item) => {
    if (item === 2) throw new Error('the second failed')
    await Promise.resolve()
    return item
  })
  expect(await results.next()).toEqual({ done: false, value: 1 })
  await expect(results.next()).rejects.toThrow('the second failed')
})
