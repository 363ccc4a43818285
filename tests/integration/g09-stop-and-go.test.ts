/**
 * G9: pause, quit, suspend and loss of network stop the engine within two seconds, keep every byte on
 * disk, and it goes on when the reason is gone.
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

interface Story {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
  readonly clock: JumpingClock
  readonly url: string
}

async function start(
  works: readonly WorldWork[] = [{ key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] }],
  settings: Partial<Settings> = {}
): Promise<Story> {
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

/** The stream stands at its half, and all of that is on disk. */
async function halfWay(story: Story, hold: Hold): Promise<void> {
  await hold.reached
  await waitFor('half of it is on disk', async () => (await onDisk(story.sheaf)) === HALF)
}

const jobOf = (sheaf: SheafWorld, key: string): Record<string, unknown> =>
  sheaf.sheaf.jobs({}).find((job) => job['work_id'] === `doi:10.5555/${key}`)!
const jobId = (sheaf: SheafWorld, key: string): string => String(jobOf(sheaf, key)['job_id'])

/** It goes on from the half, and what is filed is right. */
async function goesOn({ web, world, sheaf, url }: Story): Promise<void> {
  web.forget()
  expect(await sheaf.run()).toMatchObject({ done: 1, bytes_resumed: HALF, bytes_fetched: BYTES - HALF })
  expect(web.bytesSent(url)).toBe(BYTES - HALF)
  expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
}

describe('quit', () => {
  test('stops within two seconds and keeps every byte; the next process goes on from there', async () => {
    const story = await start()
    const hold = story.web.hold(story.url, HALF)
    const stop = new AbortController()
    const running = story.sheaf.run(['10.5555/alpha'], stop.signal)
    await halfWay(story, hold)
    const began = performance.now()
    stop.abort()
    await running
    await story.sheaf.reopen()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(await onDisk(story.sheaf)).toBe(HALF)
    expect(jobOf(story.sheaf, 'alpha')).toMatchObject({ lease_owner: null, reason: null })
    hold.release()
    await goesOn(story)
  })

  test('by closing Sheaf while it works is as good: the run ends, nothing new is begun, nothing is lost', async () => {
    const works: WorldWork[] = ['alpha', 'beta', 'gamma'].map((key) => ({
      key,
      bytes: BYTES,
      copies: [{ via: 'unpaywall' }]
    }))
    const story = await start(works, { 'network.workers': 1 })
    const { web, sheaf } = story
    const hold = web.hold(story.url, HALF)
    const running = sheaf.run(works.map(({ key }) => `10.5555/${key}`))
    await halfWay(story, hold)
    // All works are looked up together before their turn; that is over when the first file is fetched.
    await waitFor('the look-ups are answered', () =>
      web.requests.every(({ url, ended }) => url === story.url || ended !== 'open')
    )
    const asked = web.requests.length
    const began = performance.now()
    await sheaf.reopen()
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(await running).toMatchObject({ planned: 3, by_reason: {}, done: 0, failed: 0 })
    hold.release()
    expect(web.requests.slice(asked), 'nothing is asked after the close').toEqual([])
    for (const { url } of web.requests.filter((one) => /beta|gamma/.test(one.url)))
      expect(url, 'no request is about another work than the first, or about all together').toContain('alpha')
    expect(await onDisk(sheaf)).toBe(HALF)
    expect(await sheaf.run()).toMatchObject({ done: 3, bytes_resumed: HALF })
  })

  test.each([
    ['before an answer', 'stall-before-headers'],
    ['in a stream that stands still', 'stall-always']
  ] as const)('%s does not wait for the server', async (_, kind) => {
    const story = await start([
      { key: 'alpha', copies: [{ via: 'unpaywall', misbehave: { kind, times: 99 } }] }
    ])
    const { web, sheaf, url } = story
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
  test('of one job while it streams: its bytes stay, the other goes on; resume fetches the rest', async () => {
    const story = await start([
      { key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] },
      { key: 'beta', copies: [{ via: 'unpaywall' }] }
    ])
    const { web, sheaf } = story
    const hold = web.hold(story.url, HALF)
    const running = sheaf.run(['10.5555/alpha', '10.5555/beta'])
    await halfWay(story, hold)
    const began = performance.now()
    expect(await sheaf.sheaf.pause({ jobIds: [jobId(sheaf, 'alpha')] })).toBe(1)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(await running, 'a paused job keeps nobody waiting').toMatchObject({ done: 1, failed: 0 })
    hold.release()
    expect(jobOf(sheaf, 'alpha')).toMatchObject({ hold: 'paused', lease_owner: null })
    const ops = sheaf.sheaf.history(jobId(sheaf, 'alpha')).filter(({ kind }) => kind === 'op')
    expect(ops.find(({ row }) => row['op_type'] === 'STREAM')?.row).toMatchObject({
      result_code: 'INTERRUPTED'
    })
    expect(await onDisk(sheaf)).toBe(HALF)
    // Paused stays paused: by another run, by reconcile, by a restart.
    await sheaf.reopen()
    web.forget()
    expect(await sheaf.run()).toMatchObject({ done: 0 })
    expect(web.requests).toEqual([])
    expect(await sheaf.sheaf.resume({ jobIds: [jobId(sheaf, 'alpha')] })).toBe(1)
    const summary = await sheaf.run()
    expect(summary).toMatchObject({ done: 1, bytes_resumed: HALF, bytes_fetched: BYTES - HALF })
  })

  test('of all while two stream, and resume of all', async () => {
    const works: WorldWork[] = ['alpha', 'beta'].map((key) => ({
      key,
      bytes: BYTES,
      copies: [{ via: 'unpaywall' }]
    }))
    const story = await start(works)
    const { web, world, sheaf } = story
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

  test('and resume while others still run: it goes on in that very run', async () => {
    const story = await start([
      { key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] },
      { key: 'beta', bytes: BYTES, copies: [{ via: 'unpaywall' }] }
    ])
    const { web, world, sheaf } = story
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

test('cancel while it streams: the job is over, said once, and comes back only by retry', async () => {
  const story = await start()
  const { web, sheaf } = story
  const hold = web.hold(story.url, HALF)
  const running = sheaf.run(['10.5555/alpha'])
  await halfWay(story, hold)
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

test('cancel leaves alone what failed for good: its reason stays', async () => {
  const { sheaf } = await start([
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'lost', copies: [] }
  ])
  expect(await sheaf.run(['10.5555/lost'])).toMatchObject({ done: 0, failed: 1 })
  const before = jobOf(sheaf, 'lost')
  expect(await sheaf.sheaf.cancel([jobId(sheaf, 'lost')])).toBe(0)
  expect(jobOf(sheaf, 'lost')).toEqual(before)
})

test('sleep in the middle of a stream, for a night: the connection is gone, the bytes are not', async () => {
  const story = await start()
  const { web, world, sheaf, clock, url } = story
  const hold = web.hold(url, HALF)
  const running = sheaf.run(['10.5555/alpha'])
  await halfWay(story, hold)
  clock.jump(9 * 3600)
  // What was open before the night is dead after it.
  web.down(true)
  web.down(false)
  hold.release()
  expect(await running).toMatchObject({ done: 1, failed: 0 })
  expect(web.requestsFor(url, 'GET').at(-1)).toMatchObject({ status: 206, range: `bytes=${String(HALF)}-` })
  expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
})

test('the network goes away in the middle and comes back: it goes on by itself, without a byte twice', async () => {
  const story = await start()
  const { web, world, sheaf, url } = story
  const hold = web.hold(url, HALF)
  const running = sheaf.run(['10.5555/alpha'])
  await halfWay(story, hold)
  web.down(true)
  hold.release()
  await waitFor('it is noticed', () => sheaf.linesOf('attempt').some((line) => line.outcome === 'retryable'))
  expect(await onDisk(sheaf)).toBe(HALF)
  web.down(false)
  const summary = await running
  // What is tried again later is no loss, but here it must not be needed.
  expect(summary).toMatchObject({ done: 1, failed: 0, bytes_fetched: BYTES })
  expect(web.requestsFor(url, 'GET').at(-1)).toMatchObject({ status: 206, range: `bytes=${String(HALF)}-` })
  expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
})
