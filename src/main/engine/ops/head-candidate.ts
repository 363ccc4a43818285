/**
 * HEAD: does this candidate answer, and does it look like the paper? Decided from the start of the GET itself
 * (status, headers, first kilobyte). STREAM continues with the same answer, so that a file costs one request.
 * A HEAD request is sent only where no body is wanted.
 */
import { opResult, type HeadResult } from '../../../contract/op-results'
import { storedHead } from '../../../contract/stored-results'
import type { Candidate, PartFacts } from '../../../contract/work'
import type { NetAnswer } from '../../net/net'
import { announcedBytes, validatorOf } from '../../net/range'
import type { Performed } from '../effects'
import type { JobContext } from '../job-context'
import { canonicalUrl } from '../../works/canonical-url'
import { keptChain, keptHeaders, strongName } from './answer-parts'
import { failedAttempt } from './failed-attempt'
import { askAboutFile, isWhole, openFile, type OpenedFile } from './open-file'
import { headContext } from './op-contexts'
import { READING_HOLDS_SECONDS } from './resolve-candidates'

export interface Headed {
  readonly result: HeadResult
  /** the answer that STREAM continues with; null when no request was sent now, or no body is wanted */
  readonly opened: OpenedFile | null
}

/**
 * Throws TryNext (the candidate is unusable) or RetryLater (try again), both recorded. The caller closes what
 * was opened.
 */
export async function headCandidate(context: JobContext, candidate: Candidate): Promise<Headed> {
  const { jobStore, services } = context
  const { clock } = services.host
  const beganMs = clock.monotonicMs()
  let opened: OpenedFile | null = null
  const answered = (result: HeadResult): Performed<HeadResult> => ({
    result,
    attempts: [
      {
        source: candidate.source,
        tier: candidate.tier,
        url: candidate.url,
        outcome: 'success',
        reason: null,
        status: result.status,
        elapsedMs: clock.monotonicMs() - beganMs
      }
    ]
  })
  try {
    const { result } = await jobStore.effects.run<HeadResult>({
      kind: 'HEAD',
      context: headContext(candidate.url),
      revive: (stored) => opResult('HEAD', stored),
      toStored: storedHead,
      stillHolds: (_, at) => clock.now() - at < READING_HOLDS_SECONDS,
      leadsTo: () => 'HEAD_DONE',
      failedAttempt: (error) => failedAttempt(context, candidate, { error, beganMs }),
      perform: async () => {
        const part = await services.library.staging.facts(context.job.jobId)
        // No request for a paid file that is complete on disk: the request may cost as much as the file.
        if (candidate.priceUsd !== undefined && part !== null && isWhole(part, candidate))
          return answered(asOnDisk(candidate, part))
        const known = jobStore.existingByUrl(canonicalUrl(candidate.url))?.validator ?? null
        const isFree = candidate.priceUsd === undefined
        const wantsNoBody = isFree && (isWhole(part, candidate) || known !== null)
        const about = wantsNoBody ? await askAboutFile(context, candidate) : null
        const isSame = about !== null && (known === null || strongName(validatorOf(about.headers)) === known)
        if (isSame) {
          services.host.probe('HEAD: performed')
          return answered(factsOf(about, 'HEAD'))
        }
        const file = await openFile(context, candidate, part)
        opened = file
        services.host.probe('HEAD: performed')
        return answered(factsOf(file.answer, 'GET'))
      }
    })
    return { result, opened }
  } catch (error) {
    await left(opened)
    throw error
  }
}

function asOnDisk(candidate: Candidate, part: PartFacts): HeadResult {
  return {
    finalUrl: candidate.url,
    status: 200,
    contentType: null,
    totalBytes: part.totalBytes,
    validator: part.validator,
    asked: 'GET',
    chain: [],
    headers: {}
  }
}

async function left(opened: OpenedFile | null): Promise<void> {
  await opened?.leave()
}

function factsOf(answer: NetAnswer, asked: 'HEAD' | 'GET'): HeadResult {
  const bytes = announcedBytes(answer)
  return {
    finalUrl: answer.finalUrl,
    status: answer.status,
    contentType: answer.headers['content-type'] ?? null,
    // Many servers answer HEAD with a length of zero.
    totalBytes: bytes === 0 ? null : bytes,
    validator: validatorOf(answer.headers),
    asked,
    chain: keptChain(answer),
    headers: keptHeaders(answer)
  }
}
