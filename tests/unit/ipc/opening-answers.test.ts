/** While the ledger is being opened, the cached queue answers a few questions; the rest wait for the session. */
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
const earlySession: EarlySession = {
  view: () => ({ version: 'early', remembered: {} }) as AppView,
  run: { view: () => idle }
}
const first = { query: { group: 'all' }, sort: 'added', direction: 'down', offset: 0, limit: 100 } as const

async function start(cached: QueueCache | null, previewed: EarlyQueue | null = null) {
  const host = testHost()
  const dataDir = tempFolder('opening')
  if (cached !== null) await writeQueueCache(host, dataDir, cached)
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
  let previewsRead = 0
  const preview = (): Promise<EarlyQueue | null> => {
    previewsRead += 1
    return Promise.resolve(previewed)
  }
  const parts = { host, dataDir, preview, opened, pageServed: served, signal: closing.signal }
  const opening = answerWhileOpening(parts)
  /** Resolves the session. */
  const isOpen = (): void => {
    open((name) => Promise.resolve({ ok: true, value: `session: ${String(name)}` }))
  }
  const value = async <T>(name: string, input: unknown): Promise<T> => {
    const answer = (await opening.answer(name, input)) as Answer<T>
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value
  }
  return {
    host,
    opening,
    isOpen,
    failToOpen,
    pageServed,
    closing,
    value,
    dataDir,
    previewsRead: () => previewsRead
  }
}

/** A sparse file of this size. */
async function makeSparse(path: string, bytes: number): Promise<void> {
  await writeFile(path, '')
  await truncate(path, bytes)
}

/** None of the promises settles, even after pending disk work had time to finish. */
async function expectPending(...promises: Promise<unknown>[]): Promise<void> {
  const later = new Promise((resolve) => setTimeout(resolve, 30, 'later'))
  expect(await Promise.race([...promises.map((promise) => promise.then(() => 'settled')), later])).toBe(
    'later'
  )
}

/** Waits until this many callers wait for the clock, so that it can be moved. */
const untilSleeping = (host: TestHost, many: number): Promise<boolean> =>
  waitFor(`${String(many)} untilSleeping`, () => host.clock.sleeping >= many)

const cachedRows = [
  seenJob('a', { state: 'STREAMING', group: 'active', leased: true, bytes: 5, bytesPerSecond: 9 }),
  seenJob('b'),
  seenJob('c', { state: 'DEDUPED', group: 'done', bytes: 70, totalBytes: 70 })
]

test('the first requests of the page are answered from the cached queue', async () => {
  const { opening, value } = await start(seenQueue(cachedRows))
  void opening.beforeOpening(earlySession)
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

test('a row that was in progress is shown as waiting', async () => {
  const { opening, value } = await start(seenQueue(cachedRows))
  void opening.beforeOpening(earlySession)
  const { rows } = await value<JobPage>('jobs.list', first)
  expect(rows[0]).toMatchObject({ group: 'waiting', leased: false, bytes: null, bytesPerSecond: null })
  expect(rows.slice(1)).toEqual(cachedRows.slice(1))
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
  const { opening, value, isOpen } = await start(seenQueue(cachedRows))
  void opening.beforeOpening(earlySession)
  const waiting = value(name, input)
  await expectPending(waiting)
  isOpen()
  expect(await waiting).toBe(`session: ${name}`)
  expect(opening.hasAnswered()).toBe(false)
})

test('rows that were not cached wait, cached ones do not', async () => {
  const { opening, value } = await start(seenQueue([seenJob('a'), seenJob('b')], { total: 500 }))
  void opening.beforeOpening(earlySession)
  expect(await value('jobs.list', { ...first, offset: 1, limit: 1 })).toMatchObject({
    total: 500,
    offset: 1,
    rows: [{ jobId: 'b' }]
  })
  await expectPending(value('jobs.list', first))
})

test('a cached list of active jobs is not shown: none is active yet', async () => {
  const asked = { query: { group: 'active' }, sort: 'added', direction: 'down' } as const
  const { opening, value } = await start(seenQueue(cachedRows.slice(0, 1), { asked }))
  void opening.beforeOpening(earlySession)
  await expectPending(value('jobs.list', { ...first, ...asked }))
})

test('once the session is open it alone answers', async () => {
  const { opening, value, isOpen } = await start(seenQueue(cachedRows))
  void opening.beforeOpening(earlySession)
  isOpen()
  await opening.answer('anything', {})
  for (const name of ['app.state', 'run.state', 'jobs.counts'])
    expect(await value(name, {})).toBe(`session: ${name}`)
  expect(await value('jobs.list', first)).toBe('session: jobs.list')
  expect(opening.hasAnswered()).toBe(false)
})

test('without a cache the ledger is opened once the page has its scripts', async () => {
  const { opening, pageServed } = await start(null)
  const may = opening.beforeOpening(earlySession)
  await expectPending(may)
  pageServed()
  await may
})

test('without a cache, the page frame of a large ledger comes at once; its numbers wait', async () => {
  const { opening, value, isOpen, dataDir } = await start(null)
  await makeSparse(join(dataDir, 'ledger.sqlite'), 60_000_000)
  void opening.beforeOpening(earlySession)
  expect(await value('app.state', {})).toMatchObject({ version: 'early' })
  const waiting = ['run.state', 'jobs.counts'].map((name) => value(name, {}))
  await expectPending(...waiting)
  isOpen()
  expect(await Promise.all(waiting)).toEqual(['session: run.state', 'session: jobs.counts'])
  // A fault of the ledger is known only now.
  expect(opening.hasAnswered()).toBe(true)
})

test('without a cache, the first rows of a large ledger come from its file; the numbers wait', async () => {
  const rows = seenQueue(cachedRows, { total: 500 })
  const { opening, value, isOpen, dataDir, host } = await start(null, { ...rows, counts: null, run: null })
  await makeSparse(join(dataDir, 'ledger.sqlite'), 60_000_000)
  const may = opening.beforeOpening(earlySession)
  expect(await value('app.state', {})).toMatchObject({ version: 'early' })
  const waiting = ['run.state', 'jobs.counts'].map((name) => value(name, {}))
  const page = await value<JobPage>('jobs.list', { ...first, limit: 3 })
  expect(page).toMatchObject({ total: 500, revision: 0 })
  expect(page.rows.map((row) => row.group)).toEqual(['waiting', 'waiting', 'done'])
  await expectPending(may, ...waiting)
  await untilSleeping(host, 3)
  host.clock.advance(0.1)
  await may
  isOpen()
  expect(await Promise.all(waiting)).toEqual(['session: run.state', 'session: jobs.counts'])
})

test.each([
  ['a small ledger', 1_000_000, 'queue', null],
  ['a screen without rows', 60_000_000, 'library', null],
  ['a queue that was kept', 60_000_000, 'queue', seenQueue(cachedRows)]
])('the ledger file is not previewed for %s', async (_, bytes, place, cached) => {
  const { opening, value, dataDir, previewsRead, isOpen, host } = await start(cached)
  await makeSparse(join(dataDir, 'ledger.sqlite'), bytes)
  void opening.beforeOpening({
    ...earlySession,
    view: () => ({ ...earlySession.view(), remembered: { place } })
  })
  const state = value('app.state', {})
  await untilSleeping(host, 1)
  expect(previewsRead()).toBe(0)
  isOpen()
  await state
})

test('without a cache and without a page, the ledger is opened after a timeout', async () => {
  const { opening, host } = await start(null)
  const may = opening.beforeOpening(earlySession)
  await expectPending(may)
  await untilSleeping(host, 1)
  host.clock.advance(5)
  await may
})

test('without a cache, every request waits, and the first one opens the ledger', async () => {
  const { opening, value, isOpen } = await start(null)
  const state = value('app.state', {})
  await opening.beforeOpening(earlySession)
  await expectPending(state)
  isOpen()
  expect(await state).toBe('session: app.state')
})

test('a session that cannot be opened fails the requests made before it read anything', async () => {
  const { opening, failToOpen } = await start(seenQueue(cachedRows))
  const asked = opening.answer('app.state', {})
  failToOpen(new Error('a flaw'))
  await expect(asked).rejects.toThrow('a flaw')
})

test('the ledger is opened once the rows were sent and had a moment to be drawn', async () => {
  const { opening, value, host } = await start(seenQueue(cachedRows))
  const may = opening.beforeOpening(earlySession)
  await value('app.state', {})
  await expectPending(may)
  await value('jobs.list', first)
  await expectPending(may)
  await untilSleeping(host, 3)
  host.clock.advance(0.1)
  await may
})

test.each([
  ['the queue', 'queue', 2],
  ['another screen', 'library', 0.3],
  ['nothing, since there is none', null, 5]
])(
  'a page that begins with %s and asks for no rows delays the opening so long',
  async (_, place, seconds) => {
    const { opening, value, host } = await start(seenQueue(cachedRows))
    const may = opening.beforeOpening({
      ...earlySession,
      view: () => ({ ...earlySession.view(), remembered: { place } })
    })
    if (place !== null) await value('app.state', {})
    await expectPending(may)
    const sleepers = place === null ? 1 : 2
    await untilSleeping(host, sleepers)
    host.clock.advance(seconds - 0.1)
    await expectPending(may)
    host.clock.advance(0.1)
    await expectPending(may)
    await untilSleeping(host, sleepers)
    host.clock.advance(0.1)
    await may
  }
)

test('a page that asks for rows that were not cached does not delay the opening', async () => {
  const { opening, host } = await start(seenQueue(cachedRows))
  const may = opening.beforeOpening(earlySession)
  void opening.answer('jobs.list', { ...first, sort: 'title' })
  await expectPending(may)
  await untilSleeping(host, 3)
  host.clock.advance(0.1)
  await may
})

test('an app that closes does not wait', async () => {
  const { opening, closing } = await start(seenQueue(cachedRows))
  const may = opening.beforeOpening(earlySession)
  await expectPending(may)
  closing.abort(new Error('closes'))
  await may
})
