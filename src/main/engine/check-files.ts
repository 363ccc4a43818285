/**
 * Compares stored files with their rows. Missing readable names are linked again; missing or damaged files
 * send their jobs back to the queue. A user's own file is never deleted.
 */
import { REOPENABLE } from '../../contract/states'
import {
  artifactById,
  artifactsByHash,
  deleteArtifact,
  filedAfterRow,
  filedById,
  numberOfArtifacts,
  placesAfter,
  setPaths,
  type FiledArtifact,
  type FilePlace
} from '../ledger/artifacts'
import { insertEvent } from '../ledger/job-events'
import { expectHash, jobById, jobsOfArtifact, requeueJob } from '../ledger/jobs'
import type { Ledger, Writer } from '../ledger/ledger'
import { getMeta } from '../ledger/meta'
import { OPS_OF_FILE, voidOps } from '../ledger/ops'
import type { FileCondition, Library } from '../library/library'
import { namedWork } from './named-work'
import type { Ask, Findings, ReconcileParts } from './reconcile-parts'
import { inPages, inSlices, type RowPage } from '../platform/slices'

const ARTIFACTS_AT_ONCE = 300
const PLACES_AT_ONCE = 500
const NAMES_AT_ONCE = 5_000
/** Looks at the disk that wait for it together: fewer cost more, and of more the app's own looks would wait. */
const LOOKS_AT_ONCE = 64
const TURN_LOOKS_AT_ONCE = 16
/** A library of at most this size is checked in full at every start. */
const FILES_IN_TURN = 1_000
/** The `_meta` key of the row behind which the next partial check begins; any other text: with the first row. */
export const NEXT_TURN = 'reconcile_next'
const JOBS_AT_ONCE = 200

/** An artifact whose file is lost; its job is requeued. */
export interface Lost {
  readonly artifact: FiledArtifact
  readonly because: string
}

interface CheckedFiles {
  /** where the next turn begins */
  readonly next: string
  /** files that no row names whose files are as they should be */
  readonly unmatched: readonly string[]
}

/**
 * Compares every row with the names in the library's folders (`quick`), with the sizes of all files, or with
 * their bytes too (`verifyHashes`). A quick one checks the sizes of the files whose turn it is as well.
 */
export async function checkFiles(
  parts: ReconcileParts,
  how: Ask,
  findings: Findings,
  lost: Lost[]
): Promise<CheckedFiles> {
  const { ledger, library } = parts
  const found = { ...findings, relinked: [], quarantined: [] }
  const check = checkerOf(parts, how, found, lost)
  const isNamed = new Map<string, boolean>()
  // A library of 100,000 papers has twice as many names.
  for await (const paths of inSlices(await library.files.paths(), NAMES_AT_ONCE))
    for (const path of paths) isNamed.set(path, false)
  const isQuick = how.quick === true
  const turn = isQuick ? await checkTurn(parts, how, check) : { next: '', looked: new Set<string>() }
  const judge = isQuick ? byNames(isNamed) : bySizes(library, how, isNamed)
  const progress = progressOf(ledger, how)
  progress(0)
  for await (const places of filePlaces(ledger, isQuick ? PLACES_AT_ONCE : LOOKS_AT_ONCE / 2)) {
    how.signal.throwIfAborted()
    const areSound = await judge(places)
    for (const [at, place] of places.entries()) {
      if (areSound[at] === true || turn.looked.has(place.artifactId)) continue
      how.signal.throwIfAborted()
      const artifact = ledger.read((r) => filedById(r, place.artifactId))
      if (artifact !== null) await check([artifact])
      // Reading its bytes takes far longer than comparing a size: each file is counted when it is done.
      if (how.verifyHashes && place.isHere) progress(1)
    }
    if (!how.verifyHashes) progress(places.filter(({ isHere }) => isHere).length)
  }
  // Rows are in the order in which papers arrived; a report has the order of their ids, whichever arrived first.
  lost.sort((one, other) => (one.artifact.artifactId < other.artifact.artifactId ? -1 : 1))
  findings.relinked.push(...found.relinked.toSorted())
  findings.quarantined.push(...found.quarantined.toSorted())
  const unmatched: string[] = []
  for await (const names of inSlices(isNamed, NAMES_AT_ONCE))
    for (const [path, isMatched] of names) if (!isMatched) unmatched.push(path)
  return { next: turn.next, unmatched }
}

/**
 * The files whose turn it is, in the order of the rows: rows in the order of their ids lie anywhere in the file of the
 * ledger.
 */
async function checkTurn(
  { ledger }: ReconcileParts,
  { filesInTurn = FILES_IN_TURN, signal }: Ask,
  check: (artifacts: readonly FiledArtifact[]) => Promise<void>
): Promise<{ readonly next: string; readonly looked: ReadonlySet<string> }> {
  const looked = new Set<string>()
  let next = rowOf(ledger.read((r) => getMeta(r, NEXT_TURN)))
  for await (const rows of filedArtifacts(ledger, TURN_LOOKS_AT_ONCE, next)) {
    signal.throwIfAborted()
    const some = rows.slice(0, filesInTurn - looked.size)
    await check(some.map(({ artifact }) => artifact))
    for (const { artifact, row } of some) {
      looked.add(artifact.artifactId)
      next = row
    }
    if (looked.size === filesInTurn) break
  }
  return { next: looked.size < filesInTurn ? '' : String(next), looked }
}

/** Earlier versions noted the id of an artifact. */
function rowOf(noted: string | null): number {
  return noted !== null && /^\d{1,15}$/.test(noted) ? Number(noted) : 0
}

/** Which of some rows are as they should be, as far as it was looked; the names of these are marked. */
type Judge = (places: readonly FilePlace[]) => Promise<readonly boolean[]>

function byNames(isNamed: Map<string, boolean>): Judge {
  const isSound = (place: FilePlace): boolean => {
    const { path, paperPath, isHere } = place
    if (!isHere) match(isNamed, place)
    // Each look at a name of 200,000 costs: what is found is marked at once.
    else if (isNamed.has(path) && (paperPath === null || isNamed.has(paperPath))) {
      isNamed.set(path, true)
      if (paperPath !== null) isNamed.set(paperPath, true)
    } else return false
    return true
  }
  return (places) => Promise.resolve(places.map(isSound))
}

/** Where bytes are to be verified, every file is in doubt. */
function bySizes(library: Library, how: Pick<Ask, 'verifyHashes'>, isNamed: Map<string, boolean>): Judge {
  const look = library.files.sizeCheck()
  const isSound = async (place: FilePlace): Promise<boolean> => {
    const { path, paperPath, bytes } = place
    if (!place.isHere) return true
    if (how.verifyHashes || !place.isObject) return false
    const paths = paperPath === null ? [path] : [path, paperPath]
    return (await Promise.all(paths.map((one) => look(one, bytes)))).every((found) => found === 'ok')
  }
  return async (places) => {
    const areSound = await Promise.all(places.map(isSound))
    for (const [at, place] of places.entries()) if (areSound[at] === true) match(isNamed, place)
    return areSound
  }
}

/** Marks the names that a row explains. */
function match(isNamed: Map<string, boolean>, { path, paperPath }: FilePlace): void {
  for (const name of [path, paperPath]) if (name !== null && isNamed.has(name)) isNamed.set(name, true)
}

/** Counts as files are looked at; how many there are is asked only when it is to be known. */
function progressOf(ledger: Ledger, { onProgress }: Ask): (more: number) => void {
  if (onProgress === undefined) return () => undefined
  const total = ledger.read(numberOfArtifacts)
  let done = 0
  return (more) => {
    done += more
    onProgress(Math.min(done, total), total)
  }
}

/** All rows of files, in the order of the rows, at most `atOnce` at a time. */
export function filePlaces(ledger: Ledger, atOnce: number): AsyncIterable<readonly FilePlace[]> {
  return inBatches(0, atOnce, (after) => ledger.read((r) => placesAfter(r, after, PLACES_AT_ONCE)))
}

/** The files of the current library behind a row, in the order of the rows. */
function filedArtifacts(
  ledger: Ledger,
  atOnce: number,
  from: number
): AsyncIterable<readonly { readonly artifact: FiledArtifact; readonly row: number }[]> {
  return inBatches(from, atOnce, (after) => ledger.read((r) => filedAfterRow(r, after, ARTIFACTS_AT_ONCE)))
}

/** Reads page after page: reading 100,000 rows at once would block the event loop. */
async function* inBatches<Row>(
  from: number,
  atOnce: number,
  read: (after: number) => RowPage<Row, number>
): AsyncGenerator<readonly Row[]> {
  for await (const rows of inPages(from, read))
    for (let at = 0; at < rows.length; at += atOnce) yield rows.slice(at, at + atOnce)
}

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
  const checked = new Map<string, FileCondition>()
  async function look(artifact: FiledArtifact): Promise<FileCondition> {
    const known = checked.get(artifact.path)
    if (known !== undefined) return known
    const condition = await library.objects.check(artifact.path, artifact, { hash: how.verifyHashes })
    checked.set(artifact.path, condition)
    return condition
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
      // An artifact with the same bytes may have been repaired since: then the object is no longer missing.
      const condition = checked.get(artifact.path) ?? seen.value.condition
      const hasName =
        condition === seen.value.condition ? seen.value.isNamed : await isNamed(library, artifact)
      if (condition === 'missing') {
        if (await mendMissing(parts, artifact, findings, lost)) checked.set(artifact.path, 'ok')
      } else if (condition === 'damaged') await setAside(parts, artifact, findings, lost)
      else if (!hasName) await linkAgain(parts, artifact, findings)
    }
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
  const work = parts.ledger.read((r) => namedWork(r, artifact))
  return parts.library.papers.link(path, work)
}

/** Links the file again when its bytes are stored elsewhere, and returns true; else requeues the job. */
async function mendMissing(
  parts: ReconcileParts,
  artifact: FiledArtifact,
  findings: Findings,
  lost: Lost[]
): Promise<boolean> {
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
    return true
  }
  lost.push({ artifact, because: 'Its file is missing.' })
  return false
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
    voidOps(w, job, OPS_OF_FILE, because)
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
