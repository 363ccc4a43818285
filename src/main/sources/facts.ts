/**
 * Converts names, versions, licences and identifiers from the spelling of services to Sheaf's. Unreadable
 * values are left out: an absent fact is better than a wrong one.
 */
import { hostnameOf, isUnder } from '../../contract/addresses'
import { arxivOfDoi, normaliseDoi, withoutVersion } from '../../contract/doi'
import type { Identifiers, WorkFacts } from '../../contract/work'
import { ARTICLE_VERSIONS, type ArticleVersion } from '../../contract/words'
import { pmcidIn } from './file-urls'
import { plainText } from './web-text'

type Maybe = string | null | undefined

export function versionOf(text: Maybe): ArticleVersion | undefined {
  const bare = text?.trim().toLowerCase()
  return ARTICLE_VERSIONS.find((version) => version.toLowerCase() === bare)
}

export function licenseOf(text: Maybe): string | undefined {
  return plainText(text) ?? undefined
}

const YEAR_FROM = 1400
const YEAR_TO = 2200

interface RawFacts {
  readonly title?: Maybe
  readonly authors?: readonly Maybe[]
  readonly year?: number | string | null | undefined
  readonly venue?: Maybe
  readonly type?: Maybe
  readonly language?: Maybe
}

/** Only values that are present and plausible. */
export function factsOf(raw: RawFacts): WorkFacts {
  const title = plainText(raw.title)
  const authors = (raw.authors ?? []).map((name) => plainText(name)).filter((name) => name !== null)
  const year = typeof raw.year === 'number' ? raw.year : Number.parseInt(raw.year ?? '', 10)
  const venue = plainText(raw.venue)
  const type = plainText(raw.type)
  const language = plainText(raw.language)
  return {
    ...(title === null ? {} : { title }),
    ...(authors.length === 0 ? {} : { authors }),
    ...(Number.isInteger(year) && year >= YEAR_FROM && year <= YEAR_TO ? { year } : {}),
    ...(venue === null ? {} : { venue }),
    ...(type === null ? {} : { type }),
    ...(language === null ? {} : { language })
  }
}

/** `Family, Given`, or the one part that is given; null when there is none. */
export function familyFirst({
  family,
  given
}: {
  readonly family?: Maybe
  readonly given?: Maybe
}): string | null {
  const parts = [family, given].filter((part) => typeof part === 'string' && part !== '')
  return parts.length > 0 ? parts.join(', ') : null
}

interface RawIds {
  readonly openalex?: Maybe
  readonly doi?: Maybe
  readonly arxiv?: Maybe
  readonly pmid?: Maybe
  readonly pmcid?: Maybe
}

/** Bare, normalised identifiers; an arXiv DOI also names its arXiv id. */
export function idsOf(raw: RawIds): Identifiers {
  const openalex = /(?:^|\/)(W\d+)$/i.exec(raw.openalex?.trim() ?? '')?.[1]?.toUpperCase()
  const doi = normaliseDoi(raw.doi ?? '')
  const arxiv = bareArxiv(raw.arxiv) ?? (doi === null ? null : bareArxiv(arxivOfDoi(doi)))
  const pmid = /(?:^|\/|:)(\d{1,9})\/?$/.exec(raw.pmid?.trim() ?? '')?.[1]
  const pmcid =
    raw.pmcid === null || raw.pmcid === undefined ? null : (pmcidIn(raw.pmcid) ?? bareNumber(raw.pmcid))
  return {
    ...(openalex === undefined ? {} : { openalex }),
    ...(doi === null ? {} : { doi }),
    ...(arxiv === null ? {} : { arxiv }),
    ...(pmid === undefined ? {} : { pmid }),
    ...(pmcid === null ? {} : { pmcid })
  }
}

function bareNumber(text: string): string | null {
  const digits = /(?:^|\/)(\d{1,9})\/?$/.exec(text.trim())?.[1]
  return digits === undefined ? null : `PMC${digits}`
}

/** `2401.00001v2` → `2401.00001`; `math.GT/0309136` → `math/0309136`; null when it is not an arXiv id. */
export function bareArxiv(text: Maybe): string | null {
  const bare = text
    ?.trim()
    .replace(/^https?:\/\/(?:[a-z]+\.)?arxiv\.org\/(?:abs|pdf|html)\//i, '')
    .replace(/^(?:arxiv|oai:arxiv\.org):/i, '')
    .replace(/\.pdf$/i, '')
    .replace(/v\d+$/i, '')
    .toLowerCase()
  if (bare === undefined) return null
  if (/^\d{4}\.\d{4,5}$/.test(bare)) return bare
  const old = /^([a-z-]+)(?:\.[a-z-]{2,})?\/(\d{7})$/.exec(bare)
  return old === null ? null : `${old[1] ?? ''}/${old[2] ?? ''}`
}

/**
 * Registrants of DataCite: Crossref and Unpaywall do not have their DOIs. Only those of repositories that
 * hold papers.
 */
const DATACITE_PREFIXES: ReadonlySet<string> = new Set([
  '10.48550',
  '10.5281',
  '10.6084',
  '10.17632',
  '10.5061',
  '10.17605',
  '10.13140',
  '10.4121',
  '10.7910',
  '10.5445',
  '10.3929',
  '10.18154',
  '10.17863',
  '10.5167',
  '10.14279',
  '10.25384',
  '10.15129'
])

export function isDataCiteDoi(doi: string): boolean {
  return DATACITE_PREFIXES.has(doi.slice(0, doi.indexOf('/')))
}

/** Whether a service's text names this DOI, in any spelling. */
export function namesDoi(text: Maybe, doi: string): boolean {
  const found = normaliseDoi(text ?? '')
  return found !== null && sameDoi(found, doi)
}

/** The address that leads to a DOI's publisher. */
export function doiAddress(doi: string): string {
  return `https://doi.org/${doiInPath(doi)}`
}

/** Whether the address only leads to the page of a DOI. */
export function isDoiAddress(url: string): boolean {
  return isUnder(hostnameOf(url), 'doi.org')
}

/** A phrase of a search in quotation marks: the characters that would end it are left out. */
export function phraseOf(text: string): string {
  return `"${text.replace(/["\\]/g, '')}"`
}

/** A DOI inside a URL's path: its slashes stay readable, characters that would end the path are escaped. */
export function doiInPath(doi: string): string {
  return encodeURIComponent(doi).replace(/%2F/g, '/').replace(/%3A/g, ':').replace(/%3B/g, ';')
}

/** Whether two DOIs name the same work. A version suffix (`…44753.2`, `…v1`) does not make another work. */
export function sameDoi(one: string, other: string): boolean {
  const [a, b] = [withoutVersion(one), withoutVersion(other)]
  if (a === b) return true
  const isVersionOf = (long: string, short: string): boolean =>
    long.startsWith(`${short}.`) && /^\.\d{1,2}$/.test(long.slice(short.length))
  return isVersionOf(a, b) || isVersionOf(b, a)
}
