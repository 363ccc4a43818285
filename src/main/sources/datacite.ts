/**
 * DataCite: the record of a DOI that a repository registered there. It seldom names the file, but always the
 * page, the licence and the facts. Source: support.datacite.org, GET /dois/{id} (read 2026-11; `contentUrl`
 * is rare); docs/services.md.
 */
import { z } from 'zod'
import { arxivOfDoi } from '../../contract/doi'
import type { OaLocation, Work, WorkFacts } from '../../contract/work'
import { doiInPath, factsOf, isDataCiteDoi, licenseOf } from './facts'
import { looksLikeFile } from '../platform/file-address'
import { landingUrl } from './file-urls'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readKnownStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'
import { webUrl } from './web-text'

const answerSchema = z.looseObject({
  data: z.looseObject({
    attributes: z.looseObject({
      titles: looseList(z.looseObject({ title: looseText })),
      creators: looseList(z.looseObject({ name: looseText })),
      publicationYear: looseText,
      publisher: z
        .union([z.looseObject({ name: looseText }), z.string().transform((name) => ({ name }))])
        .nullish()
        .catch(null),
      rightsList: looseList(z.looseObject({ rightsIdentifier: looseText, rights: looseText })),
      contentUrl: looseList(z.string()),
      sizes: looseList(z.string()),
      url: looseText
    })
  })
})

export interface DataCiteRecord {
  readonly facts: WorkFacts
  readonly files: readonly string[]
  readonly page: OaLocation | null
  readonly license?: string | undefined
  /** of the only file, where the record names one file and one size in bytes */
  readonly bytes?: number | undefined
}

export function parseDataCite(text: string): DataCiteRecord | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  const { attributes } = raw.data
  const license = licenseOf(attributes.rightsList[0]?.rightsIdentifier ?? attributes.rightsList[0]?.rights)
  const page = landingUrl(attributes.url)
  const { contentUrl, sizes } = attributes
  return {
    facts: factsOf({
      title: attributes.titles[0]?.title,
      authors: attributes.creators.map((one) => one.name),
      year: attributes.publicationYear,
      venue: attributes.publisher?.name
    }),
    files: contentUrl.flatMap((url) => webUrl(url) ?? []).filter(looksLikeFile),
    page: page === null ? null : { landingUrl: page, ...(license === undefined ? {} : { license }) },
    license,
    bytes: contentUrl.length === 1 && sizes.length === 1 ? bytesIn(sizes[0] ?? '') : undefined
  }
}

/**
 * `12345 bytes`, `1.2 MB`; a size in pages or minutes does not count. DataCite’s schema leaves the wording to
 * the depositor.
 */
function bytesIn(size: string): number | undefined {
  const found = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(bytes?|[kmg]i?b)\s*$/i.exec(size)
  if (found === null) return undefined
  const unit = (found[2] ?? '').toLowerCase()
  const base = unit.includes('i') ? 1_024 : 1_000
  const power = unit.startsWith('byte') ? 0 : 'kmg'.indexOf(unit.charAt(0)) + 1
  return Math.round(Number(found[1]) * base ** power)
}

export const datacite: Source = {
  name: 'datacite',

  cannot(work: Work): string | null {
    const { doi } = work.ids
    if (doi === undefined || !isDataCiteDoi(doi)) return 'This is no DOI of a repository at DataCite.'
    return arxivOfDoi(doi) !== null ? 'arXiv itself is asked about this DOI.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    const found = await sourceQuery.ask(
      `https://api.datacite.org/dois/${doiInPath(doi)}`,
      (answer) => readKnownStatus(answer, 'DataCite does not know this DOI.') ?? readRecord(answer.text)
    )
    if (found === null) return
    const license = found.license === undefined ? {} : { license: found.license }
    sourceQuery.mergeMetadata({}, found.facts)
    found.files.forEach((url, rank) => {
      sourceQuery.propose({
        url,
        format: 'pdf',
        rank,
        evidence: 'DataCite’s record names this file.',
        ...license,
        ...(found.bytes === undefined ? {} : { bytes: found.bytes })
      })
    })
    if (found.page !== null) sourceQuery.suggest(found.page)
  }
}

function readRecord(text: string): Reading<DataCiteRecord> {
  const found = parseDataCite(text)
  if (isReading(found)) return found
  if (found.files.length > 0) return { outcome: 'success', value: found, detail: 'The record names a file.' }
  const detail = 'The record names no file.'
  return noOpenCopy(detail, found)
}
