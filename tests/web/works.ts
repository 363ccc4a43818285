/**
 * The works of a synthetic world as plain data, and what is derived from it: names, URLs, bytes.
 * Deterministic: the same list gives the same world, byte for byte.
 */
import type { ArticleVersion, SourceName } from '../../src/contract/words'
import type { ServedFile } from './file-answer'
import type { Misbehave } from './misbehaviours'
import { paperPdf, servedPdf } from './paper-file'

export interface WorldWork {
  /** short, lower-case letters and digits: becomes part of hosts and identifiers */
  readonly key: string
  readonly title?: string
  readonly authors?: readonly string[]
  readonly year?: number
  /** null: no DOI; absent: `10.5555/<key>` */
  readonly doi?: string | null
  readonly arxiv?: string
  readonly pmid?: string
  readonly pmcid?: string
  readonly openalex?: string
  readonly topic?: string
  /** size of the file */
  readonly bytes?: number
  readonly copies?: readonly Copy[]
  readonly landing?: LandingKind
  /** host of its landing page; absent: a host of its own */
  readonly landingHost?: string
  readonly robots?: RobotsKind
}

/** A copy of a work and the one source that leads to it. */
export interface Copy {
  readonly via: SourceName
  readonly misbehave?: Misbehave
  /** the bytes are those of the work with this key */
  readonly of?: string
  readonly version?: ArticleVersion
  readonly license?: string
  /** replaces the URL that follows from work and source */
  readonly url?: string
  /** no validators at all */
  readonly bare?: boolean
}

/**
 * What the DOI redirects to. `article` names the landing_scrape copies in its metadata, if there are any;
 * `relative`, `link` and `json-ld` name them in other ways; the others are obstacles.
 */
export const LANDING_KINDS = [
  'article',
  'relative',
  'link',
  'json-ld',
  'meta-refresh',
  'cookies',
  'wrong-doi',
  'bot-check',
  'login',
  'none'
] as const
export type LandingKind = (typeof LANDING_KINDS)[number]
export type RobotsKind = 'none' | 'allow' | 'disallow' | 'error' | 'reset'

export interface PlacedCopy extends Copy {
  readonly url: string
  readonly file: ServedFile
  versionBytes(n: number): Buffer
}

export interface PlacedWork {
  readonly key: string
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  readonly topic: string
  readonly doi: string | null
  readonly arxiv: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly openalex: string
  readonly landing: LandingKind
  readonly robots: RobotsKind
  readonly landingUrl: string
  readonly copies: readonly PlacedCopy[]
}

export function placeWorks(works: readonly WorldWork[]): readonly PlacedWork[] {
  const named = works.map(name)
  const byKey = new Map(named.map((work, index) => [work.key, { work, bytes: works[index]?.bytes }]))
  return named.map((work, index) => {
    const counts = new Map<SourceName, number>()
    const copies = (works[index]?.copies ?? []).map((copy) => {
      const nth = (counts.get(copy.via) ?? 0) + 1
      counts.set(copy.via, nth)
      const of = byKey.get(copy.of ?? work.key)
      if (of === undefined) throw new Error(`No work has the key ${copy.of ?? ''}.`)
      return place(work, copy, nth, of)
    })
    return { ...work, copies }
  })
}

/** How many words a title needs so that no two works of a large world have similar titles. */
const SUBJECTS = [
  'rivers',
  'lichens',
  'glaciers',
  'sandstones',
  'orchards',
  'tides',
  'moths',
  'looms',
  'bridges',
  'dialects',
  'comets'
]
const ASPECTS = [
  'slow drift',
  'seasonal order',
  'hidden cost',
  'early record',
  'measured loss',
  'second growth',
  'long memory'
]
const PLACES = [
  'northern valleys',
  'island chains',
  'high plateaus',
  'old harbours',
  'dry basins',
  'river mouths',
  'border towns',
  'spring meadows',
  'salt flats',
  'pine forests',
  'walled gardens',
  'coal seams',
  'open steppes'
]
const NAMES = [
  'Abbott, Mara',
  'Berger, Tomas',
  'Castellano, Inés',
  'Dufour, Elise',
  'Eriksen, Jon',
  'Fujita, Ren',
  'Garai, Noor',
  'Hálek, Petr'
]

function name(work: WorldWork, index: number): Omit<PlacedWork, 'copies'> {
  const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? ''
  const title =
    work.title ??
    `The ${pick(ASPECTS, index)} of ${pick(SUBJECTS, index)} in ${pick(PLACES, index)}, part ${index + 1}`
  return {
    key: work.key,
    title,
    authors: work.authors ?? [pick(NAMES, index), pick(NAMES, index + 3)],
    year: work.year ?? 2001 + (index % 24),
    topic: work.topic ?? 'fixtures',
    doi: work.doi === undefined ? `10.5555/${work.key}` : work.doi,
    arxiv: work.arxiv ?? null,
    pmid: work.pmid ?? null,
    pmcid: work.pmcid ?? null,
    openalex: work.openalex ?? `W${4_900_000_000 + index}`,
    landing: work.landing ?? 'article',
    robots: work.robots ?? 'none',
    landingUrl: `https://${work.landingHost ?? `www.publisher-${work.key}.example`}/article/${work.key}`
  }
}

function place(
  work: Omit<PlacedWork, 'copies'>,
  copy: Copy,
  nth: number,
  of: { work: Omit<PlacedWork, 'copies'>; bytes: number | undefined }
): PlacedCopy {
  const text = {
    title: of.work.title,
    authors: of.work.authors,
    year: of.work.year,
    doi: of.work.doi ?? undefined,
    arxiv: of.work.doi === null ? (of.work.arxiv ?? undefined) : undefined,
    bytes: of.bytes
  }
  const versionBytes = (n: number): Buffer => paperPdf(text, n)
  let made: ServedFile | undefined
  return {
    ...copy,
    url: new URL(copy.url ?? addressOf(work, copy.via, nth)).href,
    versionBytes,
    // Built on first use, so that a world of a thousand works starts immediately.
    get file() {
      made ??= servedPdf(versionBytes(0))
      return copy.bare === true ? { ...made, etag: null, lastModified: null } : made
    }
  }
}

function addressOf(work: Omit<PlacedWork, 'copies'>, via: SourceName, nth: number): string {
  const needs = (value: string | null, what: string): string => {
    if (value === null) throw new Error(`${work.key}: a copy via ${via} needs ${what}.`)
    return value
  }
  switch (via) {
    case 'unpaywall':
      return `https://repository-${work.key}.example/files/${work.key}-${nth}.pdf`
    case 'openalex':
      return `https://archive-${work.key}.example/oa/${work.key}-${nth}.pdf`
    case 'arxiv':
      return `https://arxiv.org/pdf/${needs(work.arxiv, 'an arXiv id')}`
    case 'pmc':
      return bucketFile(needs(work.pmcid, 'a PMCID'), nth)
    case 'doi_redirect':
      return `https://direct-${work.key}.example/doi/${work.key}-${nth}.pdf`
    case 'landing_scrape':
      return `https://www.publisher-${work.key}.example/article/${work.key}/file-${nth}.pdf`
    case 'europe_pmc':
      return `https://europepmc.org/articles/${needs(work.pmcid, 'a PMCID')}?pdf=render`
    case 'openalex_content':
      return `https://content.openalex.org/works/${work.openalex}.pdf`
    case 'wayback':
      // The publisher's URL is dead; its capture still works (see service-wayback).
      return `https://web.archive.org/web/20200102030405id_/${lostAddress(work.key)}`
    default:
      throw new Error(`${work.key}: no address follows from ${via}; give one.`)
  }
}

/** PMC's open-data bucket has one folder per version of an article. */
function bucketFile(pmcid: string, version: number): string {
  const name = `${pmcid}.${String(version)}`
  return `https://pmc-oa-opendata.s3.amazonaws.com/${name}/${name}.pdf`
}

/** The publisher's former URL of a file that only the archive still has. */
export function lostAddress(key: string): string {
  return `https://www.publisher-${key}.example/article/${key}/lost.pdf`
}

/** N plain works, each with one valid copy, found through the given sources in turn. */
export function plainWorks(
  count: number,
  options: { bytes?: number; via?: readonly SourceName[] } = {}
): WorldWork[] {
  const via = options.via ?? ['unpaywall']
  return Array.from({ length: count }, (_, index) => {
    const source = via[index % via.length] ?? 'unpaywall'
    const number = String(index + 1).padStart(5, '0')
    return {
      key: `w${index + 1}`,
      ...(source === 'arxiv' ? { arxiv: `2401.${number}` } : {}),
      ...(source === 'pmc' || source === 'europe_pmc'
        ? { pmcid: `PMC${9_000_000 + index}`, pmid: `${39_000_000 + index}` }
        : {}),
      ...(options.bytes === undefined ? {} : { bytes: options.bytes }),
      copies: [{ via: source }]
    }
  })
}
