/**
 * Writes the rows of a paper found in the library (work, names, finished job, artifact) in one transaction.
 * An existing job is moved along the transition table under its own lease; a job held by a worker, or whose
 * paper the user removed, is left unchanged.
 */
import { isDone } from '../../contract/states'
import { artifactIdOf, type State } from '../../contract/words'
import { shownPath, type ArtifactRow, type JobRow } from '../../contract/work'
import { artifactById, upsertArtifact } from '../ledger/artifacts'
import { insertEvent } from '../ledger/job-events'
import { expectHash, freeJob, insertFoundJob, insertJob, jobsOfArtifact, type NewJob } from '../ledger/jobs'
import { grantLease } from '../ledger/leases'
import type { Reader, Writer } from '../ledger/ledger'
import { OK, beginOp, finishOp } from '../ledger/ops'
import { tombstoneOf } from '../ledger/tombstones'
import { addNames, insertWork, mergeFacts, workById, workByName } from '../ledger/works'
import { canonicalJson, jobIdOf, jobKey, opKey } from '../works/keys'
import { aliasesOf } from '../works/works'
import type { ListedPaper } from './adopt-line'
import { advanceJob } from './advance'
import { finalizeContext } from './ops/op-contexts'
import { originalOf } from './original-of'

export interface AdoptedAs {
  readonly kind: 'found' | 'planned'
  readonly workId: string
  readonly jobId: string
  readonly artifactId: string
  /** false: the ledger already knew it */
  readonly isNew: boolean
}

type Refused = {
  readonly kind: 'refused'
  /** null: nothing to report; the ledger's own record is better */
  readonly because: string | null
}

/** Lease duration while a job is moved along the table within one transaction. */
const LEASE_SECONDS = 60

export function recordFound(
  w: Writer,
  paper: ListedPaper,
  at: { readonly now: number; readonly owner: string }
): AdoptedAs | Refused {
  const target = targetOf(w, paper)
  if (tombstoneOf(w, target.workId) !== null) return { kind: 'refused', because: null }
  const { job } = target
  const as = { kind: 'found', workId: target.workId, artifactId: target.artifactId } as const
  if (job !== null) {
    const stored = artifactById(w, job.artifactId)
    if (isDone(job.state) && stored !== null) {
      if (stored.sha256 === paper.sha256) return { ...as, jobId: job.jobId, isNew: false }
      return { kind: 'refused', because: 'The ledger knows another file of this work, and keeps that.' }
    }
    if (job.expectedSha256 !== null && job.expectedSha256 !== paper.sha256) {
      return { kind: 'refused', because: 'Its job expects the bytes that were filed before.' }
    }
  }
  rememberWork(w, target.workId, paper, at.now)
  const end = originalOf(w, paper.sha256, target.artifactId) === null ? 'DEDUPED' : 'SKIPPED_DUPLICATE'
  const held = job === null ? newFoundJob(w, target, paper, { ...at, end }) : lease(w, job, at)
  if (held === null) return { kind: 'refused', because: 'Its job is being worked on.' }
  insertEvent(w, {
    jobId: held.jobId,
    at: at.now,
    kind: 'adopted',
    ...(job === null ? {} : { from: job.state }),
    to: end,
    detail: { path: paper.path, sha256: paper.sha256, by: 'manifest.jsonl and the hash of the file' }
  })
  if (job !== null) {
    const until = at.now + LEASE_SECONDS
    const holder = { jobId: held.jobId, owner: at.owner, epoch: held.epoch }
    const way: readonly State[] = ['HEAD_DONE', 'STREAMING', 'FINALIZED', 'INDEXED', end]
    for (const to of way) advanceJob(w, holder, to, { now: at.now, leaseUntil: until })
    expectHash(w, held.jobId, null)
  }
  recordFinalize(w, paper, held, at.now)
  upsertArtifact(w, artifactRowOf(paper, { ...target, jobId: held.jobId }))
  return { ...as, jobId: held.jobId, isNew: true }
}

/** The row of a listed paper's file, under the names recorded in the ledger. */
export function artifactRowOf(
  paper: ListedPaper,
  { artifactId, workId, jobId }: Pick<ListedPaper, 'artifactId' | 'workId' | 'jobId'> = paper
): ArtifactRow {
  return {
    artifactId,
    workId,
    jobId,
    format: paper.format,
    sha256: paper.sha256,
    bytes: paper.bytes,
    path: paper.path,
    paperPath: paper.paperPath,
    finalizedAt: paper.finalizedAt,
    verdict: paper.provenance.verdict,
    provenance: paper.provenance
  }
}

/**
 * Plans the job of a listed paper whose file is missing or damaged; null when the ledger does not record the
 * work.
 */
export function expectPaper(
  w: Writer,
  paper: ListedPaper,
  at: { readonly now: number; readonly because: 'missing' | 'damaged' }
): AdoptedAs | null {
  const target = targetOf(w, paper)
  if (tombstoneOf(w, target.workId) !== null) return null
  const as = { kind: 'planned', workId: target.workId, artifactId: target.artifactId } as const
  if (target.job !== null) return { ...as, jobId: target.job.jobId, isNew: false }
  rememberWork(w, target.workId, paper, at.now)
  const job = newJob(target, paper, at.now)
  if (!insertJob(w, job)) return null
  expectHash(w, job.jobId, paper.sha256)
  insertEvent(w, {
    jobId: job.jobId,
    at: at.now,
    kind: 'requeued',
    to: 'PLANNED',
    detail: { because: `Its listed file is ${at.because}.`, sha256: paper.sha256 }
  })
  return { ...as, jobId: job.jobId, isNew: true }
}

interface Target {
  readonly workId: string
  readonly artifactId: string
  readonly job: JobRow | null
}

/** Finds the work by its id, else by its strongest name: a weaker name may be shared by mistake. */
function targetOf(r: Reader, paper: ListedPaper): Target {
  const { doi, arxiv, pmcid } = paper.ids
  const byName =
    doi !== undefined
      ? workByName(r, 'doi', doi)
      : arxiv !== undefined
        ? workByName(r, 'arxiv', arxiv)
        : pmcid !== undefined
          ? workByName(r, 'pmcid', pmcid)
          : null
  const known = jobsOfArtifact(r, paper.artifactId)[0] ?? null
  const workId = known !== null || byName === null ? paper.workId : byName
  const artifactId = artifactIdOf(workId, paper.format)
  return { workId, artifactId, job: known ?? jobsOfArtifact(r, artifactId)[0] ?? null }
}

function rememberWork(w: Writer, workId: string, paper: ListedPaper, now: number): void {
  const { ids, facts } = paper
  if (!insertWork(w, { workId, ids: withUrl(paper), facts, now })) mergeFacts(w, workId, { ids, facts }, now)
  addNames(w, workId, aliasesOf(workById(w, workId)?.ids ?? ids))
}

/** A work identified only by its address is looked up by that address. */
function withUrl({ ids, workId, canonicalUrl }: ListedPaper): ListedPaper['ids'] {
  return workId.startsWith('url:') && ids.pmid === undefined ? { ...ids, url: canonicalUrl } : ids
}

function newJob({ workId, artifactId }: Target, paper: ListedPaper, now: number): NewJob {
  const key = workId === paper.workId ? paper.jobKey : jobKey(workId, artifactId, paper.canonicalUrl)
  return {
    jobId: jobIdOf(key),
    workId,
    artifactId,
    canonicalUrl: paper.canonicalUrl,
    idempotencyKey: key,
    priority: 0,
    runId: null,
    now
  }
}

interface Held {
  readonly jobId: string
  readonly epoch: number
}

function newFoundJob(
  w: Writer,
  target: Target,
  paper: ListedPaper,
  at: { readonly now: number; readonly end: 'DEDUPED' | 'SKIPPED_DUPLICATE' }
): Held | null {
  const job = newJob(target, paper, at.now)
  return insertFoundJob(w, { ...job, state: at.end }) ? { jobId: job.jobId, epoch: 0 } : null
}

/** Leases a job that no worker holds; null when one does, or when its file already has its final name. */
function lease(w: Writer, job: JobRow, at: { readonly now: number; readonly owner: string }): Held | null {
  if (job.leaseOwner !== null || freeJob(w, job.jobId, at.now) === 0) return null
  const granted = grantLease(w, {
    jobId: job.jobId,
    owner: at.owner,
    until: at.now + LEASE_SECONDS,
    now: at.now
  })
  return granted?.state === 'LEASED' ? { jobId: job.jobId, epoch: granted.leaseEpoch } : null
}

/** Records the op that placed the file, with the facts that the library has of it. */
function recordFinalize(w: Writer, paper: ListedPaper, held: Held, now: number): void {
  const context = finalizeContext(paper.sha256, paper.path)
  const key = opKey('FINALIZE', held.jobId, context)
  beginOp(w, {
    opKey: key,
    jobId: held.jobId,
    kind: 'FINALIZE',
    contextJson: canonicalJson(context),
    leaseEpoch: held.epoch,
    now
  })
  finishOp(w, {
    opKey: key,
    kind: 'FINALIZE',
    contextJson: canonicalJson(context),
    leaseEpoch: held.epoch,
    resultCode: OK,
    resultJson: JSON.stringify({
      path: paper.path,
      paperPath: shownPath(paper),
      finalizedAt: paper.finalizedAt
    }),
    recovery: 'adopted',
    now
  })
}
