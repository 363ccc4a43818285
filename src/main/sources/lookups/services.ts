/**
 * How each service is queried for many works at a time, and how its answer is split: one record per work,
 * trimmed to what its source reads. Pure; `pass.ts` sends the queries. Sources: docs/services.md names each
 * service's documentation and its limits.
 */
import { z } from 'zod'
import type { Identifiers, Work } from '../../../contract/work'
import { arxivIdOf, arxivUrl, hasMainFacts, parseArxiv, refusedBy, withVersion } from '../arxiv'
import { CROSSREF_SELECT, crossrefWorkSchema } from '../crossref'
import { idsOfRecord, isAbout, queryFor, recordNames, refusalFields, refusalIn } from '../europe-pmc'
import { idsOf, isDataCiteDoi, sameDoi } from '../facts'
import { OPENALEX_MOST, OPENALEX_URL_BYTES, filterUrl, fitsFilter, openAlexHeaders } from '../openalex-api'
import { openAlexWorkSchema } from '../openalex-work'
import { CONVERTER_IDS, converterUrl, parseIdConverter, recordFor, type ConverterType } from '../pmc-ids'
import { isReading, notUnderstood, readJson, type Failure } from '../reading'
import { SEMANTIC_SCHOLAR_BATCH, SEMANTIC_SCHOLAR_MOST, semanticScholarId } from '../semantic-scholar'
import { looseList, looseNumber, requiredList } from '../tolerant'
import type { LookupService } from './lookups'

export interface BatchQuestion {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface BatchEnvironment {
  readonly mailto: string
  readonly key: string | null
}

/** One way of querying one service: by one kind of identifier. */
export interface Batch {
  readonly service: LookupService
  /** values in one query */
  readonly most: number
  /** characters of its address; absent: no limit */
  readonly mostUrl?: number
  /** the value for this work; null: it cannot be queried this way */
  readonly valueOf: (work: Work) => string | null
  readonly question: (values: readonly string[], around: BatchEnvironment) => BatchQuestion
  /** JSON text of each value's record; the service does not know a value without one */
  readonly read: (text: string, values: readonly string[]) => ReadonlyMap<string, string> | Failure
}

/** Further authors are not stored: the record of a collaboration names thousands. */
const MOST_AUTHORS = 60

const openAlexBy = (
  field: 'doi' | 'ids.pmid',
  valueOf: Batch['valueOf'],
  isIt: (ids: Identifiers, value: string) => boolean
): Batch => ({
  service: 'openalex',
  most: OPENALEX_MOST,
  mostUrl: OPENALEX_URL_BYTES,
  valueOf,
  question: (values, { key }) => ({ url: filterUrl(field, values), headers: openAlexHeaders(key) }),
  read(text, values) {
    const schema = z.looseObject({
      meta: z.looseObject({ count: looseNumber }).nullish().catch(null),
      results: requiredList(openAlexWorkSchema)
    })
    const raw = readJson(text, schema)
    if (isReading(raw)) return raw
    if ((raw.meta?.count ?? 0) > raw.results.length && raw.results.length > 0 && values.length > 1)
      return notUnderstood('OpenAlex has more records than one page.')
    return byValue(values, (value) => {
      const found = raw.results.find((one) =>
        isIt(idsOf({ doi: one.doi ?? one.ids?.doi, pmid: one.ids?.pmid }), value)
      )
      return found === undefined ? null : { ...found, authorships: found.authorships.slice(0, MOST_AUTHORS) }
    })
  }
})

/** A search result has its own locations: no query is needed. */
const comesWithFiles = (work: Work): boolean =>
  work.ids.openalex !== undefined &&
  work.locations.some((one) => one.isOa === true && one.pdfUrl !== undefined)

export const OPENALEX_BY_DOI = openAlexBy(
  'doi',
  (work) => {
    const { doi } = work.ids
    return doi === undefined || isDataCiteDoi(doi) || !fitsFilter(doi) || comesWithFiles(work) ? null : doi
  },
  (ids, value) => ids.doi !== undefined && sameDoi(ids.doi, value)
)
export const OPENALEX_BY_PMID = openAlexBy(
  'ids.pmid',
  (work) => (work.ids.doi === undefined && !comesWithFiles(work) ? (work.ids.pmid ?? null) : null),
  (ids, value) => ids.pmid === value
)

const converterBy = (type: ConverterType, valueOf: Batch['valueOf']): Batch => ({
  service: 'pmc_ids',
  most: CONVERTER_IDS,
  mostUrl: 7_500,
  valueOf,
  question: (values, { mailto }) => ({ url: converterUrl(type, values, mailto) }),
  read(text, values) {
    const conversion = parseIdConverter(text)
    if (isReading(conversion)) return conversion
    if (conversion.error !== null)
      return { outcome: 'nonretryable', reason: 'HTTP_REFUSED', detail: conversion.error }
    return byValue(values, (value) => {
      const found = recordFor(conversion, { type, value })
      if (found === undefined) return null
      const { ids, isLive, error, requested } = found
      return {
        ...ids,
        live: isLive,
        'requested-id': requested ?? value,
        ...(error === null ? {} : { errmsg: error })
      }
    })
  }
})

export const PMC_IDS_BY_DOI = converterBy('doi', ({ ids }) => {
  const isAsked = ids.pmcid === undefined && ids.doi !== undefined && !isDataCiteDoi(ids.doi)
  return isAsked && !ids.doi.includes(',') ? ids.doi : null
})
export const PMC_IDS_BY_PMID = converterBy('pmid', ({ ids }) =>
  ids.pmcid === undefined && ids.doi === undefined ? (ids.pmid ?? null) : null
)
export const PMC_IDS_BY_PMCID = converterBy('pmcid', ({ ids, facts }) =>
  ids.doi === undefined && ids.pmid === undefined && facts.title === undefined ? (ids.pmcid ?? null) : null
)

export const ARXIV_BY_ID: Batch = {
  service: 'arxiv',
  most: 100,
  valueOf(work) {
    const id = arxivIdOf(work)
    return id === null || hasMainFacts(work) ? null : withVersion(id, work)
  },
  question: (values) => ({ url: arxivUrl(values), headers: { accept: 'application/atom+xml' } }),
  read(text, values) {
    const feed = parseArxiv(text)
    if (isReading(feed)) return feed
    if (feed.error !== null) return refusedBy(feed.error)
    return byValue(
      values,
      (value) => feed.entries.find((one) => one.id === value.replace(/v\d+$/, '')) ?? null
    )
  }
}

export const CROSSREF_BY_DOI: Batch = {
  service: 'crossref',
  most: 50,
  mostUrl: 7_500,
  valueOf({ ids: { doi } }) {
    return doi === undefined || isDataCiteDoi(doi) || /[,]/.test(doi) ? null : doi
  },
  question(values, { mailto }) {
    const filter = values.map((doi) => `doi:${encodeURIComponent(doi).replace(/%2F/g, '/')}`).join(',')
    const contact = mailto === '' ? '' : `&mailto=${encodeURIComponent(mailto)}`
    return {
      url: `https://api.crossref.org/works?filter=${filter}&rows=${String(values.length)}&select=${CROSSREF_SELECT}${contact}`
    }
  },
  read(text, values) {
    const schema = z.looseObject({
      message: z.looseObject({
        items: requiredList(crossrefWorkSchema)
      })
    })
    const raw = readJson(text, schema)
    if (isReading(raw)) return raw
    return byValue(values, (value) => {
      const found = raw.message.items.find((one) => one.DOI?.toLowerCase() === value)
      return found === undefined ? null : { ...found, author: found.author.slice(0, MOST_AUTHORS) }
    })
  }
}

export const EUROPE_PMC_BY_QUERY: Batch = {
  service: 'europe_pmc',
  most: 50,
  valueOf: ({ ids }) => queryFor(ids),
  question: (values) => ({
    url: 'https://www.ebi.ac.uk/europepmc/webservices/rest/searchPOST',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      query: values.map((query) => `(${query})`).join(' OR '),
      resultType: 'core',
      format: 'json',
      // A search may also return similar records.
      pageSize: String(Math.min(1_000, values.length * 4))
    }).toString()
  }),
  read(text, values) {
    const schema = z.looseObject({
      ...refusalFields,
      resultList: z.looseObject({ result: looseList(recordNames) })
    })
    const raw = readJson(text, schema)
    if (isReading(raw)) return raw
    const refusal = refusalIn(raw)
    if (refusal !== null) return refusal
    return byValue(values, (value) => {
      const wanted = idsOfQuery(value)
      const found = raw.resultList.result.find((one) => isAbout(idsOfRecord(one), wanted))
      if (found === undefined) return null
      return { ...found, abstractText: undefined }
    })
  }
}

function idsOfQuery(query: string): Identifiers {
  const doi = /^DOI:"(.*)"$/.exec(query)?.[1]
  const pmcid = /^PMCID:(PMC\d+)$/.exec(query)?.[1]
  const pmid = /^EXT_ID:(\d+)/.exec(query)?.[1]
  return idsOf({ doi, pmcid, pmid })
}

export const SEMANTIC_SCHOLAR_BY_ID: Batch = {
  service: 'semantic_scholar',
  most: SEMANTIC_SCHOLAR_MOST,
  valueOf: ({ ids }) => semanticScholarId(ids),
  question: (values, { key }) => ({
    url: SEMANTIC_SCHOLAR_BATCH,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'x-api-key': key }) },
    body: JSON.stringify({ ids: values })
  }),
  read(text, values) {
    const raw = readJson(text, z.array(z.unknown()))
    if (isReading(raw)) return raw
    if (raw.length !== values.length) return notUnderstood('Semantic Scholar answered with another count.')
    return new Map(
      values.flatMap((value, index) =>
        raw[index] === null || raw[index] === undefined ? [] : [[value, JSON.stringify(raw[index])] as const]
      )
    )
  }
}

/** The most that one work's record may take in the ledger. */
const MOST_RECORD_BYTES = 60_000

function byValue(
  values: readonly string[],
  recordOf: (value: string) => unknown
): ReadonlyMap<string, string> {
  return new Map(
    values.flatMap((value) => {
      const record = recordOf(value)
      if (record === null || record === undefined) return []
      const text = JSON.stringify(record)
      return text.length > MOST_RECORD_BYTES ? [] : [[value, text] as const]
    })
  )
}
