/**
 * STREAM: writes the body to disk, once. It first looks for an existing part and continues it only when the
 * server proves that it is the same version (docs/design.md, G6). The bytes are then judged, so the op's
 * success means: a complete, valid file of the right paper is in staging under this hash.
 */
import { sayBytes } from '../../../contract/counted'
import { SheafError, fail } from '../../../contract/errors'
import { opResult, type Streamed } from '../../../contract/op-results'
import { storedStream } from '../../../contract/stored-results'
import type { Candidate, PartFacts } from '../../../contract/work'
import type { RestartReason, Recovery } from '../../../contract/words'
import type { Part } from '../../library/library'
import { announcedBytes, mayContinue, mayContinueElsewhere, validatorOf, whyRestarted } from '../../net/range'
import type { Entered, Performed } from '../effects'
import type { JobContext } from '../job-context'
import { checkPart } from './check-part'
import { failedAttempt } from './failed-attempt'
import { continuable, isWhole, openFile, type OpenedFile } from './open-file'
import { streamContext } from './op-contexts'
import type { Received } from './received'

const PROGRESS_EVERY_MS = 200

export interface HowToStream {
  /** the answer that HEAD left open; the caller closes it */
  readonly opened: OpenedFile | null
  /** the states that the job enters on its way into STREAM */
  readonly enters: readonly Entered[]
}

export async function streamBody(
  context: JobContext,
  candidate: Candidate,
  { opened, enters }: HowToStream
): Promise<Streamed> {
  const { jobStore, services } = context
  const { clock } = services.host
  const beganMs = clock.monotonicMs()
  const { result } = await jobStore.effects.run<Streamed>({
    kind: 'STREAM',
    context: streamContext(candidate.url),
    revive: (stored) => opResult('STREAM', stored),
    toStored: storedStream,
    stillHolds: (stored) => isStillThere(context, stored),
    enters,
    failedAttempt: (error) => failedAttempt(context, candidate, { error, beganMs }),
    perform: async ({ unknown }) => {
      const performed = await perform(context, candidate, { unknown, opened })
      const request = {
        source: candidate.source,
        tier: candidate.tier,
        url: candidate.url,
        outcome: 'success' as const,
        reason: null,
        bytes: performed.result.fetchedBytes,
        elapsedMs: clock.monotonicMs() - beganMs
      }
      return { ...performed, attempts: [request] }
    }
  })
  return result
}

/** A STREAM result is valid while its file is in staging, or in the library as an object. */
export async function isStillThere(context: JobContext, streamed: Streamed): Promise<boolean> {
  const { library } = context.services
  const part = await library.staging.facts(context.job.jobId)
  if (part !== null && part.url === streamed.url && part.bytes === streamed.bytes) return true
  const path = library.objects.path(streamed.sha256, context.job.format)
  return (await library.objects.check(path, streamed, { hash: false })) === 'ok'
}

async function perform(
  context: JobContext,
  candidate: Candidate,
  { unknown, opened }: { readonly unknown: boolean; readonly opened: OpenedFile | null }
): Promise<Performed<Streamed>> {
  const { staging } = context.services.library
  const { jobId } = context.job
  let part = await staging.facts(jobId)
  const isFromElsewhere = part !== null && part.url !== candidate.url
  if (isFromElsewhere && continuable(part, candidate) === null) {
    await staging.discard(jobId)
    part = null
  }
  const found = isFromElsewhere ? 0 : (part?.bytes ?? 0)
  const received = await receive(context, candidate, part, opened)
  const fetchedTwice = received.resumedFrom === 0 && received.fetchedBytes > 0 ? found : 0
  const streamed = await checkPart(context, candidate, received, {
    resumedFrom: received.resumedFrom,
    fetchedTwice,
    anewBecause: fetchedTwice > 0 ? (received.restartReason ?? null) : null
  })
  context.services.host.probe('STREAM: checked')
  return {
    result: streamed,
    bytes: streamed.fetchedBytes,
    ...(unknown ? { recovery: recoveryOf(found, received) } : {})
  }
}

function recoveryOf(found: number, received: Received): Recovery {
  if (found > 0 && received.fetchedBytes === 0) return 'adopted'
  return received.resumedFrom > 0 ? 'continued' : 'redone'
}

/**
 * Continues with the answer that HEAD opened, else sends a request. At most three exchanges: one that
 * continues the part, one that finds it must not, one from the start.
 */
async function receive(
  context: JobContext,
  candidate: Candidate,
  before: PartFacts | null,
  given: OpenedFile | null
): Promise<Received> {
  const { staging } = context.services.library
  let part = before
  let restartReason: RestartReason = 'unproven'
  let opened = given
  for (let exchange = 0; exchange < 3; exchange += 1) {
    if (part !== null && isWhole(part, candidate)) {
      const whole = await finishPart(await staging.resume(context.job.jobId))
      return { ...whole, fetchedBytes: 0, resumedFrom: part.bytes, answer: null }
    }
    opened ??= await openFile(context, candidate, part)
    try {
      const outcome = await take(context, candidate, opened)
      if (typeof outcome !== 'string') return { restartReason, ...outcome }
      restartReason = outcome
      part = null
    } finally {
      await opened.leave()
      opened = null
    }
  }
  return fail('VALIDATOR_CHANGED', 'The file changed on the server between two requests, again and again.')
}

/** Reads the bytes of an answer. Returns a reason when the part could not be continued and was deleted. */
async function take(
  context: JobContext,
  candidate: Candidate,
  opened: OpenedFile
): Promise<Received | RestartReason> {
  const { answer, continued } = opened
  if (continued === null) return fromTheStart(context, candidate, opened)
  const { library, host, runStats } = context.services
  const { jobId } = context.job
  const { part, handle } = continued
  const isHere = part.url === candidate.url
  const decision = isHere ? mayContinue(part, answer) : mayContinueElsewhere(part, answer, candidate.url)
  if (decision.kind === 'continue') {
    runStats.bytesResumed += part.bytes
    const own = isHere ? handle : await readdressed(context, handle, candidate.url)
    const whole = await pour(context, own, answer.body, part.totalBytes ?? decision.totalBytes, [])
    return { ...whole, resumedFrom: part.bytes, answer }
  }
  if (decision.kind === 'complete') {
    answer.discard()
    return { ...(await finishPart(handle)), fetchedBytes: 0, resumedFrom: part.bytes, answer }
  }
  host.log.info('A part cannot be continued', { job: jobId, because: decision.because })
  await handle.close()
  await library.staging.discard(jobId)
  const restartReason = whyRestarted(part, answer)
  if (decision.kind !== 'restart' || !decision.useThisBody || opened.head === null) return restartReason
  return { ...(await fromTheStart(context, candidate, opened)), restartReason }
}

/** The file moved and is proven to be the same: store the part under the new address. */
async function readdressed({ job, services }: JobContext, handle: Part, url: string): Promise<Part> {
  const { staging } = services.library
  await handle.close()
  await staging.readdress(job.jobId, url)
  return staging.resume(job.jobId)
}

async function fromTheStart(
  context: JobContext,
  candidate: Candidate,
  opened: OpenedFile
): Promise<Received> {
  const { answer, head } = opened
  if (head === null) throw new Error('a body from its start was opened without its head')
  const totalBytes = answer.decoded ? null : announcedBytes(answer)
  const handle = await context.services.library.staging.begin(context.job.jobId, {
    url: candidate.url,
    validator: answer.decoded ? {} : validatorOf(answer.headers),
    totalBytes
  })
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => head.rest }
  const { fetchedBytes, ...whole } = await pour(context, handle, rest, totalBytes, head.chunks)
  return { ...whole, fetchedBytes: fetchedBytes + head.length, resumedFrom: 0, answer }
}

/**
 * Writes bytes from the network into the part and reports progress a few times a second. Closes the part in
 * every case.
 */
async function pour(
  context: JobContext,
  part: Part,
  body: AsyncIterable<Uint8Array>,
  totalBytes: number | null,
  head: readonly Uint8Array[]
): Promise<{ sha256: string; bytes: number; fetchedBytes: number }> {
  const { clock } = context.services.host
  const from = part.bytes
  let fetchedBytes = 0
  let saidAt = Number.NEGATIVE_INFINITY
  let saidBytes = part.bytes
  const say = (): void => {
    saidAt = clock.monotonicMs()
    saidBytes = part.bytes
    context.services.emit({
      type: 'progress',
      job_id: context.job.jobId,
      bytes: part.bytes,
      ...(totalBytes === null ? {} : { total: totalBytes }),
      ...(from === 0 ? {} : { from })
    })
  }
  // Also reports the last bytes before a stream stalls, which no further chunk follows.
  const stop = clock.every(PROGRESS_EVERY_MS, () => {
    if (part.bytes !== saidBytes) say()
  })
  try {
    if (from > 0) say()
    for (const chunk of head) await part.write(chunk)
    for await (const chunk of body) {
      await part.write(chunk)
      fetchedBytes += chunk.length
      context.services.runStats.bytesFetched += chunk.length
      if (clock.monotonicMs() - saidAt >= PROGRESS_EVERY_MS) say()
    }
    const whole = await part.finish()
    if (totalBytes !== null && whole.bytes < totalBytes) {
      // A server may send less than the requested rest: the next request continues from here.
      throw new SheafError(
        'CONNECTION_RESET',
        `The answer ended at ${sayBytes(whole.bytes)} of ${sayBytes(totalBytes)}.`
      )
    }
    if (totalBytes !== null && whole.bytes > totalBytes) {
      throw new SheafError(
        'LENGTH_MISMATCH',
        `The file has ${String(whole.bytes)} bytes; the server announced ${String(totalBytes)}.`
      )
    }
    say()
    return { ...whole, fetchedBytes }
  } finally {
    stop()
    await part.close()
  }
}

async function finishPart(part: Part): Promise<{ sha256: string; bytes: number }> {
  try {
    return await part.finish()
  } finally {
    await part.close()
  }
}
