/**
 * User operations on jobs: retry, pause, resume, cancel, ignore, remove, undo. Each is durable on return. A
 * worker that holds such a job is stopped, and its lease is fenced so that it records nothing more. Large
 * selections are changed in small transactions.
 */
import { fail, SheafError } from '../../contract/errors'
import { hasFailedForGood, REOPENABLE } from '../../contract/states'
import { STATES } from '../../contract/words'
import { artifactsByHash, artifactsOfWork, deleteArtifact } from '../ledger/artifacts'
import { insertEvent } from '../ledger/job-events'
import { failedJobIds } from '../ledger/job-lists'
import { failUnheld, holdJob, jobById, jobsOfWork, makeDue, openJobIds, requeueJob } from '../ledger/jobs'
import type { Writer } from '../ledger/ledger'
import { forgetLookups } from '../ledger/lookups'
import { interruptOps, OPS_OF_FILE, voidOps } from '../ledger/ops'
import { addTombstone, tombstoneOf, removeTombstone } from '../ledger/tombstones'
import { workById } from '../ledger/works'
import type { LedgerTables } from '../ledger/ledger'
import type { Engine } from './engine'
import { needListId } from './lists'

/** The engine, or the same with the tables of jobs that are not recorded. */
type Controlled = Pick<Engine, 'host' | 'lookups' | 'active'> & { readonly ledger: LedgerTables }

export async function retryJobs(
  engine: Controlled,
  which: {
    readonly reasons?: readonly string[]
    readonly jobIds?: readonly string[]
    /** only jobs of this named list */
    readonly list?: string
  }
): Promise<number> {
  const { ledger } = engine
  const { reasons = [], jobIds = [] } = which
  const list = which.list === undefined ? null : ledger.read((r) => needListId(r, which.list ?? ''))
  for (const jobId of jobIds) {
    if (ledger.read((r) => jobById(r, jobId)) === null) fail('NO_SUCH_JOB', `There is no job ${jobId}.`)
  }
  const named = jobIds.length > 0
  const ids = named ? jobIds : ledger.read((r) => failedJobIds(r, reasons, list))
  const changed = await changeEach(engine, ids, (w, jobId, now) => {
    const job = jobById(w, jobId)
    if (job?.state !== 'FAILED') return false
    if (named && reasons.length > 0 && !reasons.includes(job.reason ?? '')) return false
    makeDue(w, jobId, now)
    // A user's retry queries the sources again (docs/design.md §6): replaying their answers would fail again.
    voidOps(w, { jobId }, ['RESOLVE'], 'You asked for it again.')
    forgetLookups(w, job.workId)
    insertEvent(w, { jobId, at: now, kind: 'retry', from: job.state, detail: { reason: job.reason } })
    return true
  })
  for (const jobId of changed) {
    const job = ledger.read((r) => jobById(r, jobId))
    if (job !== null) engine.lookups.drop(job.workId)
  }
  return changed.length
}

/** `all`: every job that is not done. */
type SomeJobs = { readonly jobIds: readonly string[] } | 'all'

function idsOf({ ledger }: Controlled, which: SomeJobs): readonly string[] {
  return which === 'all' ? ledger.read(openJobIds) : which.jobIds
}

const PAUSED_BY_USER = 'You paused it.'

export async function holdJobs(engine: Controlled, which: SomeJobs): Promise<number> {
  const changed = await changeEach(engine, idsOf(engine, which), (w, jobId, now) => {
    // A job that was set aside or removed has another hold and is not resumed.
    if (jobById(w, jobId)?.hold !== null || holdJob(w, jobId, 'paused', now) === 0) return false
    // The lease is gone, so the worker's own record is refused from now on.
    interruptOps(w, jobId, PAUSED_BY_USER, now)
    insertEvent(w, { jobId, at: now, kind: 'held', detail: { why: 'paused by you' } })
    return true
  })
  await stopActive(engine, changed, new SheafError('PAUSED', PAUSED_BY_USER))
  return changed.length
}

export async function freeJobs(engine: Controlled, which: SomeJobs): Promise<number> {
  const changed = await changeEach(engine, idsOf(engine, which), (w, jobId, now) => {
    if (jobById(w, jobId)?.hold !== 'paused' || holdJob(w, jobId, null, now) === 0) return false
    insertEvent(w, { jobId, at: now, kind: 'freed' })
    return true
  })
  return changed.length
}

/** Sets failed jobs aside: they are not listed as open problems and not tried again until retried. */
export async function ignoreJobs(engine: Controlled, jobIds: readonly string[]): Promise<number> {
  const changed = await changeEach(engine, jobIds, (w, jobId, now) => {
    const job = jobById(w, jobId)
    if (job?.state !== 'FAILED' || job.hold !== null) return false
    holdJob(w, jobId, 'ignored', now)
    insertEvent(w, { jobId, at: now, kind: 'ignored', detail: { reason: job.reason } })
    return true
  })
  return changed.length
}

export async function unignoreJobs(engine: Controlled, jobIds: readonly string[]): Promise<number> {
  const changed = await changeEach(engine, jobIds, (w, jobId, now) => {
    if (jobById(w, jobId)?.hold !== 'ignored' || holdJob(w, jobId, null, now) === 0) return false
    insertEvent(w, { jobId, at: now, kind: 'unignored' })
    return true
  })
  return changed.length
}

/** Finished outcomes stay: a job that failed for good, was set aside or was removed is left unchanged. */
export async function cancelJobs(engine: Controlled, jobIds: readonly string[]): Promise<number> {
  const cancelled = await changeEach(engine, jobIds, (w, jobId, now) => {
    const before = jobById(w, jobId)
    if (before === null || hasFailedForGood(before)) return false
    if (before.hold === 'ignored' || before.hold === 'removed') return false
    if (failUnheld(w, jobId, 'CANCELLED', 'You cancelled it.', now) === 0) return false
    insertEvent(w, { jobId, at: now, kind: 'cancelled', from: before.state, to: 'FAILED' })
    return true
  })
  await stopActive(engine, cancelled, new SheafError('CANCELLED', 'You cancelled it.'))
  return cancelled.length
}

/** Jobs per transaction: small enough not to block other work noticeably. */
const BATCH = 500

/** Changes jobs in durable batches and yields between them. */
async function changeEach(
  engine: Controlled,
  jobIds: readonly string[],
  change: (w: Writer, jobId: string, now: number) => boolean
): Promise<string[]> {
  const changed: string[] = []
  for (let from = 0; from < jobIds.length; from += BATCH) {
    const batch = jobIds.slice(from, from + BATCH)
    const now = engine.host.clock.now()
    changed.push(...(await engine.ledger.commit((w) => batch.filter((jobId) => change(w, jobId, now)))))
  }
  return changed
}

/** Removes a work's papers from the library; they stay removed until the user restores them. */
export async function removeWork(
  engine: Engine,
  jobOrWorkId: string
): Promise<{ readonly workId: string; readonly files: number }> {
  const { ledger, library, host } = engine
  const workId = workOf(engine, jobOrWorkId)
  const jobs = ledger.read((r) => jobsOfWork(r, workId))
  const artifacts = ledger.read((r) => artifactsOfWork(r, workId))
  const now = host.clock.now()
  // The ledger changes first: after a crash in between, unused files may remain, but no removed paper comes
  // back.
  const shared = await ledger.commit((w) => {
    addTombstone(w, {
      workId,
      removedAt: now,
      removedBy: 'you',
      undo: { artifacts: artifacts.map((artifact) => ({ path: artifact.path, paper: artifact.paperPath })) }
    })
    for (const artifact of artifacts) deleteArtifact(w, artifact.artifactId)
    for (const job of jobs) {
      requeueJob(w, job.jobId, [...REOPENABLE, ...STATES], now)
      voidOps(w, job, OPS_OF_FILE, 'You removed this paper.')
      holdJob(w, job.jobId, 'removed', now)
      insertEvent(w, { jobId: job.jobId, at: now, kind: 'removed', from: job.state })
    }
    // Duplicates share the object and the readable name of the original; keep what they still use.
    const left = artifacts.flatMap((artifact) => artifactsByHash(w, artifact.sha256))
    return {
      hashes: new Set(left.map((one) => one.sha256)),
      names: new Set(left.map((one) => one.paperPath))
    }
  })
  await stopActive(
    engine,
    jobs.map((job) => job.jobId),
    new SheafError('CANCELLED', 'You removed this paper.')
  )
  await library.manifest.drop(artifacts.map((artifact) => artifact.artifactId))
  for (const artifact of artifacts) {
    if (!shared.names.has(artifact.paperPath)) {
      await library.papers.remove(artifact, !shared.hashes.has(artifact.sha256))
    }
  }
  return { workId, files: artifacts.length }
}

/** Undoes a removal: the jobs are requeued, and the next run fetches them. */
export async function restoreWork(engine: Engine, jobOrWorkId: string): Promise<{ readonly workId: string }> {
  const { ledger, host } = engine
  const workId = workOf(engine, jobOrWorkId)
  if (ledger.read((r) => tombstoneOf(r, workId)) === null) {
    return fail('NO_SUCH_WORK', `${workId} was not removed.`)
  }
  const now = host.clock.now()
  await ledger.commit((w) => {
    removeTombstone(w, workId)
    for (const job of jobsOfWork(w, workId)) {
      holdJob(w, job.jobId, null, now)
      insertEvent(w, { jobId: job.jobId, at: now, kind: 'restored' })
    }
  })
  return { workId }
}

function workOf(engine: Engine, jobOrWorkId: string): string {
  const { ledger } = engine
  const job = ledger.read((r) => jobById(r, jobOrWorkId))
  if (job !== null) return job.workId
  if (ledger.read((r) => workById(r, jobOrWorkId)) !== null) return jobOrWorkId
  return fail('NO_SUCH_WORK', `There is no job and no work ${jobOrWorkId}.`)
}

async function stopActive(engine: Controlled, jobIds: readonly string[], reason: Error): Promise<void> {
  const stopped = jobIds.flatMap((jobId) => engine.active.get(jobId) ?? [])
  for (const job of stopped) job.stop(reason)
  await Promise.all(stopped.map((job) => job.ended))
}
