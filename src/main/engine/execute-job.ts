/**
 * Executes one job from its lease to its end. This module orders the ops up to a complete file, and
 * `settle-file.ts` those after it. At the end the job is finished, failed with a reason, or released with
 * every byte on disk (`job-endings.ts`).
 */
import { isSheafError, type SheafError } from '../../contract/errors'
import { opResult, type HeadResult, type Streamed } from '../../contract/op-results'
import type { Candidate } from '../../contract/work'
import type { Budget } from '../sources/sources'
import { backoffMs } from '../net/retry'
import { canonicalUrl } from '../works/canonical-url'
import type { CanonicalJob, JobContext, ExistingArtifact } from './job-context'
import { conclude, consequence, failed, type Ending } from './job-endings'
import { judgedForThisWork } from './ops/check-part'
import { headCandidate } from './ops/head-candidate'
import type { OpenedFile } from './ops/open-file'
import { filesNamedInstead } from './ops/page-at-file'
import { strongName } from './ops/answer-parts'
import type { WhichSources } from './ops/resolve-candidates'
import { isStillThere, streamBody } from './ops/stream-body'
import { makeReadings, type Reading } from './readings'
import type { Rejection } from './failure-reason'
import { finish, isAcceptable, linkTo, settle } from './settle-file'

/** How long a worker waits for a server that requested a pause, before it releases the job. */
const MOST_WAIT_MS = 20_000
/** Failed tries without a new byte, after which the next candidate is tried. */
const FRUITLESS_TRIES = 3
/** Delay before checking again whether the canonical job of the work has ended. */
const CANONICAL_WAIT_SECONDS = 2
/** Delay before a server that sent too slowly is requested again. */
const SLOW_WAIT_SECONDS = 600

export async function executeJob(context: JobContext): Promise<Ending> {
  try {
    return await runSteps(context)
  } catch (error) {
    return await consequence(context, error).catch((refused: unknown): Ending => {
      // The failure itself cannot be recorded now: the engine pauses until it can.
      if (isSheafError(refused) && refused.family === 'Pause') return { kind: 'pause', error: refused }
      throw refused
    })
  }
}

async function runSteps(context: JobContext): Promise<Ending> {
  const { jobStore } = context
  if (jobStore.state === 'FINALIZED' || jobStore.state === 'INDEXED') {
    const file = jobStore.settled()
    if (file !== null) return settle(context, file)
    return failed(
      context,
      'INTERNAL',
      'The record of the finished file is missing; reconcile puts it right.',
      null
    )
  }
  const streamed = await leftByAnother(context)
  if (streamed !== null) return finish(context, streamed)
  return search(context)
}

/** The body was already downloaded before a crash; skip the network. */
async function leftByAnother(context: JobContext): Promise<Streamed | null> {
  const { jobStore } = context
  const streamed = opResult('STREAM', jobStore.streamed())
  if (streamed === null || !(await isStillThere(context, streamed))) return null
  jobStore.advance('HEAD_DONE')
  jobStore.advance('STREAMING')
  return streamed
}

async function search(context: JobContext): Promise<Ending> {
  const { services, signal } = context
  const { clock } = services.host
  const { budget, read, readAgain } = makeReadings(context)
  const rejections: Rejection[] = []
  let spent = false
  for (const tier of services.plan.tiers) {
    signal.throwIfAborted()
    spent = budget.attemptsLeft <= 0 || clock.monotonicMs() >= budget.endsAtMs
    if (spent) break
    let which: WhichSources = { tier: tier.name, after: [] }
    let resolved = await read(which)
    for (;;) {
      const { canonicalJob } = mergeMetadata(context, resolved)
      if (canonicalJob !== null) {
        const ended = await followCanonicalJob(context, canonicalJob)
        if (ended !== null) return ended
      }
      context.landingPages.push(...resolved.landingPages)
      const { retryAt, retryable } = resolved
      for (const reason of resolved.reasons)
        rejections.push({ reason, detail: null, retryAt, retryable, from: 'source' })
      for (const reason of resolved.givenReasons)
        rejections.push({ reason, detail: null, retryAt, retryable, from: 'given' })
      const tried = await tryEach(context, resolved, budget)
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
  return conclude(context, rejections, spent)
}

/** Tries the candidates of one reading in order until one becomes a file. */
async function tryEach(
  context: JobContext,
  resolved: Reading,
  budget: Budget
): Promise<
  | { readonly kind: 'ended'; readonly ending: Ending }
  | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[]; readonly spent: boolean }
> {
  const { clock } = context.services.host
  const isOver = (): boolean => clock.monotonicMs() >= budget.endsAtMs
  const rejections: Rejection[] = []
  const queue = [...resolved.candidates]
  let tries = 0
  for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
    const before = context.jobStore.wasRejected(candidate.url)
    if (before !== null) {
      const { reason } = before
      rejections.push({ reason, detail: null, retryAt: null, retryable: false, from: 'candidate' })
      context.failedUrls.push(candidate.url)
      resolved.links.refusedBefore(reason)
      continue
    }
    // At least one candidate is tried, even if the sources used up all the time.
    if (budget.attemptsLeft <= 0 || (tries > 0 && isOver())) {
      return { kind: 'rejected', rejections, spent: true }
    }
    tries += 1
    budget.attemptsLeft -= 1
    context.looks?.(false)
    const tried = await tryCandidate(context, candidate, isOver)
    if (tried.kind === 'ended') return tried
    rejections.push(...tried.rejections)
    context.failedUrls.push(candidate.url)
    resolved.links.refused(tried.error)
    queue.unshift(...(tried.instead ?? []))
  }
  return { kind: 'rejected', rejections, spent: false }
}

function mergeMetadata(
  context: JobContext,
  resolved: { ids: JobContext['work']['ids']; facts: JobContext['work']['facts'] }
) {
  const learned = context.jobStore.mergeMetadata({ ids: resolved.ids, facts: resolved.facts })
  context.work = learned.work
  return learned
}

/** The work was planned before under another name: its file is used when it exists, or awaited. */
async function followCanonicalJob(context: JobContext, canonicalJob: CanonicalJob): Promise<Ending | null> {
  if (canonicalJob.artifact !== null && isAcceptable(context, canonicalJob.artifact)) {
    const { library } = context.services
    const there = await library.objects.check(canonicalJob.artifact.path, canonicalJob.artifact, {
      hash: true
    })
    if (there === 'ok') return linkTo(context, canonicalJob.artifact)
  }
  if (!canonicalJob.inHand) return null
  await context.jobStore.release(context.services.host.clock.now() + CANONICAL_WAIT_SECONDS)
  return {
    kind: 'released',
    because: `It is the same work as ${canonicalJob.workId}, which is being fetched.`
  }
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

/**
 * Tries one candidate until it becomes a paper, is rejected, or has used its tries.
 * Size: one loop, in which each kind of error decides whether there is another try.
 */
async function tryCandidate(
  context: JobContext,
  candidate: Candidate,
  isOver: () => boolean
): Promise<Tried> {
  const { clock, random } = context.services.host
  let fruitless = 0
  let head: HeadResult | null = null
  let last: SheafError | null = null
  for (;;) {
    let streamingSince: number | null = null
    context.signal.throwIfAborted()
    const before = await bytesInHand(context, candidate)
    let opened: OpenedFile | null = null
    try {
      // The server answered a moment ago: after a broken stream there is no need for another HEAD.
      if (head === null) ({ result: head, opened } = await headCandidate(context, candidate))
      else context.jobStore.advance('HEAD_DONE')
      const existing = knownByAddress(context, candidate, head)
      if (existing !== null && isAcceptable(context, existing.artifact)) {
        const own = await judgedForThisWork(context, candidate, existing.artifact)
        if (own !== null) return { kind: 'ended', ending: await linkTo(context, own) }
      }
      streamingSince = clock.monotonicMs()
      const streamed = await stream(context, candidate, opened)
      return { kind: 'ended', ending: await finish(context, streamed) }
    } catch (error) {
      if (!isSheafError(error) || context.signal.aborted) throw error
      if (error.family === 'TryNext') {
        // A complete body that was no paper is not counted: a large file must not use up the time of the
        // other candidates.
        if (streamingSince !== null) context.waitedMs += clock.monotonicMs() - streamingSince
        return {
          ...rejected(context, error, null),
          instead: await filesNamedInstead(context, candidate, error)
        }
      }
      // The download is so slow that it would occupy its worker for hours: other candidates go first.
      if (error.code === 'TOO_SLOW') return rejected(context, error, clock.now() + SLOW_WAIT_SECONDS)
      if (error.family !== 'RetryLater' || error.code === 'LEASE_LOST') throw error
      // Report the original error instead of the open breaker that follows from it.
      last = error.code === 'BREAKER_OPEN' && last !== null ? last : error
      const after = await bytesInHand(context, candidate)
      fruitless = after > before ? 0 : fruitless + 1
      const waitMs =
        error.retryAt === undefined
          ? backoffMs(fruitless, random)
          : Math.max(0, (error.retryAt - clock.now()) * 1000)
      if (fruitless >= FRUITLESS_TRIES || waitMs > MOST_WAIT_MS || (fruitless > 0 && isOver())) {
        return rejected(context, last, error.retryAt ?? null)
      }
      backToLeased(context)
      await clock.sleep(waitMs, context.signal)
    } finally {
      await opened?.leave()
    }
  }
}

function rejected(
  context: JobContext,
  error: SheafError,
  retryAt: number | null
): Extract<Tried, { kind: 'rejected' }> {
  backToLeased(context)
  const rejection: Rejection = {
    reason: error.code,
    detail: error.message,
    retryAt,
    retryable: error.family === 'RetryLater',
    from: 'candidate'
  }
  return { kind: 'rejected', rejections: [rejection], error }
}

/** The same lease continues with the next candidate; the transition table allows the way back to LEASED. */
function backToLeased(context: JobContext): void {
  if (context.jobStore.state !== 'LEASED') context.jobStore.advance('LEASED')
}

async function bytesInHand(context: JobContext, candidate: Candidate): Promise<number> {
  const part = await context.services.library.staging.facts(context.job.jobId)
  return part !== null && part.url === candidate.url ? part.bytes : 0
}

function knownByAddress(
  context: JobContext,
  candidate: Candidate,
  head: HeadResult
): ExistingArtifact | null {
  const existing = context.jobStore.existingByUrl(canonicalUrl(candidate.url))
  if (existing?.validator == null) return null
  return strongName(head.validator) === existing.validator ? existing : null
}

async function stream(
  context: JobContext,
  candidate: Candidate,
  opened: OpenedFile | null
): Promise<Streamed> {
  const { jobStore } = context
  const bytes = opened?.continued?.part.bytes ?? (await bytesInHand(context, candidate))
  const streaming = { to: 'STREAMING', host: new URL(candidate.url).host } as const
  const isContinued = jobStore.state === 'HEAD_DONE' && bytes > 0
  return streamBody(context, candidate, {
    opened,
    enters: isContinued ? [{ to: 'RESUME_OK' }, streaming] : [streaming]
  })
}
