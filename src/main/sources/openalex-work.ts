/**
 * Converts a work of OpenAlex: identifiers, facts and locations. Pure; used for a work requested by its
 * identifier and for every line of a search. OpenAlex's “source” is Sheaf's venue. Source: OpenAlex, Work
 * object; both the shape of 2023 and that of 2026.
 */
import { z } from 'zod'
import type { OaLocation, WorkDraft } from '../../contract/work'
import { bareArxiv, factsOf, idsOf, licenseOf, versionOf } from './facts'
import { looksLikeFile } from '../platform/file-address'
import { landingUrl, pmcidOfPage } from './file-urls'
import { looseFlag, looseList, looseText } from './tolerant'
import { hostnameOf, isUnder } from '../../contract/addresses'
import { urlKey, webUrl } from './web-text'

const locationSchema = z.looseObject({
  is_oa: looseFlag,
  landing_page_url: looseText,
  pdf_url: looseText,
  version: looseText,
  license: looseText,
  source: z.looseObject({ display_name: looseText, type: looseText }).nullish().catch(null),
  raw_source_name: looseText
})

export const openAlexWorkSchema = z.looseObject({
  id: looseText,
  doi: looseText,
  title: looseText,
  display_name: looseText,
  publication_year: z.union([z.number(), z.string()]).nullish().catch(null),
  type: looseText,
  language: looseText,
  ids: z
    .looseObject({ openalex: looseText, doi: looseText, pmid: looseText, pmcid: looseText })
    .nullish()
    .catch(null),
  authorships: looseList(
    z.looseObject({
      raw_author_name: looseText,
      author: z.looseObject({ display_name: looseText }).nullish().catch(null)
    })
  ),
  open_access: z
    .looseObject({ is_oa: looseFlag, oa_status: looseText, oa_url: looseText })
    .nullish()
    .catch(null),
  best_oa_location: locationSchema.nullish().catch(null),
  primary_location: locationSchema.nullish().catch(null),
  locations: looseList(locationSchema),
  is_retracted: looseFlag,
  has_content: z.looseObject({ pdf: looseFlag }).nullish().catch(null)
})
type RawWork = z.output<typeof openAlexWorkSchema>

export function draftOf(raw: RawWork): WorkDraft {
  const venue = raw.primary_location?.source?.display_name ?? raw.primary_location?.raw_source_name
  const ids = idsOf({
    openalex: raw.id ?? raw.ids?.openalex,
    doi: raw.doi ?? raw.ids?.doi,
    pmid: raw.ids?.pmid,
    pmcid: raw.ids?.pmcid ?? pmcidOf(raw),
    arxiv: arxivOf(raw)
  })
  const facts = factsOf({
    title: raw.title ?? raw.display_name,
    authors: raw.authorships.map((one) => one.author?.display_name ?? one.raw_author_name),
    year: raw.publication_year,
    venue,
    type: raw.type,
    language: raw.language
  })
  return {
    ids,
    facts: raw.is_retracted === true ? { ...facts, retracted: 'OpenAlex' } : facts,
    locations: locationsOf(raw)
  }
}

function locationsOf(raw: RawWork): OaLocation[] {
  const best = raw.best_oa_location
  const open = [
    ...(best ? [best] : []),
    ...raw.locations,
    ...(raw.primary_location ? [raw.primary_location] : [])
  ].filter((location) => location.is_oa === true || location === best)
  const locations = open.flatMap((location): OaLocation[] => {
    const pdfUrl = webUrl(location.pdf_url)
    const page = landingUrl(location.landing_page_url)
    if (pdfUrl === null && page === null) return []
    const version = versionOf(location.version)
    const license = licenseOf(location.license)
    const venue = location.source?.display_name ?? location.raw_source_name
    return [
      {
        ...(pdfUrl === null ? {} : { pdfUrl }),
        ...(page === null ? {} : { landingUrl: page }),
        ...(version === undefined ? {} : { version }),
        ...(license === undefined ? {} : { license }),
        ...(venue ? { venue } : {}),
        isOa: true
      }
    ]
  })
  const named = webUrl(raw.open_access?.oa_url)
  if (named !== null) {
    locations.push(looksLikeFile(named) ? { pdfUrl: named, isOa: true } : { landingUrl: named, isOa: true })
  }
  return withoutDuplicates(locations)
}

/** Each file once and each page once; a page named together with its file stays with it. */
function withoutDuplicates(locations: readonly OaLocation[]): OaLocation[] {
  const seen = new Set<string>()
  const isNew = (url: string | undefined): boolean => {
    if (url === undefined || seen.has(urlKey(url))) return false
    seen.add(urlKey(url))
    return true
  }
  return locations.filter((location) => {
    const hasNewFile = isNew(location.pdfUrl)
    const hasNewPage = isNew(location.landingUrl)
    return hasNewFile || (hasNewPage && location.pdfUrl === undefined)
  })
}

function pagesOf(raw: RawWork): string[] {
  return [...raw.locations, ...(raw.primary_location ? [raw.primary_location] : [])].flatMap((location) => {
    const url = webUrl(location.landing_page_url)
    return url === null ? [] : [url]
  })
}

function arxivOf(raw: RawWork): string | null {
  const page = pagesOf(raw).find((url) => isUnder(hostnameOf(url), 'arxiv.org') && /\/abs\//.test(url))
  return page === undefined ? null : bareArxiv(page)
}

function pmcidOf(raw: RawWork): string | null {
  return (
    pagesOf(raw)
      .map(pmcidOfPage)
      .find((pmcid) => pmcid !== null) ?? null
  )
}
