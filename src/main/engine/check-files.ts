/**
 * Compares stored files with their rows. Missing readable names are linked again; missing or damaged files
 * send their jobs back to the queue. A user's own file is never deleted.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { REOPENABLE } from '../../contract/states'
import {
  artifactById,
  artifactsByHash,
  deleteArtifact,
  filedAfter,
  numberOfArtifacts,
  placesAfter,
  setPaths,
  type FiledArtifact
} from '../ledger/artifacts'
import { insertEvent } from '../ledger/job-events'
import { expectHash, jobById, jobsOfArtifact, requeueJob } from '../ledger/jobs'
import type { Ledger, Writer } from '../ledger/ledger'
import { getMeta } from '../ledger/meta'
import { voidOps } from '../ledger/ops'
import { workById } from '../ledger/works'
import type { Library } from '../library/library'
import type { Ask, Findings, ReconcileParts } from './reconcile-parts'

const ARTIFACTS_AT_ONCE = 300
/** Concurrent file checks; a spinning disk gains nothing from more. */
const LOOKS_AT_ONCE = 16
const PATHS_AT_ONCE = 3_000
/** A library of at most this size is checked in full at every start. */
const FILES_IN_TURN = 1_000
/** The `_meta` key of the artifact id at which the next partial check begins. */
export const NEXT_TURN = 'reconcile_next'
const JOBS_AT_ONCE = 200

/** An artifact whose file is lost; its job is requeued. */
export interface Lost {
  readonly artifact: FiledArtifact
  readonly because: string
}

/** Checks every stored file. Resolves to the start of the next partial check. */
export async function checkArtifacts(
  parts: ReconcileParts,
  how: Ask,
  findings: Findings,
  lost: Lost[]
): Promise<string> {
  const total = parts.ledger.read(numberOfArtifacts)
  let index = 0
  const checker = checkerOf(parts, how, findings, lost)
  for await (const artifacts of filedArtifacts(parts.ledger, how.verifyHashes ? 1 : LOOKS_AT_ONCE)) {
    how.signal.throwIfAborted()
    how.onProgress?.(Math.min(index, total), total)
    index += artifacts.length
    await checker(artifacts)
  }
  how.onProgress?.(total, total)
  return ''
}

/** Checks all names, and the next share of the files. Resolves to the start of the next partial check. */
export async function checkSome(
  parts: ReconcileParts,
  how: Ask & { readonly present: ReadonlySet<string> },
  findings: Findings,
  lost: Lost[]
): Promise<string> {
  const { ledger } = parts
  const check = checkerOf(parts, how, findings, lost)
  const { filesInTurn = FILES_IN_TURN } = how
  const looked = new Set<string>()
  const from = ledger.read((r) => getMeta(r, NEXT_TURN)) ?? ''
  let next = from
  for await (const artifacts of filedArtifacts(ledger, LOOKS_AT_ONCE, from)) {
    how.signal.throwIfAborted()
    const some = artifacts.slice(0, filesInTurn - looked.size)
    await check(some)
    for (const { artifactId } of some) {
      looked.add(artifactId)
      next = artifactId
    }
    if (looked.size === filesInTurn) break
  }
  if (looked.size < filesInTurn) next = ''
  for (let last = 0; ;) {
    const after = last
    const some = ledger.read((r) => placesAfter(r, after, PATHS_AT_ONCE))
    if (some === null) return next
    for (const place of some.places) {
      const isThere = how.present.has(place.path) && how.present.has(place.paperPath ?? place.path)
      if (isThere || looked.has(place.artifactId)) continue
      how.signal.throwIfAborted()
      const artifact = ledger.read((r) => artifactById(r, place.artifactId))
      if (artifact !== null) await check([artifact])
    }
    last = some.last
    await yieldToEventLoop()
  }
}

type Condition = 'ok' | 'missing' | 'damaged'

/**
 * Checks a batch of artifacts concurrently, each file once, then repairs one after another: a repaired file
 * may be what the next one lacks.
 */
function checkerOf(
  parts: ReconcileParts,
  how: Pick<Ask, 'verifyHashes'>,
  findings: Findings,
  lost: Lost[]
): (artifacts: readonly FiledArtifact[]) => Promise<void> {
  const { library } = parts
  const checked = new Map<string, Promise<Condition>>()
  function look(artifact: FiledArtifact): Promise<Condition> {
    const known = checked.get(artifact.path)
    if (known !== undefined) return known
    const looking = library.objects.check(artifact.path, artifact, { hash: how.verifyHashes })
    checked.set(artifact.path, looking)
    return looking
  }
  return async (artifacts) => {
    const looks = await Promise.allSettled(
      artifacts.map(async (artifact) => {
        const condition = await look(artifact)
        return { condition, isNamed: condition === 'ok' && (await isNamed(library, artifact)) }
      })
    )
    for (const [at, artifact] of artifacts.entries()) {
      const seen = looks[at]
      if (seen === undefined) continue
      if (seen.status === 'rejected') throw seen.reason
      const { condition, isNamed: hasName } = seen.value
      if (condition === 'missing') await mendMissing(parts, artifact, findings, lost)
      else if (condition === 'damaged') await setAside(parts, artifact, findings, lost)
      else if (!hasName) await linkAgain(parts, artifact, findings)
    }
  }
}

/** Some at a time: reading 100,000 at once would block the event loop. */
async function* filedArtifacts(
  ledger: Ledger,
  atOnce: number,
  from = ''
): AsyncIterable<readonly FiledArtifact[]> {
  for (let last = from; ;) {
    const after = last
    const some = ledger.read((r) => filedAfter(r, after, ARTIFACTS_AT_ONCE))
    for (let at = 0; at < some.length; at += atOnce) yield some.slice(at, at + atOnce)
    const end = some.at(-1)
    if (end === undefined) return
    last = end.artifactId
    await yieldToEventLoop()
  }
}

/** Is the readable name a link to (or a copy of) the object? */
async function isNamed(library: Library, artifact: FiledArtifact): Promise<boolean> {
  if (artifact.paperPath === null) return true
  return (await library.objects.check(artifact.paperPath, artifact, { hash: false })) === 'ok'
}

/** The object exists; only its readable name was lost. */
async function linkAgain(parts: ReconcileParts, artifact: FiledArtifact, findings: Findings): Promise<void> {
  const paperPath = await linkName(parts, artifact, artifact.path)
  await parts.ledger.commit((w) => {
    setPaths(w, artifact.artifactId, { paperPath })
  })
  findings.relinked.push(artifact.artifactId)
}

function linkName(parts: ReconcileParts, artifact: FiledArtifact, path: string): Promise<string> {
  const work = parts.ledger.read((r) => workById(r, artifact.workId))
  return parts.library.papers.link(path, {
    ids: work?.ids ?? {},
    facts: work?.facts ?? {},
    workId: artifact.workId,
    format: artifact.format
  })
}

/** Links the file again when its bytes are stored elsewhere; else requeues the job. */
async function mendMissing(
  parts: ReconcileParts,
  artifact: FiledArtifact,
  findings: Findings,
  lost: Lost[]
): Promise<void> {
  const { ledger, library } = parts
  const elsewhere = [
    artifact.paperPath,
    ...ledger.read((r) => artifactsByHash(r, artifact.sha256)).flatMap((one) => [one.path, one.paperPath])
  ]
  for (const path of elsewhere) {
    if (path === null || path === artifact.path) continue
    if ((await library.objects.check(path, artifact, { hash: true })) !== 'ok') continue
    await library.objects.restore(path, artifact.path)
    if (!(await isNamed(library, artifact))) await linkAgain(parts, artifact, { ...findings, relinked: [] })
    findings.relinked.push(artifact.artifactId)
    return
  }
  lost.push({ artifact, because: 'Its file is missing.' })
}

/** A damaged file is kept in the quarantine as evidence, and the job is requeued. */
async function setAside(
  parts: ReconcileParts,
  artifact: FiledArtifact,
  findings: Findings,
  lost: Lost[]
): Promise<void> {
  const { host, ledger, library } = parts
  const whole = ledger.read((r) => artifactById(r, artifact.artifactId))
  if (whole === null) return
  await library.quarantine.setAside(whole, 'Its bytes are no longer those that were filed.', host.clock.now())
  findings.quarantined.push(artifact.artifactId)
  lost.push({ artifact, because: 'Its file was damaged.' })
}

/**
 * Updates the manifest first, in one write: after a crash before the rows change, the next reconcile finds
 * the same files lost.
 */
export async function requeue(
  parts: ReconcileParts,
  lost: readonly Lost[],
  findings: Findings
): Promise<void> {
  const { host, ledger, library } = parts
  if (lost.length === 0) return
  await parts.assertLibrary()
  await library.manifest.drop(lost.map(({ artifact }) => artifact.artifactId))
  for (let from = 0; from < lost.length; from += JOBS_AT_ONCE) {
    const now = host.clock.now()
    const some = lost.slice(from, from + JOBS_AT_ONCE)
    const requeued = await ledger.commit((w) => some.flatMap((one) => requeueOne(w, one, now)))
    findings.requeued.push(...requeued)
  }
}

/** Returns the ids of its jobs. */
function requeueOne(w: Writer, { artifact, because }: Lost, now: number): string[] {
  const jobs = artifact.jobId === null ? jobsOfArtifact(w, artifact.artifactId) : [jobById(w, artifact.jobId)]
  deleteArtifact(w, artifact.artifactId)
  for (const job of jobs) {
    if (job === null || requeueJob(w, job.jobId, REOPENABLE, now) === 0) continue
    expectHash(w, job.jobId, artifact.sha256)
    voidOps(w, job.jobId, ['STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'], because)
    insertEvent(w, {
      jobId: job.jobId,
      at: now,
      kind: 'requeued',
      from: job.state,
      to: 'PLANNED',
      detail: { because }
    })
  }
  return jobs.flatMap((job) => job?.jobId ?? [])
}
