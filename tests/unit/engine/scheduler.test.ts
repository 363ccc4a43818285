/**
 * Pauses of the scheduler: after a cause that seems to pass and returns at once, and between jobs that begin
 * without a wait.
 */
import { expect, test } from 'vitest'
import { SheafError } from '../../../src/contract/errors'
import { Gate } from '../../../src/main/engine/gate'
import type { JobStore, Services } from '../../../src/main/engine/job-context'
import { restAfter, runScheduler } from '../../../src/main/engine/scheduler'
import type { Task } from '../../../src/main/engine/job-source'
import { testHost } from '../../kit/test-host'

const job = {
  jobId: 'job1',
  workId: 'W1',
  artifactId: 'W1#pdf',
  canonicalUrl: 'https://a.example/',
  format: 'pdf' as const,
  attempt: 1,
  beganAt: 0,
  expectedSha256: null
}

test('retries back off, to at most a minute', async () => {
  const host = testHost()
  const triedAt: number[] = []
  const stop = new AbortController()
  const jobStore = {
    state: 'FINALIZED',
    settled() {
      throw new SheafError('DISK_FULL')
    },
    release: () => Promise.resolve()
  } as unknown as JobStore
  const take = (): Task => {
    triedAt.push(host.clock.monotonicMs() / 1000)
    const begin = (): ReturnType<Task['begin']> => ({ jobStore, end: () => undefined })
    return { job, work: { workId: 'W1', ids: {}, facts: {}, locations: [] }, group: 'a.example', begin }
  }
  const running = runScheduler({
    host,
    services: { host, net: { newCookieJar: () => ({}), filesReady: () => 0 } } as unknown as Services,
    jobSources: [{ take, nextDueAt: () => null }],
    limits: () => ({ looking: 1, begun: 1, ready: 1 }),
    gate: new Gate(),
    signal: stop.signal,
    horizonSeconds: 0,
    active: new Map(),
    onEnding: () => undefined,
    onResume: () => undefined,
    explain: (error) => Promise.resolve(error),
    hasPassed: () => Promise.resolve(true)
  })
  for (let second = 0; second < 300; second += 1) {
    // One turn in which the job begins and pauses, and one in which the scheduler sees it.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    host.clock.advance(1)
  }
  stop.abort()
  host.clock.advance(1)
  await running
  const rests = triedAt.slice(1).map((at, n) => at - triedAt[n]!)
  expect(rests.slice(0, 5)).toEqual([2, 4, 8, 16, 32])
  expect(Math.max(...rests)).toBeLessThanOrEqual(61)
  expect(triedAt.length).toBeGreaterThan(7)
})

test('pending events are handled between two jobs that begin without a wait', async () => {
  const host = testHost()
  const order: string[] = []
  const jobStore = {
    state: 'FINALIZED',
    settled() {
      order.push('job')
      throw new SheafError('NO_OPEN_COPY')
    },
    endAsFailed: () => Promise.resolve(),
    release: () => Promise.resolve()
  } as unknown as JobStore
  let left = 50
  const take = (): Task | null => {
    if ((left -= 1) < 0) return null
    if (left === 48) setImmediate(() => order.push('answer'))
    const begin = (): ReturnType<Task['begin']> => ({ jobStore, end: () => undefined })
    const work = { workId: 'W1', ids: {}, facts: {}, locations: [] }
    return { job: { ...job, jobId: `job${String(left)}` }, work, group: 'a.example', begin }
  }
  await runScheduler({
    host,
    services: {
      host,
      net: { newCookieJar: () => ({}), filesReady: () => 0 },
      emit: () => undefined
    } as unknown as Services,
    jobSources: [{ take, nextDueAt: () => null }],
    limits: () => ({ looking: 50, begun: 50, ready: 50 }),
    gate: new Gate(),
    signal: new AbortController().signal,
    horizonSeconds: 0,
    active: new Map(),
    onEnding: () => undefined,
    onResume: () => undefined,
    explain: (error) => Promise.resolve(error),
    hasPassed: () => Promise.resolve(true)
  })
  expect(order.filter((one) => one === 'job')).toHaveLength(50)
  // The event was pending while the second job began: a third may begin before it, and no more.
  expect([1, 2, 3]).toContain(order.indexOf('answer'))
})

test('with enough files ready, jobs begin ten a second, and at once when the files are gone', async () => {
  const host = testHost()
  const stop = new AbortController()
  const stopped = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => {
      resolve()
    })
  })
  let ready = 0
  let begun = 0
  const jobStore = {
    state: 'FINALIZED',
    settled: () => {
      begun += 1
      ready += 1
      throw new SheafError('NO_OPEN_COPY')
    },
    // A job that waits for its host ends when the run is stopped.
    endAsFailed: () => stopped,
    release: () => Promise.resolve()
  } as unknown as JobStore
  let taken = 0
  const take = (): Task => {
    const begin = (): ReturnType<Task['begin']> => ({ jobStore, end: () => undefined })
    const work = { workId: 'W1', ids: {}, facts: {}, locations: [] }
    return { job: { ...job, jobId: `job${String((taken += 1))}` }, work, group: 'a.example', begin }
  }
  const running = runScheduler({
    host,
    services: {
      host,
      net: { newCookieJar: () => ({}), filesReady: () => ready },
      emit: () => undefined
    } as unknown as Services,
    jobSources: [{ take, nextDueAt: () => null }],
    limits: () => ({ looking: 100, begun: 100, ready: 8 }),
    gate: new Gate(),
    signal: stop.signal,
    horizonSeconds: 0,
    active: new Map(),
    onEnding: () => undefined,
    onResume: () => undefined,
    explain: (error) => Promise.resolve(error),
    hasPassed: () => Promise.resolve(true)
  })
  const turns = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  await turns(30)
  expect(begun).toBe(8)
  for (let tenth = 0; tenth < 5; tenth += 1) {
    host.clock.advance(0.1)
    await turns(3)
  }
  expect(begun).toBe(13)
  ready = 0
  host.clock.advance(0.1)
  await turns(30)
  expect(begun).toBe(13 + 8)
  stop.abort()
  host.clock.advance(2)
  await running
})

test('while downloads run, beginning jobs pauses for twice the time it took, at most a tenth of a second', () => {
  // No download runs that beginning a job could delay.
  expect(restAfter(10, 0)).toBe(0)
  expect(restAfter(10, 1)).toBe(20)
  expect(restAfter(400, 3)).toBe(100)
})
