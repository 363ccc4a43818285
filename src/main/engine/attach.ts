/**
 * Attaches a file as the paper of a job: one that the user has by other means, or has inspected in the
 * quarantine. It is judged and recorded like a download, with the source `manual` (docs/design.md §10).
 */
import { fail } from '../../contract/errors'
import { opResult, provenanceSchema, type Streamed } from '../../contract/op-results'
import { storedStream } from '../../contract/stored-results'
import { DONE_STATES, isDone } from '../../contract/states'
import { ACCEPTED_BY_PERSON, manualAddress } from '../../contract/words'
import type { ArtifactRow, Candidate, JobRow, Provenance, WorkDraft } from '../../contract/work'
import { artifactById } from '../ledger/artifacts'
import { expectHash, freeJob, jobById } from '../ledger/jobs'
import { holdJobs } from './control'
import { jobStoreOf, servicesOf, type Engine } from './engine'
import type { JobContext } from './job-context'
import { heldJob, workOfJob } from './job-source'
import { checkPart } from './ops/check-part'
import { streamContext } from './ops/op-contexts'
import { RunStats } from './run-stats'
import { finish } from './settle-file'
import { executeJob } from './execute-job'
import type { JobBook } from './unrecorded-jobs'
import type { Ending } from './job-endings'

export interface HowToAttach {
  readonly signal: AbortSignal
  /** one sentence for the provenance */
  readonly evidence?: string
  /** hash of the bytes inspected before; BAD_FILE when the file has changed since */
  readonly sha256?: string
}

/** Attaches `file` (absolute path); the user's own file is only read. */
export async function attachFile(
  engine: Engine,
  jobId: string,
  file: string,
  how: HowToAttach
): Promise<Ending> {
  return withJob(engine, jobId, { signal: how.signal }, (context) => takeFile(context, file, how))
}

/**
 * Files a paper whose work is not recorded (the switch is off). Its job exists only during this call, unless
 * it was planned before.
 */
export async function fileUnrecorded(
  engine: Engine,
  draft: WorkDraft,
  file: string,
  how: HowToAttach
): Promise<{ readonly job: JobRow; readonly artifact: ArtifactRow }> {
  const { unrecorded } = engine
  const book = await unrecorded.open()
  const plan = { formats: ['pdf'], priority: 0, startsOver: DONE_STATES } as const
  // No await until the job is held, except to stop a worker that is fetching this paper.
  const [line] = unrecorded.planIn(book, [draft], plan)
  if (line === undefined) return fail('BROKEN_INVARIANT', `No job was planned for ${file}.`)
  const jobId = line.job_id
  if (engine.active.has(jobId)) await holdJobs({ ...engine, ledger: book.ledger }, { jobIds: [jobId] })
  try {
    await withJob(engine, jobId, { signal: how.signal, book }, (context) => takeFile(context, file, how))
    return book.ledger.read((r) => {
      const job = jobById(r, jobId)
      const artifact = job === null ? null : artifactById(r, job.artifactId)
      if (job === null || artifact === null)
        return fail('BROKEN_INVARIANT', `${file} was filed, and its record is missing.`)
      return { job, artifact }
    })
  } finally {
    if (line.existing) unrecorded.forgetHistory(jobId)
    else unrecorded.drop(jobId)
  }
}

async function takeFile(context: JobContext, file: string, how: HowToAttach): Promise<Streamed> {
  const { library } = context.services
  const taken = await library.takeIn(context.job.jobId, file)
  if (how.sha256 !== undefined && taken.sha256 !== how.sha256) {
    await library.staging.discard(context.job.jobId)
    return fail('BAD_FILE', `${file} changed while it was read.`)
  }
  const evidence = how.evidence ?? `You attached ${file.replace(/^.*[\\/]/, '')}.`
  return recordStream(context, manualAddress(taken.sha256), () =>
    checkPart(
      context,
      manualCandidate(context, manualAddress(taken.sha256), evidence),
      { ...taken, fetchedBytes: 0, resumedFrom: taken.bytes, answer: null },
      { resumedFrom: 0, fetchedTwice: 0, anewBecause: null }
    )
  )
}

/** Files a quarantined PDF: the user's decision overrides the right-paper check. */
export async function acceptQuarantined(engine: Engine, id: string, signal: AbortSignal): Promise<Ending> {
  const waiting = (await engine.library.quarantine.list()).find((file) => file.id === id)
  if (waiting === undefined) return fail('NO_SUCH_FILE', `No file ${id} is in the quarantine.`)
  return withJob(engine, waiting.jobId, { signal }, async (context) => {
    const file = await engine.library.quarantine.release(id, 'accept')
    const known = provenanceSchema.safeParse(file.provenance)
    const provenance: Provenance = known.success
      ? {
          ...known.data,
          verdict: 'unsure',
          verdictBecause: ACCEPTED_BY_PERSON
        }
      : emptyProvenance(engine, file.sha256)
    return recordStream(context, manualAddress(file.sha256), () =>
      Promise.resolve({
        url: manualAddress(file.sha256),
        sha256: file.sha256,
        bytes: file.bytes,
        fetchedBytes: 0,
        resumedFrom: 0,
        fetchedTwice: 0,
        anewBecause: null,
        validator: null,
        provenance
      })
    )
  })
}

async function recordStream(
  context: JobContext,
  url: string,
  check: () => Promise<Streamed>
): Promise<Streamed> {
  const { result } = await context.jobStore.effects.run<Streamed>({
    kind: 'STREAM',
    context: streamContext(url),
    revive: (stored) => opResult('STREAM', stored),
    toStored: storedStream,
    stillHolds: () => false,
    enters: [{ to: 'STREAMING' }],
    perform: async () => ({ result: await check() })
  })
  return result
}

/** Holds the job during the work, moves it along the table, and restores it on failure. */
async function withJob(
  engine: Engine,
  jobId: string,
  { signal, book = engine }: { readonly signal: AbortSignal; readonly book?: JobBook },
  bring: (context: JobContext) => Promise<Streamed>
): Promise<Ending> {
  const { host } = engine
  const { ledger, leases } = book
  const before = ledger.read((r) => jobById(r, jobId))
  if (before === null) return fail('NO_SUCH_JOB', `There is no job ${jobId}.`)
  if (isDone(before.state)) return fail('TRANSITION_REFUSED', `Job ${jobId} has its paper already.`)
  // No await between the two: a concurrent run would take a free job.
  ledger.transact((w) => {
    freeJob(w, jobId, host.clock.now())
    // The user accepts this file, so it need not match the hash of the lost one.
    expectHash(w, jobId, null)
  })
  const granted = leases.take(jobId, host.clock.monotonicMs())
  if (granted === null) {
    return fail('TRANSITION_REFUSED', `Job ${jobId} is being worked on; pause it first.`)
  }
  const runStats = new RunStats()
  const jobStore = jobStoreOf(engine, granted, { runId: null, runStats, signal, book })
  const context: JobContext = {
    job: heldJob(granted),
    work: ledger.read((r) => workOfJob(r, granted)),
    jobStore,
    services: servicesOf(engine, runStats),
    signal,
    cookies: engine.net.newCookieJar(),
    landingPages: [],
    failedUrls: [],
    waitedMs: 0
  }
  try {
    // A crash left the job with its file in place: finish it.
    if (jobStore.state === 'FINALIZED' || jobStore.state === 'INDEXED') return await executeJob(context)
    jobStore.advance('HEAD_DONE')
    return await finish(context, await bring(context))
  } catch (error) {
    await putBackAsItWas(context, before)
    await ledger.commit((w) => expectHash(w, jobId, before.expectedSha256))
    throw error
  }
}

async function putBackAsItWas(context: JobContext, before: JobRow): Promise<void> {
  if (before.state === 'FAILED') {
    await context.jobStore.endAsFailed(
      before.reason ?? 'INTERNAL',
      before.reasonDetail ?? '',
      before.nextAttemptAt
    )
  } else {
    await context.jobStore.release(before.nextAttemptAt)
  }
}

function manualCandidate(context: JobContext, url: string, evidence: string): Candidate {
  return { url, source: 'manual', tier: 'direct_oa', format: context.job.format, rank: 0, evidence }
}

function emptyProvenance(engine: Engine, sha256: string): Provenance {
  return {
    source: 'manual',
    tier: null,
    version: null,
    license: null,
    evidence: 'You accepted it from the quarantine.',
    url: manualAddress(sha256),
    finalUrl: manualAddress(sha256),
    foundOn: null,
    chain: [],
    headers: {},
    checks: [],
    verdict: 'unsure',
    verdictBecause: ACCEPTED_BY_PERSON,
    pages: null,
    encrypted: false,
    fetchedAt: engine.host.clock.now()
  }
}
