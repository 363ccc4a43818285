/**
 * Files a PDF received from the browser. With a job, or with the address of a waiting paper, it is attached
 * like a file saved by hand: judged, and quarantined when it is another paper. Otherwise the file is
 * identified from its content, as in the watched folder; a file that no paper waits for is imported when its
 * work is certain.
 */
import { join } from 'node:path'
import type { FileAnswer, FilePlace } from '../../../contract/companion'
import { SheafError, fail, isSheafError } from '../../../contract/errors'
import { isDone } from '../../../contract/states'
import type { JobRow } from '../../../contract/work'
import { artifactsByHash } from '../../ledger/artifacts'
import { isOfPdf, jobById, jobsOfWork } from '../../ledger/jobs'
import { noteWatched, watchedByHash } from '../../ledger/watched-files'
import { workById } from '../../ledger/works'
import { makeTextReader } from '../../library/text-reader'
import type { Engine } from '../engine'
import { attachTo, catchFile } from '../handoff/catch-file'
import { importFiles, type Imported, type OwnFile } from '../import/import-files'
import { lookUpWork } from '../look-up'
import { fileNameOf, type Arrived } from './inbox'
import { draftOfSent } from './sent-papers'
import { isErrorCode } from '../../../contract/reason-words'
import { makeRecogniser } from '../import/recognise-file'

const EVIDENCE = 'You sent it from your browser.'
/** Attempts when a worker takes the job at the same instant; the worker is stopped each time. */
const TRIES = 3

interface How {
  readonly inbox: string
  readonly place: FilePlace
  readonly signal: AbortSignal
}

/**
 * Throws the reason of a refusal: NO_SUCH_JOB, REMOVED, TRANSITION_REFUSED, PAPER_UNKNOWN, and the errors of
 * a refused file.
 */
export async function fileReceived(engine: Engine, arrived: Arrived, how: How): Promise<FileAnswer> {
  const { sha256 } = arrived
  const name = fileNameOf(how.place.url, sha256)
  const file: OwnFile = { path: arrived.path, name, sha256 }
  const here = engine.ledger.read((r) => artifactsByHash(r, sha256))[0]
  if (here !== undefined) return answerFor(engine, 'here', here.workId, { sha256, jobId: here.jobId })
  const job = jobMeant(engine, how.place)
  if (job !== null) return attach(engine, job, file, how.signal)
  return recognised(engine, file, how)
}

/** NO_SUCH_JOB, REMOVED, TRANSITION_REFUSED; null when neither job nor address identifies one. */
function jobMeant(engine: Engine, { job: jobId, url }: FilePlace): JobRow | null {
  return engine.ledger.read((r) => {
    if (jobId !== undefined) {
      const job = jobById(r, jobId)
      if (job === null) return fail('NO_SUCH_JOB', `There is no job ${jobId}.`)
      if (job.hold === 'removed') return fail('REMOVED')
      if (isDone(job.state)) return fail('TRANSITION_REFUSED', 'The paper has another file already.')
      return job
    }
    const named = url === undefined ? null : draftOfSent({ identifiers: [], url })
    const known = named?.kind === 'draft' ? lookUpWork(r, named.draft) : null
    if (known === null) return null
    if (known.removed !== null) return fail('REMOVED')
    const waiting = jobsOfWork(r, known.workId).find(isOfPdf)
    return waiting === undefined || isDone(waiting.state) ? null : waiting
  })
}

async function attach(engine: Engine, job: JobRow, file: OwnFile, signal: AbortSignal): Promise<FileAnswer> {
  const { jobId, workId } = job
  for (let tried = 1; ; tried += 1) {
    try {
      await attachTo(engine, jobId, { ...file, evidence: EVIDENCE }, { accepted: false, signal })
      return answerFor(engine, 'attached', workId, { sha256: file.sha256, jobId })
    } catch (error) {
      const isTaken = isSheafError(error, 'TRANSITION_REFUSED') && engine.active.has(jobId)
      if (!isTaken) throw error
      // This is no decision about the file, so it may be sent again under its key.
      if (tried >= TRIES) throw new SheafError('LEASE_LOST', error.message, { cause: error })
    }
  }
}

async function recognised(engine: Engine, file: OwnFile, { inbox, signal }: How): Promise<FileAnswer> {
  const { ledger, host } = engine
  const open = ledger.read((r) => watchedByHash(r, file.sha256)).find((one) => one.outcome === 'asked')
  if (open !== undefined) return answerForJob(engine, 'asked', open.jobId, file.sha256)
  const reader = makeTextReader(host)
  try {
    const parts = makeRecogniser(engine, reader, false)
    const caught = await catchFile(parts, { ...file, evidence: EVIDENCE }, signal)
    if (caught.outcome === 'attached') return answerForJob(engine, 'attached', caught.jobId, file.sha256)
    if (caught.outcome === 'asked') {
      await keepToAsk(engine, file, { inbox, jobId: caught.jobId, because: caught.because })
      return answerForJob(engine, 'asked', caught.jobId, file.sha256)
    }
  } finally {
    reader.close()
  }
  return imported(engine, file, signal)
}

/** Adds a question to the list of papers that need the user, beside those of the watched folder. */
async function keepToAsk(
  { host, ledger }: Engine,
  file: OwnFile,
  question: { readonly inbox: string; readonly jobId: string; readonly because: string }
): Promise<void> {
  const { inbox, jobId, because } = question
  const path = join(inbox, file.name)
  await host.files.rename(file.path, path)
  const stat = await host.files.stat(path)
  const { name, sha256 } = file
  const seen = { folder: inbox, name, bytes: stat?.bytes ?? 0, modifiedAt: stat?.modifiedAt ?? 0 }
  await ledger.commit((w) => {
    noteWatched(w, { ...seen, sha256, outcome: 'asked', jobId, because }, host.clock.now())
  })
}

async function imported(engine: Engine, file: OwnFile, signal: AbortSignal): Promise<FileAnswer> {
  const outcomes: Imported[] = []
  await importFiles(engine, { paths: [file.path] }, { signal, tell: (one) => outcomes.push(one) })
  const [fate] = outcomes
  if (fate === undefined) throw new SheafError('INTERNAL', 'A received file had no fate.')
  switch (fate.outcome) {
    case 'filed':
    case 'duplicate':
      return answerForJob(engine, 'attached', fate.job_id ?? null, file.sha256)
    case 'existing':
      return fail('TRANSITION_REFUSED', fate.because)
    case 'unsure':
      return fail('PAPER_UNKNOWN')
    case 'refused':
      return fail(isErrorCode(fate.reason) ? fate.reason : 'BAD_FILE', fate.because)
    default:
      return fate.outcome satisfies never
  }
}

function answerForJob(
  engine: Engine,
  outcome: FileAnswer['outcome'],
  jobId: string | null,
  sha256: string
): FileAnswer {
  const job = jobId === null ? null : engine.ledger.read((r) => jobById(r, jobId))
  return answerFor(engine, outcome, job?.workId ?? null, { sha256, jobId })
}

function answerFor(
  { ledger }: Engine,
  outcome: FileAnswer['outcome'],
  workId: string | null,
  file: { readonly sha256: string; readonly jobId: string | null }
): FileAnswer {
  const title = workId === null ? null : (ledger.read((r) => workById(r, workId))?.facts.title ?? null)
  return { outcome, job_id: file.jobId, work_id: workId, title, sha256: file.sha256 }
}
