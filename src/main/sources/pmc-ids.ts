/**
 * PMC's id converter: which DOI, PMID and PMCID belong together. One kind of identifier per call, at most 200
 * of them. Pure. Source: pmc.ncbi.nlm.nih.gov/tools/id-converter-api (read 2026-11); docs/services.md.
 */
import { z } from 'zod'
import { unescaped } from '../../contract/addresses'
import type { Identifiers } from '../../contract/work'
import { idsOf, sameDoi } from './facts'
import { isReading, readJson, type Failure } from './reading'
import { looseFlag, looseList, looseText } from './tolerant'
import { plainText } from './web-text'

export const CONVERTER_IDS = 200
export type ConverterType = 'doi' | 'pmid' | 'pmcid'

export function converterUrl(type: ConverterType, ids: readonly string[], mailto: string): string {
  const values = ids.map((id) => encodeURIComponent(id).replace(/%2F/g, '/')).join(',')
  const contact = mailto === '' ? '' : `&email=${encodeURIComponent(mailto)}`
  return `https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?ids=${values}&idtype=${type}&format=json&tool=sheaf${contact}`
}

const converterSchema = z.looseObject({
  status: looseText,
  message: looseText,
  errors: looseList(
    z.union([
      z.looseObject({ message: looseText, code: looseText }),
      z.string().transform((message) => ({ message, code: null }))
    ])
  ),
  records: looseList(
    z.looseObject({
      pmcid: looseText,
      pmid: looseText,
      doi: looseText,
      live: looseFlag,
      status: looseText,
      errmsg: looseText,
      'requested-id': looseText
    })
  )
})

export interface ConvertedRecord {
  readonly ids: Identifiers
  /** the requested identifier, lower case; null when the service does not report it */
  readonly requested: string | null
  /** false while the article is under embargo */
  readonly isLive: boolean
  readonly error: string | null
}

export interface Conversion {
  readonly records: readonly ConvertedRecord[]
  /** the service's message when it refused the whole query */
  readonly error: string | null
}

export function parseIdConverter(text: string): Conversion | Failure {
  const raw = readJson(text, converterSchema)
  if (isReading(raw)) return raw
  const words = [
    ...raw.errors.map((one) =>
      plainText([one.message, one.code && `(${one.code})`].filter(Boolean).join(' '))
    ),
    plainText(unescaped(raw.message ?? ''))
  ].filter((one) => one !== null)
  return {
    error:
      raw.status === 'error' || raw.errors.length > 0 ? words.join(' ') || 'an error without words' : null,
    records: raw.records.map((record) => ({
      ids: idsOf({ pmcid: record.pmcid, pmid: record.pmid, doi: record.doi }),
      requested: record['requested-id']?.toLowerCase() ?? null,
      isLive: record.live !== false,
      error: plainText(record.errmsg ?? (record.status === 'error' ? 'an error without words' : null))
    }))
  }
}

/** The record as a batch stored it. */
export function storedRecord(text: string): ConvertedRecord | null {
  const conversion = parseIdConverter(conversionOf(text))
  return isReading(conversion) ? null : (conversion.records[0] ?? null)
}

/** An answer with only this record. */
export function conversionOf(record: string): string {
  return `{"records":[${record}]}`
}

/** The record for a work requested by this identifier. */
export function recordFor(
  conversion: Conversion,
  asked: { readonly type: ConverterType; readonly value: string }
): ConvertedRecord | undefined {
  const { type, value } = asked
  return conversion.records.find((record) => {
    const own = record.ids[type]
    if (type === 'doi' && own !== undefined) return sameDoi(own, value)
    if (own !== undefined) return own === value
    return record.requested === value.toLowerCase()
  })
}
