/**
 * Decides whether one file of the watched folder is a paper that a job waits for. It is recognised like an
 * imported file (`import/recognise-file.ts`), without querying a service. A certain match is attached through
 * the ledger as a copy, a possible match becomes a question to the user, anything else is left alone.
 */
import { isSheafError, stopsAll } from '../../../contract/errors'
import { isDone } from '../../../contract/states'
import { shownPath, type JobRow } from '../../../contract/work'
import { artifactById, artifactsByHash } from '../../ledger/artifacts'
import { isOfPdf, jobById, jobsOfWork } from '../../ledger/jobs'
import { watchedByHash } from '../../ledger/watched-files'
import type { Engine } from '../engine'
import { attachOrAccept, IN_LIBRARY, type OwnFile } from '../import/import-files'
import { recogniseFile, type Recogniser, type Target } from '../import/recognise-file'
import { lookUpWork } from '../look-up'

export type Caught =
  | {
      readonly outcome: 'attached'
      readonly jobId: string
      readonly workId: string
      /** absolute path in the library */
      readonly path: string
      readonly because: string
    }
  | {
      readonly outcome: 'asked'
      readonly jobId: string
      readonly workId: string
      readonly because: string
    }
  | { readonly outcome: 'other'; readonly because: string }

/** `evidence`: the origin of the file for the provenance; absent: saved in the watched folder. */
type SavedFile = OwnFile & { readonly evidence?: string }

const other = (because: string): Caught => ({ outcome: 'other', because })

/** Throws a SheafError of the family Pause, and the signal's reason; in both cases nothing is decided. */
export async function catchFile(
  recogniser: Recogniser,
  file: SavedFile,
  signal: AbortSignal
): Promise<Caught> {
  const { engine } = recogniser
  if (engine.ledger.read((r) => artifactsByHash(r, file.sha256)).length > 0) return other(IN_LIBRARY)
  // The same file was saved twice: its question or answer exists already.
  const known = engine.ledger.read((r) => watchedByHash(r, file.sha256)).find((one) => one.name !== file.name)
  if (known?.outcome === 'asked' || known?.outcome === 'declined')
    return other(`The same file as ${known.name}.`)
  const recognised = await recogniseFile(recogniser, file, signal)
  switch (recognised.kind) {
    case 'rejected':
      return other(recognised.because)
    case 'sure': {
      const job = waitingJob(engine, recognised.target)
      if (job === null) return other('No paper that waits.')
      return attachSure(engine, job, file, signal)
    }
    case 'unsure': {
      const { proposal, by, verdict, because } = recognised
      const job = proposal === null ? null : waitingJob(engine, proposal)
      // A mismatching file that contains the identifier may only cite the paper. An identifier in the file
      // name was chosen by the user and is worth a question.
      if (job === null || (verdict === 'mismatch' && by !== 'name')) return other(because)
      return { outcome: 'asked', jobId: job.jobId, workId: job.workId, because }
    }
    default:
      return recognised satisfies never
  }
}

async function attachSure(
  engine: Engine,
  job: JobRow,
  file: SavedFile,
  signal: AbortSignal
): Promise<Caught> {
  try {
    return await attachTo(engine, job.jobId, file, { accepted: false, signal })
  } catch (error) {
    signal.throwIfAborted()
    if (!isSheafError(error) || stopsAll(error)) throw error
    return { outcome: 'asked', jobId: job.jobId, workId: job.workId, because: error.message }
  }
}

/** Files it as the paper of that job. `accepted`: the user's decision overrides the right-paper check. */
export async function attachTo(
  engine: Engine,
  jobId: string,
  file: SavedFile,
  how: { readonly accepted: boolean; readonly signal: AbortSignal }
): Promise<Extract<Caught, { outcome: 'attached' }>> {
  const evidence = file.evidence ?? `You saved ${file.name} in the watched folder.`
  await attachOrAccept(engine, jobId, file, { ...how, evidence })
  const job = engine.ledger.read((r) => jobById(r, jobId))
  const artifact = job === null ? null : engine.ledger.read((r) => artifactById(r, job.artifactId))
  return {
    outcome: 'attached',
    jobId,
    workId: job?.workId ?? '',
    path: artifact === null ? '' : `${engine.library.root}/${shownPath(artifact)}`,
    because: artifact?.provenance.verdictBecause ?? ''
  }
}

/** The PDF job of this work, when it still waits for a file. */
function waitingJob(engine: Engine, target: Target): JobRow | null {
  return engine.ledger.read((r) => {
    const workId = target.workId ?? lookUpWork(r, target.draft)?.workId
    if (workId === undefined) return null
    return jobsOfWork(r, workId).find(isWaiting) ?? null
  })
}

export const isWaiting = (job: JobRow): boolean =>
  isOfPdf(job) &&
  !isDone(job.state) &&
  job.hold !== 'ignored' &&
  job.hold !== 'removed' &&
  job.reason !== 'CANCELLED'
