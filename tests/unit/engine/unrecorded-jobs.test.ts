/**
 * Jobs that are not recorded use the same rows and workers as others, in memory; the only trace on disk is
 * telemetry.
 */
import { onTestFinished, expect, test } from 'vitest'
import type { Identifiers, WorkDraft } from '../../../src/contract/work'
import { STATES, type State } from '../../../src/contract/words'
import type { Effect } from '../../../src/main/engine/effects'
import { LedgerJobStore } from '../../../src/main/engine/ledger-job-store'
import { RunStats } from '../../../src/main/engine/run-stats'
import { UnrecordedJobs, type JobBook } from '../../../src/main/engine/unrecorded-jobs'
import { attemptsOfJob } from '../../../src/main/ledger/attempts'
import { eventsOfJob } from '../../../src/main/ledger/job-events'
import { isAnyRecorded, jobById } from '../../../src/main/ledger/jobs'
import type { LedgerTables } from '../../../src/main/ledger/ledger'
import { opsOfJob } from '../../../src/main/ledger/ops'
import { openKit, TTL, type LedgerKit } from './ledger-kit'

interface Kit {
  readonly kit: LedgerKit
  readonly unrecorded: UnrecordedJobs
  readonly book: JobBook
  readonly plan: (
    ids: Identifiers,
    startsOver?: readonly State[]
  ) => Promise<{ readonly jobId: string; readonly existing: boolean }>
  readonly take: (jobId: string, telemetry?: LedgerTables) => LedgerJobStore
}

async function open(): Promise<Kit> {
  const kit = await openKit()
  const unrecorded = new UnrecordedJobs(kit.host, TTL)
  const book = await unrecorded.open()
  onTestFinished(() => {
    unrecorded.close()
  })
  return {
    kit,
    unrecorded,
    book,
    async plan(ids, startsOver = ['FAILED']) {
      const draft: WorkDraft = { ids, facts: { title: 'On Testing' } }
      const [line] = await unrecorded.plan([draft], { formats: ['pdf'], priority: 0, startsOver })
      return { jobId: line!.job_id, existing: line!.existing }
    },
    take(jobId, telemetry = kit.ledger) {
      const granted = book.leases.take(jobId, kit.host.clock.monotonicMs())
      if (granted === null) throw new Error('the job could not be leased')
      return new LedgerJobStore({
        host: kit.host,
        ledger: book.ledger,
        telemetry,
        owner: book.leases.owner,
        granted,
        ttlSeconds: TTL,
        runId: 'run-1',
        signal: new AbortController().signal,
        runStats: new RunStats(),
        emit: (line) => kit.lines.push(line)
      })
    }
  }
}

const URL = 'https://example.org/1.pdf'
const resolve: Effect<string> = {
  kind: 'RESOLVE',
  context: { tier: 'direct_oa' },
  revive: (stored) => (typeof stored === 'string' ? stored : null),
  perform: () =>
    Promise.resolve({
      result: 'found',
      attempts: [
        { source: 'unpaywall', tier: 'direct_oa', url: URL, outcome: 'no_pdf', reason: null, elapsedMs: 1 }
      ]
    })
}

const leftOf = (ledger: LedgerTables, jobId: string): readonly number[] =>
  ledger.read((r) => [
    opsOfJob(r, jobId).length,
    eventsOfJob(r, jobId).length,
    attemptsOfJob(r, jobId).length
  ])

test('a request is recorded as telemetry only, and no line names an op', async () => {
  const { kit, book, plan, take } = await open()
  const { jobId } = await plan({ doi: '10.5555/one' })
  const jobStore = take(jobId)
  await jobStore.effects.run(resolve)
  expect(kit.ledger.read(isAnyRecorded)).toBe(false)
  expect(leftOf(kit.ledger, jobId)).toEqual([0, 0, 1])
  expect(kit.ledger.read((r) => attemptsOfJob(r, jobId))).toMatchObject([
    { runId: 'run-1', jobId, workId: 'doi:10.5555/one', source: 'unpaywall', url: URL }
  ])
  await jobStore.durable()
  expect(kit.lines.map((line) => line.type)).toEqual(['attempt'])
  expect(leftOf(book.ledger, jobId)[0]).toBe(1)
  expect(jobStore.effects.buy, 'nothing is paid for').toBeNull()
})

test('while the ledger takes no writes, no request is recorded in memory either', async () => {
  const { book, plan, take } = await open()
  const { jobId } = await plan({ doi: '10.5555/one' })
  const full: LedgerTables = {
    ...book.ledger,
    transact: () => {
      throw new Error('The disk is full.')
    }
  }
  await expect(take(jobId, full).effects.run(resolve)).rejects.toThrow('The disk is full.')
  expect(book.ledger.read((r) => attemptsOfJob(r, jobId))).toEqual([])
  expect(book.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([{ resultCode: 'INTERNAL' }])
})

test('one work is one job under any of its names, and restarts only on request', async () => {
  const { kit, book, plan, take } = await open()
  const first = await plan({ doi: '10.5555/one', arxiv: '2401.00001' })
  expect(first.existing).toBe(false)
  expect(await plan({ arxiv: '2401.00001' })).toEqual({ jobId: first.jobId, existing: true })
  const jobStore = take(first.jobId)
  expect(await plan({ arxiv: '2401.00001' }, STATES), 'a worker has it').toMatchObject({ existing: true })
  await jobStore.effects.run(resolve)
  await jobStore.endAsFailed('NO_OPEN_COPY', '', null)
  expect(await plan({ doi: '10.5555/one' }, []), 'for a file that is brought').toMatchObject({
    existing: true
  })
  expect(book.ledger.read((r) => jobById(r, first.jobId))?.state).toBe('FAILED')
  expect(await plan({ doi: '10.5555/one' })).toEqual({ jobId: first.jobId, existing: false })
  expect(book.ledger.read((r) => jobById(r, first.jobId))).toMatchObject({ state: 'PLANNED', attempt: 0 })
  expect(leftOf(book.ledger, first.jobId), 'nothing is replayed').toEqual([0, 0, 0])
  expect(kit.ledger.read(isAnyRecorded)).toBe(false)
})

test('a finished job keeps only its row; a job to be retried keeps its ops', async () => {
  const { kit, unrecorded, book, plan, take } = await open()
  const { jobId } = await plan({ doi: '10.5555/one' })
  let jobStore = take(jobId)
  await jobStore.effects.run(resolve)
  await jobStore.endAsFailed('TIMEOUT', '', kit.host.clock.now())
  unrecorded.forgetHistory(jobId)
  expect(leftOf(book.ledger, jobId)[0]).toBe(1)
  jobStore = take(jobId)
  await jobStore.endAsFailed('TIMEOUT', '', null)
  unrecorded.forgetHistory(jobId)
  expect(leftOf(book.ledger, jobId)).toEqual([0, 0, 0])
  expect(book.ledger.read((r) => jobById(r, jobId))).toMatchObject({ state: 'FAILED', reason: 'TIMEOUT' })
  unrecorded.drop(jobId)
  expect(unrecorded.has(jobId)).toBe(false)
})

test('a job that is recorded meanwhile is dropped, unless a worker has it', async () => {
  const { kit, unrecorded, plan, take } = await open()
  const [one, other] = [await plan({ doi: '10.5555/one' }), await plan({ doi: '10.5555/two' })]
  expect(kit.plan('10.5555/one')).toBe(one.jobId)
  const jobStore = take(one.jobId)
  unrecorded.dropRecorded(kit.ledger)
  expect(unrecorded.has(one.jobId)).toBe(true)
  await jobStore.release(null)
  unrecorded.dropRecorded(kit.ledger, [other.jobId])
  expect(unrecorded.has(one.jobId), 'it was not asked about').toBe(true)
  unrecorded.dropRecorded(kit.ledger)
  expect([unrecorded.has(one.jobId), unrecorded.has(other.jobId)]).toEqual([false, true])
})

test('a job shares nothing with other jobs: their metadata and files are fetched again', async () => {
  const { plan, take } = await open()
  const [one, other] = [await plan({ doi: '10.5555/one' }), await plan({ arxiv: '2401.00001' })]
  const ids = { doi: '10.5555/one', arxiv: '2401.00001' }
  expect(take(one.jobId).mergeMetadata({ ids, facts: {} }).canonicalJob).toBeNull()
  const learned = take(other.jobId).mergeMetadata({ ids, facts: { year: 2020 } })
  expect(learned.canonicalJob).toBeNull()
  expect(learned.work).toMatchObject({ ids, facts: { title: 'On Testing', year: 2020 } })
})
