/**
 * Unpaywall: every open location of a DOI, not only the best. A location's `url_for_pdf` is a candidate; a
 * mere page is passed to the landing scrape. Embargoed locations are not open. Source: Unpaywall data format
 * v2.
 */
import { z } from 'zod'
import { counted } from '../../contract/counted'
import type { Identifiers, Work, WorkFacts } from '../../contract/work'
import type { ArticleVersion } from '../../contract/words'
import { looksLikeFile } from '../platform/file-address'
import { landingUrl, openCopyOfGuardedPage } from './file-urls'
import {
  doiInPath,
  factsOf,
  familyFirst,
  isDataCiteDoi,
  isDoiAddress,
  idsOf,
  licenseOf,
  sameDoi,
  versionOf
} from './facts'
import type { SourceQuery } from './source-query'
import {
  isReading,
  noOpenCopy,
  notUnderstood,
  readJson,
  readStatus,
  type Failure,
  type Reading
} from './reading'
import type { Question, Source } from './sources'
import { looseFlag, looseList, looseText } from './tolerant'
import { plainText, webUrl } from './web-text'

const locationSchema = z.looseObject({
  url: looseText,
  url_for_pdf: looseText,
  url_for_landing_page: looseText,
  version: looseText,
  license: looseText,
  host_type: looseText,
  evidence: looseText,
  is_best: looseFlag,
  repository_institution: looseText
})

const authorSchema = z.looseObject({
  family: looseText,
  given: looseText,
  name: looseText,
  raw_author_name: looseText
})

const answerSchema = z.looseObject({
  doi: looseText,
  is_oa: looseFlag,
  oa_status: looseText,
  title: looseText,
  year: z.union([z.number(), z.string()]).nullish().catch(null),
  journal_name: looseText,
  genre: looseText,
  best_oa_location: locationSchema.nullish().catch(null),
  oa_locations: looseList(locationSchema),
  z_authors: looseList(authorSchema),
  error: looseFlag,
  message: looseText
})

export interface UnpaywallLocation {
  readonly pdfUrl?: string
  readonly landingUrl?: string
  readonly version?: ArticleVersion
  readonly license?: string
  readonly hostType?: string
  readonly evidence: string
  readonly isBest: boolean
}

export interface UnpaywallRecord {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly isOa: boolean
  readonly oaStatus: string | null
  readonly locations: readonly UnpaywallLocation[]
  /** the service's message when it has no record */
  readonly message: string | null
}

export function parseUnpaywall(text: string): UnpaywallRecord | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  const locations = raw.oa_locations.map(locationOf)
  const best = raw.best_oa_location ? locationOf(raw.best_oa_location) : null
  const hasBest =
    best === null || locations.some((one) => one.pdfUrl === best.pdfUrl && one.landingUrl === best.landingUrl)
  return {
    ids: idsOf({ doi: raw.doi }),
    facts: factsOf({
      title: raw.title,
      authors: raw.z_authors.map(authorOf),
      year: raw.year,
      venue: raw.journal_name,
      type: raw.genre
    }),
    isOa: raw.is_oa ?? locations.length > 0,
    oaStatus: raw.oa_status ?? null,
    locations: hasBest ? locations : [best, ...locations],
    message: raw.error === true || raw.message ? (plainText(raw.message) ?? 'an error without words') : null
  }
}

function locationOf(raw: z.output<typeof locationSchema>): UnpaywallLocation {
  const forPdf = webUrl(raw.url_for_pdf)
  const url = webUrl(raw.url)
  // PMC's pages do not allow automated access; the article that they name has an open form.
  const ofPmc = url === null ? null : openCopyOfGuardedPage(url)
  const pdfUrl = forPdf ?? (url !== null && looksLikeFile(url) ? url : ofPmc)
  const page =
    landingUrl(raw.url_for_landing_page) ?? (url !== null && url !== pdfUrl ? landingUrl(url) : null)
  const version = versionOf(raw.version)
  const license = licenseOf(raw.license)
  const host = raw.host_type ?? undefined
  return {
    ...(pdfUrl === null ? {} : { pdfUrl }),
    ...(page === null ? {} : { landingUrl: page }),
    ...(version === undefined ? {} : { version }),
    ...(license === undefined ? {} : { license }),
    ...(host === undefined ? {} : { hostType: host }),
    evidence: evidenceOf(raw.evidence),
    isBest: raw.is_best ?? false
  }
}

/** Since 2025 the field holds the word “deprecated”. */
function evidenceOf(text: string | null | undefined): string {
  const words = plainText(text)
  return words === null || words === 'deprecated' ? '' : ` (${words})`
}

function authorOf(author: z.output<typeof authorSchema>): string | null {
  return familyFirst(author) ?? author.raw_author_name ?? author.name ?? null
}

export const unpaywall: Source = {
  name: 'unpaywall',

  cannot(work: Work, question: Question): string | null {
    const { doi } = work.ids
    if (doi === undefined) return 'Unpaywall knows works by their DOI, and none is known.'
    if (isDataCiteDoi(doi)) return 'Unpaywall does not know DOIs that are registered with DataCite.'
    if (question.openAlexKnows) return 'OpenAlex has answered for this work; Unpaywall has the same data.'
    return question.mailto === ''
      ? 'Unpaywall answers only to a real contact address: set general.mailto to yours.'
      : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    const address = encodeURIComponent(sourceQuery.services.mailto)
    const url = `https://api.unpaywall.org/v2/${doiInPath(doi)}?email=${address}`
    const record = await sourceQuery.ask(url, (answer) =>
      readUnpaywall(answer.text, doi, readStatus(answer), answer.status)
    )
    if (record === null) return
    sourceQuery.mergeMetadata({}, record.facts)
    record.locations.forEach((location, index) => {
      const { pdfUrl, version, license, landingUrl: page } = location
      const details = {
        ...(version === undefined ? {} : { version }),
        ...(license === undefined ? {} : { license })
      }
      if (pdfUrl !== undefined) {
        // Some records name the DOI itself as the PDF: most likely a page, so it goes last.
        const isDoi = isDoiAddress(pdfUrl)
        const order = location.isBest ? 0 : index + 1
        sourceQuery.propose({
          url: pdfUrl,
          format: 'pdf',
          rank: isDoi ? order + 50 : order,
          evidence: `Unpaywall: ${location.hostType ?? 'a host'} has it${location.evidence}.`,
          ...details,
          ...(page === undefined ? {} : { foundOn: page })
        })
        if (isDoi) sourceQuery.suggest({ landingUrl: pdfUrl, isOa: true, ...details })
      }
      if (page !== undefined) sourceQuery.suggest({ landingUrl: page, isOa: true, ...details })
    })
  }
}

function readUnpaywall(
  text: string,
  doi: string,
  trouble: Failure | null,
  status: number
): Reading<UnpaywallRecord> {
  if (status === 404) return noOpenCopy(`${doi} is not in Unpaywall.`)
  if (status === 422) {
    return {
      outcome: 'nonretryable',
      reason: 'HTTP_REFUSED',
      detail: 'Unpaywall does not accept the contact address: set general.mailto to yours.'
    }
  }
  if (trouble !== null) return trouble
  const record = parseUnpaywall(text)
  if (isReading(record)) return record
  if (record.message !== null && record.ids.doi === undefined) {
    return noOpenCopy(`Unpaywall says: ${record.message}`)
  }
  const answered = record.ids.doi
  if (answered !== undefined && !sameDoi(answered, doi)) {
    return notUnderstood(`Unpaywall was asked for ${doi} and answered about ${answered}.`)
  }
  const files = record.locations.filter((location) => location.pdfUrl !== undefined).length
  const pages = record.locations.filter((location) => location.landingUrl !== undefined).length
  if (files > 0)
    return {
      outcome: 'success',
      value: record,
      detail: `${counted(files, 'file')} and ${counted(pages, 'page')} named.`
    }
  const detail = record.isOa
    ? `Open (${record.oaStatus ?? 'unknown how'}), but only ${counted(pages, 'page')} named, and no file.`
    : `Unpaywall knows it as ${record.oaStatus ?? 'closed'}.`
  return noOpenCopy(detail, record)
}
