/**
 * PubMed Central's open-data bucket: which versions of an article it has, and each version's metadata (files,
 * licence, manuscript or published, checksum). Pure parsers; `pmc.ts` sends the queries. Source:
 * pmc.ncbi.nlm.nih.gov/tools/pmcaws (read 2026-11); docs/services.md.
 */
import { z } from 'zod'
import type { Identifiers } from '../../contract/work'
import { factsOf, idsOf, sameDoi } from './facts'
import { isReading, readJson, readXml, type Failure } from './reading'
import { looseFlag, looseList, looseNumber, looseText } from './tolerant'
import { plainText } from './web-text'
import type { WorkFacts } from '../../contract/work'

const BUCKET = 'pmc-oa-opendata'
const HOST = `https://${BUCKET}.s3.amazonaws.com`

/** Lists the bucket's objects of an article. The dot distinguishes PMC12 from PMC123. */
export function listingUrl(pmcid: string): string {
  return `${HOST}/?list-type=2&prefix=${pmcid}.&delimiter=/`
}

export function metadataUrl(pmcid: string, version: number): string {
  return `${HOST}/metadata/${pmcid}.${String(version)}.json`
}

const listingSchema = z.looseObject({
  ListBucketResult: z.union([
    z.looseObject({
      CommonPrefixes: looseList(z.looseObject({ Prefix: looseText })),
      Contents: looseList(z.looseObject({ Key: looseText }))
    }),
    // An empty element has neither.
    z.string().transform(() => ({ CommonPrefixes: [], Contents: [] }))
  ])
})

/** Version numbers of one article, newest first; empty when the bucket does not have it. */
export function parseListing(text: string, pmcid: string): readonly number[] | Failure {
  const raw = readXml(text, listingSchema)
  if (isReading(raw)) return raw
  const { CommonPrefixes, Contents } = raw.ListBucketResult
  const names = [...CommonPrefixes.map((one) => one.Prefix), ...Contents.map((one) => one.Key)]
  const versions = names.flatMap((name) => {
    const found = /^(PMC\d{1,9})\.(\d{1,4})\//.exec(name ?? '')
    return found?.[1] === pmcid ? [Number(found[2])] : []
  })
  return [...new Set(versions)].sort((a, b) => b - a)
}

const metadataSchema = z.looseObject({
  pmcid: looseText,
  version: looseNumber,
  pmid: looseText,
  doi: looseText,
  title: looseText,
  citation: looseText,
  is_pmc_openaccess: looseFlag,
  is_manuscript: looseFlag,
  is_retracted: looseFlag,
  license_code: looseText,
  pdf_url: looseText,
  xml_url: looseText
})

export interface CloudFile {
  readonly url: string
  /** 32 lower-case hex digits; null when the metadata names none */
  readonly md5: string | null
}

export interface CloudVersion {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly isManuscript: boolean
  readonly isRetracted: boolean
  /** a reuse licence; null for TDM (free to read, no reuse) and where no licence is named */
  readonly license: string | null
  readonly isTdmOnly: boolean
  readonly pdf: CloudFile | null
  readonly xml: CloudFile | null
}

/** One version's metadata. Files outside the article's own folder of the bucket are left out. */
export function parseMetadata(text: string): CloudVersion | Failure {
  const raw = readJson(text, metadataSchema)
  if (isReading(raw)) return raw
  const ids = idsOf({ pmcid: raw.pmcid, pmid: raw.pmid, doi: raw.doi })
  const code = plainText(raw.license_code)
  const isTdmOnly = /^tdm$/i.test(code ?? '')
  const { venue, year } = citationOf(raw.citation)
  return {
    ids,
    facts: factsOf({ title: raw.title, venue, year }),
    isManuscript: raw.is_manuscript === true,
    isRetracted: raw.is_retracted === true,
    license: isTdmOnly ? null : code,
    isTdmOnly,
    pdf: fileOf(raw.pdf_url, ids.pmcid),
    xml: fileOf(raw.xml_url, ids.pmcid)
  }
}

/** `s3://pmc-oa-opendata/PMC1.2/PMC1.2.pdf?md5=…` → the same file under https, and its checksum. */
function fileOf(text: string | null | undefined, pmcid: string | undefined): CloudFile | null {
  const found = new RegExp(
    `^(?:s3://${BUCKET}|https://${BUCKET}\\.s3(?:\\.[a-z0-9-]+)?\\.amazonaws\\.com)/([^?#]+)(?:\\?(.*))?$`,
    'i'
  ).exec(text?.trim() ?? '')
  const path = found?.[1]
  if (path === undefined || pmcid === undefined || !path.startsWith(`${pmcid}.`)) return null
  const md5 = /(?:^|&)md5=([0-9a-f]{32})(?:&|$)/i.exec(found?.[2] ?? '')?.[1]?.toLowerCase()
  return { url: new URL(path, `${HOST}/`).href, md5: md5 ?? null }
}

/** `Nature. 2020 Sep 16;585(7825):357-362.` → venue and year. */
function citationOf(text: string | null | undefined): { venue: string | null; year: string | null } {
  const found = /^(.{2,120}?)\.\s+((?:1[5-9]|20)\d\d)\b/.exec(text?.trim() ?? '')
  return { venue: found?.[1] ?? null, year: found?.[2] ?? null }
}

/** Why this metadata is not about the work, or null. Identifiers that both have must agree. */
export function differsFrom(found: Identifiers, wanted: Identifiers, pmcid: string): string | null {
  if (found.pmcid !== pmcid) return `it calls itself ${found.pmcid ?? 'nothing'}`
  if (found.doi !== undefined && wanted.doi !== undefined && !sameDoi(found.doi, wanted.doi))
    return `its DOI is ${found.doi}`
  if (found.doi === undefined && found.pmid !== undefined && wanted.pmid !== undefined)
    return found.pmid === wanted.pmid ? null : `its PMID is ${found.pmid}`
  return null
}
