/**
 * OpenAlex: the open locations of one work. Usually a batch has queried it already; otherwise it is queried
 * by an identifier, which is free. Works from a search already have their locations. Source: OpenAlex API,
 * “Get a single work”, “external IDs”; docs/services.md.
 */
import { counted } from '../../contract/counted'
import { arxivOfDoi } from '../../contract/doi'
import type { OaLocation, Work, WorkDraft } from '../../contract/work'
import type { SourceQuery } from './source-query'
import { NO_OPENALEX_NAME, singletonUrl } from './openalex-api'
import { askSingleWork } from './openalex-single'
import { draftOf, openAlexWorkSchema } from './openalex-work'
import { isReading, noOpenCopy, notUnderstood, readJson, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'

export function parseOpenAlex(text: string): WorkDraft | Failure {
  const raw = readJson(text, openAlexWorkSchema)
  return isReading(raw) ? raw : draftOf(raw)
}

export const openalex: Source = {
  name: 'openalex',
  lookup: 'openalex',

  cannot(work: Work): string | null {
    const { openalex: id, doi, pmid, pmcid } = work.ids
    if (singletonUrl(work.ids) === null) return NO_OPENALEX_NAME
    // arXiv's own DOIs were merged into other works: OpenAlex does not find them.
    const isArxivOnly = id === undefined && pmid === undefined && pmcid === undefined
    return isArxivOnly && doi !== undefined && arxivOfDoi(doi) !== null
      ? 'OpenAlex does not know works by an arXiv DOI.'
      : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { work, part } = question
    const known = work.locations.filter((location) => location.isOa === true)
    if (work.ids.openalex !== undefined && known.some((location) => location.pdfUrl !== undefined)) {
      sourceQuery.note('success', null, `${known.length} open locations came with the work.`)
      sourceQuery.knowsWork = true
      tell(known, sourceQuery)
      return
    }
    const draft =
      part === null
        ? await askSingleWork(work, sourceQuery, { read: readWork, notKnown: NOT_KNOWN })
        : sourceQuery.answered(part, readWork, NOT_KNOWN)
    if (draft === null) return
    sourceQuery.knowsWork = true
    sourceQuery.mergeMetadata(draft.ids, draft.facts)
    tell(draft.locations ?? [], sourceQuery)
  }
}

const NOT_KNOWN = 'OpenAlex does not know this work.'

export function readWork(text: string): Reading<WorkDraft> {
  const draft = parseOpenAlex(text)
  if (isReading(draft)) return draft
  // Every field may be missing, but not all identifiers at once: that is not a work, and no information about
  // this one.
  if (Object.keys(draft.ids).length === 0) return notUnderstood('OpenAlex’s answer names no work.')
  const files = (draft.locations ?? []).filter((location) => location.pdfUrl !== undefined).length
  if (files > 0) return { outcome: 'success', value: draft, detail: `${counted(files, 'file')} named.` }
  const pages = (draft.locations ?? []).length
  const detail =
    pages > 0 ? `OpenAlex names ${counted(pages, 'open page')} and no file.` : 'OpenAlex knows no open copy.'
  return noOpenCopy(detail, draft)
}

function tell(locations: readonly OaLocation[], sourceQuery: SourceQuery): void {
  locations.forEach((location, rank) => {
    const { pdfUrl, landingUrl: page, version, license, venue } = location
    if (page !== undefined) sourceQuery.suggest(location)
    if (pdfUrl === undefined) return
    sourceQuery.propose({
      url: pdfUrl,
      format: 'pdf',
      rank,
      evidence: `OpenAlex: an open location${venue === undefined ? '' : ` at ${venue}`}.`,
      ...(version === undefined ? {} : { version }),
      ...(license === undefined ? {} : { license }),
      ...(page === undefined ? {} : { foundOn: page })
    })
  })
}
