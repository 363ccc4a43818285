/**
 * A file that the user has by other means, or has looked at in the quarantine, becomes the paper of a
 * job: judged and recorded like a download, with the source `manual` (docs/design.md §10).
 */
import { fail } from '../../contract/errors'
import { opResult, provenanceSchema, type Streamed } from '../../contract/op-results'
import { storedStream } from '../../contract/stored-results'
import { isDone } from '../../contract/states'
import { ACCEPTED_BY_PERSON, formatOfArtifact, type PaperVerdict } from '../../contract/words'
import type { Candidate, JobRow, Provenance } from '../../contract/work'
import { expectHash, freeJob, jobById } from '../ledger/jobs'
import { workById } from '../ledger/works'
import { jobStoreOf, servicesOf, type Engine } from './engine'
import type { JobContext } from './job-context'
import { checkPart } from './ops/check-part'
import { EphemeralJobStore } from './ephemeral-job-store'
import type { EphemeralTask } from './ephemeral-job-source'
import { RunStats } from './run-stats'
import { finish, executeJob } from './execute-job'
import type { Ending } from './job-endings'

export interface HowToAttach {
  readonly signal: AbortSignal
  /** one sentence for the provenance */
  readonly evidence?: string
  /** the bytes that were looked at before; BAD_FILE when the file has others now */
  readonly sha256?: string
}

/** Attaches `file` (absolute path); the user's own file is only read. */
export async function attachFile(
  engine: Engine,
  jobId: string,
  file: string,
  how: HowToAttach
): Promise<Ending> {
  return withJob(engine, jobId, how.signal, (context) => takeFile(context, file, how))
}

/** A file that becomes the paper of a job the ledger does not remember (the switch is off). */
export async function filePlainly(
  engine: Engine,
  task: EphemeralTask,
  file: string,
  how: HowToAttach
): Promise<{ readonly path: string; readonly verdict: PaperVerdict; readonly because: string }> {
  const { jobId, canonicalUrl, format, work } = task
  const { workId } = work
  const job = {
    jobId,
    workId,
    artifactId: `${workId}#${format}`,
    canonicalUrl,
    format,
    attempt: 1,
    beganAt: 0,
    expectedSha256: null
  }
  const jobStore = new EphemeralJobStore({ ...engine, job, work, runId: null })
  const context: JobContext = {
    job,
    work,
    jobStore,
    services: servicesOf(engine, new RunStats()),
    signal: how.signal,
    cookies: engine.net.newCookieJar(),
    landingPages: [],
    failedUrls: [],
    waitedMs: 0
  }
  jobStore.advance('HEAD_DONE')
  const streamed = await takeFile(context, file, how)
  await finish(context, streamed)
  const { provenance } = streamed
  const path = jobStore.paperPath ?? engine.library.objects.path(streamed.sha256, format)
  return {
    path: `${engine.library.root}/${path}`,
    verdict: provenance.verdict,
    because: provenance.verdictBecause
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
  return recordStream(context, `manual:${taken.sha256}`, () =>
    checkPart(
      context,
      manualCandidate(context, `manual:${taken.sha256}`, evidence),
      { ...taken, fetchedBytes: 0, resumedFrom: taken.bytes, answer: null },
      { resumedFrom: 0, fetchedTwice: 0, anewBecause: null }
    )
  )
}

/** Files a quarantined PDF after all: the person's word stands against the right-paper check. */
export async function acceptQuarantined(engine: Engine, id: string, signal: AbortSignal): Promise<Ending> {
  const waiting = (await engine.library.quarantine.list()).find((file) => file.id === id)
  if (waiting === undefined) return fail('NO_SUCH_FILE', `No file ${id} is in the quarantine.`)
  return withJob(engine, waiting.jobId, signal, async (context) => {
    const file = await engine.library.quarantine.release(id, 'accept')
    const known = provenanceSchema.safeParse(file.provenance)
    const provenance: Provenance = known.success
      ? {
          ...known.data,
          verdict: 'unsure',
          verdictBecause: ACCEPTED_BY_PERSON
        }
      : emptyProvenance(engine, file.sha256)
    return recordStream(context, `manual:${file.sha256}`, () =>
      Promise.resolve({
        url: `manual:${file.sha256}`,
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
    context: { url, range_start: 0 },
    revive: (stored) => opResult('STREAM', stored),
    toStored: storedStream,
    stillHolds: () => false,
    enters: [{ to: 'STREAMING' }],
    perform: async () => ({ result: await check() })
  })
  return result
}

/** Holds the job for the time of the work, walks it along the table, and gives it back as it was on failure. */
async function withJob(
  engine: Engine,
  jobId: string,
  signal: AbortSignal,
  bring: (context: JobContext) => Promise<Streamed>
): Promise<Ending> {
  const { host, ledger, leases } = engine
  const before = ledger.read((r) => jobById(r, jobId))
  if (before === null) return fail('NO_SUCH_JOB', `There is no job ${jobId}.`)
  if (isDone(before.state)) return fail('TRANSITION_REFUSED', `Job ${jobId} has its paper already.`)
  // Nothing is awaited between the two: a run that is at work would take a job that is free.
  ledger.transact((w) => {
    freeJob(w, jobId, host.clock.now())
    // The user's word: what they bring or accept need not be the file that was lost.
    expectHash(w, jobId, null)
  })
  const granted = leases.take(jobId, host.clock.monotonicMs())
  if (granted === null) {
    return fail('TRANSITION_REFUSED', `Job ${jobId} is being worked on; pause it first.`)
  }
  const runStats = new RunStats()
  const jobStore = jobStoreOf(engine, granted, { runId: null, runStats, signal })
  const work = ledger.read((r) => workById(r, granted.workId))
  const context: JobContext = {
    job: { ...granted, format: formatOfArtifact(granted.artifactId), beganAt: granted.beganAt ?? 0 },
    work: work ?? { workId: granted.workId, ids: {}, facts: {}, locations: [] },
    jobStore,
    services: servicesOf(engine, runStats),
    signal,
    cookies: engine.net.newCookieJar(),
    landingPages: [],
    failedUrls: [],
    waitedMs: 0
  }
  try {
    // A crash left it with its file in place: that is brought to its end first.
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
    url: `manual:${sha256}`,
    finalUrl: `manual:${sha256}`,
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
