/**
 * OpenAlex: the open locations of one work, asked by its OpenAlex id, DOI or PMID. Works that came
 * from a search carry their locations already and are not asked for again.
 * Source: OpenAlex API, “Get a single work”, “external IDs”.
 */
import { counted } from '../../contract/counted'
import type { OaLocation, Work, WorkDraft } from '../../contract/work'
import { doiInPath } from './facts'
import type { Interview } from './interview'
import { draftOf, openAlexWorkSchema } from './openalex-work'
import { isReading, readJson, readStatus, type Reading, type Failure } from './reading'
import type { Question, Source } from './sources'

export function parseOpenAlex(text: string): WorkDraft | Failure {
  const raw = readJson(text, openAlexWorkSchema)
  return isReading(raw) ? raw : draftOf(raw)
}

export const openalex: Source = {
  name: 'openalex',

  cannot(work: Work): string | null {
    return nameFor(work) === null ? 'OpenAlex is asked by OpenAlex id, DOI or PMID, and none is known.' : null
  },

  async ask(question: Question, interview: Interview): Promise<void> {
    const { work } = question
    const known = work.locations.filter((location) => location.isOa === true)
    if (work.ids.openalex !== undefined && known.some((location) => location.pdfUrl !== undefined)) {
      interview.note('success', null, `${known.length} open locations came with the work.`)
      tell(known, interview)
      return
    }
    const name = nameFor(work)
    if (name === null) return
    const { mailto } = interview.rooms
    const polite = mailto === '' ? '' : `?mailto=${encodeURIComponent(mailto)}`
    const draft = await interview.ask(`https://api.openalex.org/works/${name}${polite}`, (answer) => {
      if (answer.status === 404)
        return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: 'OpenAlex does not know this work.' }
      return readStatus(answer) ?? readWork(answer.text)
    })
    if (draft === null) return
    interview.learn(draft.ids, draft.facts)
    tell(draft.locations ?? [], interview)
  }
}

function nameFor(work: Work): string | null {
  const { openalex: id, doi, pmid } = work.ids
  if (id !== undefined) return id
  if (doi !== undefined) return `https://doi.org/${doiInPath(doi)}`
  return pmid === undefined ? null : `pmid:${pmid}`
}

function readWork(text: string): Reading<WorkDraft> {
  const draft = parseOpenAlex(text)
  if (isReading(draft)) return draft
  const files = (draft.locations ?? []).filter((location) => location.pdfUrl !== undefined).length
  if (files > 0) return { outcome: 'success', value: draft, detail: `${counted(files, 'file')} named.` }
  const pages = (draft.locations ?? []).length
  const detail =
    pages > 0 ? `OpenAlex names ${counted(pages, 'open page')} and no file.` : 'OpenAlex knows no open copy.'
  return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail, value: draft }
}

function tell(locations: readonly OaLocation[], interview: Interview): void {
  locations.forEach((location, rank) => {
    const { pdfUrl, landingUrl: page, version, license, venue } = location
    if (page !== undefined) interview.suggest(location)
    if (pdfUrl === undefined) return
    interview.propose({
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
