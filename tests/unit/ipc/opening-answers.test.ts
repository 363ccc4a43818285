/** While the ledger is being opened: what was seen last answers a few questions, the session the rest. */
import { writeFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Answer } from '../../../src/contract/requests'
import type { AppView, JobPage, QueueCounts, RunView } from '../../../src/contract/views'
import type { AnswerRequest } from '../../../src/main/ipc/answer'
import { answerWhileOpening } from '../../../src/main/ipc/opening-answers'
import type { EarlySession } from '../../../src/main/session/session-api'
import { writeQueueCache, type EarlyQueue, type QueueCache } from '../../../src/main/session/queue-cache'
import { seenJob, seenQueue } from '../../kit/seen-queue'
import { tempFolder } from '../../kit/temp-folder'
import { testHost, type TestHost } from '../../kit/test-host'
import { waitFor } from '../../kit/wait-for'

const idle: RunView = {
  phase: 'idle',
  because: null,
  counts: { all: 0, waiting: 0, active: 0, attention: 0, done: 0, ignored: 0 },
  bytesPerSecond: 0,
  recentSpeeds: [],
  limit: 1_000,
  secondsLeft: null,
  progress: null,
  revision: 0
}
const early: EarlySession = {
  view: () => ({ version: 'early', remembered: {} }) as AppView,
  run: { view: () => idle }
}
const first = { query: { group: 'all' }, sort: 'added', direction: 'down', offset: 0, limit: 100 } as const

async function starting(seen: QueueCache | null, glimpsed: EarlyQueue | null = null) {
  const host = testHost()
  const dataDir = tempFolder('opening')
  if (seen !== null) await writeQueueCache(host, dataDir, seen)
  let open: (answer: AnswerRequest) => void = () => undefined
  let failToOpen: (error: Error) => void = () => undefined
  const opened = new Promise<AnswerRequest>((resolve, reject) => {
    open = resolve
    failToOpen = reject
  })
  const closing = new AbortController()
  let pageServed: () => void = () => undefined
  const served = new Promise<void>((resolve) => {
    pageServed = resolve
  })
  let glances = 0
  const preview = (): Promise<EarlyQueue | null> => {
    glances += 1
    return Promise.resolve(glimpsed)
  }
  const parts = { host, dataDir, preview, opened, pageServed: served, signal: closing.signal }
  const opening = answerWhileOpening(parts)
  /** the session is open */
  const isOpen = (): void => {
    open((name) => Promise.resolve({ ok: true, value: `session: ${String(name)}` }))
  }
  const value = async <T>(name: string, input: unknown): Promise<T> => {
    const answer = (await opening.answer(name, input)) as Answer<T>
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value
  }
  return { host, opening, isOpen, failToOpen, pageServed, closing, value, dataDir, glances: () => glances }
}

/** A file of so many bytes, none of which is on disk. */
async function makeSparse(path: string, bytes: number): Promise<void> {
  await writeFile(path, '')
  await truncate(path, bytes)
}

/** Nothing comes of it, even when all that is under way on the disk had its time. */
async function staysOpen(...promises: Promise<unknown>[]): Promise<void> {
  const later = new Promise((resolve) => setTimeout(resolve, 30, 'later'))
  expect(await Promise.race([...promises.map((promise) => promise.then(() => 'settled')), later])).toBe(
    'later'
  )
}

/** So many wait for the clock: it may be moved. */
const asleep = (host: TestHost, many: number): Promise<boolean> =>
  waitFor(`${String(many)} asleep`, () => host.clock.sleeping >= many)

const someRows = [
  seenJob('a', { state: 'STREAMING', group: 'active', leased: true, bytes: 5, bytesPerSecond: 9 }),
  seenJob('b'),
  seenJob('c', { state: 'DEDUPED', group: 'done', bytes: 70, totalBytes: 70 })
]

test('the first questions of the page are answered from what was seen last', async () => {
  const { opening, value } = await starting(seenQueue(someRows))
  void opening.beforeOpening(early)
  expect(await value('app.state', {})).toMatchObject({ version: 'early' })
  expect(await value<RunView>('run.state', {})).toMatchObject({
    phase: 'idle',
    because: 'Opening the ledger…',
    limit: 1_000,
    counts: { all: 3, waiting: 2, active: 0, done: 1 }
  })
  expect(await value<QueueCounts>('jobs.counts', {})).toMatchObject({ all: 3, waiting: 2, active: 0 })
  const page = await value<JobPage>('jobs.list', first)
  expect(page).toMatchObject({ total: 3, offset: 0 })
  expect(page.rows.map((row) => row.jobId)).toEqual(['a', 'b', 'c'])
  expect(opening.hasAnswered()).toBe(true)
})

test('what was under way waits now; nothing says that it moves', async () => {
  const { opening, value } = await starting(seenQueue(someRows))
  void opening.beforeOpening(early)
  const { rows } = await value<JobPage>('jobs.list', first)
  expect(rows[0]).toMatchObject({ group: 'waiting', leased: false, bytes: null, bytesPerSecond: null })
  expect(rows.slice(1)).toEqual(someRows.slice(1))
})

test.each<[string, unknown]>([
  ['jobs.list', { ...first, sort: 'title' }],
  ['jobs.list', { ...first, direction: 'up' }],
  ['jobs.list', { ...first, query: { group: 'done' } }],
  ['jobs.list', { ...first, query: { group: 'all', text: 'x' } }],
  ['jobs.counts', { text: 'x' }],
  ['jobs.detail', { jobId: 'a' }],
  ['jobs.retry', { jobIds: ['a'] }],
  ['run.start', {}],
  ['run.pause', {}],
  ['app.remember', { key: 'place', value: 'queue' }],
  ['settings.set', { key: 'general.mailto', value: '' }],
  ['jobs.list', { ...first, limit: 0 }],
  ['no.such', {}]
])('%s %j waits for the session', async (name, input) => {
  const { opening, value, isOpen } = await starting(seenQueue(someRows))
  void opening.beforeOpening(early)
  const waiting = value(name, input)
  await staysOpen(waiting)
  isOpen()
  expect(await waiting).toBe(`session: ${name}`)
  expect(opening.hasAnswered()).toBe(false)
})

test('rows that were not kept wait, those that were do not', async () => {
  const { opening, value } = await starting(seenQueue([seenJob('a'), seenJob('b')], { total: 500 }))
  void opening.beforeOpening(early)
  expect(await value('jobs.list', { ...first, offset: 1, limit: 1 })).toMatchObject({
    total: 500,
    offset: 1,
    rows: [{ jobId: 'b' }]
  })
  await staysOpen(value('jobs.list', first))
})

test('a list of what is under way is not shown: nothing is', async () => {
  const asked = { query: { group: 'active' }, sort: 'added', direction: 'down' } as const
  const { opening, value } = await starting(seenQueue(someRows.slice(0, 1), { asked }))
  void opening.beforeOpening(early)
  await staysOpen(value('jobs.list', { ...first, ...asked }))
})

test('once the session is open it alone answers', async () => {
  const { opening, value, isOpen } = await starting(seenQueue(someRows))
  void opening.beforeOpening(early)
  isOpen()
  await opening.answer('anything', {})
  for (const name of ['app.state', 'run.state', 'jobs.counts'])
    expect(await value(name, {})).toBe(`session: ${name}`)
  expect(await value('jobs.list', first)).toBe('session: jobs.list')
  expect(opening.hasAnswered()).toBe(false)
})

test('nothing was kept: the ledger is opened once the page has its scripts', async () => {
  const { opening, pageServed } = await starting(null)
  const may = opening.beforeOpening(early)
  await staysOpen(may)
  pageServed()
  await may
})

test('nothing was kept of a large ledger: the frame comes at once, its numbers wait', async () => {
  const { opening, value, isOpen, dataDir } = await starting(null)
  await makeSparse(join(dataDir, 'ledger.sqlite'), 60_000_000)
  void opening.beforeOpening(early)
  expect(await value('app.state', {})).toMatchObject({ version: 'early' })
  const waiting = ['run.state', 'jobs.counts'].map((name) => value(name, {}))
  await staysOpen(...waiting)
  isOpen()
  expect(await Promise.all(waiting)).toEqual(['session: run.state', 'session: jobs.counts'])
  // Whatever is wrong with the ledger is known only now.
  expect(opening.hasAnswered()).toBe(true)
})

test('nothing was kept of a large ledger, but its file tells the first rows: they come, the numbers wait', async () => {
  const rows = seenQueue(someRows, { total: 500 })
  const { opening, value, isOpen, dataDir, host } = await starting(null, { ...rows, counts: null, run: null })
  await makeSparse(join(dataDir, 'ledger.sqlite'), 60_000_000)
  const may = opening.beforeOpening(early)
  expect(await value('app.state', {})).toMatchObject({ version: 'early' })
  const waiting = ['run.state', 'jobs.counts'].map((name) => value(name, {}))
  const page = await value<JobPage>('jobs.list', { ...first, limit: 3 })
  expect(page).toMatchObject({ total: 500, revision: 0 })
  expect(page.rows.map((row) => row.group)).toEqual(['waiting', 'waiting', 'done'])
  await staysOpen(may, ...waiting)
  await asleep(host, 3)
  host.clock.advance(0.1)
  await may
  isOpen()
  expect(await Promise.all(waiting)).toEqual(['session: run.state', 'session: jobs.counts'])
})

test.each([
  ['a small ledger', 1_000_000, 'queue', null],
  ['a screen without rows', 60_000_000, 'library', null],
  ['a queue that was kept', 60_000_000, 'queue', seenQueue(someRows)]
])('nobody glances for %s', async (_, bytes, place, seen) => {
  const { opening, value, dataDir, glances, isOpen, host } = await starting(seen)
  await makeSparse(join(dataDir, 'ledger.sqlite'), bytes)
  void opening.beforeOpening({ ...early, view: () => ({ ...early.view(), remembered: { place } }) })
  const state = value('app.state', {})
  await asleep(host, 1)
  expect(glances()).toBe(0)
  isOpen()
  await state
})

test('nothing was kept, and there is no page: the ledger is opened all the same', async () => {
  const { opening, host } = await starting(null)
  const may = opening.beforeOpening(early)
  await staysOpen(may)
  await asleep(host, 1)
  host.clock.advance(5)
  await may
})

test('nothing was kept: every question waits, and the first one opens the ledger', async () => {
  const { opening, value, isOpen } = await starting(null)
  const state = value('app.state', {})
  await opening.beforeOpening(early)
  await staysOpen(state)
  isOpen()
  expect(await state).toBe('session: app.state')
})

test('a session that cannot be had is told to whoever asked before it read anything', async () => {
  const { opening, failToOpen } = await starting(seenQueue(someRows))
  const asked = opening.answer('app.state', {})
  failToOpen(new Error('a flaw'))
  await expect(asked).rejects.toThrow('a flaw')
})

test('the ledger is opened when the rows were handed over and had a moment to be drawn', async () => {
  const { opening, value, host } = await starting(seenQueue(someRows))
  const may = opening.beforeOpening(early)
  await value('app.state', {})
  await staysOpen(may)
  await value('jobs.list', first)
  await staysOpen(may)
  await asleep(host, 3)
  host.clock.advance(0.1)
  await may
})

test.each([
  ['the queue', 'queue', 2],
  ['another screen', 'library', 0.3],
  ['nothing, since there is none', null, 5]
])('a page that begins with %s and asks for no rows is waited for so long', async (_, place, seconds) => {
  const { opening, value, host } = await starting(seenQueue(someRows))
  const may = opening.beforeOpening({
    ...early,
    view: () => ({ ...early.view(), remembered: { place } })
  })
  if (place !== null) await value('app.state', {})
  await staysOpen(may)
  const sleepers = place === null ? 1 : 2
  await asleep(host, sleepers)
  host.clock.advance(seconds - 0.1)
  await staysOpen(may)
  host.clock.advance(0.1)
  await staysOpen(may)
  await asleep(host, sleepers)
  host.clock.advance(0.1)
  await may
})

test('a page that asks for other rows than those that were kept is not waited for', async () => {
  const { opening, host } = await starting(seenQueue(someRows))
  const may = opening.beforeOpening(early)
  void opening.answer('jobs.list', { ...first, sort: 'title' })
  await staysOpen(may)
  await asleep(host, 3)
  host.clock.advance(0.1)
  await may
})

test('an app that closes does not wait', async () => {
  const { opening, closing } = await starting(seenQueue(someRows))
  const may = opening.beforeOpening(early)
  await staysOpen(may)
  closing.abort(new Error('closes'))
  await may
})
