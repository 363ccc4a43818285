/**
 * Classifies a web page sent instead of a paper. Pure: takes the page's text and address, returns a reason
 * and the mark that identified it. An article with a sign-in link, a cookie banner or a bot detector's script
 * is still an article: marks count only where they dominate the page.
 */
import type { ErrorCode } from '../../contract/errors'
import { readTree } from '../platform/page-tree'
import {
  challengeOwner,
  COOKIE_BANNER,
  FEW_CHARS,
  isChallengeTitle,
  isCookieMark,
  isLoginAddress,
  isLoginTitle,
  isNotFoundTitle,
  PASSWORD_FIELDS,
  SAML_FIELDS,
  saysChallenge,
  saysCookieWall,
  saysNotFound,
  WAIT_TITLES
} from '../platform/page-marks'
import {
  COOKIES_ABROAD,
  LIMIT_REACHED,
  LOGIN_ABROAD,
  LOGIN_SAID_ABROAD,
  NOT_FOUND_ABROAD,
  ROBOT_ABROAD
} from '../platform/page-words'
import { cutAt } from '../../contract/limits'

export interface NamedPage {
  readonly reason: Extract<
    ErrorCode,
    | 'LOGIN_PAGE'
    | 'BOT_CHECK'
    | 'COOKIE_WALL'
    | 'SOFT_404'
    | 'HTML_ARTICLE'
    | 'ABSTRACT_ONLY'
    | 'HTML_PAGE'
    | 'RATE_LIMITED'
  >
  /** one sentence */
  readonly because: string
}

const FULL_TEXT_HEADINGS =
  /^(?:\d+\.?\s*)?(?:introduction|background|(?:materials? and )?methods?|methodology|results?(?: and discussion)?|discussion|conclusions?|references|literature cited|bibliography|notes)\b/i

interface Page {
  readonly html: string
  readonly url: string
  readonly title: string
  readonly heading: string
  readonly words: string
  readonly isArticle: boolean
  readonly asksForPassword: boolean
  readonly hasSaml: boolean
  readonly headings: readonly string[]
}

export function namePage(html: string, url: string): NamedPage {
  const page = readPage(html, url)
  return (
    limit(page) ??
    challenge(page) ??
    cookieWall(page) ??
    loginPage(page) ??
    notFound(page) ??
    article(page) ?? {
      reason: 'HTML_PAGE',
      because: page.title === '' ? 'A web page came.' : `A web page came: “${cutAt(page.title, 80)}”.`
    }
  )
}

function readPage(html: string, url: string): Page {
  const $ = readTree(html)
  const title = clean($('title').first().text())
  const heading = clean($('h1').first().text())
  const headings = $('h2, h3')
    .map((_, element) => clean($(element).text()))
    .get()
  const isArticle =
    $('meta[name="citation_title" i], meta[name="bepress_citation_title" i], meta[name="eprints.title" i]')
      .length > 0 ||
    $(
      'meta[property="og:type"][content="article"], meta[name="prism.doi" i], meta[name="dc.identifier" i][content*="10."]'
    ).length > 0 ||
    /"@type"\s*:\s*"(?:Scholarly|Medical(?:Scholarly)?|News)?Article"/.test(html)
  const asksForPassword = $(PASSWORD_FIELDS).length > 0
  const hasSaml = $(SAML_FIELDS).length > 0
  $('script, style, template, svg, noscript > iframe').remove()
  return {
    html,
    url,
    title,
    heading,
    headings,
    words: clean($('body').text()),
    isArticle,
    asksForPassword,
    hasSaml
  }
}

/** A download limit names a time for the next try, and is not a bot check. */
function limit(page: Page): NamedPage | null {
  if (page.isArticle || page.words.length > 1_200 || !LIMIT_REACHED.test(`${page.title} ${page.words}`))
    return null
  return {
    reason: 'RATE_LIMITED',
    because: `The site says that its limit of downloads is reached${named(page)}.`
  }
}

function challenge(page: Page): NamedPage | null {
  if (page.isArticle && page.words.length > 1_500) return null
  const titled = isChallengeTitle(page.title) || WAIT_TITLES.test(page.title) || ROBOT_ABROAD.test(page.title)
  const hasFewWords = page.words.length < FEW_CHARS
  const owner = challengeOwner(page.html, hasFewWords && !page.asksForPassword)
  const said = saysChallenge(page.words) || (hasFewWords && ROBOT_ABROAD.test(page.words))
  const isShort = page.words.length < 3_000
  if (owner !== null && (isShort || titled)) {
    return { reason: 'BOT_CHECK', because: `A bot check of ${owner} came${named(page)}.` }
  }
  if ((titled || said) && isShort && !page.asksForPassword) {
    return { reason: 'BOT_CHECK', because: `A bot check came${named(page)}.` }
  }
  return null
}

function cookieWall(page: Page): NamedPage | null {
  if (page.isArticle) return null
  const marked = (isCookieMark(page.url) || isCookieMark(page.title)) && page.words.length < 3_000
  const isSaid =
    saysCookieWall(page.words) ||
    (page.words.length < 1_500 && COOKIE_BANNER.test(page.words)) ||
    (page.words.length < 600 && COOKIES_ABROAD.test(page.words))
  const said = isSaid && !page.asksForPassword
  return marked || said
    ? { reason: 'COOKIE_WALL', because: `A notice about cookies came${named(page)}.` }
    : null
}

function loginPage(page: Page): NamedPage | null {
  const there = isLoginAddress(page.url)
  const titled = [page.title, page.heading].some((text) => isLoginTitle(text) || LOGIN_ABROAD.test(text))
  const said = page.words.length < 400 && LOGIN_SAID_ABROAD.test(page.words)
  const isShort = page.words.length < 3_000
  const asks = page.asksForPassword && (titled || there || (page.words.length < 800 && !page.isArticle))
  const led = isShort && there && titled
  if (!asks && !led && !page.hasSaml && !(titled && page.words.length < 1_000) && !said) return null
  return { reason: 'LOGIN_PAGE', because: `A sign-in page came${named(page)}.` }
}

function notFound(page: Page): NamedPage | null {
  if (page.isArticle) return null
  const titled = [page.title, page.heading].some(
    (text) => isNotFoundTitle(text) || NOT_FOUND_ABROAD.test(text)
  )
  if (!(titled && page.words.length < 6_000) && !saysNotFound(page.words)) return null
  return { reason: 'SOFT_404', because: `A “not found” page came${named(page)}.` }
}

/** A page about the paper: with its text, or with the abstract alone. */
function article(page: Page): NamedPage | null {
  const sections = page.headings.filter((heading) => FULL_TEXT_HEADINGS.test(heading)).length
  const isLong =
    page.words.length > 8_000 && (sections >= 2 || (page.isArticle && page.words.length > 20_000))
  if (isLong || (page.isArticle && sections >= 1 && page.words.length > 3_500)) {
    return { reason: 'HTML_ARTICLE', because: `The article came as a web page${named(page)}.` }
  }
  if (!page.isArticle) return null
  return { reason: 'ABSTRACT_ONLY', because: `The page about the paper came, not the paper${named(page)}.` }
}

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim()
const named = (page: Page): string => (page.title === '' ? '' : ` (“${cutAt(page.title, 80)}”)`)
