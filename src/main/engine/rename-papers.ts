/**
 * Renames existing papers to the current naming template. Each renaming is an op of the paper's job with the
 * new name in its key: the intent is on disk before the first link, the new name is linked before the old one
 * is removed, then library file and row are updated. A crash leaves one readable file; `completeRenames`
 * finishes what was begun. A file under either name that is not the stored one is left alone.
 */
import { z } from 'zod'
import { asSheafError, messageOf, SheafError } from '../../contract/errors'
import type { KeptBecause, RenameResult } from '../../contract/lines'
import { isDone } from '../../contract/states'
import type { JobRow } from '../../contract/work'
import {
  artifactById,
  filedAfter,
  isNameShared,
  numberOfArtifacts,
  setPaths,
  type FiledArtifact,
  type StoredArtifact
} from '../ledger/artifacts'
import { jobById, jobsOfArtifact } from '../ledger/jobs'
import type { Ledger, Reader, Writer } from '../ledger/ledger'
import { beginOp, finishOp, INTERRUPTED, OK, opByKey, renamesInFlight } from '../ledger/ops'
import type { Library } from '../library/library'
import type { Host } from '../platform/host'
import { isPaperPath } from '../platform/recorded-path'
import { inPages } from '../platform/slices'
import { canonicalJson, opKey } from '../works/keys'
import { namedWork } from './named-work'
import { noteFormerAttempt } from './recorded-effects'

export interface RenameParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly library: Library
  /** jobs whose paper this process is renaming: reconcile ignores their ops */
  readonly renaming: Set<string>
}

export interface RenameRequest {
  /** null: all papers */
  readonly workIds: ReadonlySet<string> | null
  /** reports what would be done without doing it */
  readonly dryRun: boolean
}

export interface Renamed {
  readonly workId: string
  readonly jobId: string | null
  readonly from: string | null
  readonly to: string | null
  readonly result: RenameResult
  readonly because?: string
}

export interface HowToRename {
  readonly signal: AbortSignal
  /** called once for each paper, when its outcome is durable */
  readonly tell: (paper: Renamed) => void
  /** Called with the papers checked and their total. */
  readonly onProgress?: (done: number, total: number) => void
}

const ARTIFACTS_AT_ONCE = 300
/** The library file is rewritten for each batch, so a large library uses few batches. */
const LEAST_BATCH = 100
const MOST_BATCHES = 50

/** Resolves when all are renamed, or after the current batch when the signal aborts. */
export async function renamePapers(
  parts: RenameParts,
  request: RenameRequest,
  how: HowToRename
): Promise<void> {
  const { ledger } = parts
  const total = ledger.read(numberOfArtifacts)
  const batchSize = Math.max(LEAST_BATCH, Math.ceil(total / MOST_BATCHES))
  const taken = request.dryRun ? new Set<string>() : undefined
  let done = 0
  let batch: Item[] = []
  const isStopped = (): boolean => how.signal.aborted
  const pages = inPages('', (after) => ledger.read((r) => filedAfter(r, after, ARTIFACTS_AT_ONCE)))
  for await (const rows of pages) {
    if (isStopped()) break
    for (const filed of rows) {
      if (isStopped()) break
      how.onProgress?.(done, total)
      done += 1
      if (request.workIds?.has(filed.workId) === false) continue
      const found = await lookAt(parts, filed, taken)
      if ('result' in found) how.tell(found)
      else batch.push(found)
      if (batch.length < batchSize) continue
      await performAll(parts, batch, how)
      batch = []
    }
  }
  await performAll(parts, batch, how)
  how.onProgress?.(done, total)
}

/**
 * Finishes renames that a dead process had begun, under the names chosen then. Returns the artifacts that
 * have their new name. What cannot be finished (the paper is gone) stays in flight for the caller.
 */
export async function completeRenames(
  parts: RenameParts,
  how: Pick<HowToRename, 'signal' | 'tell'>
): Promise<readonly string[]> {
  const { ledger, library, renaming } = parts
  const items: Item[] = []
  for (const { jobId, context } of ledger.read(renamesInFlight)) {
    const target = targetSchema.safeParse(context)
    const job = ledger.read((r) => jobById(r, jobId))
    if (!target.success || job === null || renaming.has(jobId) || !isDone(job.state)) continue
    const artifact = ledger.read((r) => artifactById(r, job.artifactId))
    if (artifact === null || (await library.papers.names.condition(artifact, { hash: true })) === 'lost')
      continue
    items.push({ artifact, job, to: target.data.target_path, unknown: true })
  }
  const renamed = new Set<string>()
  await performAll(parts, items, {
    signal: how.signal,
    tell: (paper) => {
      if (paper.result === 'renamed' && paper.to !== null) renamed.add(paper.to)
      how.tell(paper)
    }
  })
  return items.filter(({ to }) => renamed.has(to)).map(({ artifact }) => artifact.artifactId)
}

const targetSchema = z.object({ target_path: z.string().refine(isPaperPath) })

/** A paper to rename. */
interface Item {
  readonly artifact: StoredArtifact
  readonly job: JobRow
  readonly to: string
  /** an earlier attempt was begun and has no outcome */
  readonly unknown: boolean
}

async function lookAt(
  { ledger, library }: RenameParts,
  filed: FiledArtifact,
  taken: Set<string> | undefined
): Promise<Item | Renamed> {
  const { paperPath: from, workId } = filed
  const job = ledger.read((r) => jobOf(r, filed))
  const renamed = (result: RenameResult, to: string | null, because?: KeptBecause): Renamed => ({
    workId,
    jobId: job?.jobId ?? null,
    from,
    to,
    result,
    ...(because === undefined ? {} : { because })
  })
  const work = ledger.read((r) => namedWork(r, filed))
  if (from !== null && library.papers.names.isNamed(from, work)) return renamed('unchanged', null)
  if (job === null) return renamed('kept', null, 'NOT_RECORDED')
  if (!isDone(job.state)) return renamed('kept', null, 'IN_WORK')
  const artifact = ledger.read((r) => artifactById(r, filed.artifactId))
  if (artifact === null) return renamed('kept', null, 'NO_FILE')
  const condition = await library.papers.names.condition(artifact, { hash: taken === undefined })
  if (condition === 'lost') return renamed('kept', null, 'NO_FILE')
  if (condition === 'changed') return renamed('kept', null, 'CHANGED_FILE')
  const to = await library.papers.names.choose(artifact.path, work, taken)
  if (to === from) return renamed('unchanged', null)
  return taken === undefined ? { artifact, job, to, unknown: false } : renamed('would_rename', to)
}

function jobOf(r: Reader, artifact: FiledArtifact): JobRow | null {
  if (artifact.jobId !== null) return jobById(r, artifact.jobId)
  return jobsOfArtifact(r, artifact.artifactId)[0] ?? null
}

type Outcome =
  | { readonly kind: 'done'; readonly item: Item; readonly wasThere: boolean }
  | { readonly kind: 'failed'; readonly item: Item; readonly error: unknown }
  /** the signal aborted before anything was done */
  | { readonly kind: 'left'; readonly item: Item }

/** Writes intents, renames, library file and records: each step for the whole batch. */
async function performAll(
  parts: RenameParts,
  batch: readonly Item[],
  how: Pick<HowToRename, 'signal' | 'tell'>
): Promise<void> {
  if (batch.length === 0) return
  const { host, ledger, library, renaming } = parts
  for (const { job } of batch) renaming.add(job.jobId)
  try {
    const begun = await ledger.commit((w) => batch.filter((item) => begin(w, item, host.clock.now())))
    host.probe('RENAME: intent durable')
    const outcomes: Outcome[] = []
    for (const item of begun) {
      if (how.signal.aborted) outcomes.push({ kind: 'left', item })
      else outcomes.push(await act(parts, item))
    }
    const done = outcomes.filter((one) => one.kind === 'done')
    await library.manifest.rename(new Map(done.map(({ item }) => [item.artifact.artifactId, item.to])))
    host.probe('RENAME: manifest written')
    const recorded = await ledger.commit((w) =>
      outcomes.filter((outcome) => record(w, outcome, host.clock.now()))
    )
    host.probe('RENAME: recorded')
    const refused: Outcome[] = outcomes
      .filter((outcome) => !recorded.includes(outcome))
      .map(({ item }) => ({ kind: 'failed', item, error: new SheafError('LEASE_LOST') }))
    const stale = batch.filter((item) => !begun.includes(item))
    for (const { item } of refused) await takeBack(parts, item)
    for (const item of stale) refused.push({ kind: 'failed', item, error: new SheafError('LEASE_LOST') })
    for (const outcome of [...recorded, ...refused]) tell(outcome, library, how)
  } finally {
    for (const { job } of batch) renaming.delete(job.jobId)
  }
}

const keyOf = ({ job, to }: Item): string => opKey('RENAME', job.jobId, { target_path: to })
const contextOf = ({ to }: Item): string => canonicalJson({ target_path: to })

/** False: the job was requeued or removed meanwhile. */
function begin(w: Writer, item: Item, now: number): boolean {
  const key = keyOf(item)
  const before = opByKey(w, key)
  const { jobId, leaseEpoch } = item.job
  const contextJson = contextOf(item)
  const changes = beginOp(w, { opKey: key, jobId, kind: 'RENAME', contextJson, leaseEpoch, now })
  if (changes !== 1) return false
  if (before !== null) noteFormerAttempt(w, now, before)
  return true
}

/** Idempotent: may be repeated after a crash at any instant. */
async function act({ library, ledger }: RenameParts, item: Item): Promise<Outcome> {
  const { artifact, to } = item
  try {
    const wasThere = item.unknown && (await library.files.sizeOf(to)) !== null
    await library.papers.names.link(artifact.path, to)
    const { paperPath: from } = artifact
    const isShared = from !== null && ledger.read((r) => isNameShared(r, from, artifact.artifactId))
    await library.papers.names.leave(artifact, to, isShared)
    return { kind: 'done', item, wasThere }
  } catch (error) {
    return { kind: 'failed', item, error }
  }
}

/** False: the job was requeued or removed meanwhile, and nothing was recorded. */
function record(w: Writer, outcome: Outcome, now: number): boolean {
  const { artifact, job, to } = outcome.item
  const finish = (resultCode: string, result: object, recovery: 'adopted' | 'redone' | null): boolean =>
    finishOp(w, {
      opKey: keyOf(outcome.item),
      kind: 'RENAME',
      contextJson: contextOf(outcome.item),
      leaseEpoch: job.leaseEpoch,
      resultCode,
      resultJson: JSON.stringify(result),
      recovery,
      now
    }) === 1
  switch (outcome.kind) {
    case 'left':
      return finish(INTERRUPTED, { because: 'It was stopped before the file was renamed.' }, null)
    case 'failed': {
      const { error } = outcome
      return finish(asSheafError(error).code, { because: messageOf(error) }, null)
    }
    case 'done': {
      const recovery = outcome.item.unknown ? (outcome.wasThere ? 'adopted' : 'redone') : null
      if (!finish(OK, { from: artifact.paperPath, paperPath: to }, recovery)) return false
      return setPaths(w, artifact.artifactId, { paperPath: to })
    }
  }
}

/** The paper was removed meanwhile: remove its new name, too. A file named by a row stays. */
async function takeBack({ ledger, library }: RenameParts, { artifact, to }: Item): Promise<void> {
  const now = ledger.read((r) => artifactById(r, artifact.artifactId))
  if (now !== null) return
  await library.papers.remove({ ...artifact, paperPath: to }, false)
}

function tell(outcome: Outcome, { papers: { names } }: Library, how: Pick<HowToRename, 'tell'>): void {
  const { artifact, job, to } = outcome.item
  const paper = { workId: artifact.workId, jobId: job.jobId, from: artifact.paperPath, to }
  if (outcome.kind === 'done') how.tell({ ...paper, result: 'renamed' })
  else if (outcome.kind === 'left') names.forget(to)
  else how.tell({ ...paper, result: 'failed', because: asSheafError(outcome.error).code })
}
