/**
 * Classifies a page before any of its links is used. A bot check, a sign-in page, a cookie notice, a “not
 * found” with status 200, a table of contents: none of them may propose a file, whatever addresses they
 * contain. The marks are in `page-marks.ts`; not in `page-words.ts`, whose words are common on a page about a
 * paper (“验证码” is beside the sign-in fields of Chinese journals).
 */
import type { ErrorCode } from '../../../contract/errors'
import {
  challengeOwner,
  isChallengeTitle,
  isCookieMark,
  isLoginAddress,
  isLoginTitle,
  isNotFoundTitle,
  PASSWORD_FIELDS,
  SAML_FIELDS,
  saysChallenge,
  saysCookieWall,
  saysNotFound
} from '../../platform/page-marks'
import { hostnameOf, isUnder } from '../../../contract/addresses'
import { saysItIsAnArticle } from './meta'
import type { PageKind, ParsedPage } from './page'

export interface KindOfPage {
  readonly kind: PageKind
  readonly blocker: ErrorCode | null
}

export function judgeKind(page: ParsedPage, isArticleByJson: boolean): KindOfPage {
  const { $ } = page
  const title = $('title').first().text().replace(/\s+/g, ' ').trim()
  const heading = $('h1').first().text().replace(/\s+/g, ' ').trim()
  const isArticle = isArticleByJson || saysItIsAnArticle(page)
  const words = visibleWords(page)
  if (!isArticle) {
    const blocked = whatBlocks(page, { title, heading, words })
    if (blocked !== null) return blocked
  }
  if (isRecord(page)) return { kind: 'record', blocker: 'ABSTRACT_ONLY' }
  if (isListing(page, isArticle)) return { kind: 'listing', blocker: 'HTML_PAGE' }
  return { kind: isArticle ? 'article' : 'page', blocker: null }
}

/** The blocker served instead of the page about the paper, or null. */
function whatBlocks(
  page: ParsedPage,
  { title, heading, words }: { readonly title: string; readonly heading: string; readonly words: string }
): KindOfPage | null {
  const isShort = words.length < 3_000
  // Code that ordinary pages of protected sites also contain is no evidence here: the page may name the file.
  const runsCheck = challengeOwner(page.html, false) !== null
  if (isChallengeTitle(title) ? isShort || runsCheck : isShort && (runsCheck || saysChallenge(words)))
    return { kind: 'challenge', blocker: 'BOT_CHECK' }
  const isMarked = isShort && (isCookieMark(page.url) || isCookieMark(title))
  if (isMarked || saysCookieWall(words)) return { kind: 'cookie', blocker: 'COOKIE_WALL' }
  if (isLogin(page, isLoginTitle(title) || isLoginTitle(heading), isShort))
    return { kind: 'login', blocker: 'LOGIN_PAGE' }
  const isTitled = words.length < 6_000 && (isNotFoundTitle(title) || isNotFoundTitle(heading))
  if (page.status === 404 || page.status === 410 || isTitled || saysNotFound(words))
    return { kind: 'not_found', blocker: 'SOFT_404' }
  return null
}

/**
 * An approximation of the visible words, from the text alone, because pages can be nested deeper than any
 * stack.
 */
function visibleWords(page: ParsedPage): string {
  const start = Math.max(0, page.html.search(/<body\b/i))
  return withoutHidden(page.html.slice(start, start + 600_000))
    .replace(/<\/?[a-zA-Z][^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 20_000)
}

const HIDDEN = /<(?:!--|(script|style|template|svg|head)\b)/gi

/** Removes scripts, styles and comments in one pass: a page may open thousands and close none. */
function withoutHidden(html: string): string {
  const lower = html.toLowerCase()
  const kept: string[] = []
  let from = 0
  for (const found of html.matchAll(HIDDEN)) {
    if (found.index < from) continue
    kept.push(html.slice(from, found.index))
    const name = found[1]?.toLowerCase()
    const close = name === undefined ? '-->' : `</${name}`
    const end = lower.indexOf(close, found.index)
    if (end < 0) return kept.join(' ')
    from = end + close.length
  }
  return [...kept, html.slice(from)].join(' ').replace(/^\s*>/, ' ')
}

function isLogin(page: ParsedPage, isNamed: boolean, isShort: boolean): boolean {
  const asksForPassword = page.$(PASSWORD_FIELDS).length > 0
  const isThere = isLoginAddress(page.url)
  if (asksForPassword && (isNamed || isThere)) return true
  if (page.$(SAML_FIELDS).length > 0) return true
  return isShort && isThere && (isNamed || page.$('form').length > 0)
}

/** Services that describe papers and have no files. */
function isRecord(page: ParsedPage): boolean {
  const host = hostnameOf(page.url)
  const path = new URL(page.url).pathname
  if (host === 'pubmed.ncbi.nlm.nih.gov') return true
  if (isUnder(host, 'ncbi.nlm.nih.gov') && path.startsWith('/pubmed')) return true
  return ['scopus.com', 'webofscience.com', 'dblp.org', 'mathscinet.ams.org', 'inspirehep.net'].some(
    (domain) => isUnder(host, domain)
  )
}

const LISTING_PATHS =
  /\/(?:toc|loi|issues?\/(?:view|current|archive)|issue|search|browse|archives?|volumes?|table-of-contents|advsearch|discover)(?:[/?.]|$)/i

function isListing(page: ParsedPage, isArticle: boolean): boolean {
  const titles = new Set(page.meta.get('citation_title') ?? [])
  const files = new Set(page.meta.get('citation_pdf_url') ?? [])
  if (titles.size > 4 && files.size > 4) return true
  if (isArticle) return false
  if (
    hostnameOf(page.url) === 'chooser.crossref.org' ||
    page.meta.get('og:description')?.some((x) => /multiple link options via crossref/i.test(x))
  )
    return true
  const url = new URL(page.url)
  if (LISTING_PATHS.test(url.pathname) && !/\/doi\//.test(url.pathname)) return true
  return /[?&](?:q|query|search|searchText)=/i.test(url.search) && !/pdf/i.test(url.pathname)
}
