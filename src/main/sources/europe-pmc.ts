/**
 * Europe PMC: the full-text addresses of exactly the requested record. A search can return similar records,
 * so a record counts only when one of its identifiers is the work's. Source: Europe PMC RESTful web service,
 * search, resultType=core.
 */
import { z } from 'zod'
import { counted } from '../../contract/counted'
import type { Identifiers, Work, WorkFacts } from '../../contract/work'
import type { ArticleVersion } from '../../contract/words'
import { factsOf, idsOf, licenseOf, phraseOf, sameDoi } from './facts'
import { europePmcRender, europePmcXml, landingUrl } from './file-urls'
import type { SourceQuery } from './source-query'
import {
  isReading,
  noOpenCopy,
  notUnderstood,
  readJson,
  readStatus,
  readXml,
  type Failure,
  type Reading
} from './reading'
import type { Question, Source } from './sources'
import { looseFlag, looseList, looseNumber, looseText } from './tolerant'
import { plainText, webUrl } from './web-text'

/** The names of a record, which the look-ups of many works need. */
export const recordNames = z.looseObject({
  id: looseText,
  source: looseText,
  pmid: looseText,
  pmcid: looseText,
  doi: looseText
})

const recordSchema = recordNames.extend({
  title: looseText,
  authorString: looseText,
  authorList: z
    .looseObject({ author: looseList(z.looseObject({ fullName: looseText, collectiveName: looseText })) })
    .nullish()
    .catch(null),
  pubYear: looseText,
  journalTitle: looseText,
  journalInfo: z
    .looseObject({ journal: z.looseObject({ title: looseText }).nullish().catch(null) })
    .nullish()
    .catch(null),
  language: looseText,
  license: looseText,
  isOpenAccess: looseFlag,
  inEPMC: looseFlag,
  inPMC: looseFlag,
  hasPDF: looseFlag,
  authMan: looseFlag,
  epmcAuthMan: looseFlag,
  nihAuthMan: looseFlag,
  fullTextUrlList: z
    .looseObject({
      fullTextUrl: looseList(
        z.looseObject({
          availability: looseText,
          availabilityCode: looseText,
          documentStyle: looseText,
          site: looseText,
          url: looseText
        })
      )
    })
    .nullish()
    .catch(null)
})
type RawRecord = z.output<typeof recordSchema>

export const refusalFields = { errCode: looseText, errMsg: looseText }

/** A refusal has status 200. It is no information about the work. */
export function refusalIn({
  errCode,
  errMsg
}: {
  readonly errCode?: string | null | undefined
  readonly errMsg?: string | null | undefined
}): Failure | null {
  if (!errCode && !errMsg) return null
  const words = plainText(errMsg) ?? 'an error without words'
  return notUnderstood(`Europe PMC refused the question: ${words} (${errCode ?? 'no code'}).`)
}

const resultSchema = z.looseObject({
  ...refusalFields,
  hitCount: looseNumber,
  resultList: z
    .looseObject({ result: looseList(recordSchema) })
    .nullish()
    .catch(null)
})

export interface EuropePmcRecord {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly license?: string
  readonly version: ArticleVersion
  readonly isOpenAccess: boolean
  readonly hasPdf: boolean
  /** held by Europe PMC itself */
  readonly isHeld: boolean
  readonly fullText: readonly {
    readonly url: string
    readonly style: string
    readonly availability: string
    readonly isOpen: boolean
    readonly site: string
  }[]
}

export interface EuropePmcResult {
  readonly hitCount: number
  readonly records: readonly EuropePmcRecord[]
}

function readResult(text: string): z.output<typeof resultSchema> | Failure {
  if (!/^\s*<\?xml|^\s*<(?:\w+:)?responseWrapper/.test(text)) return readJson(text, resultSchema)
  const read = readXml(text, z.looseObject({ responseWrapper: resultSchema }))
  return isReading(read) ? read : read.responseWrapper
}

/** Reads JSON and XML, of the current service and of its predecessor. */
export function parseEuropePmc(text: string): EuropePmcResult | Failure {
  const result = readResult(text)
  if (isReading(result)) return result
  const refusal = refusalIn(result)
  if (refusal !== null) return refusal
  if (!result.resultList && typeof result.hitCount !== 'number')
    return notUnderstood('Europe PMC’s answer has no list of results.')
  const records = (result.resultList?.result ?? []).map(recordOf)
  return { hitCount: result.hitCount ?? records.length, records }
}

function recordOf(raw: RawRecord): EuropePmcRecord {
  const listed = raw.authorList?.author.map((author) => author.fullName ?? author.collectiveName) ?? []
  const authors =
    listed.length > 0 ? listed : (plainText(raw.authorString)?.replace(/\.$/, '').split(/,\s+/) ?? [])
  const license = licenseOf(raw.license)
  const isManuscript = raw.authMan === true || raw.epmcAuthMan === true || raw.nihAuthMan === true
  return {
    ids: idsOfRecord(raw),
    facts: factsOf({
      title: raw.title?.replace(/\.$/, ''),
      authors,
      year: raw.pubYear,
      venue: raw.journalInfo?.journal?.title ?? raw.journalTitle,
      language: raw.language
    }),
    ...(license === undefined ? {} : { license }),
    version:
      raw.source === 'PPR' ? 'submittedVersion' : isManuscript ? 'acceptedVersion' : 'publishedVersion',
    isOpenAccess: raw.isOpenAccess === true,
    hasPdf: raw.hasPDF === true,
    isHeld: raw.inEPMC === true,
    fullText: (raw.fullTextUrlList?.fullTextUrl ?? []).flatMap((one) => {
      const url = webUrl(one.url)
      if (url === null) return []
      const code = one.availabilityCode?.toUpperCase() ?? ''
      const isOpen = ['OA', 'F'].includes(code) || /^(?:open access|free)$/i.test(one.availability ?? '')
      return [
        {
          url,
          style: one.documentStyle?.toLowerCase() ?? '',
          availability: one.availability ?? code,
          isOpen,
          site: one.site ?? 'unknown'
        }
      ]
    })
  }
}

export const europePmc: Source = {
  name: 'europe_pmc',
  lookup: 'europe_pmc',

  cannot(work: Work): string | null {
    return queryFor(work.ids) === null
      ? 'Europe PMC is asked by DOI, PMID or PMCID, and none is known.'
      : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { ids } = question.work
    const query = queryFor(ids)
    if (query === null) return
    if (question.part !== null) {
      const record = sourceQuery.answered(question.part, readKept, 'Europe PMC does not know this work.')
      if (record !== null) tell(record, sourceQuery)
      return
    }
    const parameters = `query=${encodeURIComponent(query)}&resultType=core&format=json&pageSize=5`
    const url = `https://www.ebi.ac.uk/europepmc/webservices/rest/search?${parameters}`
    const record = await sourceQuery.ask(url, (answer) => readStatus(answer) ?? readRecord(answer.text, ids))
    if (record !== null) tell(record, sourceQuery)
  }
}

function tell(record: EuropePmcRecord, sourceQuery: SourceQuery): void {
  sourceQuery.mergeMetadata(record.ids, record.facts)
  propose(record, sourceQuery)
}

/** A record as a batch stored it. */
function readKept(text: string): Reading<EuropePmcRecord> {
  const raw = readJson(text, recordSchema)
  return isReading(raw) ? raw : judgeRecord(recordOf(raw))
}

/** A record of MEDLINE has its PMID as its id. */
export function idsOfRecord({ doi, pmcid, pmid, source, id }: z.output<typeof recordNames>): Identifiers {
  return idsOf({ doi, pmcid, pmid: pmid ?? (source === 'MED' ? id : null) })
}

export function queryFor(ids: Identifiers): string | null {
  if (ids.doi !== undefined) return `DOI:${phraseOf(ids.doi)}`
  if (ids.pmcid !== undefined) return `PMCID:${ids.pmcid}`
  return ids.pmid === undefined ? null : `EXT_ID:${ids.pmid} AND SRC:MED`
}

export function isAbout(found: Identifiers, wanted: Identifiers): boolean {
  if (found.doi !== undefined && wanted.doi !== undefined) return sameDoi(found.doi, wanted.doi)
  if (found.pmcid !== undefined && wanted.pmcid !== undefined) return found.pmcid === wanted.pmcid
  return found.pmid !== undefined && found.pmid === wanted.pmid
}

function readRecord(text: string, ids: Identifiers): Reading<EuropePmcRecord> {
  const result = parseEuropePmc(text)
  if (isReading(result)) return result
  const record = result.records.find((one) => isAbout(one.ids, ids))
  if (record === undefined) {
    const detail =
      result.records.length === 0
        ? 'Europe PMC does not know this work.'
        : 'Europe PMC answered with other works only.'
    return noOpenCopy(detail)
  }
  return judgeRecord(record)
}

function judgeRecord(record: EuropePmcRecord): Reading<EuropePmcRecord> {
  const files = filesOf(record)
  if (files.length > 0)
    return { outcome: 'success', value: record, detail: `${counted(files.length, 'file')} named.` }
  return noOpenCopy('Europe PMC knows it, without an open PDF.', record)
}

function filesOf(record: EuropePmcRecord): { url: string; evidence: string }[] {
  const named = record.fullText
    .filter((one) => one.isOpen && one.style === 'pdf')
    .map((one) => ({
      url: one.url,
      evidence: `Europe PMC lists this PDF at ${one.site} (${one.availability}).`
    }))
  const { pmcid } = record.ids
  if (pmcid !== undefined && record.hasPdf && (record.isHeld || record.isOpenAccess)) {
    named.push({ url: europePmcRender(pmcid), evidence: `Europe PMC holds ${pmcid} and renders its PDF.` })
  }
  return named
}

function propose(record: EuropePmcRecord, sourceQuery: SourceQuery): void {
  const { version } = record
  const license = record.license === undefined ? {} : { license: record.license }
  filesOf(record).forEach((file, rank) => {
    sourceQuery.propose({ ...file, format: 'pdf', rank, version, ...license })
  })
  if (record.isOpenAccess && record.ids.pmcid !== undefined) {
    sourceQuery.propose({
      url: europePmcXml(record.ids.pmcid),
      format: 'xml',
      rank: 0,
      version,
      evidence: `${record.ids.pmcid} is open access; Europe PMC gives its full text as XML.`,
      ...license
    })
  }
  for (const one of record.fullText.filter((entry) => entry.isOpen && entry.style !== 'pdf')) {
    const page = landingUrl(one.url)
    if (page === null) continue
    sourceQuery.suggest({ landingUrl: page, isOa: true, version, ...license })
    if (one.style === 'html') {
      sourceQuery.propose({
        url: page,
        format: 'html',
        rank: 5,
        version,
        evidence: `Europe PMC lists this page at ${one.site}.`,
        ...license
      })
    }
  }
}
