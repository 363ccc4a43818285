/**
 * A session: planning, running, pausing, suspend, loss of network, and its events. Engine, ledger, files and
 * HTTP are real.
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
const WITHOUT_COPY: WorldWork = { key: 'nowhere', copies: [] }

interface Setup {
  readonly web: Web
  readonly world: World
  readonly at: SessionWorld
}

async function start(works: readonly WorldWork[], options: SessionWorldOptions = {}): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  const at = await openSessionWorld(web, options)
  return { web, world, at }
}

const doi = (key: string): string => `10.5555/${key}`
const counts = ({ at }: Setup) => at.session.run.view().counts
const onlyJob = ({ at }: Setup): string => String(at.session.sheaf.jobs({})[0]?.['job_id'])

const partBytes = async ({ at }: Setup): Promise<number> => {
  const folder = join(at.libraryDir, '.sheaf', 'staging')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('planned papers are fetched, and the page gets the events', async () => {
  const setup = await start([ALPHA, BETA, WITHOUT_COPY])
  const { session, events } = setup.at
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
    const { done, attention } = counts(setup)
    return done === 2 && attention === 1
  })
  await waitFor('it is idle', () => session.run.view().phase === 'idle')
  expect(events.run.some((run) => run.phase === 'running')).toBe(true)
  await waitFor('the last run event is idle', () => events.run.at(-1)?.phase === 'idle')
  expect(events.run.at(-1)).toMatchObject({ progress: 1, because: null })
  const revisions = events.jobs.map((event) => event.revision)
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
  const changed = new Set(events.jobs.flatMap((event) => event.changed))
  for (const jobId of planned.jobIds) expect(changed.has(jobId)).toBe(true)
  expect(events.library.length).toBeGreaterThan(0)
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

test('a second plan during a run is started at once, and a known work is not planned twice', async () => {
  const setup = await start([ALPHA, BETA])
  const hold = setup.web.hold(setup.world.fileUrl('alpha'), HALF)
  await setup.at.plan([doi('alpha')])
  await hold.reached
  await setup.at.plan([doi('beta'), doi('alpha')])
  await waitFor('beta is done while alpha is held', () => counts(setup).done === 1)
  hold.release()
  await waitFor('both are done', () => counts(setup).done === 2)
  expect(counts(setup).all).toBe(2)
})

describe('pause', () => {
  test('stops within two seconds, keeps every byte, and survives a restart', async () => {
    const setup = await start([ALPHA])
    const hold = setup.web.hold(setup.world.fileUrl('alpha'), HALF)
    await setup.at.plan([doi('alpha')])
    await hold.reached
    await waitFor('half of it is on disk', async () => (await partBytes(setup)) === HALF)
    const jobId = onlyJob(setup)
    expect(setup.at.session.run.live(jobId)).toMatchObject({ totalBytes: BYTES, continuedFrom: null })

    const began = performance.now()
    await setup.at.session.run.pause()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(setup.at.session.sheaf.isActive(jobId)).toBe(false)
    expect(setup.at.session.run.view()).toMatchObject({ phase: 'paused', because: 'You paused it.' })
    hold.release()

    await setup.at.reopen()
    await setup.at.session.run.begun
    expect(setup.at.session.run.view().phase).toBe('paused')
    expect(await partBytes(setup)).toBe(HALF)
    await setup.at.session.run.start()
    await waitFor('it is done', () => counts(setup).done === 1)
    expect(setup.web.requestsFor(setup.world.fileUrl('alpha'), 'GET').at(-1)?.headers['range']).toBe(
      `bytes=${String(HALF)}-`
    )
  })

  test('an interrupted session that was not paused resumes by itself', async () => {
    const setup = await start([ALPHA])
    const hold = setup.web.hold(setup.world.fileUrl('alpha'), HALF)
    await setup.at.plan([doi('alpha')])
    await hold.reached
    await setup.at.session.close()
    hold.release()
    await setup.at.reopen()
    await waitFor('it is done', () => counts(setup).done === 1)
    // It was closed cleanly: no interruption is reported.
    expect(setup.at.session.checks.interruption()).toBeNull()
  })
})

test('without a network no request is sent; when it returns, the run continues', async () => {
  const setup = await start([BETA])
  setup.at.session.machine.network(false)
  await setup.at.plan([doi('beta')])
  await waitFor('it says so', () => setup.at.session.run.view().phase === 'offline')
  expect(setup.at.session.run.view().because).toBe('There is no network.')
  expect(setup.web.requests.length).toBe(0)
  setup.at.session.machine.network(true)
  await waitFor('it is done', () => counts(setup).done === 1)
})

test('suspend stops everything within two seconds; resume reconciles and continues', async () => {
  const setup = await start([ALPHA])
  const hold = setup.web.hold(setup.world.fileUrl('alpha'), HALF)
  await setup.at.plan([doi('alpha')])
  await hold.reached
  await waitFor('half of it is on disk', async () => (await partBytes(setup)) === HALF)
  const jobId = onlyJob(setup)
  expect(setup.at.session.sheaf.isActive(jobId)).toBe(true)
  const began = performance.now()
  await setup.at.session.machine.suspend()
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(setup.at.session.sheaf.isActive(jobId)).toBe(false)
  expect(setup.at.session.run.view().phase).toBe('asleep')
  hold.release()
  let reconciled = 0
  setup.at.session.events.onReconciled(() => (reconciled += 1))
  await setup.at.session.machine.resume()
  expect(reconciled).toBeGreaterThan(0)
  await waitFor('it is done', () => counts(setup).done === 1)
  const ranges = setup.web.requestsFor(setup.world.fileUrl('alpha'), 'GET').map((one) => one.headers['range'])
  expect(ranges.at(-1)).toBe(`bytes=${String(HALF)}-`)
})

test('failed jobs can be skipped, unskipped and retried', async () => {
  const setup = await start([WITHOUT_COPY])
  await setup.at.plan([doi('nowhere')])
  await waitFor('it needs attention', () => counts(setup).attention === 1)
  const { sheaf } = setup.at.session
  const jobId = String(sheaf.jobs({})[0]?.['job_id'])
  expect(await sheaf.ignore([jobId])).toBe(1)
  expect(await sheaf.queueCounts()).toMatchObject({ all: 1, attention: 0, ignored: 1, byReason: [] })
  expect(sheaf.history(jobId).at(-1)?.row['kind']).toBe('ignored')
  expect(await sheaf.retry({ reasons: ['NO_OPEN_COPY'] })).toBe(0)
  expect(await sheaf.unignore([jobId])).toBe(1)
  expect(await sheaf.queueCounts()).toMatchObject({ attention: 1, ignored: 0 })
  await sheaf.ignore([jobId])
  expect(await sheaf.retry({ jobIds: [jobId] })).toBe(1)
  setup.at.session.run.wake()
  await waitFor(
    'it was tried again',
    () => sheaf.history(jobId).filter(({ row }) => row['kind'] === 'lease').length === 2
  )
})

test('a check reports its progress, refuses a second one, and can be stopped', async () => {
  const setup = await start([BETA])
  await setup.at.plan([doi('beta')])
  await waitFor('it is done', () => counts(setup).done === 1)
  const { session } = setup.at
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

test('a ledger in use is reported as a problem, not a crash', async () => {
  const setup = await start([BETA])
  const second = await openSessionWorld(null, {
    folder: join(setup.at.dataDir, '..'),
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
  expect(existsSync(join(setup.at.dataDir, 'lock'))).toBe(true)
  await setup.at.session.close()
  await second.session.reopen()
  expect(second.session.view().trouble).toBeNull()
  expect(second.session.sheaf.status().artifacts).toBe(0)
  await second.session.close()
  expect(existsSync(join(setup.at.dataDir, 'lock'))).toBe(false)
})
