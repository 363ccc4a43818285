/**
 * The last check of STREAM: is the part a complete, valid file of the right paper? Anything else is deleted,
 * except a valid PDF of another work, which is quarantined with its evidence.
 */
import { fail } from '../../../contract/errors'
import type { Streamed } from '../../../contract/op-results'
import { redactText, redactUrl } from '../../../contract/redact'
import type { ArtifactRow, Candidate, Hop, Provenance } from '../../../contract/work'
import type { RestartReason } from '../../../contract/words'
import type { Judgement } from '../../library/library'
import type { JobContext } from '../job-context'
import { keptChain, keptHeaders, strongName } from './answer-parts'
import type { Received } from './received'

export async function checkPart(
  context: JobContext,
  candidate: Candidate,
  received: Received,
  economy: {
    readonly resumedFrom: number
    readonly fetchedTwice: number
    readonly anewBecause: RestartReason | null
  }
): Promise<Streamed> {
  const { library, host } = context.services
  const { jobId, workId } = context.job
  const path = library.staging.path(jobId)
  const part = await library.staging.facts(jobId)
  const judgement = await library.judge.file(
    path,
    {
      format: context.job.format,
      ids: context.work.ids,
      facts: context.work.facts,
      // For a file from the user's disk, no server announced a length.
      announcedBytes: candidate.source === 'manual' ? null : (part?.totalBytes ?? null),
      contentType: received.answer?.headers['content-type'] ?? null,
      url: received.answer?.finalUrl ?? candidate.url,
      md5: candidate.md5
    },
    context.signal
  )
  const provenance = provenanceOf(candidate, received, judgement, host.clock.now())
  switch (judgement.kind) {
    case 'paper':
      return {
        url: candidate.url,
        sha256: received.sha256,
        bytes: received.bytes,
        fetchedBytes: received.fetchedBytes,
        ...economy,
        validator: part === null ? null : strongName(part.validator),
        provenance
      }
    case 'mismatch': {
      await library.quarantine.take(
        {
          jobId,
          workId,
          because: judgement.because,
          evidence: judgement.evidence,
          provenance,
          now: host.clock.now()
        },
        path
      )
      await library.staging.discard(jobId)
      return fail('WRONG_PAPER', judgement.because, { facts: { sha256: received.sha256 } })
    }
    case 'rejected':
      await library.staging.discard(jobId)
      return fail(judgement.reason, judgement.because, { facts: { bytes: received.bytes } })
  }
}

/**
 * The same address or the same bytes for another work: the existing file is judged again for this work; the
 * other work's verdict is not inherited. Null: the file is gone, or is not this work's paper.
 */
export async function judgedForThisWork(
  context: JobContext,
  candidate: Candidate,
  artifact: ArtifactRow
): Promise<ArtifactRow | null> {
  const { library } = context.services
  if ((await library.objects.check(artifact.path, artifact, { hash: true })) !== 'ok') return null
  const judgement = await library.judge.file(
    `${library.root}/${artifact.path}`,
    {
      format: context.job.format,
      ids: context.work.ids,
      facts: context.work.facts,
      announcedBytes: null,
      contentType: null,
      url: candidate.url
    },
    context.signal
  )
  if (judgement.kind !== 'paper') return null
  const { finalUrl, chain, headers, fetchedAt } = artifact.provenance
  const own = provenanceOf(candidate, { answer: null }, judgement, fetchedAt)
  const provenance = { ...own, finalUrl, chain, headers }
  return { ...artifact, provenance, verdict: provenance.verdict }
}

function provenanceOf(
  candidate: Candidate,
  received: Pick<Received, 'answer'>,
  judgement: Judgement,
  fetchedAt: number
): Provenance {
  const { answer } = received
  const chain: readonly Hop[] = answer === null ? [] : keptChain(answer)
  const paper = judgement.kind === 'paper' ? judgement : null
  return {
    source: candidate.source,
    // A file supplied by the user belongs to no tier.
    tier: candidate.source === 'manual' ? null : candidate.tier,
    version: candidate.version ?? null,
    license: candidate.license ?? null,
    evidence: redactText(candidate.evidence),
    url: redactUrl(candidate.url),
    finalUrl: redactUrl(answer?.finalUrl ?? candidate.url),
    foundOn: candidate.foundOn === undefined ? null : redactUrl(candidate.foundOn),
    chain,
    headers: answer === null ? {} : keptHeaders(answer),
    checks: paper?.checks ?? [],
    verdict: paper?.verdict ?? 'mismatch',
    verdictBecause: judgement.because,
    pages: paper?.pages ?? null,
    encrypted: paper?.encrypted ?? false,
    fetchedAt
  }
}
