/**
 * What PMC's two services say: the id converter (which names belong together) and the open-access
 * service (where the files of an article lie). Pure; both the converter's older and newer forms.
 * Source: NCBI, “PMC ID Converter API”, “PMC OA Web Service”.
 */
import { z } from 'zod'
import type { Identifiers } from '../../contract/work'
import { idsOf, licenseOf } from './facts'
import { isReading, readJson, readXml, type Failure } from './reading'
import { looseFlag, looseList, looseText } from './tolerant'
import { plainText, webUrl } from './web-text'

const converterSchema = z.looseObject({
  status: looseText,
  message: looseText,
  records: looseList(
    z.looseObject({
      pmcid: looseText,
      pmid: looseText,
      doi: looseText,
      live: looseFlag,
      status: looseText,
      errmsg: looseText,
      'release-date': looseText
    })
  )
})

export interface ConvertedRecord {
  readonly ids: Identifiers
  /** false while the article is under embargo */
  readonly isLive: boolean
  readonly error: string | null
}

export interface Conversion {
  readonly records: readonly ConvertedRecord[]
  /** the service refused the question, in its words */
  readonly error: string | null
}

export function parseIdConverter(text: string): Conversion | Failure {
  const raw = readJson(text, converterSchema)
  if (isReading(raw)) return raw
  return {
    error: raw.status === 'error' ? unescaped(raw.message ?? 'an error without words') : null,
    records: raw.records.map((record) => {
      const error = record.errmsg ?? (record.status === 'error' ? 'an error without words' : null)
      return {
        ids: idsOf({ pmcid: record.pmcid, pmid: record.pmid, doi: record.doi }),
        isLive: record.live !== false,
        error: plainText(error)
      }
    })
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const linkSchema = z.looseObject({ '@format': looseText, '@href': looseText, '@updated': looseText })
const oaSchema = z.looseObject({
  OA: z.looseObject({
    error: z
      .union([
        z.looseObject({ '@code': looseText, '#text': looseText }),
        z.string().transform((text) => ({ '@code': null, '#text': text }))
      ])
      .nullish()
      .catch(null),
    records: z
      .looseObject({
        record: looseList(
          z.looseObject({
            '@id': looseText,
            '@citation': looseText,
            '@license': looseText,
            '@retracted': looseText,
            link: looseList(linkSchema)
          })
        )
      })
      .nullish()
      .catch(null)
  })
})

export interface OaRecord {
  readonly pmcid: string
  readonly license: string | null
  readonly retracted: boolean
  /** `format` as the service says: pdf, tgz; addresses under https */
  readonly links: readonly { readonly format: string; readonly url: string }[]
}

export interface OaAnswer {
  readonly records: readonly OaRecord[]
  readonly error: { readonly code: string; readonly message: string } | null
}

export function parseOaService(text: string): OaAnswer | Failure {
  const raw = readXml(text, oaSchema)
  if (isReading(raw)) return raw
  const { error, records } = raw.OA
  return {
    error: error
      ? { code: error['@code'] ?? 'unknown', message: plainText(error['#text']) ?? 'an error without words' }
      : null,
    records: (records?.record ?? []).flatMap((record): OaRecord[] => {
      const { pmcid } = idsOf({ pmcid: record['@id'] })
      if (pmcid === undefined) return []
      return [
        {
          pmcid,
          license: licenseOf(record['@license']) ?? null,
          retracted: /^y/i.test(record['@retracted'] ?? ''),
          links: record.link.flatMap((link) => {
            const url = webUrl(link['@href'])
            return url === null ? [] : [{ format: (link['@format'] ?? '').toLowerCase(), url }]
          })
        }
      ]
    })
  }
}
