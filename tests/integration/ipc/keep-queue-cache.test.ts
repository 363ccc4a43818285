/** The queue as it was seen last: kept for a start that has to wait for its ledger, and given up when it need not. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepQueueCache } from '../../../src/main/ipc/keep-queue-cache'
import { readQueueCache } from '../../../src/main/session/queue-cache'
import { openIpcWorld, type IpcWorld } from './ipc-world'

const NAMES = ['10.5555/one', '10.5555/two', '10.5555/three']

async function withThree(): Promise<IpcWorld> {
  const world = await openIpcWorld(null, { settings: { 'safety.switch': 'on' } })
  await world.session.run.pause()
  await world.plan(NAMES)
  return world
}
const kept = (world: IpcWorld) => readQueueCache(world.parts.host, world.dataDir)

test('what the page asked for last is kept when the session ends', async () => {
  const world = await withThree()
  const seen = keepQueueCache(world.parts, 3)
  const answer = seen.noting(world.answer)
  const asked = { query: { group: 'waiting' }, sort: 'title', direction: 'up' } as const
  await answer('jobs.list', { ...asked, offset: 0, limit: 100 })
  // A search, and a page further down, are not what one starts with.
  await answer('jobs.list', { ...asked, query: { group: 'waiting', text: 'one' }, offset: 0, limit: 100 })
  await answer('jobs.list', { ...asked, query: { group: 'done' }, offset: 100, limit: 100 })
  await seen.close()
  const there = await kept(world)
  expect(there?.asked).toEqual(asked)
  expect(there?.total).toBe(3)
  expect(there?.rows.map((row) => row.identifier).sort()).toEqual([...NAMES].sort())
  expect(there?.counts).toMatchObject({ all: 3, waiting: 3, attention: 0 })
  expect(there?.run.counts).toMatchObject({ all: 3, waiting: 3 })
})

test('a ledger that opens at once needs none, and what was kept before goes', async () => {
  const world = await withThree()
  await keepQueueCache(world.parts, 3).close()
  expect(await kept(world)).not.toBeNull()
  await keepQueueCache(world.parts, 4).close()
  expect(existsSync(join(world.dataDir, 'queue-seen.json'))).toBe(false)
})

test('the sample’s queue is nobody’s', async () => {
  const world = await withThree()
  await world.session.sample.enter()
  await keepQueueCache(world.parts, 1).close()
  expect(await kept(world)).toBeNull()
})
