/**
 * The result types of a landing page: the kind of page, the facts about its work, and the files it names.
 * Types and one builder only; the extraction is in the other files of this folder.
 */
import type { CheerioAPI } from 'cheerio'
import type { ErrorCode } from '../../../contract/errors'
import type { ArticleVersion, Format } from '../../../contract/words'

export const PAGE_KINDS = [
  'article',
  'page',
  'challenge',
  'login',
  'cookie',
  'not_found',
  'listing',
  'record'
] as const
/** `article` declares itself to be one; `page` is any other page that is not known to be useless. */
export type PageKind = (typeof PAGE_KINDS)[number]

/** No server accepts a longer address. */
export const MOST_ADDRESS_CHARS = 8_192

export interface PageAddress {
  /** the address of the page after all redirects */
  readonly url: string
  /** lower-case names */
  readonly headers?: Readonly<Record<string, string>>
  readonly status?: number
}

export interface FileLink {
  readonly url: string
  readonly format: Format
  /** lower is better; below 10 from the page's own metadata, from 20 extracted from its body */
  readonly rank: number
  readonly evidence: string
  readonly version?: ArticleVersion
}

export interface PageFinding {
  readonly pageKind: PageKind
  /** why nothing is proposed, when the reason is the kind of the page */
  readonly blocker: ErrorCode | null
  readonly links: readonly FileLink[]
  readonly doi?: string
  readonly title?: string
  readonly authors?: readonly string[]
  readonly year?: number
  readonly venue?: string
  /** the page's redirect to the real one (meta refresh, redirect form) */
  readonly refresh?: string
}

/** A parsed page with the inputs of all extractors. */
export interface ParsedPage {
  readonly $: CheerioAPI
  readonly html: string
  readonly url: string
  /** the base of relative links */
  readonly base: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  /** lower-case name → contents, in page order */
  readonly meta: ReadonlyMap<string, readonly string[]>
}

/** The version of the text that a link's words name. */
export function versionIn(words: string): ArticleVersion | undefined {
  if (/accepted|author[’'s]*\s+(?:manuscript|version)|post-?print|\bAAM\b/i.test(words))
    return 'acceptedVersion'
  if (/pre-?print|submitted|working paper/i.test(words)) return 'submittedVersion'
  if (/version of record|published version|publisher[’'s]*\s+(?:pdf|version)/i.test(words))
    return 'publishedVersion'
  return undefined
}
