/** A work with its records: its job, its file, whether it was removed. */
import { isDone } from '../../contract/states'
import type { JobRow } from '../../contract/work'
import { artifactsOfWork, type StoredArtifact } from './artifacts'
import { isOfPdf, jobsOfWork } from './jobs'
import type { Reader } from './ledger'
import { tombstoneOf, type Tombstone } from './tombstones'
import { workById } from './works'

export interface RecordedWork {
  readonly workId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  readonly doi: string | null
  /** the finished job, else the one for the PDF, else the oldest */
  readonly job: JobRow | null
  /** the PDF, else another format */
  readonly artifact: StoredArtifact | null
  readonly tombstone: Tombstone | null
  /** it has a row, a job or a file */
  readonly isKnown: boolean
}

export function recordedWork(r: Reader, workId: string): RecordedWork {
  const work = workById(r, workId)
  const jobs = jobsOfWork(r, workId)
  const artifacts = artifactsOfWork(r, workId)
  return {
    workId,
    title: work?.facts.title ?? null,
    authors: work?.facts.authors ?? [],
    year: work?.facts.year ?? null,
    venue: work?.facts.venue ?? null,
    doi: work?.ids.doi ?? null,
    job: jobs.find((one) => isDone(one.state)) ?? jobs.find(isOfPdf) ?? jobs[0] ?? null,
    artifact: artifacts.find((one) => one.format === 'pdf') ?? artifacts[0] ?? null,
    tombstone: tombstoneOf(r, workId),
    isKnown: work !== null || jobs.length > 0 || artifacts.length > 0
  }
}
