/** The list of papers that need the user, each with its page, its reason and the file in question, if any. */
import type { HandOffPage, HandOffRow } from '../../../contract/handoff'
import { shownIdentifier, type Identifiers } from '../../../contract/work'
import { handOffPage, type HandedOffJob } from '../../ledger/handoff-queries'
import type { Reader } from '../../ledger/ledger'
import { askedFiles } from '../../ledger/watched-files'
import { workById } from '../../ledger/works'
import { needListId } from '../lists'
import { pageOfDoi } from '../../works/identifiers'
import { landingAddress } from '../ops/wire-url'

export interface HandOffRequest {
  /** only papers of this named list; NO_SUCH_LIST */
  readonly list?: string
  readonly offset: number
  readonly limit: number
}

/** `proxyPrefix`: the setting `network.proxyPrefix`. */
export function handOffList(r: Reader, request: HandOffRequest, proxyPrefix: string): HandOffPage {
  const list = request.list === undefined ? null : needListId(r, request.list)
  const { total, jobs } = handOffPage(r, { list, offset: request.offset, limit: request.limit })
  const asked = askedFiles(
    r,
    jobs.map((job) => job.jobId)
  )
  return {
    total,
    rows: jobs.map((job): HandOffRow => {
      const work = workById(r, job.workId)
      const file = asked.get(job.jobId)
      const { title, authors, year, venue } = work?.facts ?? {}
      return {
        jobId: job.jobId,
        workId: job.workId,
        title: title ?? null,
        authors: authors ?? [],
        year: year ?? null,
        venue: venue ?? null,
        identifier: shownIdentifier(work?.ids ?? {}) ?? job.canonicalUrl,
        url: landingAddress(pageOf(work?.ids ?? {}, job), proxyPrefix),
        reason: job.reason,
        since: job.updatedAt,
        question:
          file?.sha256 == null ? null : { sha256: file.sha256, name: file.name, because: file.because }
      }
    })
  }
}

/** The publisher's page: the DOI's page when there is one, also for a paper planned under another name. */
function pageOf(ids: Identifiers, job: HandedOffJob): string {
  if (ids.doi === undefined || /^https?:\/\/(?!openalex\.org\/|pubmed\.)/.test(job.canonicalUrl))
    return job.canonicalUrl
  return pageOfDoi(ids.doi)
}
