/** The present state of a job for its row. Pure. */
import { sentenceOfReason, withoutStop } from '../../contract/reason-words'
import { sourceInSentence } from '../../contract/source-names'
import type { JobView } from '../../contract/views'
import { instant, lowerFirst, shareKnown } from './figures'

export const IN_LIBRARY = 'In your library'
export const IS_DUPLICATE = 'Duplicate of a paper you have'

export function jobInWords(job: JobView, now: number): string {
  if (job.hold === 'paused') return `Paused by you${onDisk(job)}`
  if (job.hold === 'ignored') return 'Skipped'
  if (job.hold === 'removed') return 'Removed by you'
  switch (job.state) {
    case 'DEDUPED':
      if (job.source === 'manual') {
        return `${IN_LIBRARY}, added by you${job.doubtful ? '; please check it' : ''}`
      }
      return `${IN_LIBRARY}${job.doubtful ? '; please check it' : ''}`
    case 'SKIPPED_DUPLICATE':
      return IS_DUPLICATE
    case 'FAILED':
      return failedWords(job, now)
    case 'FINALIZED':
    case 'INDEXED':
      return job.leased ? 'Being filed' : 'Waiting to be filed'
    case 'PLANNED':
    case 'LEASED':
    case 'HEAD_DONE':
    case 'RESUME_OK':
    case 'STREAMING':
      return job.leased ? activeWords(job) : waitingWords(job, now)
  }
}

function activeWords(job: JobView): string {
  switch (job.state) {
    case 'HEAD_DONE':
      return `Found${job.host === null ? '' : ` at ${job.host}`}`
    case 'RESUME_OK':
      return `Continuing${at(job)}`
    case 'STREAMING': {
      const from = job.continuedFrom ?? 0
      const share = shareKnown(from, job.totalBytes)
      const continued = from === 0 ? '' : share === null ? ' · continued' : ` · continued at ${share}`
      return `Downloading${whence(job)}${continued}`
    }
    default:
      return 'Looking for an open copy'
  }
}

function waitingWords(job: JobView, now: number): string {
  const until = job.nextAttemptAt !== null && job.nextAttemptAt > now ? job.nextAttemptAt : null
  if (until !== null) return `Waiting until ${instant(until, now)}${onDisk(job)}`
  return (job.bytes ?? 0) > 0 ? `Waiting to continue${at(job)}` : 'Waiting'
}

function failedWords(job: JobView, now: number): string {
  const why = job.reason === null ? 'it failed' : sentenceOfReason(job.reason)
  if (job.nextAttemptAt === null) return withoutStop(job.reason === null ? 'Failed' : why)
  if (job.nextAttemptAt <= now) return 'Waiting to retry'
  return `Waiting until ${instant(job.nextAttemptAt, now)}: ${lowerFirst(withoutStop(why))}`
}

/** “ from Europe PMC”, “ from repository.example.org”: the source if it is a place. */
function whence(job: JobView): string {
  const place =
    job.source !== null && NAMES_A_PLACE.includes(job.source) ? sourceInSentence(job.source) : job.host
  return place === null ? '' : ` from ${place}`
}
/** Unpaywall and OpenAlex only report where a copy is; these host it themselves. */
const NAMES_A_PLACE: readonly string[] = ['arxiv', 'pmc', 'europe_pmc', 'wayback']

function at(job: JobView): string {
  const share = shareHere(job)
  return share === null ? '' : ` at ${share}`
}

function onDisk(job: JobView): string {
  const share = shareHere(job)
  return share === null ? '' : ` · ${share} on disk`
}

function shareHere({ bytes, totalBytes }: JobView): string | null {
  return bytes === null || bytes === 0 ? null : shareKnown(bytes, totalBytes)
}
