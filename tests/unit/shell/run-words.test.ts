/** The run in words, on the dock, and as notifications. */
import { describe, expect, test } from 'vitest'
import type { GroupCounts, RunPhase, RunView } from '../../../src/contract/views'
import { staysAwake } from '../../../src/main/shell/stays-awake'
import {
  dockView,
  mayPause,
  noticeOf,
  runLine,
  type Notice,
  type Noticing
} from '../../../src/main/shell/run-words'

const counts = (some: Partial<GroupCounts>): GroupCounts => ({
  all: 0,
  waiting: 0,
  active: 0,
  attention: 0,
  done: 0,
  ignored: 0,
  ...some
})
const run = (phase: RunPhase, some: Partial<GroupCounts> = {}, rest: Partial<RunView> = {}): RunView => ({
  phase,
  because: null,
  counts: counts(some),
  bytesPerSecond: 0,
  recentSpeeds: [],
  limit: null,
  secondsLeft: null,
  progress: null,
  revision: 1,
  ...rest
})

describe('the line in the tray', () => {
  test.each([
    [null, 'Opening the ledger…'],
    [
      run('running', { waiting: 30, active: 4 }, { secondsLeft: 360 }),
      'Downloading: 34 papers to go, about 6 min'
    ],
    [run('running', { active: 1 }, { secondsLeft: 20 }), 'Downloading: 1 paper to go, less than a minute'],
    [
      run('running', { waiting: 20_000 }, { secondsLeft: 20_000 }),
      'Downloading: 20,000 papers to go, about 6 h'
    ],
    [run('paused', { waiting: 3 }), 'Paused: 3 papers to go'],
    [run('paused'), 'Paused'],
    [run('offline', { waiting: 3 }), 'Offline: continues automatically'],
    [run('stuck', {}, { because: 'The disk is full.' }), 'The disk is full.'],
    [run('idle', { attention: 1 }), '1 paper needs you'],
    [run('idle', { attention: 22 }), '22 papers need you'],
    [run('idle'), 'Nothing to do']
  ])('%#', (view, line) => {
    expect(runLine(view)).toBe(line)
  })

  test('offers Pause unless it is paused, and nothing before the state is known', () => {
    expect(mayPause('running')).toBe(true)
    expect(mayPause('offline')).toBe(true)
    expect(mayPause('paused')).toBe(false)
    expect(mayPause(null)).toBe(false)
  })
})

describe('the dock', () => {
  test('shows progress while there is something to do, and how many papers need the user', () => {
    const some = { waiting: 2, attention: 5 }
    expect(dockView(run('running', some, { progress: 0.4 }))).toEqual({
      progress: 0.4,
      mode: 'normal',
      badge: 5
    })
    expect(dockView(run('paused', some, { progress: 0.4 }))).toEqual({
      progress: 0.4,
      mode: 'paused',
      badge: 5
    })
    expect(dockView(run('stuck', some, { progress: 0.4 }))).toEqual({
      progress: 0.4,
      mode: 'error',
      badge: 5
    })
    expect(dockView(run('running', some, { progress: 1.4 })).progress).toBe(1)
  })
  test('shows none when there is nothing to do', () => {
    expect(dockView(run('idle', { done: 3 }, { progress: 1 })).progress).toBe(-1)
    expect(dockView(run('paused', { done: 3 }, { progress: 1 })).progress).toBe(-1)
    expect(dockView(null)).toEqual({ progress: -1, mode: 'none', badge: 0 })
  })
})

/** Every notification for this sequence of states. */
function noticesOf(views: readonly RunView[]): readonly Notice[] {
  let kept: Noticing | null = null
  return views.flatMap((view) => {
    const next = noticeOf(kept, view)
    kept = next.kept
    return next.notice ?? []
  })
}

describe('a notification', () => {
  test('comes once when a run has ended, with counts', () => {
    expect(
      noticesOf([
        run('idle', { done: 10 }),
        run('running', { done: 10, waiting: 5 }),
        run('running', { done: 12, waiting: 3 }),
        run('idle', { done: 14, attention: 1 }),
        run('idle', { done: 14, attention: 1 })
      ])
    ).toEqual([
      { title: 'The run has ended', body: '4 papers in your library; 1 paper needs you.', place: 'queue' }
    ])
  })

  test('opens the library when all arrived', () => {
    expect(noticesOf([run('running', { waiting: 1 }), run('idle', { done: 1 })])).toEqual([
      { title: 'All done', body: '1 paper in your library.', place: 'library' }
    ])
  })

  test('says that papers need the user when none arrived', () => {
    expect(noticesOf([run('running', { waiting: 2 }), run('idle', { attention: 2 })])).toEqual([
      { title: '2 papers need you', body: 'Sheaf says why, and what to do next.', place: 'queue' }
    ])
  })

  test('does not come for a pause, a lost network, sleep, or a run that did nothing', () => {
    expect(
      noticesOf([
        run('running', { waiting: 2 }),
        run('offline', { waiting: 2 }),
        run('asleep', { waiting: 2 }),
        run('paused', { waiting: 2 }),
        run('running', { waiting: 2 }),
        run('idle', { waiting: 2 })
      ])
    ).toEqual([])
  })

  test('counts a run over its pauses as one', () => {
    const [notice] = noticesOf([
      run('running', { waiting: 3 }),
      run('running', { waiting: 2, done: 1 }),
      run('offline', { waiting: 2, done: 1 }),
      run('running', { waiting: 1, done: 2 }),
      run('idle', { done: 3 })
    ])
    expect(notice?.body).toBe('3 papers in your library.')
  })

  test('does not count changes by the user between two runs', () => {
    expect(
      noticesOf([
        run('idle', { done: 5 }),
        run('idle', { done: 9 }),
        run('running', { done: 9, waiting: 1 }),
        run('idle', { done: 9, waiting: 1 })
      ])
    ).toEqual([])
  })

  test('comes at once, and once, when Sheaf cannot continue', () => {
    const stuck = run('stuck', { waiting: 2 }, { because: 'The disk is full.' })
    expect(noticesOf([run('running', { waiting: 2 }), stuck, stuck])).toEqual([
      { title: 'Sheaf cannot go on', body: 'The disk is full.', place: 'queue' }
    ])
  })
})

test('the computer is kept awake only while papers are downloaded, if the setting is on, on mains power', () => {
  expect(staysAwake('running', true, false)).toBe(true)
  expect(staysAwake('running', false, false)).toBe(false)
  expect(staysAwake('running', true, true)).toBe(false)
  expect(staysAwake('paused', true, false)).toBe(false)
  expect(staysAwake(null, true, false)).toBe(false)
})
