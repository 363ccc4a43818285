/**
 * Names the web page that came instead of a paper. Pure: the page's text and address go in, a reason
 * and the mark by which it was known come out. An article that carries a sign-in link, a cookie banner
 * or a script of a bot detector is still an article: marks count only where they rule the page.
 */
import type { ErrorCode } from '../../contract/errors'
import { readTree } from '../platform/page-tree'
import {
  COOKIES_ABROAD,
  LIMIT_REACHED,
  LOGIN_ABROAD,
  LOGIN_SAID_ABROAD,
  NOT_FOUND_ABROAD,
  ROBOT_ABROAD
} from '../platform/page-words'

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

/** Code that only a bot check carries, and whose it is. */
const CHALLENGES: readonly (readonly [who: string, mark: RegExp])[] = [
  [
    'Cloudflare',
    /_cf_chl_opt|cf-browser-verification|cf_captcha_kind|cf-challenge-running|\/cdn-cgi\/challenge-platform\/h\/|id=["']challenge-(?:error|form|running|stage)|cf-error-details|__cf_chl_/i
  ],
  [
    'Akamai',
    /sec-if-cpt-container|sec-cpt-if|\/_sec\/cp_challenge|_sec\/verify|bm-verify=|errors\.edgesuite\.net/i
  ],
  ['PubMed Central', /cloudpmc-viewer-pow|POW_CHALLENGE|pow_challenge|pmc[^"']{0,40}proof[- ]of[- ]work/i],
  ['DataDome', /captcha-delivery\.com|datadome[^"']{0,40}captcha|\bvar dd\s*=\s*\{\s*['"](?:rt|cid)['"]/i],
  ['Imperva Incapsula', /_Incapsula_Resource|Incapsula incident ID|incapsula_resource/i],
  ['PerimeterX', /px-captcha|_pxCaptcha|window\._pxAppId[\s\S]{0,2000}captcha/i],
  ['ScienceDirect', /\/craft\/challenge\/|ref=cra_js_challenge/i],
  ['AWS', /gokuProps|awsWafCookieDomainList|\/aws-waf-token|challenge\.compact\.js|AwsWafIntegration/i],
  ['Anubis', /anubis_challenge|within\.website\/x\/cmd\/anubis|\/\.within\.website\//i],
  ['Radware', /validate\.perfdrive\.com|perfdrive\.com\/(?:captcha|aperture)/i],
  ['Silverchair', /\/crawlprevention\/governor|crawlprevention/i],
  ['Kasada', /KPSDK\b|\/149e9513-01fa-4fb0-aad4-566afd725d1b\//],
  ['Sucuri', /sucuri_cloudproxy|cloudproxy\.sucuri/i],
  ['DDoS-Guard', /ddos-guard\/js-challenge|check\.ddos-guard/i],
  ['Fastly', /_fs-ch-[0-9A-Za-z]+\/|Client Challenge/],
  ['F5', /The requested URL was rejected\. Please consult with your administrator|\/TSPD\//i],
  ['reCAPTCHA', /google\.com\/recaptcha\/(?:api|enterprise)|class=["'][^"']*g-recaptcha/i],
  ['hCaptcha', /hcaptcha\.com\/1\/api|class=["'][^"']*h-captcha/i],
  ['Cloudflare Turnstile', /challenges\.cloudflare\.com/i]
]
/** These two stand on ordinary pages too, beside a form: only a page of a few words is ruled by them. */
const ALSO_ON_FORMS = new Set(['reCAPTCHA', 'hCaptcha', 'Cloudflare Turnstile'])

const CHALLENGE_TITLES =
  /^(?:just a moment|attention required!|one moment,? please|checking your browser|ddos-guard|pardon our interruption|making sure you(?:'|’)re not a bot|client challenge|are you a (?:robot|human)|access denied|access to this page has been denied|security (?:check|verification|challenge)|bot (?:check|verification)|human verification|verify(?:ing)? (?:that )?you are (?:a )?human|robot check|(?:re)?captcha|validat(?:e|ion) (?:user|request)|radware|request unsuccessful|request rejected|preparing (?:to|your) download|sgcaptcha|please wait|browser check|un instant|einen moment)\b/i
const CHALLENGE_WORDS =
  /enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser before)|verify(?:ing)? (?:that )?you are (?:a )?human|(?:unusual|suspicious|automated) (?:traffic|activity|access|requests?|queries)|complete the (?:security check|captcha)|(?:not|n[’']t) a robot|why have i been blocked|proof[- ]of[- ]work|you have been blocked|press (?:&|and) hold|our systems? (?:has|have) detected/i

const LOGIN_TITLES =
  /^(?:(?:please )?(?:sign|log)[ -]?(?:in|on)|login|shibboleth|(?:institutional|member|user|web|account|library)? ?(?:log[- ]?in|sign[- ]?in)|single sign[- ]?on|authentication|(?:select|find|choose) your (?:institution|organi[sz]ation)|access through your institution|central authentication|openathens|ezproxy|anmelde?n?|anmeldung|connexion|identification|iniciar sesi[oó]n|acceder|accedi|entrar|acesso)\b/i
const LOGIN_PATHS =
  /\/(?:login|signin|sign-in|logon|sso|idp|wayf|shibboleth|ssostart|openathens|cas|authorize|authenticate|oauth2?|saml2?)(?:[/?.;]|$)/i
const LOGIN_HOSTS = /^(?:login|sso|idp|wayf|auth|accounts?|signin|shib(?:boleth)?|ezproxy)\./i

const COOKIE_WORDS =
  /cookies? (?:are|is|must be|need to be|seem to be|appears? to be) (?:required|disabled|turned off|enabled|switched off|not enabled)|(?:requires?|enable|accept|allow) (?:the use of )?(?:your )?(?:browser(?:’s|'s)? )?cookies|does not (?:accept|support) cookies|cookies? (?:absent|not supported|disabled)|without cookies|cookies? (?:consent|policy)[\s\S]{0,200}(?:accept|continue)/i
const COOKIE_MARKS = /cookieabsent|cookies?_?-?not_?-?supported|error=cookie|setcookie|cookie-?wall/i

const NOT_FOUND_TITLES =
  /\b(?:404|410|page (?:you requested )?(?:was |is |can(?:no|')t be |could not be )?not (?:be )?found|not found|page (?:unavailable|missing|does not exist)|doi not found|(?:content|article|file|document|item) (?:unavailable|not (?:found|available))|no longer available|seite nicht gefunden|p[aá]gina n[oã]o? encontrada|page introuvable|oops)\b/i
const NOT_FOUND_WORDS =
  /(?:page|article|document|item|content|resource|file|doi|pdf)[^.]{0,60}(?:could not be found|cannot be found|can['’]t be found|was not found|is not found|not found|does not exist|doesn['’]t exist|no longer (?:available|exists)|has been (?:removed|deleted|moved)|is (?:unavailable|not available))|we (?:couldn['’]t|could not|can['’]t|cannot) find/i

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
      because: page.title === '' ? 'A web page came.' : `A web page came: “${shorten(page.title)}”.`
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
  const asksForPassword = $('input[type="password" i]').length > 0
  const hasSaml = $('form input[name="SAMLRequest" i], form input[name="SAMLResponse" i]').length > 0
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

/** A limit of downloads says when to come again, and is no bot check. */
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
  const titled = CHALLENGE_TITLES.test(page.title) || ROBOT_ABROAD.test(page.title)
  const who = CHALLENGES.find(
    ([name, mark]) =>
      mark.test(page.html) &&
      (!ALSO_ON_FORMS.has(name) || (page.words.length < 1_200 && !page.asksForPassword))
  )?.[0]
  const isShort = page.words.length < 3_000
  if (who !== undefined && (isShort || titled)) {
    return { reason: 'BOT_CHECK', because: `A bot check of ${who} came${named(page)}.` }
  }
  if (
    (titled ||
      CHALLENGE_WORDS.test(page.words) ||
      (page.words.length < 1_200 && ROBOT_ABROAD.test(page.words))) &&
    isShort &&
    !page.asksForPassword
  ) {
    return { reason: 'BOT_CHECK', because: `A bot check came${named(page)}.` }
  }
  return null
}

function cookieWall(page: Page): NamedPage | null {
  if (page.isArticle) return null
  const marked = (COOKIE_MARKS.test(page.url) || COOKIE_MARKS.test(page.title)) && page.words.length < 3_000
  const said =
    (COOKIE_WORDS.test(page.words) || (page.words.length < 600 && COOKIES_ABROAD.test(page.words))) &&
    page.words.length < 1_500 &&
    !page.asksForPassword
  return marked || said
    ? { reason: 'COOKIE_WALL', because: `A notice about cookies came${named(page)}.` }
    : null
}

function loginPage(page: Page): NamedPage | null {
  const where = addressOf(page.url)
  const there = LOGIN_PATHS.test(where.path) || LOGIN_HOSTS.test(where.host)
  const titled = [page.title, page.heading].some((text) => LOGIN_TITLES.test(text) || LOGIN_ABROAD.test(text))
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
    (text) => NOT_FOUND_TITLES.test(text) || NOT_FOUND_ABROAD.test(text)
  )
  const said = page.words.length < 1_200 && NOT_FOUND_WORDS.test(page.words)
  if (!(titled && page.words.length < 6_000) && !said) return null
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

function addressOf(url: string): { readonly host: string; readonly path: string } {
  if (!URL.canParse(url)) return { host: '', path: '' }
  const parsed = new URL(url)
  return { host: parsed.hostname, path: parsed.pathname }
}

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim()
const named = (page: Page): string => (page.title === '' ? '' : ` (“${shorten(page.title)}”)`)
const shorten = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 77).trimEnd()}…`)
