/** The queue cache: kept for a start that has to wait for its ledger, deleted when it is not needed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepQueueCache } from '../../../src/main/ipc/keep-queue-cache'
import { readQueueCache } from '../../../src/main/session/queue-cache'
import { openIpcWorld, type IpcWorld } from './ipc-world'

const NAMES = ['10.5555/one', '10.5555/two', '10.5555/three']

async function startWithThreeJobs(): Promise<IpcWorld> {
  const world = await openIpcWorld(null, { settings: { 'safety.switch': 'on' } })
  await world.session.run.pause()
  await world.plan(NAMES)
  return world
}
const kept = (world: IpcWorld) => readQueueCache(world.parts.host, world.dataDir)

test('the page’s last request is cached when the session ends', async () => {
  const world = await startWithThreeJobs()
  const cache = keepQueueCache(world.parts, 3)
  const answer = cache.noting(world.answer)
  const asked = { query: { group: 'waiting' }, sort: 'title', direction: 'up' } as const
  await answer('jobs.list', { ...asked, offset: 0, limit: 100 })
  // Searches and later pages are not cached: a start shows neither.
  await answer('jobs.list', { ...asked, query: { group: 'waiting', text: 'one' }, offset: 0, limit: 100 })
  await answer('jobs.list', { ...asked, query: { group: 'done' }, offset: 100, limit: 100 })
  await cache.close()
  const cached = await kept(world)
  expect(cached?.asked).toEqual(asked)
  expect(cached?.total).toBe(3)
  expect(cached?.rows.map((row) => row.identifier).sort()).toEqual([...NAMES].sort())
  expect(cached?.counts).toMatchObject({ all: 3, waiting: 3, attention: 0 })
  expect(cached?.run.counts).toMatchObject({ all: 3, waiting: 3 })
})

test('a ledger that opens immediately needs no cache, and deletes the existing one', async () => {
  const world = await startWithThreeJobs()
  await keepQueueCache(world.parts, 3).close()
  expect(await kept(world)).not.toBeNull()
  await keepQueueCache(world.parts, 4).close()
  expect(existsSync(join(world.dataDir, 'queue-seen.json'))).toBe(false)
})

test('the sample’s queue is not cached', async () => {
  const world = await startWithThreeJobs()
  await world.session.sample.enter()
  await keepQueueCache(world.parts, 1).close()
  expect(await kept(world)).toBeNull()
})
