/**
 * A file that the user has by other means, or has looked at in the quarantine, becomes the paper of a
 * job: judged and recorded like a download, with the source `manual` (DESIGN §10).
 */
import { fail } from '../../contract/errors'
import { isDone } from '../../contract/states'
import { ACCEPTED_BY_PERSON } from '../../contract/words'
import type { Candidate, JobRow, Provenance } from '../../contract/work'
import { freeJob, jobById } from '../ledger/jobs'
import { workById } from '../ledger/works'
import { keeperOf, roomsOf, type Engine } from './engine'
import type { Journey } from './journey'
import { checkPart } from './ops/check-part'
import { provenanceSchema } from './ops/provenance'
import { reviveStreamed, type Streamed } from './ops/stream-body'
import { formatOf } from './supply'
import { Tally } from './tally'
import { finish, type Ending } from './walk'

/** Attaches `file` (absolute path); the user's own file is only read. */
export async function attachFile(
  engine: Engine,
  jobId: string,
  file: string,
  signal: AbortSignal
): Promise<Ending> {
  return withJob(engine, jobId, signal, async (journey) => {
    const taken = await engine.library.takeIn(jobId, file)
    const name = file.replace(/^.*[\\/]/, '')
    return recordStream(journey, `manual:${taken.sha256}`, () =>
      checkPart(
        journey,
        manualCandidate(journey, `manual:${taken.sha256}`, `You attached ${name}.`),
        { ...taken, fetchedBytes: 0, resumedFrom: taken.bytes, answer: null },
        { resumedFrom: 0, fetchedTwice: 0, anewBecause: null }
      )
    )
  })
}

/** Files a quarantined PDF after all: the person's word stands against the right-paper check. */
export async function acceptQuarantined(engine: Engine, id: string, signal: AbortSignal): Promise<Ending> {
  const waiting = (await engine.library.listQuarantine()).find((file) => file.id === id)
  if (waiting === undefined) return fail('NO_SUCH_FILE', `No file ${id} is in the quarantine.`)
  return withJob(engine, waiting.jobId, signal, async (journey) => {
    const file = await engine.library.release(id, 'accept')
    const known = provenanceSchema.safeParse(file.provenance)
    const provenance: Provenance = known.success
      ? {
          ...(known.data as Provenance),
          verdict: 'unsure',
          verdictBecause: ACCEPTED_BY_PERSON
        }
      : emptyProvenance(engine, file.sha256)
    return recordStream(journey, `manual:${file.sha256}`, () =>
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
  journey: Journey,
  url: string,
  check: () => Promise<Streamed>
): Promise<Streamed> {
  const { result } = await journey.keeper.effects.run<Streamed>({
    kind: 'STREAM',
    context: { url, range_start: 0 },
    revive: reviveStreamed,
    stillHolds: () => false,
    perform: async () => ({ result: await check() })
  })
  return result
}

/** Holds the job for the time of the work, walks it along the table, and gives it back as it was on failure. */
async function withJob(
  engine: Engine,
  jobId: string,
  signal: AbortSignal,
  bring: (journey: Journey) => Promise<Streamed>
): Promise<Ending> {
  const { host, ledger, leases } = engine
  const before = ledger.read((r) => jobById(r, jobId))
  if (before === null) return fail('NO_SUCH_JOB', `There is no job ${jobId}.`)
  if (isDone(before.state)) return fail('TRANSITION_REFUSED', `Job ${jobId} has its paper already.`)
  await ledger.commit((w) => freeJob(w, jobId, host.clock.now()))
  const granted = leases.take(jobId, host.clock.monotonicMs())
  if (granted === null) {
    return fail('TRANSITION_REFUSED', `Job ${jobId} is being worked on; pause it first.`)
  }
  const tally = new Tally()
  const keeper = keeperOf(engine, granted, { runId: null, tally, signal })
  const work = ledger.read((r) => workById(r, granted.workId))
  const journey: Journey = {
    job: { ...granted, format: formatOf(granted.artifactId), beganAt: granted.beganAt ?? 0 },
    work: work ?? { workId: granted.workId, ids: {}, facts: {}, locations: [] },
    keeper,
    rooms: roomsOf(engine, tally),
    signal,
    cookies: engine.net.newCookieJar(),
    landingPages: [],
    failedUrls: []
  }
  try {
    keeper.advance('HEAD_DONE')
    keeper.advance('STREAMING')
    return await finish(journey, await bring(journey))
  } catch (error) {
    await putBackAsItWas(journey, before)
    throw error
  }
}

async function putBackAsItWas(journey: Journey, before: JobRow): Promise<void> {
  if (before.state === 'FAILED') {
    await journey.keeper.endAsFailed(
      before.reason ?? 'INTERNAL',
      before.reasonDetail ?? '',
      before.nextAttemptAt
    )
  } else {
    await journey.keeper.release(before.nextAttemptAt)
  }
}

function manualCandidate(journey: Journey, url: string, evidence: string): Candidate {
  return { url, source: 'manual', tier: 'direct_oa', format: journey.job.format, rank: 0, evidence }
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
