/**
 * Imports existing PDFs: each is recognised, checked, and filed in the library through the ledger, like a
 * download with the source `manual`. The original is only read. Files are identified by hash, so an
 * interrupted or repeated import files nothing twice. An uncertain file is not filed but returned with a
 * proposal.
 */
import { SheafError, isSheafError, stopsAll } from '../../../contract/errors'
import type { ImportedLine } from '../../../contract/lines'
import { isDone } from '../../../contract/states'
import { shownPath, type WorkDraft } from '../../../contract/work'
import { artifactById, artifactsByHash } from '../../ledger/artifacts'
import { isOfPdf, jobById, jobsOfWork } from '../../ledger/jobs'
import { workById } from '../../ledger/works'
import { hashOfFile } from '../../library/hash-file'
import { makeTextReader, type TextReader } from '../../library/text-reader'
import { acceptQuarantined, attachFile, fileUnrecorded } from '../attach'
import { holdJobs } from '../control'
import type { Engine } from '../engine'
import { makeKeyedLock } from '../keyed-lock'
import { lookUpWork } from '../look-up'
import { isToBeRecorded, nothingSaid, planDrafts } from '../plan-drafts'
import { workIdOf } from '../../works/works'
import { findPdfs, type FoundFile } from './find-pdfs'
import {
  makeRecogniser,
  type Recognised,
  recogniseFile,
  type Recogniser,
  type Target
} from './recognise-file'

export interface ImportRequest {
  /** absolute paths of files and folders, in the given order */
  readonly paths: Iterable<string> | AsyncIterable<string>
  /** also files uncertain files, under the proposed work */
  readonly accept?: boolean
  /** the work of a single file, given by the user: recognition is skipped */
  readonly as?: WorkDraft
  /** false: no service is queried */
  readonly lookUp?: boolean
  /** the app is running: its start has already reconciled what an interrupted import left */
  readonly isLive?: boolean
}

/** The outcome of one file. Every file found is reported exactly once. */
export type Imported = Omit<ImportedLine, 'type'>

/** Concurrent files: one is read while another waits for the disk. */
const LANES = 2

export async function importFiles(
  engine: Engine,
  request: ImportRequest,
  how: {
    readonly signal: AbortSignal
    readonly tell: (file: Imported) => void
    /** called when a file is started; `tell` reports its outcome */
    readonly begin?: () => void
    /** starts no further file once aborted; those in progress are completed */
    readonly stop?: AbortSignal
  }
): Promise<void> {
  const { tell } = how
  const failed = new AbortController()
  const signal = AbortSignal.any([how.signal, failed.signal])
  const reader = makeTextReader(engine.host)
  try {
    const taker = makeTaker(engine, request, reader)
    const found = findPdfs(engine.host.files, request.paths, { libraryRoot: engine.library.root, signal })[
      Symbol.asyncIterator
    ]()
    const lane = async (): Promise<void> => {
      for (;;) {
        const next = await found.next()
        if (next.done === true || how.stop?.aborted === true) return
        signal.throwIfAborted()
        how.begin?.()
        tell(await taker(next.value, signal))
      }
    }
    await Promise.all(
      Array.from({ length: LANES }, () =>
        lane().catch((error: unknown) => {
          failed.abort(error)
          throw error
        })
      )
    )
  } finally {
    reader.close()
  }
}

type Take = (found: FoundFile, signal: AbortSignal) => Promise<Imported>

function makeTaker(engine: Engine, request: ImportRequest, reader: TextReader): Take {
  const recogniser = makeRecogniser(engine, reader, request.lookUp !== false)
  const locks = makeKeyedLock()
  const inManifest = hashesOfManifest(engine)
  return async (found, signal) => {
    if (found.kind === 'problem') {
      return refused(found.path, null, { reason: found.reason, because: found.because })
    }
    let sha256: string | null = null
    try {
      const hash = (await hashOfFile(engine.host.files, found.path)).sha256
      sha256 = hash
      return await locks.run(hash, async () => {
        const known = knownByHash(engine, found.path, hash) ?? (await inManifest(found.path, hash))
        if (known !== null) return known
        const recognised = await recognise(recogniser, request, found, signal)
        const target = targetOf(request, recognised)
        if (target === null) return unfiled(found.path, hash, recognised)
        const file = { path: found.path, sha256: hash, name: found.name }
        // Two files of one work are serialized: the second is compared with the result of the first.
        return await locks.run(workKey(target), () =>
          fileUnder(engine, file, target, { accepted: recognised.kind !== 'sure', signal })
        )
      })
    } catch (error) {
      signal.throwIfAborted()
      if (!isSheafError(error)) {
        engine.host.log.error('A file could not be imported', { file: found.path, because: String(error) })
        return refused(found.path, sha256, { reason: 'FILE_UNREADABLE', because: String(error) })
      }
      if (stopsAll(error)) throw error
      return refused(found.path, sha256, { reason: error.code, because: error.message })
    }
  }
}

const workKey = ({ workId, draft }: Target): string => `work:${workId ?? workIdOf(draft.ids, draft.namedBy)}`

async function recognise(
  recogniser: Recogniser,
  request: ImportRequest,
  found: { readonly path: string; readonly name: string },
  signal: AbortSignal
): Promise<Recognised> {
  if (request.as === undefined) return recogniseFile(recogniser, found, signal)
  const proposal: Target = { draft: request.as, by: 'person' }
  return { kind: 'unsure', proposal, by: 'person', verdict: 'unsure', because: 'You said which paper it is.' }
}

function targetOf(request: ImportRequest, recognised: Recognised): Target | null {
  switch (recognised.kind) {
    case 'sure':
      return recognised.target
    case 'unsure':
      return request.accept === true || request.as !== undefined ? recognised.proposal : null
    case 'rejected':
      return null
  }
}

/** The bytes are in the library already, for any work. */
function knownByHash(engine: Engine, file: string, sha256: string): Imported | null {
  const artifact = engine.ledger.read((r) => artifactsByHash(r, sha256))[0]
  if (artifact === undefined) return null
  const { workId, verdict } = artifact
  return {
    ...(artifact.jobId === null ? {} : { job_id: artifact.jobId }),
    ...isHere(file, sha256, { workId, verdict, path: `${engine.library.root}/${shownPath(artifact)}` })
  }
}

function isHere(
  file: string,
  sha256: string,
  as: { readonly workId: string; readonly verdict: Imported['verdict']; readonly path: string }
): Imported {
  return {
    file,
    work_id: as.workId,
    by: 'hash',
    verdict: as.verdict,
    sha256,
    outcome: 'existing',
    path: as.path,
    because: IN_LIBRARY
  }
}

export const IN_LIBRARY = 'This very file is in the library already.'

/** With the switch off, only the library file has a record. It is read on first use. */
function hashesOfManifest(engine: Engine): (file: string, sha256: string) => Promise<Imported | null> {
  if (engine.settings['safety.switch'] === 'on') return () => Promise.resolve(null)
  return async (file, sha256) => {
    for (const line of (await engine.library.manifest.read()).values()) {
      if (line.sha256 !== sha256) continue
      const path = `${engine.library.root}/${shownPath({ path: line.path, paperPath: line.paper })}`
      return isHere(file, sha256, { workId: line.work_id, verdict: line.verdict, path })
    }
    return null
  }
}

/** A user's file: absolute path, base name, and the hash of the inspected bytes. */
export interface OwnFile {
  readonly path: string
  readonly name: string
  readonly sha256: string
}

async function fileUnder(
  engine: Engine,
  file: OwnFile,
  target: Target,
  how: { readonly accepted: boolean; readonly signal: AbortSignal }
): Promise<Imported> {
  const { ledger } = engine
  const evidence = `You imported ${file.name}.`
  const known = ledger.read((r) =>
    target.workId === undefined ? null : (jobsOfWork(r, target.workId).find(isOfPdf) ?? null)
  )
  let jobId = known?.jobId ?? null
  const look = ledger.read((r) => lookUpWork(r, target.draft))
  if (look?.removed != null)
    return refused(file.path, file.sha256, {
      reason: 'REMOVED',
      because: `You removed this paper; sheaf remove ${look.workId} --undo takes that back.`
    })
  if (jobId === null) {
    if (!isToBeRecorded(engine, target.draft))
      return filedUnrecorded(engine, file, target, { evidence, signal: how.signal })
    const plan = { formats: ['pdf'] as const, priority: 0, runId: null, said: nothingSaid() }
    const planned = await planDrafts(engine, [target.draft], plan, how.signal)
    jobId = planned.lines[0]?.job_id ?? null
  }
  const job = jobId === null ? null : ledger.read((r) => jobById(r, jobId))
  if (job === null) throw new SheafError('INTERNAL', `No job was planned for ${file.path}.`)
  if (isDone(job.state)) return hasAnother(engine, file, target, job.workId, job.jobId)
  await attachOrAccept(engine, job.jobId, file, { ...how, evidence })
  return filed(engine, file, target, job.jobId)
}

/** With the switch off: afterwards it is only in the library file. */
async function filedUnrecorded(
  engine: Engine,
  file: OwnFile,
  target: Target,
  how: { readonly evidence: string; readonly signal: AbortSignal }
): Promise<Imported> {
  const { job, artifact } = await fileUnrecorded(engine, target.draft, file.path, how)
  return {
    ...base(file, target, artifact.verdict),
    work_id: job.workId,
    job_id: job.jobId,
    outcome: 'filed',
    path: `${engine.library.root}/${shownPath(artifact)}`,
    because: artifact.provenance.verdictBecause
  }
}

const base = (
  file: OwnFile,
  target: Target,
  verdict: Imported['verdict']
): Pick<Imported, 'file' | 'by' | 'verdict' | 'sha256'> => ({
  file: file.path,
  by: target.by,
  verdict,
  sha256: file.sha256
})

/** If the right-paper check refuses a file that the user confirmed, the user's decision counts. */
export async function attachOrAccept(
  engine: Engine,
  jobId: string,
  file: OwnFile,
  how: { readonly accepted: boolean; readonly evidence: string; readonly signal: AbortSignal }
): Promise<void> {
  // Stop a worker that is fetching this paper: its file is here.
  if (engine.active.has(jobId)) await holdJobs(engine, { jobIds: [jobId] })
  try {
    await attachFile(engine, jobId, file.path, {
      evidence: how.evidence,
      sha256: file.sha256,
      signal: how.signal
    })
  } catch (error) {
    if (!how.accepted || !isSheafError(error, 'WRONG_PAPER')) throw error
    const aside = (await engine.library.quarantine.list()).find(
      (one) => one.jobId === jobId && one.sha256 === file.sha256
    )
    if (aside === undefined) throw error
    await acceptQuarantined(engine, aside.id, how.signal)
  }
}

function filed(engine: Engine, file: OwnFile, target: Target, jobId: string): Imported {
  const { ledger, library } = engine
  const job = ledger.read((r) => jobById(r, jobId))
  const artifact = job === null ? null : ledger.read((r) => artifactById(r, job.artifactId))
  if (job === null || artifact === null)
    throw new SheafError('INTERNAL', `${file.path} was filed, and its record is missing.`)
  // Finishing the job may have completed another file that a crash had left.
  if (artifact.sha256 !== file.sha256) return hasAnother(engine, file, target, job.workId, jobId)
  return {
    ...base(file, target, artifact.verdict),
    job_id: jobId,
    work_id: job.workId,
    outcome: job.state === 'SKIPPED_DUPLICATE' ? 'duplicate' : 'filed',
    path: `${library.root}/${shownPath(artifact)}`,
    because: artifact.provenance.verdictBecause
  }
}

/** The work already has a different file: two versions of a paper are not both filed. */
function hasAnother(engine: Engine, file: OwnFile, target: Target, workId: string, jobId: string): Imported {
  const title = engine.ledger.read((r) => workById(r, workId))?.facts.title
  return {
    ...base(file, target, 'match'),
    job_id: jobId,
    work_id: workId,
    outcome: 'existing',
    reason: 'HAS_ANOTHER_FILE',
    because: `The library has another file of ${title === undefined ? workId : `“${title}”`}.`
  }
}

function unfiled(file: string, sha256: string, recognised: Recognised): Imported {
  if (recognised.kind === 'rejected') return refused(file, sha256, recognised)
  if (recognised.kind === 'sure')
    throw new SheafError('BROKEN_INVARIANT', `${file} is sure and was not filed.`)
  const { proposal } = recognised
  return {
    file,
    by: recognised.by,
    verdict: recognised.verdict,
    sha256,
    outcome: 'unsure',
    because: recognised.because,
    ...(proposal === null
      ? {}
      : {
          proposal: {
            ...proposal.draft.ids,
            ...(proposal.workId === undefined ? {} : { work_id: proposal.workId }),
            ...(proposal.draft.facts.title === undefined ? {} : { title: proposal.draft.facts.title })
          }
        })
  }
}

function refused(
  file: string,
  sha256: string | null,
  why: { readonly reason: string; readonly because: string }
): Imported {
  return {
    file,
    by: null,
    verdict: 'rejected',
    sha256,
    outcome: 'refused',
    reason: why.reason,
    because: why.because
  }
}
