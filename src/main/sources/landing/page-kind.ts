/**
 * What kind of page this is, before a single link of it is believed. A bot check, a sign-in page, a
 * cookie notice, a “not found” that says 200, a table of contents: none of them may propose a file,
 * whatever addresses stand on it.
 */
import type { ErrorCode } from '../../../contract/errors'
import { hostOf, isUnder } from '../web-text'
import { saysItIsAnArticle } from './meta'
import type { PageKind, ParsedPage } from './page'

/** Marks that only a bot check carries: its title, or the code that runs it. */
const CHALLENGE_TITLES =
  /^(?:just a moment|attention required! \| cloudflare|one moment, please|checking your browser|ddos-guard|pardon our interruption|making sure you(?:'|’)re not a bot|client challenge|are you a robot|access denied|security (?:check|verification|challenge)|bot verification|human verification|verify you are (?:a )?human|verifying you are human|robot check|captcha|validation request|radware (?:bot manager )?captcha|request unsuccessful|preparing to download|service unavailable.*cloudflare|.*\| challenge)\b/i
const CHALLENGE_CODE =
  /_cf_chl_opt|cf-browser-verification|\/cdn-cgi\/challenge-platform\/h\/[a-z]\/orchestrate|id=["']challenge-(?:error|form|running|stage)|cf_captcha_kind|px-captcha|perimeterx|_Incapsula_Resource|captcha-delivery\.com|geo\.captcha|validate\.perfdrive\.com|gokuProps|awsWafCookieDomainList|\/aws-waf-token|anubis_challenge|within\.website\/x\/cmd\/anubis|cloudpmc-viewer-pow|POW_CHALLENGE|ddos-guard\/js-challenge|sucuri_cloudproxy|sec-if-cpt-container|sec-cpt-if/i
const CHALLENGE_WORDS =
  /enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser before)|verify(?:ing)? (?:that )?you are (?:a )?human|unusual (?:traffic|activity) from your|complete the (?:security check|captcha)|(?:not|n[’']t) a robot|automated (?:access|requests?|queries)|why have i been blocked|proof[- ]of[- ]work/i

const LOGIN_TITLES =
  /^(?:(?:please )?(?:sign|log)[ -]?in|login|shibboleth|(?:institutional|member|user|web)? ?(?:login|sign[- ]?in)|single sign[- ]?on|authentication|select your institution|find your institution|choose your organi[sz]ation|access through your institution|central authentication|openathens|ezproxy|anmelden|anmeldung|connexion|iniciar sesi[oó]n|acceder|accedi|entrar)\b/i
const LOGIN_PATHS =
  /\/(?:login|signin|sign-in|sso|idp|wayf|shibboleth|ssostart|openathens|cas|authorize|authenticate|oauth2?|saml2?)(?:[/?.;]|$)/i

const COOKIE_WORDS =
  /cookies? (?:are|is|must be|need to be|seem to be|appears? to be) (?:required|disabled|turned off|enabled|switched off|not enabled)|(?:requires?|enable|accept|allow) (?:the use of )?cookies|does not (?:accept|support) cookies|cookies? (?:absent|not supported|disabled)|without cookies/i
const COOKIE_MARKS = /cookieabsent|cookies_not_supported|cookie-?absent|error=cookie|action\/cookieAbsent/i

const NOT_FOUND_TITLES =
  /\b(?:404|410|page (?:you requested )?(?:was |is |can(?:no|')t be |could not be )?not (?:be )?found|not found|page (?:unavailable|missing|does not exist)|doi not found|content (?:unavailable|not found)|article not found|no longer available|error page|seite nicht gefunden|p[aá]gina no encontrada|page introuvable|oops)\b/i
const NOT_FOUND_WORDS =
  /(?:page|article|document|item|content|resource|file|doi)[^.]{0,60}(?:could not be found|cannot be found|can't be found|can’t be found|was not found|is not found|not found|does not exist|doesn't exist|doesn’t exist|no longer (?:available|exists)|has been (?:removed|deleted|moved)|is unavailable)|we (?:couldn't|couldn’t|could not|can't|can’t|cannot) find/i

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
  const isShort = words.length < 3_000

  if (!isArticle) {
    const isChallenge =
      CHALLENGE_TITLES.test(title) && (isShort || CHALLENGE_CODE.test(page.html))
        ? true
        : isShort && (CHALLENGE_CODE.test(page.html) || CHALLENGE_WORDS.test(words))
    if (isChallenge) return { kind: 'challenge', blocker: 'BOT_CHECK' }
    const cookieMark = COOKIE_MARKS.test(page.url) || COOKIE_MARKS.test(title)
    if ((cookieMark && isShort) || (words.length < 1_500 && COOKIE_WORDS.test(words))) {
      return { kind: 'cookie', blocker: 'COOKIE_WALL' }
    }
    if (isLogin(page, title, heading, isShort)) return { kind: 'login', blocker: 'LOGIN_PAGE' }
    const saysMissing = NOT_FOUND_TITLES.test(title) || NOT_FOUND_TITLES.test(heading)
    if (page.status === 404 || page.status === 410 || (saysMissing && words.length < 6_000)) {
      return { kind: 'not_found', blocker: 'SOFT_404' }
    }
    if (words.length < 1_200 && NOT_FOUND_WORDS.test(words)) return { kind: 'not_found', blocker: 'SOFT_404' }
  }
  if (isRecord(page)) return { kind: 'record', blocker: 'ABSTRACT_ONLY' }
  if (isListing(page, isArticle)) return { kind: 'listing', blocker: 'HTML_PAGE' }
  return { kind: isArticle ? 'article' : 'page', blocker: null }
}

/** The words a reader sees, roughly; by text alone, because pages can be nested deeper than any stack. */
function visibleWords(page: ParsedPage): string {
  const start = Math.max(0, page.html.search(/<body\b/i))
  return withoutHidden(page.html.slice(start, start + 600_000))
    .replace(/<\/?[a-zA-Z][^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 20_000)
}

const HIDDEN = /<(?:!--|(script|style|template|svg|head)\b)/gi

/** Scripts, styles and comments taken out in one pass: a page may open thousands and close none. */
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

function isLogin(page: ParsedPage, title: string, heading: string, isShort: boolean): boolean {
  const asksForPassword = page.$('input[type="password" i]').length > 0
  const named = LOGIN_TITLES.test(title) || LOGIN_TITLES.test(heading)
  const path = new URL(page.url).pathname
  const there =
    LOGIN_PATHS.test(path) || /^(?:login|sso|idp|wayf|auth|accounts?|signin)\./.test(hostOf(page.url))
  if (asksForPassword && (named || there)) return true
  if (page.$('form input[name="SAMLRequest" i], form input[name="SAMLResponse" i]').length > 0) return true
  return isShort && there && (named || asksForPassword || page.$('form').length > 0)
}

/** Services that describe papers and hold none. */
function isRecord(page: ParsedPage): boolean {
  const host = hostOf(page.url)
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
    hostOf(page.url) === 'chooser.crossref.org' ||
    page.meta.get('og:description')?.some((x) => /multiple link options via crossref/i.test(x))
  )
    return true
  const url = new URL(page.url)
  if (LISTING_PATHS.test(url.pathname) && !/\/doi\//.test(url.pathname)) return true
  return /[?&](?:q|query|search|searchText)=/i.test(url.search) && !/pdf/i.test(url.pathname)
}
