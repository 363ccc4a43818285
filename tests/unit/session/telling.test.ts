/** What a session reports, computed from facts: an interruption, the run bar, speeds, memory. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { GroupCounts } from '../../../src/contract/views'
import { interruptionOf } from '../../../src/main/session/interruption'
import { JobChanges } from '../../../src/main/session/job-changes'
import { LiveStreams } from '../../../src/main/session/live-bytes'
import { RunBar, type RunFacts } from '../../../src/main/session/run-view'
import { UiMemory } from '../../../src/main/session/ui-memory'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

describe('an interruption', () => {
  const none = { dead: null, line: null, downloads: [], damage: null }

  test('is a dead process, or a job found leased', () => {
    const dead = { at: 12, jobIds: [], runs: 1 }
    expect(interruptionOf({ ...none, dead })).toMatchObject({ wasInterrupted: true, at: 12, leases: 0 })
    const line = { type: 'reconcile', stale_leases: 2 } as never
    expect(interruptionOf({ ...none, line })).toMatchObject({ wasInterrupted: true, at: null, leases: 2 })
  })

  test('damage alone is none, and is reported', () => {
    const damage = 'A journal is damaged.'
    expect(interruptionOf({ ...none, damage })).toMatchObject({ wasInterrupted: false, damage })
  })

  test('without either, nothing is reported', () => {
    expect(interruptionOf(none)).toBeNull()
  })
})

describe('the run bar', () => {
  const counts = (done: number, waiting: number, active = 0): GroupCounts => ({
    all: done + waiting + active,
    waiting,
    active,
    attention: 0,
    done,
    ignored: 0
  })
  const facts = (given: Partial<RunFacts>): RunFacts => ({
    phase: 'running',
    because: null,
    counts: counts(0, 0),
    later: 0,
    bytesPerSecond: 0,
    recentSpeeds: [],
    limit: null,
    live: [],
    revision: 1,
    ...given
  })

  test('progress counts from the last time that nothing was left', () => {
    const bar = new RunBar()
    expect(bar.view(facts({ counts: counts(0, 0) })).progress).toBeNull()
    expect(bar.view(facts({ counts: counts(0, 4) })).progress).toBe(0)
    expect(bar.view(facts({ counts: counts(3, 1) })).progress).toBe(0.75)
    expect(bar.view(facts({ counts: counts(4, 0) })).progress).toBe(1)
    // However often it is read.
    expect(bar.view(facts({ counts: counts(4, 0) })).progress).toBe(1)
    expect(bar.view(facts({ counts: counts(4, 10) })).progress).toBe(0)
    expect(bar.view(facts({ counts: counts(9, 5) })).progress).toBe(0.5)
    // A job due much later is not counted.
    expect(bar.view(facts({ counts: counts(9, 5), later: 5 })).progress).toBe(1)
  })

  test('time left comes from the recent rate, or from the bytes of the last papers', () => {
    const bar = new RunBar()
    expect(bar.view(facts({ counts: counts(0, 100) })).secondsLeft).toBeNull()
    for (let second = 0; second < 10; second += 1) bar.second(counts(second * 2, 100 - second * 2))
    expect(bar.view(facts({ counts: counts(20, 80) })).secondsLeft).toBe(40)
    expect(bar.view(facts({ phase: 'paused', counts: counts(20, 80) })).secondsLeft).toBeNull()
    const last = { bytes: 400, totalBytes: 1_000, bytesPerSecond: 100, continuedFrom: null }
    expect(new RunBar().view(facts({ counts: counts(1, 0, 1), live: [last] })).secondsLeft).toBe(6)
  })
})

describe('download speeds', () => {
  const progress = (bytes: number, from?: number) =>
    ({ type: 'progress', job_id: 'a', bytes, total: 1_000, ...(from === undefined ? {} : { from }) }) as const

  test('bytes that were on disk before do not count', () => {
    const streams = new LiveStreams()
    streams.hear(progress(400, 400))
    streams.hear(progress(500, 400))
    expect(streams.of('a')).toMatchObject({ bytes: 500, totalBytes: 1_000, continuedFrom: 400 })
    streams.second(() => true)
    expect(streams.recentSpeeds).toEqual([100])
    streams.hear({ type: 'done', job_id: 'a', work_id: 'w', state: 'DEDUPED' })
    expect(streams.of('a')).toBeNull()
  })

  test('one minute and the active jobs are remembered, however long it runs', () => {
    const streams = new LiveStreams()
    for (let n = 0; n < 5_000; n += 1) {
      streams.hear({ type: 'progress', job_id: `job-${String(n)}`, bytes: 10 })
      if (n % 10 === 0) streams.second(() => false)
    }
    expect(streams.recentSpeeds.length).toBe(60)
    streams.second(() => false)
    expect(streams.all()).toEqual([])
    for (let n = 0; n < 60; n += 1) streams.second(() => false)
    expect(streams.isQuiet).toBe(true)
  })
})

test('changed jobs are named while they are few', () => {
  const changes = new JobChanges()
  changes.add(['a', 'b'])
  changes.add(['b'])
  expect(changes.take()).toEqual(['a', 'b'])
  expect(changes.isEmpty).toBe(true)
  for (let n = 0; n <= JobChanges.MOST; n += 1) changes.add([String(n)])
  expect(changes.take()).toBe('many')
  expect(changes.take()).toEqual([])
})

describe('the notes of the screens', () => {
  test('are there after a restart', async () => {
    const [host, folder] = [testHost(), tempFolder('ui')]
    const { memory } = await UiMemory.read(host, folder)
    await Promise.all([memory.remember('queue.sort', { by: 'title' }), memory.setPaused(true)])
    await memory.remember('gone', 1)
    await memory.remember('gone', null)
    const again = (await UiMemory.read(host, folder)).memory
    expect(again.remembered).toEqual({ 'queue.sort': { by: 'title' } })
    expect([again.paused, again.welcomed]).toEqual([true, false])
  })

  test('are refused when too large', async () => {
    const { memory } = await UiMemory.read(testHost(), tempFolder('ui'))
    expect(() => memory.remember('large', 'x'.repeat(70_000))).toThrow('too large')
    for (let n = 0; n < 15; n += 1) await memory.remember(`note-${String(n)}`, 'x'.repeat(63_000))
    expect(() => memory.remember('one more', 'x'.repeat(63_000))).toThrow('too much')
  })

  test('when damaged, are kept aside and start empty', async () => {
    const [host, folder] = [testHost(), tempFolder('ui')]
    writeFileSync(join(folder, 'ui.json'), '{"v":1,"remembered":')
    const { memory, damaged } = await UiMemory.read(host, folder)
    expect(memory.remembered).toEqual({})
    expect(damaged).not.toBeNull()
    expect(readFileSync(damaged ?? '', 'utf8')).toContain('"remembered"')
    await memory.setWelcomed()
    expect(readdirSync(folder).sort()).toHaveLength(2)
  })
})
