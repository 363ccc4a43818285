/**
 * Walks one job from its lease to its end: the one place where ops follow one another, and the one
 * `catch` where the families of failures meet their consequences. However it ends, the
 * job is at an end, failed with a reason, or given back with every byte on disk.
 */
import { SheafError, fail, isSheafError } from '../../contract/errors'
import type { DoneLine } from '../../contract/lines'
import { isDone } from '../../contract/states'
import type { ArtifactRow, Candidate, Provenance } from '../../contract/work'
import { isOfOnePlace, troubledPlace } from '../library/disk-trouble'
import type { Budget } from '../sources/sources'
import { backoffMs } from '../net/retry'
import { canonicalUrl } from '../works/canonical-url'
import type { Elder, Journey, Twin } from './journey'
import { dedupeArtifact } from './ops/dedupe-artifact'
import { finalizeObject, reviveFinalized, type FinalizedFile } from './ops/finalize-object'
import { judgedForThisWork } from './ops/check-part'
import { headCandidate, type HeadResult } from './ops/head-candidate'
import type { OpenedFile } from './ops/open-file'
import { filesNamedInstead } from './ops/page-at-file'
import { indexArtifact, listArtifact } from './ops/index-artifact'
import { strongName } from './ops/answer-parts'
import type { WhichSources } from './ops/resolve-candidates'
import { isStillThere, reviveStreamed, streamBody, type Streamed } from './ops/stream-body'
import { makeReadings, type Reading } from './readings'
import { sentenceOf } from './recorded-effects'
import { nextAttemptAt, tellingReason, type Rejection } from './verdict'

export type Ending =
  | { readonly kind: 'done'; readonly duplicate: boolean }
  | { readonly kind: 'failed'; readonly reason: string; readonly nextAttemptAt: number | null }
  | { readonly kind: 'released'; readonly because: string }
  /** the engine must wait for the cause to pass; the job was given back, or will be by reconcile */
  | { readonly kind: 'pause'; readonly error: SheafError }

/** How long a worker waits in place for a server that asked for it, before it goes on to other work. */
const PATIENCE_MS = 20_000
/** How often one candidate may fail without a single new byte before the next one is tried. */
const FRUITLESS_TRIES = 3
/** How soon a job looks again whether its elder twin has arrived. */
const TWIN_WAIT_SECONDS = 2
/** How soon a server that sent too slowly is asked again. */
const SLOW_WAIT_SECONDS = 600
/** How often the engine stands still for one job although the library is well, before that job fails. */
const MOST_STANDSTILLS = 2

export async function walkJob(journey: Journey): Promise<Ending> {
  try {
    return await walk(journey)
  } catch (error) {
    return await consequence(journey, error).catch((refused: unknown): Ending => {
      // Not even the failure can be written down now: the engine waits until it can.
      if (isSheafError(refused) && refused.family === 'Pause') return { kind: 'pause', error: refused }
      throw refused
    })
  }
}

async function walk(journey: Journey): Promise<Ending> {
  const { keeper } = journey
  if (keeper.state === 'FINALIZED' || keeper.state === 'INDEXED') {
    const file = reviveFinalized(keeper.settled())
    if (file !== null) return settle(journey, file)
    return failed(
      journey,
      'INTERNAL',
      'The record of the finished file is missing; reconcile puts it right.',
      null
    )
  }
  const streamed = await leftByAnother(journey)
  if (streamed !== null) return finish(journey, streamed)
  return search(journey)
}

/** The body was already downloaded before a crash; skip the network. */
async function leftByAnother(journey: Journey): Promise<Streamed | null> {
  const { keeper } = journey
  const streamed = reviveStreamed(keeper.streamed())
  if (streamed === null || !(await isStillThere(journey, streamed))) return null
  keeper.advance('HEAD_DONE')
  keeper.advance('STREAMING')
  return streamed
}

async function search(journey: Journey): Promise<Ending> {
  const { rooms, signal } = journey
  const { clock } = rooms.host
  const { budget, read, readAgain } = makeReadings(journey)
  const rejections: Rejection[] = []
  let spent = false
  for (const tier of rooms.plan.tiers) {
    signal.throwIfAborted()
    spent = budget.attemptsLeft <= 0 || clock.monotonicMs() >= budget.endsAtMs
    if (spent) break
    let which: WhichSources = { tier: tier.name, after: [] }
    let resolved = await read(which)
    for (;;) {
      const { elder } = learn(journey, resolved)
      if (elder !== null) {
        const ended = await followElder(journey, elder)
        if (ended !== null) return ended
      }
      journey.landingPages.push(...resolved.landingPages)
      const { retryAt, retryable } = resolved
      for (const reason of resolved.reasons)
        rejections.push({ reason, detail: null, retryAt, retryable, from: 'source' })
      for (const reason of resolved.givenReasons)
        rejections.push({ reason, detail: null, retryAt, retryable, from: 'given' })
      const tried = await tryEach(journey, resolved, budget)
      if (tried.kind === 'ended') return tried.ending
      rejections.push(...tried.rejections)
      spent = tried.spent
      if (!spent && resolved.links.haveRunOut()) {
        resolved = await readAgain(which)
        continue
      }
      if (resolved.isWhole || spent || budget.attemptsLeft <= 0) break
      which = { tier: tier.name, after: resolved.asked }
      resolved = await read(which)
    }
  }
  return conclude(journey, rejections, spent)
}

/** The candidates of one reading, in their order, until one becomes a file. */
async function tryEach(
  journey: Journey,
  resolved: Reading,
  budget: Budget
): Promise<
  | { readonly kind: 'ended'; readonly ending: Ending }
  | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[]; readonly spent: boolean }
> {
  const rejections: Rejection[] = []
  const queue = [...resolved.candidates]
  for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
    const before = journey.keeper.wasRejected(candidate.url)
    if (before !== null) {
      const { reason } = before
      rejections.push({ reason, detail: null, retryAt: null, retryable: false, from: 'candidate' })
      journey.failedUrls.push(candidate.url)
      resolved.links.refusedBefore(reason)
      continue
    }
    if (budget.attemptsLeft <= 0) return { kind: 'rejected', rejections, spent: true }
    budget.attemptsLeft -= 1
    journey.looks?.(false)
    const tried = await tryCandidate(journey, candidate)
    if (tried.kind === 'ended') return tried
    rejections.push(...tried.rejections)
    journey.failedUrls.push(candidate.url)
    resolved.links.refused(tried.error)
    queue.unshift(...(tried.instead ?? []))
  }
  return { kind: 'rejected', rejections, spent: false }
}

function learn(journey: Journey, resolved: { ids: Journey['work']['ids']; facts: Journey['work']['facts'] }) {
  const learned = journey.keeper.learn({ ids: resolved.ids, facts: resolved.facts })
  journey.work = learned.work
  return learned
}

/** The same work was planned before under another name: its file is ours, now or soon. */
async function followElder(journey: Journey, elder: Elder): Promise<Ending | null> {
  if (elder.artifact !== null && isAcceptable(journey, elder.artifact)) {
    const { library } = journey.rooms
    const there = await library.checkObject(elder.artifact.path, elder.artifact, { hash: true })
    if (there === 'ok') return linkTo(journey, elder.artifact)
  }
  if (!elder.inHand) return null
  await journey.keeper.release(journey.rooms.host.clock.now() + TWIN_WAIT_SECONDS)
  return { kind: 'released', because: `It is the same work as ${elder.workId}, which is being fetched.` }
}

type Tried =
  | { readonly kind: 'ended'; readonly ending: Ending }
  | {
      readonly kind: 'rejected'
      readonly rejections: readonly Rejection[]
      readonly error: SheafError
      /** files that the page at the candidate's address named */
      readonly instead?: readonly Candidate[]
    }

/** One candidate until it is a paper, is rejected, or has had its tries. */
async function tryCandidate(journey: Journey, candidate: Candidate): Promise<Tried> {
  const { clock, random } = journey.rooms.host
  let fruitless = 0
  let head: HeadResult | null = null
  let last: SheafError | null = null
  for (;;) {
    journey.signal.throwIfAborted()
    const before = await bytesInHand(journey, candidate)
    let opened: OpenedFile | null = null
    try {
      // It answered a moment ago: a broken stream is no reason to ask whether it is there.
      if (head === null) ({ result: head, opened } = await headCandidate(journey, candidate))
      else journey.keeper.advance('HEAD_DONE')
      const twin = knownByAddress(journey, candidate, head)
      if (twin !== null && isAcceptable(journey, twin.artifact)) {
        const own = await judgedForThisWork(journey, candidate, twin.artifact)
        if (own !== null) return { kind: 'ended', ending: await linkTo(journey, own) }
      }
      const streamed = await stream(journey, candidate, opened)
      return { kind: 'ended', ending: await finish(journey, streamed) }
    } catch (error) {
      if (!isSheafError(error) || journey.signal.aborted) throw error
      if (error.family === 'TryNext') {
        return {
          ...rejected(journey, error, null),
          instead: await filesNamedInstead(journey, candidate, error)
        }
      }
      // It sends, but so slowly that it would hold its worker for hours: others come first.
      if (error.code === 'TOO_SLOW') return rejected(journey, error, clock.now() + SLOW_WAIT_SECONDS)
      if (error.family !== 'RetryLater' || error.code === 'LEASE_LOST') throw error
      // That we now leave the host alone says less than what made us do so.
      last = error.code === 'BREAKER_OPEN' && last !== null ? last : error
      const after = await bytesInHand(journey, candidate)
      fruitless = after > before ? 0 : fruitless + 1
      const waitMs =
        error.retryAt === undefined
          ? backoffMs(fruitless, random)
          : Math.max(0, (error.retryAt - clock.now()) * 1000)
      if (fruitless >= FRUITLESS_TRIES || waitMs > PATIENCE_MS) {
        return rejected(journey, last, error.retryAt ?? null)
      }
      backToLeased(journey)
      await clock.sleep(waitMs, journey.signal)
    } finally {
      await opened?.leave()
    }
  }
}

function rejected(
  journey: Journey,
  error: SheafError,
  retryAt: number | null
): Extract<Tried, { kind: 'rejected' }> {
  backToLeased(journey)
  const rejection: Rejection = {
    reason: error.code,
    detail: error.message,
    retryAt,
    retryable: error.family === 'RetryLater',
    from: 'candidate'
  }
  return { kind: 'rejected', rejections: [rejection], error }
}

/** The same holder goes on with the next candidate: the table leads back through LEASED. */
function backToLeased(journey: Journey): void {
  if (journey.keeper.state !== 'LEASED') journey.keeper.advance('LEASED')
}

async function bytesInHand(journey: Journey, candidate: Candidate): Promise<number> {
  const part = await journey.rooms.library.staging.facts(journey.job.jobId)
  return part !== null && part.url === candidate.url ? part.bytes : 0
}

function knownByAddress(journey: Journey, candidate: Candidate, head: HeadResult): Twin | null {
  const twin = journey.keeper.twinByUrl(canonicalUrl(candidate.url))
  if (twin?.validator == null) return null
  return strongName(head.validator) === twin.validator ? twin : null
}

async function stream(journey: Journey, candidate: Candidate, opened: OpenedFile | null): Promise<Streamed> {
  const { keeper } = journey
  const bytes = opened?.continued?.part.bytes ?? (await bytesInHand(journey, candidate))
  if (keeper.state === 'HEAD_DONE' && bytes > 0) keeper.advance('RESUME_OK')
  keeper.advance('STREAMING', { host: new URL(candidate.url).host })
  return streamBody(journey, candidate, opened)
}

/** The bytes are another work's as well; where they came from and what was judged of them is this work's own. */
function asOwn(artifact: ArtifactRow, provenance: Provenance): ArtifactRow {
  return { ...artifact, provenance, verdict: provenance.verdict }
}

/** From bytes in staging to the end. One at a time for the same bytes. */
export function finish(journey: Journey, streamed: Streamed): Promise<Ending> {
  return journey.rooms.hashLock.run(streamed.sha256, async () => {
    await acceptBytes(journey, streamed)
    const original = journey.keeper.originalOf(streamed.sha256)
    if (original !== null) {
      const { library } = journey.rooms
      const there = await library.checkObject(original.artifact.path, original.artifact, { hash: true })
      if (there === 'ok') {
        const ending = await linkTo(journey, asOwn(original.artifact, streamed.provenance))
        await library.staging.discard(journey.job.jobId)
        return ending
      }
    }
    return settleWithin(journey, await finalizeObject(journey, streamed))
  })
}

/**
 * A file that is fetched again because it was lost or damaged must be the file that was filed. Other
 * bytes, though a paper, wait in the quarantine for the user's word.
 */
async function acceptBytes(journey: Journey, streamed: Streamed): Promise<void> {
  const { job, rooms } = journey
  if (isAcceptable(journey, streamed)) return
  const expected = job.expectedSha256 ?? ''
  const { library, host } = rooms
  const because = `Its hash is ${streamed.sha256}; the file that was filed before had ${expected}.`
  await library.quarantine(
    {
      jobId: job.jobId,
      workId: job.workId,
      because,
      evidence: { code: 'OTHER_BYTES', expected, url: streamed.url },
      provenance: streamed.provenance,
      now: host.clock.now()
    },
    library.staging.path(job.jobId)
  )
  await library.staging.discard(job.jobId)
  fail('OTHER_BYTES', because, { facts: { sha256: streamed.sha256, expected } })
}

function isAcceptable({ job }: Journey, file: { readonly sha256: string }): boolean {
  return job.expectedSha256 === null || job.expectedSha256 === file.sha256
}

function settle(journey: Journey, file: FinalizedFile): Promise<Ending> {
  return journey.rooms.hashLock.run(file.sha256, async () => {
    const original = journey.keeper.originalOf(file.sha256)
    if (original !== null && journey.keeper.state === 'FINALIZED') {
      return linkTo(journey, asOwn(original.artifact, file.provenance))
    }
    return settleWithin(journey, file)
  })
}

/** FINALIZED and INDEXED go on from here; each op is replayed or performed as its record says. */
async function settleWithin(journey: Journey, file: FinalizedFile): Promise<Ending> {
  const { keeper, rooms, job } = journey
  if (keeper.state === 'FINALIZED') await indexArtifact(journey, file)
  await dedupeArtifact(journey, file.sha256)
  await keeper.durable()
  const duplicate = keeper.state === 'SKIPPED_DUPLICATE'
  rooms.tally[duplicate ? 'duplicates' : 'done'] += 1
  rooms.tally.count(rooms.tally.bySource, file.provenance.source)
  rooms.emit(doneLine(journey, file.paperPath, file.sha256, file.bytes, file.provenance.source))
  rooms.host.log.debug('A paper arrived', { job: job.jobId, path: file.paperPath })
  return { kind: 'done', duplicate }
}

/** Ends the job as a duplicate of an artifact that is there. Its manifest line comes first: it may be written twice. */
async function linkTo(journey: Journey, artifact: ArtifactRow): Promise<Ending> {
  const { keeper, rooms, job } = journey
  await listArtifact(journey, {
    ...artifact,
    artifactId: job.artifactId,
    workId: job.workId,
    jobId: job.jobId
  })
  await keeper.endAsDuplicate(artifact)
  rooms.tally.duplicates += 1
  rooms.emit(
    doneLine(
      journey,
      artifact.paperPath ?? artifact.path,
      artifact.sha256,
      artifact.bytes,
      artifact.provenance.source
    )
  )
  return { kind: 'done', duplicate: true }
}

function doneLine(journey: Journey, path: string, sha256: string, bytes: number, source: string): DoneLine {
  const { root } = journey.rooms.library
  return {
    type: 'done',
    job_id: journey.job.jobId,
    work_id: journey.job.workId,
    state: journey.keeper.state,
    path: `${root}/${path}`,
    sha256,
    bytes,
    source
  }
}

/** No candidate is left: the most telling reason, and whether and when it is worth another try. */
function conclude(journey: Journey, rejections: readonly Rejection[], spent: boolean): Promise<Ending> {
  const { host, settings } = journey.rooms
  const telling = tellingReason(rejections, spent)
  const at = nextAttemptAt(rejections, {
    attempt: journey.job.attempt,
    maxAttempts: settings['safety.maxAttempts'],
    now: host.clock.now(),
    random: host.random
  })
  return failed(journey, telling.reason, telling.detail, at)
}

async function failed(journey: Journey, reason: string, detail: string, at: number | null): Promise<Ending> {
  const { keeper, rooms, job } = journey
  await keeper.endAsFailed(reason, detail, at)
  if (at === null) {
    rooms.emit({ type: 'done', job_id: job.jobId, work_id: job.workId, state: 'FAILED', reason })
  }
  return { kind: 'failed', reason, nextAttemptAt: at }
}

/** Where families meet consequences. Nothing is rethrown but what must end the process. */
async function consequence(journey: Journey, error: unknown): Promise<Ending> {
  const { keeper, signal, rooms, job } = journey
  if (isSheafError(error, 'LEASE_LOST')) return { kind: 'released', because: error.message }
  if (signal.aborted) return giveBack(journey, sentenceOf(signal.reason))
  if (!(error instanceof SheafError)) {
    rooms.host.log.error('A job met an unexpected error', {
      job: job.jobId,
      error: sentenceOf(error),
      stack: stackOf(error)
    })
    return isDone(keeper.state)
      ? { kind: 'released', because: sentenceOf(error) }
      : failed(journey, 'INTERNAL', sentenceOf(error), null)
  }
  switch (error.family) {
    case 'Pause':
      if (!(await isOfThisJob(journey, error))) return { kind: 'pause', error }
      // Said at once, with its path: it is the person's to mend.
      rooms.host.log.warn(error.message, { job: job.jobId })
      return failed(journey, 'FILE_UNWRITABLE', error.message, null)
    case 'Stop':
      throw error
    case 'RetryLater':
      return failed(journey, error.code, error.message, error.retryAt ?? rooms.host.clock.now() + 60)
    case 'TryNext':
    case 'GiveUp':
    case 'Refuse':
      return failed(journey, error.code, error.message, null)
  }
}

/** Does the disk refuse this one file, while the library as a whole takes papers? Then the others go on. */
async function isOfThisJob(journey: Journey, error: SheafError): Promise<boolean> {
  const place = troubledPlace(error)
  if (place === null || error.code === 'DISK_FULL' || isDone(journey.keeper.state)) return false
  if (isOfOnePlace(error)) return isWritable(journey, [])
  return (journey.stoodStill ?? 0) >= MOST_STANDSTILLS && (await isWritable(journey, [place]))
}

async function isWritable(journey: Journey, places: readonly string[]): Promise<boolean> {
  try {
    await journey.rooms.library.proveWritable(places)
    return true
  } catch {
    return false
  }
}

async function giveBack(journey: Journey, because: string): Promise<Ending> {
  try {
    await journey.keeper.release(null)
  } catch (error) {
    // The ledger is stuck too: the lease runs out by itself, and reconcile sees to it.
    journey.rooms.host.log.debug('A job could not be given back', {
      job: journey.job.jobId,
      because: sentenceOf(error)
    })
  }
  return { kind: 'released', because }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined
}
