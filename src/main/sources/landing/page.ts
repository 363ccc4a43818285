/**
 * The shapes of what a landing page gives: what kind of page it is, whom it is about, and the files
 * it names. Shapes and one builder only; the ways of looking are the files beside this one.
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
/** `article` says of itself that it is one; `page` is any other page that is not known to be useless. */
export type PageKind = (typeof PAGE_KINDS)[number]

export interface PageAddress {
  /** where the page was found after all redirects */
  readonly url: string
  /** lower-case names */
  readonly headers?: Readonly<Record<string, string>>
  readonly status?: number
}

export interface FileLink {
  readonly url: string
  readonly format: Format
  /** lower is better; below 10 the page's own metadata said so, from 20 it was read off the page */
  readonly rank: number
  readonly evidence: string
  readonly version?: ArticleVersion
}

export interface PageFinding {
  readonly pageKind: PageKind
  /** why nothing is proposed, when the kind of the page is the reason */
  readonly blocker: ErrorCode | null
  readonly links: readonly FileLink[]
  readonly doi?: string
  readonly title?: string
  readonly authors?: readonly string[]
  readonly year?: number
  readonly venue?: string
  /** the page says that the real one is there (meta refresh, redirect form) */
  readonly refresh?: string
}

/** A parsed page with what every way of looking needs. */
export interface ParsedPage {
  readonly $: CheerioAPI
  readonly html: string
  readonly url: string
  /** what relative links are relative to */
  readonly base: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  /** lower-case name → contents, in page order */
  readonly meta: ReadonlyMap<string, readonly string[]>
}

/** Which text a link's words promise. */
export function versionIn(words: string): ArticleVersion | undefined {
  if (/accepted|author[’'s]*\s+(?:manuscript|version)|post-?print|\bAAM\b/i.test(words))
    return 'acceptedVersion'
  if (/pre-?print|submitted|working paper/i.test(words)) return 'submittedVersion'
  if (/version of record|published version|publisher[’'s]*\s+(?:pdf|version)/i.test(words))
    return 'publishedVersion'
  return undefined
}
