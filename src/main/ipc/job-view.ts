/**
 * A job as a row of the queue, with its present bytes. Pure.
 */
import { jobGroupOf } from '../../contract/job-group'
import { hintOfReason, isErrorCode, sentenceOfReason } from '../../contract/reason-words'
import { isDone } from '../../contract/states'
import type { JobView } from '../../contract/views'
import { formatOfArtifact, type State, STATES } from '../../contract/words'
import type { LiveBytes } from '../session/session-api'
import { textsIn, wordIn, type Row } from './rows'
import { numberIn, textIn } from '../../contract/unknown-values'
import { unescaped } from '../../contract/addresses'

/** Facts outside of the row. */
export interface JobAround {
  /** bytes being received at this moment */
  readonly live: LiveBytes | null
  /** partial bytes on disk of a job without a worker */
  readonly part: { readonly bytes: number; readonly totalBytes: number | null } | null
}

export function jobView(row: Row, around: JobAround): JobView {
  const canonicalUrl = textIn(row, 'canonical_url') ?? ''
  const workId = textIn(row, 'work_id') ?? ''
  const artifactId = textIn(row, 'artifact_id') ?? ''
  const reason = textIn(row, 'reason')
  const leased = textIn(row, 'lease_owner') !== null
  const facts: JobFacts = {
    state: wordIn(row, 'state', STATES) ?? 'PLANNED',
    hold: textIn(row, 'hold'),
    reason,
    leased,
    nextAttemptAt: numberIn(row, 'next_attempt_at'),
    source: textIn(row, 'source'),
    host: textIn(row, 'host'),
    doubtful: row['doubtful'] === 1,
    storedBytes: numberIn(row, 'bytes')
  }
  return {
    jobId: textIn(row, 'job_id') ?? '',
    workId,
    artifactId,
    title: textIn(row, 'title'),
    authors: textsIn(row, 'authors_json'),
    year: numberIn(row, 'year'),
    venue: textIn(row, 'venue'),
    identifier: identifierInAddress(workId, canonicalUrl),
    canonicalUrl,
    format: formatOfArtifact(artifactId),
    state: facts.state,
    group: jobGroupOf(facts),
    hold: facts.hold,
    leased: facts.leased,
    doubtful: facts.doubtful,
    reason,
    because: becauseOf(reason, textIn(row, 'reason_detail')),
    hint: reason === null ? null : hintOfReason(reason),
    attempt: numberIn(row, 'attempt') ?? 0,
    nextAttemptAt: facts.nextAttemptAt,
    ...bytesOf(facts, around),
    source: sourceOf(facts),
    host: facts.host,
    createdAt: numberIn(row, 'created_at') ?? 0,
    updatedAt: numberIn(row, 'updated_at') ?? 0,
    recorded: row['recorded'] !== 0
  }
}

/** A failed paper has no source: the last one queried did not have it. */
function sourceOf(facts: JobFacts): string | null {
  return facts.state === 'FAILED' ? null : facts.source
}

interface JobFacts {
  readonly state: State
  readonly hold: string | null
  readonly reason: string | null
  /** a worker holds it */
  readonly leased: boolean
  readonly nextAttemptAt: number | null
  readonly source: string | null
  readonly host: string | null
  /** the right-paper check was unsure and the user has not decided */
  readonly doubtful: boolean
  /** of the finished file */
  readonly storedBytes: number | null
}

function bytesOf(
  job: JobFacts,
  around: JobAround
): Pick<JobView, 'bytes' | 'totalBytes' | 'bytesPerSecond' | 'continuedFrom'> {
  if (job.storedBytes !== null && isDone(job.state)) {
    return { bytes: job.storedBytes, totalBytes: job.storedBytes, bytesPerSecond: null, continuedFrom: null }
  }
  const { live, part } = around
  if (live !== null) {
    return {
      bytes: live.bytes,
      totalBytes: live.totalBytes,
      bytesPerSecond: live.bytesPerSecond,
      continuedFrom: live.continuedFrom
    }
  }
  return {
    bytes: part?.bytes ?? null,
    totalBytes: part?.totalBytes ?? null,
    bytesPerSecond: null,
    continuedFrom: null
  }
}

function becauseOf(reason: string | null, detail: string | null): string | null {
  if (reason === null) return null
  if (detail !== null && detail !== '') return detail
  return isErrorCode(reason) ? sentenceOfReason(reason) : reason
}

/** The identifier that a job's address names; else the address. */
export function identifierInAddress(workId: string, canonicalUrl: string): string {
  const doi = /^https:\/\/doi\.org\/(.+)$/i.exec(canonicalUrl)?.[1]
  if (doi !== undefined) return unescaped(doi)
  const arxiv = /^https:\/\/arxiv\.org\/abs\/(.+)$/i.exec(canonicalUrl)?.[1]
  if (arxiv !== undefined) return `arXiv:${unescaped(arxiv)}`
  const pmc = /\/(PMC\d+)\/?$/i.exec(canonicalUrl)?.[1]
  if (pmc !== undefined) return pmc.toUpperCase()
  const pmid = /^https:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/(\d+)\/?$/i.exec(canonicalUrl)?.[1]
  if (pmid !== undefined) return `PMID ${pmid}`
  const openalex = /^https:\/\/openalex\.org\/(W\d+)$/i.exec(canonicalUrl)?.[1]
  if (openalex !== undefined) return openalex.toUpperCase()
  if (canonicalUrl !== '') return canonicalUrl
  return workId.replace(/^doi:/, '').replace(/^arxiv:/, 'arXiv:')
}
