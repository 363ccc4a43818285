/**
 * G9: pause, quit, suspend and loss of network stop the engine within two seconds and keep every byte on
 * disk. It continues when the cause is gone.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import type { Settings } from '../../src/contract/settings'
import { sha256 } from '../web/paper-file'
import { startWorld, type World } from '../web/scholarly'
import type { Hold, Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { jumpingClock, type JumpingClock } from '../kit/jumping-clock'
import { openWorld, type SheafWorld } from '../kit/sheaf-world'
import { waitFor } from '../kit/wait-for'

const BYTES = 300_000
const HALF = BYTES / 2

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
  readonly clock: JumpingClock
  readonly url: string
}

async function start(
  works: readonly WorldWork[] = [{ key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] }],
  settings: Partial<Settings> = {}
): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  const clock = jumpingClock()
  const sheaf = await openWorld(web, {
    host: clock.wear,
    settings: { 'network.stallTimeoutMs': 30_000, ...settings }
  })
  return { web, world, sheaf, clock, url: world.fileUrl('alpha') }
}

async function onDisk(sheaf: SheafWorld): Promise<number> {
  const folder = join(sheaf.libraryDir, '.sheaf', 'staging')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The stream is held at half of the file, and all of that is on disk. */
async function halfWay(setup: Setup, hold: Hold): Promise<void> {
  await hold.reached
  await waitFor('half of it is on disk', async () => (await onDisk(setup.sheaf)) === HALF)
}

const jobOf = (sheaf: SheafWorld, key: string): Record<string, unknown> =>
  sheaf.sheaf.jobs({}).find((job) => job['work_id'] === `doi:10.5555/${key}`)!
const jobId = (sheaf: SheafWorld, key: string): string => String(jobOf(sheaf, key)['job_id'])

/** Continues from the half, and the filed bytes are correct. */
async function goesOn({ web, world, sheaf, url }: Setup): Promise<void> {
  web.forget()
  expect(await sheaf.run()).toMatchObject({ done: 1, bytes_resumed: HALF, bytes_fetched: BYTES - HALF })
  expect(web.bytesSent(url)).toBe(BYTES - HALF)
  expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
}

describe('quit', () => {
  test('stops within two seconds and keeps every byte; the next process continues from there', async () => {
    const setup = await start()
    const hold = setup.web.hold(setup.url, HALF)
    const stop = new AbortController()
    const running = setup.sheaf.run(['10.5555/alpha'], stop.signal)
    await halfWay(setup, hold)
    const began = performance.now()
    stop.abort()
    await running
    await setup.sheaf.reopen()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(await onDisk(setup.sheaf)).toBe(HALF)
    expect(jobOf(setup.sheaf, 'alpha')).toMatchObject({ lease_owner: null, reason: null })
    hold.release()
    await goesOn(setup)
  })

  test('by closing Sheaf during a run has the same effect: the run ends, no job starts, nothing is lost', async () => {
    const works: WorldWork[] = ['alpha', 'beta', 'gamma'].map((key) => ({
      key,
      bytes: BYTES,
      copies: [{ via: 'unpaywall' }]
    }))
    const setup = await start(works, { 'network.workers': 1 })
    const { web, world, sheaf } = setup
    const holds = works.map(({ key }) => {
      const url = world.fileUrl(key)
      return { key, url, hold: web.hold(url, HALF) }
    })
    const running = sheaf.run(works.map(({ key }) => `10.5555/${key}`))
    // All works are looked up together before the first file is fetched; which one that is depends on the answers.
    const first = await Promise.race(holds.map((one) => one.hold.reached.then(() => one)))
    await halfWay(setup, first.hold)
    await waitFor('the look-ups are answered', () =>
      web.requests.every(({ url, ended }) => url === first.url || ended !== 'open')
    )
    const asked = web.requests.length
    const began = performance.now()
    await sheaf.reopen()
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(await running).toMatchObject({ planned: 3, by_reason: {}, done: 0, failed: 0 })
    for (const { hold } of holds) hold.release()
    expect(web.requests.slice(asked), 'no request after the close').toEqual([])
    const others = holds.filter((one) => one !== first)
    for (const { url } of web.requests.filter((one) => others.some(({ key }) => one.url.includes(key))))
      expect(url, 'every request is about the first work, or about all works together').toContain(first.key)
    expect(await onDisk(sheaf)).toBe(HALF)
    expect(await sheaf.run()).toMatchObject({ done: 3, bytes_resumed: HALF })
  })

  test.each([
    ['before a response', 'stall-before-headers'],
    ['in a stalled stream', 'stall-always']
  ] as const)('%s does not wait for the server', async (_, kind) => {
    const setup = await start([
      { key: 'alpha', copies: [{ via: 'unpaywall', misbehave: { kind, times: 99 } }] }
    ])
    const { web, sheaf, url } = setup
    const stop = new AbortController()
    const running = sheaf.run(['10.5555/alpha'], stop.signal)
    await waitFor('the file is asked for', () => web.requestsFor(url, 'GET').length > 0)
    const began = performance.now()
    stop.abort()
    await running
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

describe('pause', () => {
  test('of one job during its download: its bytes stay, the other job continues; resume fetches the rest', async () => {
    const setup = await start([
      { key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] },
      { key: 'beta', copies: [{ via: 'unpaywall' }] }
    ])
    const { web, sheaf } = setup
    const hold = web.hold(setup.url, HALF)
    const running = sheaf.run(['10.5555/alpha', '10.5555/beta'])
    await halfWay(setup, hold)
    const began = performance.now()
    expect(await sheaf.sheaf.pause({ jobIds: [jobId(sheaf, 'alpha')] })).toBe(1)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(await running, 'the run does not wait for a paused job').toMatchObject({ done: 1, failed: 0 })
    hold.release()
    expect(jobOf(sheaf, 'alpha')).toMatchObject({ hold: 'paused', lease_owner: null })
    const ops = sheaf.sheaf.history(jobId(sheaf, 'alpha')).filter(({ kind }) => kind === 'op')
    expect(ops.find(({ row }) => row['op_type'] === 'STREAM')?.row).toMatchObject({
      result_code: 'INTERRUPTED'
    })
    expect(await onDisk(sheaf)).toBe(HALF)
    // A paused job stays paused, through another run, a reconcile and a restart.
    await sheaf.reopen()
    web.forget()
    expect(await sheaf.run()).toMatchObject({ done: 0 })
    expect(web.requests).toEqual([])
    expect(await sheaf.sheaf.resume({ jobIds: [jobId(sheaf, 'alpha')] })).toBe(1)
    const summary = await sheaf.run()
    expect(summary).toMatchObject({ done: 1, bytes_resumed: HALF, bytes_fetched: BYTES - HALF })
  })

  test('of all during two downloads, and resume of all', async () => {
    const works: WorldWork[] = ['alpha', 'beta'].map((key) => ({
      key,
      bytes: BYTES,
      copies: [{ via: 'unpaywall' }]
    }))
    const setup = await start(works)
    const { web, world, sheaf } = setup
    const holds = works.map(({ key }) => web.hold(world.fileUrl(key), HALF))
    const running = sheaf.run(works.map(({ key }) => `10.5555/${key}`))
    await Promise.all(holds.map((hold) => hold.reached))
    await waitFor('both halves are on disk', async () => (await onDisk(sheaf)) === BYTES)
    const began = performance.now()
    expect(await sheaf.sheaf.pause('all')).toBe(2)
    await running
    expect(performance.now() - began).toBeLessThan(2_000)
    for (const hold of holds) hold.release()
    expect(await onDisk(sheaf)).toBe(BYTES)
    expect(await sheaf.sheaf.resume('all')).toBe(2)
    expect(await sheaf.run()).toMatchObject({ done: 2, bytes_resumed: BYTES, bytes_fetched: BYTES })
  })

  test('and resume while other jobs run: the job continues in the same run', async () => {
    const setup = await start([
      { key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] },
      { key: 'beta', bytes: BYTES, copies: [{ via: 'unpaywall' }] }
    ])
    const { web, world, sheaf } = setup
    const holds = ['alpha', 'beta'].map((key) => web.hold(world.fileUrl(key), HALF))
    const running = sheaf.run(['10.5555/alpha', '10.5555/beta'])
    await Promise.all(holds.map((hold) => hold.reached))
    await waitFor('both halves are on disk', async () => (await onDisk(sheaf)) === BYTES)
    await sheaf.sheaf.pause({ jobIds: [jobId(sheaf, 'alpha')] })
    holds[0]!.release()
    await sheaf.sheaf.resume({ jobIds: [jobId(sheaf, 'alpha')] })
    holds[1]!.release()
    expect(await running).toMatchObject({ done: 2, failed: 0, bytes_resumed: HALF })
  })
})

test('cancel during a download ends the job, is reported once, and only a retry starts it again', async () => {
  const setup = await start()
  const { web, sheaf } = setup
  const hold = web.hold(setup.url, HALF)
  const running = sheaf.run(['10.5555/alpha'])
  await halfWay(setup, hold)
  const began = performance.now()
  expect(await sheaf.sheaf.cancel([jobId(sheaf, 'alpha')])).toBe(1)
  await running
  expect(performance.now() - began).toBeLessThan(2_000)
  hold.release()
  expect(jobOf(sheaf, 'alpha')).toMatchObject({ state: 'FAILED', reason: 'CANCELLED', lease_owner: null })
  web.forget()
  expect(await sheaf.run()).toMatchObject({ done: 0 })
  expect(web.requests).toEqual([])
  expect(await sheaf.sheaf.retry({ reasons: ['CANCELLED'] })).toBe(1)
  expect(await sheaf.run()).toMatchObject({ done: 1 })
})

test('cancel does not change a job that failed permanently: its reason stays', async () => {
  const { sheaf } = await start([
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'lost', copies: [] }
  ])
  expect(await sheaf.run(['10.5555/lost'])).toMatchObject({ done: 0, failed: 1 })
  const before = jobOf(sheaf, 'lost')
  expect(await sheaf.sheaf.cancel([jobId(sheaf, 'lost')])).toBe(0)
  expect(jobOf(sheaf, 'lost')).toEqual(before)
})

test('suspend in mid-stream for a night: the connection is lost, the bytes are not', async () => {
  const setup = await start()
  const { web, world, sheaf, clock, url } = setup
  const hold = web.hold(url, HALF)
  const running = sheaf.run(['10.5555/alpha'])
  await halfWay(setup, hold)
  clock.jump(9 * 3600)
  // A connection from before the suspend is dead after it.
  web.down(true)
  web.down(false)
  hold.release()
  expect(await running).toMatchObject({ done: 1, failed: 0 })
  expect(web.requestsFor(url, 'GET').at(-1)).toMatchObject({ status: 206, range: `bytes=${String(HALF)}-` })
  expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
})

test('a lost network that returns: the download resumes by itself, no byte is fetched twice', async () => {
  const setup = await start()
  const { web, world, sheaf, url } = setup
  const hold = web.hold(url, HALF)
  const running = sheaf.run(['10.5555/alpha'])
  await halfWay(setup, hold)
  web.down(true)
  hold.release()
  await waitFor('the failure is detected', () =>
    sheaf.linesOf('attempt').some((line) => line.outcome === 'retryable')
  )
  expect(await onDisk(sheaf)).toBe(HALF)
  web.down(false)
  const summary = await running
  // What is tried again later is no loss, but here it must not be needed.
  expect(summary).toMatchObject({ done: 1, failed: 0, bytes_fetched: BYTES })
  expect(web.requestsFor(url, 'GET').at(-1)).toMatchObject({ status: 206, range: `bytes=${String(HALF)}-` })
  expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
})
