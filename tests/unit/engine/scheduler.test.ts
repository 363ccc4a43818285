/** A cause that looks gone and comes back at once: the engine must not try without a rest. */
import { expect, test } from 'vitest'
import { SheafError } from '../../../src/contract/errors'
import { Gate } from '../../../src/main/engine/gate'
import type { JobStore, Services } from '../../../src/main/engine/job-context'
import { runScheduler } from '../../../src/main/engine/scheduler'
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

test('the engine tries less and less often, and never rests longer than a minute', async () => {
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
    const begin = (): ReturnType<Task['begin']> => ({ jobStore: jobStore, end: () => undefined })
    return { job, work: { workId: 'W1', ids: {}, facts: {}, locations: [] }, group: 'a.example', begin }
  }
  const running = runScheduler({
    host,
    services: { host, net: { newCookieJar: () => ({}) } } as unknown as Services,
    jobSources: [{ take, nextDueAt: () => null }],
    limits: () => ({ looking: 1, begun: 1 }),
    gate: new Gate(),
    signal: stop.signal,
    horizonSeconds: 0,
    active: new Map(),
    onEnding: () => undefined,
    onGoingOn: () => undefined,
    explain: (error) => Promise.resolve(error),
    hasPassed: () => Promise.resolve(true)
  })
  for (let second = 0; second < 300; second += 1) {
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
