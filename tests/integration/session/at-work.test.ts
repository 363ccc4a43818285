/**
 * A session at work: it plans, runs, pauses, sleeps, loses the network, and tells what happens. The
 * engine, the ledger, the files and HTTP are real.
 */
import { existsSync } from 'node:fs'
import { stat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSessionWorld, type SessionWorld, type SessionWorldOptions } from '../../kit/session-world'
import { waitFor } from '../../kit/wait-for'
import { startWorld, type World } from '../../web/scholarly'
import type { Web } from '../../web/web'
import type { WorldWork } from '../../web/works'

const BYTES = 300_000
const HALF = BYTES / 2
const ALPHA: WorldWork = { key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] }
const BETA: WorldWork = { key: 'beta', copies: [{ via: 'unpaywall' }] }
const NOWHERE: WorldWork = { key: 'nowhere', copies: [] }

interface Story {
  readonly web: Web
  readonly world: World
  readonly at: SessionWorld
}

async function start(works: readonly WorldWork[], options: SessionWorldOptions = {}): Promise<Story> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  const at = await openSessionWorld(web, options)
  return { web, world, at }
}

const doi = (key: string): string => `10.5555/${key}`
const counts = ({ at }: Story) => at.session.run.view().counts
const partBytes = async ({ at }: Story): Promise<number> => {
  const folder = join(at.libraryDir, '.sheaf', 'staging')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('what is planned is fetched, and the page is told', async () => {
  const story = await start([ALPHA, BETA, NOWHERE])
  const { session, told } = story.at
  const planned = await session.run.plan(
    [
      { ids: { doi: doi('alpha') }, facts: {} },
      { ids: { doi: doi('beta') }, facts: {} },
      { ids: { doi: doi('nowhere') }, facts: {} }
    ],
    new AbortController().signal
  )
  expect(planned).toMatchObject({ newJobs: 3, existingJobs: 0, removed: 0 })
  await waitFor('two are done and one needs attention', () => {
    const { done, attention } = counts(story)
    return done === 2 && attention === 1
  })
  await waitFor('it is idle', () => session.run.view().phase === 'idle')
  expect(told.run.some((run) => run.phase === 'running')).toBe(true)
  await waitFor('the last run event says so', () => told.run.at(-1)?.phase === 'idle')
  expect(told.run.at(-1)).toMatchObject({ progress: 1, because: null })
  const revisions = told.jobs.map((event) => event.revision)
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
  const changed = new Set(told.jobs.flatMap((event) => event.changed))
  for (const jobId of planned.jobIds) expect(changed.has(jobId)).toBe(true)
  expect(told.library.length).toBeGreaterThan(0)
  const page = await session.sheaf.queuePage({
    query: { group: 'done' },
    sort: 'added',
    direction: 'up',
    offset: 0,
    limit: 10
  })
  expect(page.total).toBe(2)
  expect(page.rows[0]).toMatchObject({ source: 'openalex', bytes: BYTES })
})

test('a second plan during a run is worked on at once, and a known one is not planned twice', async () => {
  const story = await start([ALPHA, BETA])
  const hold = story.web.hold(story.world.fileUrl('alpha'), HALF)
  await story.at.plan([doi('alpha')])
  await hold.reached
  await story.at.plan([doi('beta'), doi('alpha')])
  await waitFor('beta is done while alpha stands', () => counts(story).done === 1)
  hold.release()
  await waitFor('both are done', () => counts(story).done === 2)
  expect(counts(story).all).toBe(2)
})

describe('pause', () => {
  test('stops within two seconds, keeps every byte, and outlives a restart', async () => {
    const story = await start([ALPHA])
    const hold = story.web.hold(story.world.fileUrl('alpha'), HALF)
    await story.at.plan([doi('alpha')])
    await hold.reached
    await waitFor('half of it is on disk', async () => (await partBytes(story)) === HALF)
    const jobId = String(story.at.session.sheaf.jobs({})[0]?.['job_id'])
    expect(story.at.session.run.live(jobId)).toMatchObject({ totalBytes: BYTES, continuedFrom: null })

    const began = performance.now()
    await story.at.session.run.pause()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(story.at.session.sheaf.activeCount()).toBe(0)
    expect(story.at.session.run.view()).toMatchObject({ phase: 'paused', because: 'You paused it.' })
    hold.release()

    await story.at.reopen()
    await story.at.session.run.begun
    expect(story.at.session.run.view().phase).toBe('paused')
    expect(await partBytes(story)).toBe(HALF)
    await story.at.session.run.start()
    await waitFor('it is done', () => counts(story).done === 1)
    expect(story.web.requestsFor(story.world.fileUrl('alpha'), 'GET').at(-1)?.headers['range']).toBe(
      `bytes=${String(HALF)}-`
    )
  })

  test('an interrupted session that was not paused goes on by itself', async () => {
    const story = await start([ALPHA])
    const hold = story.web.hold(story.world.fileUrl('alpha'), HALF)
    await story.at.plan([doi('alpha')])
    await hold.reached
    await story.at.session.close()
    hold.release()
    await story.at.reopen()
    await waitFor('it is done', () => counts(story).done === 1)
    // It said goodbye: there is no story to tell.
    expect(story.at.session.checks.interruption()).toBeNull()
  })
})

test('without a network nothing is asked, and it goes on when it is back', async () => {
  const story = await start([BETA])
  story.at.session.machine.network(false)
  await story.at.plan([doi('beta')])
  await waitFor('it says so', () => story.at.session.run.view().phase === 'offline')
  expect(story.at.session.run.view().because).toBe('There is no network.')
  expect(story.web.requests.length).toBe(0)
  story.at.session.machine.network(true)
  await waitFor('it is done', () => counts(story).done === 1)
})

test('sleep stops everything within two seconds; waking reconciles and goes on', async () => {
  const story = await start([ALPHA])
  const hold = story.web.hold(story.world.fileUrl('alpha'), HALF)
  await story.at.plan([doi('alpha')])
  await hold.reached
  await waitFor('half of it is on disk', async () => (await partBytes(story)) === HALF)
  const began = performance.now()
  await story.at.session.machine.suspend()
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(story.at.session.sheaf.activeCount()).toBe(0)
  expect(story.at.session.run.view().phase).toBe('asleep')
  hold.release()
  let reconciled = 0
  story.at.session.events.onReconciled(() => (reconciled += 1))
  await story.at.session.machine.resume()
  expect(reconciled).toBeGreaterThan(0)
  await waitFor('it is done', () => counts(story).done === 1)
  const ranges = story.web.requestsFor(story.world.fileUrl('alpha'), 'GET').map((one) => one.headers['range'])
  expect(ranges.at(-1)).toBe(`bytes=${String(HALF)}-`)
})

test('failed jobs are set aside, taken up again, and retried', async () => {
  const story = await start([NOWHERE])
  await story.at.plan([doi('nowhere')])
  await waitFor('it needs attention', () => counts(story).attention === 1)
  const { sheaf } = story.at.session
  const jobId = String(sheaf.jobs({})[0]?.['job_id'])
  expect(await sheaf.ignore([jobId])).toBe(1)
  expect(await sheaf.queueCounts()).toMatchObject({ all: 1, attention: 0, ignored: 1, byReason: [] })
  expect(sheaf.history(jobId).at(-1)?.row['kind']).toBe('ignored')
  expect(await sheaf.retry({ reasons: ['NO_OPEN_COPY'] })).toBe(0)
  expect(await sheaf.unignore([jobId])).toBe(1)
  expect(await sheaf.queueCounts()).toMatchObject({ attention: 1, ignored: 0 })
  await sheaf.ignore([jobId])
  expect(await sheaf.retry({ jobIds: [jobId] })).toBe(1)
  story.at.session.run.wake()
  await waitFor(
    'it was tried again',
    () => sheaf.history(jobId).filter(({ row }) => row['kind'] === 'lease').length === 2
  )
})

test('a check tells its progress, refuses a second one, and can be ended', async () => {
  const story = await start([BETA])
  await story.at.plan([doi('beta')])
  await waitFor('it is done', () => counts(story).done === 1)
  const { session } = story.at
  session.checks.begin({ verifyHashes: true })
  expect(session.checks.view()).toMatchObject({ verifyHashes: true })
  expect(() => {
    session.checks.begin({ verifyHashes: false })
  }).toThrow('A check goes on already.')
  await waitFor('it is over', () => session.checks.view() === null)
  session.checks.begin({ verifyHashes: true })
  session.checks.cancel()
  await waitFor('it was ended', () => session.checks.view() === null)
  expect(session.checks.standing('unknown_files')).toEqual([])
})

test('a ledger in use is trouble, not a crash', async () => {
  const story = await start([BETA])
  const second = await openSessionWorld(null, {
    folder: join(story.at.dataDir, '..'),
    settings: { 'safety.switch': 'on' },
    host: (host) => ({
      ...host,
      identity: { ...host.identity, pid: 1, startedAt: 1, isAlive: () => true }
    })
  })
  expect(second.session.view().trouble?.code).toBe('LEDGER_IN_USE')
  expect(() => second.session.sheaf).toThrow(/use/)
  expect(second.session.run.view().phase).toBe('idle')
  await second.session.reopen()
  expect(second.session.view().trouble?.code).toBe('LEDGER_IN_USE')
  expect(existsSync(join(story.at.dataDir, 'lock'))).toBe(true)
  await story.at.session.close()
  await second.session.reopen()
  expect(second.session.view().trouble).toBeNull()
  expect(second.session.sheaf.status().artifacts).toBe(0)
  await second.session.close()
  expect(existsSync(join(story.at.dataDir, 'lock'))).toBe(false)
})
